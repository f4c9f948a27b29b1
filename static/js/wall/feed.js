// The live feed: what is urgent or late on top, then what happened last. No names of people.
import { icon } from "../shared/icon.js";
import { html, nothing, repeat } from "../shared/lit.js";
import { current, OPEN, overdue, running } from "../shared/store.js";
import { ago, ms, timeOf } from "../shared/time.js";
import { mark, stateOf } from "../shared/words.js";
import { t, word } from "../room/words.js";

export const ROWS = 8;
const PINS = 5;

function rank(event, now) {
  if (!OPEN.has(event.state)) return 3;
  if (event.priority === "P1" && event.state !== "handled") return 0;
  return overdue(event, now) ? 1 : 2;
}

function lastAt(event, steps) {
  return ms(steps.get(event.number)?.at ?? event.registered_at);
}

/** The rows in their order: at most five pinned, the rest by what happened last. */
export function feedOf(events, steps, now) {
  const ranked = events.map((event) => ({ event, rank: rank(event, now), at: lastAt(event, steps) }));
  const pinned = ranked
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank || ms(running(a.event)?.due_at ?? 0) - ms(running(b.event)?.due_at ?? 0))
    .slice(0, PINS);
  const taken = new Set(pinned.map((one) => one.event.number));
  const rest = ranked
    .filter((one) => !taken.has(one.event.number))
    .sort((a, b) => b.at - a.at);
  return [...pinned.map((one) => ({ ...one, pinned: true })), ...rest].slice(0, ROWS);
}

/** The countdown in wall colours. */
export function wallCountdown(event, now) {
  const deadline = running(event);
  if (!deadline) return nothing;
  const { text, tone, word: said } = timeOf(deadline, now);
  return html`<span class="wall-time ${tone}">${said} ${text}</span>`;
}

/** What happened last, by department: 洪桥派出所 到场 · 2分钟前. */
function stepWords(event, step, now) {
  const lead = current(event)[0]?.department.name ?? "";
  if (step) {
    // What the system did is told with whom it concerns.
    const words = step.department ? [step.department, step.label] : [step.label, lead];
    return [words.filter(Boolean).join(" "), ago(step.at, now)];
  }
  const moves = current(event).flatMap((one) => [
    [one.done_at, word("part", "done"), one],
    [one.arrived_at, word("part", "arrived"), one],
    [one.claimed_at, word("part", "claimed"), one],
  ]);
  const last = moves.filter(([at]) => at).sort((a, b) => ms(b[0]) - ms(a[0]))[0];
  if (last) return [`${last[2].department.name} ${last[1]}`, ago(last[0], now)];
  return [lead || t("未派遣"), ago(event.registered_at, now)];
}

function row({ event, pinned }, steps, now) {
  const { name, tone } = mark(stateOf(event));
  const [words, when] = stepWords(event, steps.get(event.number), now);
  return html`<li class="feed-row ${event.priority} ${pinned ? "pinned" : ""} ${OPEN.has(event.state) ? "" : "over"}">
    <a href="/events/${event.number}/" target="xianfeng-room" data-number=${event.number}>
      <span class="priority ${event.priority}"
        >${icon(event.priority.toLowerCase())}<span class="visually-hidden">${word("priority", event.priority)}</span></span
      >
      <span class="feed-title">${event.title}</span>
      ${wallCountdown(event, now)}
      <span class="feed-step"><span class="feed-state ${tone}">${word("state", name)}</span><span class="feed-words">${words}</span><time>${when}</time></span>
    </a>
  </li>`;
}

/** The feed of `scene` at `now`. */
export function feedView(scene, now) {
  const rows = feedOf(scene.all, scene.steps, now);
  if (!rows.length) return html`<p class="wall-empty">${icon("check", "l")}${t("当前没有未结事件")}</p>`;
  return html`<ol role="list">
    ${repeat(rows, (one) => one.event.number, (one) => row(one, scene.steps, now))}
  </ol>`;
}
