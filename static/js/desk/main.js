// The duty desk: queue, room and map, fed by one live line.
import { ApiError, me as reader } from "../shared/api.js";
import { showLine } from "../shared/line.js";
import { connect } from "../shared/live.js";
import { assignmentOf, OPEN, overdue } from "../shared/store.js";
import { t as shared } from "../shared/words.js";
import { toast } from "../shared/toast.js";
import { Drafts } from "../room/drafts.js";
import { everySecond } from "../room/pulse.js";
import { Room } from "../room/room.js";
import { Seen } from "../room/seen.js";
import { t } from "../room/words.js";
import { Bell } from "./bell.js";
import { Board } from "./board.js";
import { drawDuty, drawStale } from "./duty.js";
import { Keys } from "./keys.js";
import { Panes } from "./panes.js";
import { Queue } from "./queue.js";
import { openSheet } from "./sheet.js";
import { Sound } from "./sound.js";

const CAUGHT_UP_MS = 900;
const KEY_WAIT_MS = 140;
const AGAIN_MS = 5000;

const me = reader();
const byId = (id) => document.getElementById(id);
const drafts = new Drafts(me.username);
const seen = new Seen(me.username);
const bell = new Bell();
const sound = new Sound(me.username, () => drawHeader());
let live = null;
let followed = null;
let gap = null;
let everLive = false;

const line = {
  here: (number, typing) => live?.here(number, typing),
  serverNow: () => live?.serverNow() ?? Date.now(),
  stale: () => live !== null && live.state !== "live",
};

const board = new Board({ now: line.serverNow, onFresh: announce, onChange: changed });
const panes = new Panes(byId("desk"), () => select(null));
const room = new Room({
  main: byId("desk-detail"),
  side: byId("desk-side"),
  me,
  line,
  drafts,
  seen,
  onBack: () => panes.back(),
  onChange: () => queue?.draw(),
  onSelect: (number) => select(number),
});
const queue = new Queue({
  tabsBox: byId("desk-tabs"),
  listBox: byId("desk-list"),
  board,
  me,
  line,
  room,
  drafts,
  seen,
  onOpen: (number) => select(number),
  onClaim: (number) => {
    select(number);
    room.claim();
  },
});

function waiting() {
  return queue.waiting();
}

/** A P1 that still waits for this department, or for anybody where the reader has none. */
function urgent() {
  return waiting().some((event) => event.priority === "P1");
}

function announce(event) {
  const own = assignmentOf(event, me.department?.code);
  if (me.role === "officer" && own?.state !== "dispatched") return;
  sound.fresh(event.priority);
  if (event.priority === "P1") {
    byId("desk-alert").textContent = t("特急：{title}，待签收", { title: event.title });
    sound.tick(true);
  }
}

function changed() {
  queue.draw();
  drawHeader();
  showAround();
}

function showAround() {
  const open = board.all.filter((event) => OPEN.has(event.state));
  room.place.around(open, room.current?.event);
}

function select(number, { wait = 0 } = {}) {
  if (number === null) {
    unfollow();
    room.close();
    history.replaceState(history.state, "", location.pathname);
  } else {
    if (number !== room.number) {
      unfollow();
      followed = number;
      live?.add([`event:${number}`]);
    }
    room.open(number, queue.event(number), { wait });
    panes.show("detail");
    history.replaceState(history.state, "", `#${number}`);
    queue.reveal(number);
  }
  showAround();
  queue.draw();
}

function unfollow() {
  if (followed) live?.remove([`event:${followed}`]);
  followed = null;
}

function step(number) {
  if (!number) return;
  queue.hold.touch();
  select(number, { wait: KEY_WAIT_MS });
}

function nextWhere(holds) {
  const { walk } = queue;
  const at = walk.indexOf(room.number);
  const turned = [...walk.slice(at + 1), ...walk.slice(0, Math.max(at, 0))];
  step(turned.find((number) => holds(queue.event(number))));
}

function drawHeader() {
  const now = line.serverNow();
  const open = board.all.filter((event) => OPEN.has(event.state));
  const own = (event) => assignmentOf(event, me.department?.code);
  const count = waiting().length;
  drawDuty(byId("desk-duty"), {
    figures: {
      waiting: count,
      overdue: open.filter((event) => overdue(event, now)).length,
      mine: open.filter((event) => own(event)?.claimed_by === me.name && own(event).state !== "done").length,
    },
    sound,
    onSound: pressSound,
    onKeys: () => openSheet(keys, sound),
  });
  bell.show(count, urgent());
}

function pressSound() {
  if (sound.state === "off" || sound.state === "waiting") sound.start();
  else sound.toggleMute();
}

function showState(state, since) {
  showLine(byId("line"), state, since);
  if (state === "live") everLive = true;
  else gap ??= { count: 0, again: everLive };
  drawStaleStrip();
  queue.draw();
  room.tick();
}

function drawStaleStrip() {
  drawStale(byId("desk-stale"), {
    state: live?.state ?? "live",
    since: live?.since ?? Date.now(),
    onRetry: () => dispatchEvent(new Event("online")),
  });
}

function onEntry(entry) {
  if (gap) gap.count += 1;
  board.take(entry);
  room.take(entry);
}

function onReady() {
  room.presence.beat();
  const filled = gap;
  if (!filled) return;
  // What was missed comes around the moment of the answer; then it is said once.
  setTimeout(() => {
    if (gap === filled) gap = null;
    if (filled.again && filled.count) toast(shared("line.caught_up", { count: filled.count }));
  }, CAUGHT_UP_MS);
}

function onDenied(topic) {
  const [kind, number] = topic.split(/:(.*)/s);
  if (kind !== "event") return;
  board.drop(number);
  room.lose(number);
}

async function onReset() {
  const { position } = await board.load();
  room.current?.catchUp();
  return position;
}

async function begin() {
  let snapshot;
  try {
    snapshot = await board.load();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The list shows what is wrong and offers to try again; signing in is another page.
    if (error.status === 401) location.reload();
    else setTimeout(begin, AGAIN_MS);
    return;
  }
  live = connect({
    topics: ["desk"],
    ...snapshot,
    onEntry,
    onReady,
    onDenied,
    onReset,
    onState: showState,
    onHere: (message) => room.presence.take(message),
    onSignedOut: () => location.reload(),
  });
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (wanted) select(wanted);
}

const keys = new Keys(
  {
    j: () => step(queue.neighbour(1)),
    k: () => step(queue.neighbour(-1)),
    ArrowDown: () => step(queue.neighbour(1)),
    ArrowUp: () => step(queue.neighbour(-1)),
    n: () => nextWhere((event) => queue.tabs[0].holds(event)),
    u: () => nextWhere((event) => seen.of(event.number) > 0 && event.seq > seen.of(event.number)),
    "[": () => queue.stepTab(-1),
    "]": () => queue.stepTab(1),
    "/": () => queue.focusSearch(),
    r: () => room.focusComposer(),
    Enter: () => room.focusTimeline(),
    p: () => panes.toggle("side"),
    m: () => sound.toggleMute(),
    "?": () => openSheet(keys, sound),
    Escape: () => panes.back(),
  },
  (name) => room.runNamed(name),
);

queue.draw();
room.draw();
drawHeader();
begin();
everySecond(() => {
  queue.draw();
  room.tick();
  sound.tick(urgent());
  drawStaleStrip();
});
