// The supervisor's wall.
import { ApiError, me as reader } from "../shared/api.js";
import { render } from "../shared/lit.js";
import { showLine } from "../shared/line.js";
import { connect } from "../shared/live.js";
import { coalesce, everySecond } from "../room/pulse.js";
import { t } from "../room/words.js";
import { Charts, loadOf } from "./charts.js";
import { feedView } from "./feed.js";
import { figuresView } from "./figures.js";
import { Ground } from "./ground.js";
import { ladderView, waitingOf } from "./ladder.js";
import { Scene } from "./scene.js";
import { keepAwake, wallClock, watchFullscreen } from "./screen.js";
import { Spotlight } from "./spotlight.js";
import { Strip } from "./strip.js";
import { watchdogView } from "./watchdog.js";

const AGAIN_MS = 5000;

const me = reader();
const byId = (id) => document.getElementById(id);
let live = null;

const now = () => live?.serverNow() ?? Date.now();
const draw = coalesce(drawNow);
const scene = new Scene({ now, onChange: draw, onUrgent: (event) => spotlight.add(event) });
const spotlight = new Spotlight(draw);
const ground = new Ground(byId("wall-map"), { areas: me.areas });
const charts = new Charts({
  hour: byId("wall-hour"),
  category: byId("wall-category"),
  load: byId("wall-load"),
});
const strip = new Strip(byId("wall-strip"), { now });
let shownStats = null;

/** Everything: something has happened. */
function drawNow() {
  const { stats } = scene;
  render(figuresView(stats), byId("wall-figures"));
  ground.show(scene.open, stats);
  if (stats && stats !== shownStats) {
    shownStats = stats;
    charts.show(stats, wallClock(now()).hour);
    byId("wall-load-title").textContent = t(loadOf(stats).title);
  }
  drawTimes();
}

/** What runs with the clock; the map and the charts stand still meanwhile. */
function drawTimes() {
  const at = now();
  render(feedView(scene, at), byId("wall-feed"));
  render(ladderView(scene.all, at, ladderRows()), byId("wall-ladder"));
  byId("wall-ladder-count").textContent = t("{n} 个部门", { n: waitingOf(scene.all).length });
  render(spotlight.view(scene.events, at), byId("wall-spotlight"));
  drawClock();
}

/** As many rows as fit under the feed. */
function ladderRows() {
  const box = byId("wall-ladder");
  const row = box.querySelector(".ladder-row")?.offsetHeight || 48;
  return Math.max(3, Math.floor(box.clientHeight / row));
}

function drawClock() {
  const { date, time } = wallClock(now());
  byId("wall-date").textContent = date;
  byId("wall-time").textContent = time;
  const heardAt = Math.max(scene.readAt, live?.since ?? 0);
  render(
    watchdogView({ heardAt: heardAt || Date.now(), stats: scene.stats, line: live?.state }),
    byId("wall-watchdog"),
  );
}

async function begin() {
  let snapshot;
  try {
    snapshot = await scene.load();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    byId("wall-feed").textContent = error.message;
    setTimeout(begin, AGAIN_MS);
    return;
  }
  live = connect({
    topics: me.areas.map((area) => `area:${area.code}`),
    ...snapshot,
    onEntry: (entry) => scene.entry(entry),
    onDenied: (topic) => topic.startsWith("event:") && scene.drop(topic.slice(6)),
    onReset: async () => (await scene.load()).position,
    onState: (state, since) => showLine(byId("line"), state, since),
    onSignedOut: () => location.reload(),
  });
}

watchFullscreen(byId("wall-fullscreen"));
keepAwake();
begin();
everySecond(() => {
  scene.sweep();
  spotlight.tick();
  scene.refresh();
  strip.tick();
  drawTimes();
});
