// Events kept in the page: patched by timeline entries, ordered as a duty officer works.
import { ms } from "./time.js";

export const OPEN = new Set(["registered", "responded", "handled"]);

/** Apply an entry to its event; false when the event already knows it. Entries of one event may
 *  arrive through several topics, its sequence number decides. */
export function apply(event, entry) {
  if (entry.seq <= event.seq) return false;
  Object.assign(event, entry.changes);
  event.seq = Math.max(entry.seq, event.seq);
  return true;
}

/** The deadline that counts now: the running one due first, else the last one missed, or null. */
export function running(event) {
  const deadlines = event.deadlines ?? [];
  const active = deadlines.filter((one) => one.state === "live" || one.state === "paused");
  const pool = active.length ? active : deadlines.filter((one) => one.state === "missed");
  if (!pool.length || !OPEN.has(event.state)) return null;
  return pool.reduce((first, one) => (ms(one.due_at) < ms(first.due_at) ? one : first));
}

/** Whether an open event is late at `now` (milliseconds). */
export function overdue(event, now) {
  const deadline = running(event);
  return Boolean(deadline) && deadline.state !== "paused" && ms(deadline.due_at) <= now;
}

/** The departments that are on it now: current assignments, the lead first. */
export function current(event) {
  const ended = new Set(["returned", "transferred", "released", "recalled"]);
  const rows = (event.assignments ?? []).filter((one) => !ended.has(one.state));
  return rows.sort((a, b) => (a.role === b.role ? 0 : a.role === "lead" ? -1 : 1));
}

/** The assignment of a department among the current ones, or null. */
export function assignmentOf(event, code) {
  return current(event).find((one) => one.department.code === code) ?? null;
}

function rank(event, now) {
  if (!OPEN.has(event.state)) return 4;
  if (event.priority === "P1") return 0;
  if (overdue(event, now)) return 1;
  return running(event) ? 2 : 3;
}

/** The order of the queue at `now`: open P1, then overdue, then by deadline, then the newest. */
export function compare(a, b, now) {
  const [left, right] = [rank(a, now), rank(b, now)];
  if (left !== right) return left - right;
  const [dueA, dueB] = [running(a), running(b)];
  if (left < 4 && dueA && dueB && dueA.due_at !== dueB.due_at) return ms(dueA.due_at) - ms(dueB.due_at);
  if (left < 4 && Boolean(dueA) !== Boolean(dueB)) return dueA ? -1 : 1;
  return ms(b.registered_at) - ms(a.registered_at) || (a.number < b.number ? 1 : -1);
}

/** A new array in the order of the queue. */
export function order(events, now) {
  return [...events].sort((a, b) => compare(a, b, now));
}
