// The event's own page.
import { me } from "../shared/api.js";
import { showLine } from "../shared/line.js";
import { connect } from "../shared/live.js";
import { Drafts } from "./drafts.js";
import { everySecond } from "./pulse.js";
import { Room } from "./room.js";
import { Seen } from "./seen.js";

const person = me();
const number = document.getElementById("room-page").dataset.number;
const lineElement = document.getElementById("line");

const live = connect({
  topics: [`event:${number}`],
  onEntry: (entry) => room.take(entry),
  onDenied: () => room.lose(number),
  onReset: () => room.current?.catchUp(),
  onHere: (message) => room.presence.take(message),
  onState(state, since) {
    showLine(lineElement, state, since);
    if (state === "live") room?.presence.beat();
  },
  onSignedOut: () => location.reload(),
});

const room = new Room({
  main: document.getElementById("room-main"),
  side: document.getElementById("room-side"),
  me: person,
  line: {
    here: live.here,
    serverNow: live.serverNow,
    stale: () => live.state !== "live",
  },
  drafts: new Drafts(person.username),
  seen: new Seen(person.username),
  page: true,
});

room.open(number);
everySecond(() => {
  room.tick();
  const title = room.current?.event?.title;
  if (title && !document.title.startsWith(title)) document.title = `${title} · ${document.title}`;
});
