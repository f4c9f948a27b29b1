// What the wall knows: the figures of the day and the open events of its area, kept live.
import { ApiError, get } from "../shared/api.js";
import { apply, OPEN } from "../shared/store.js";
import { ms } from "../shared/time.js";

const PAGES = 10;
const APART_MS = 5000;
const AT_LEAST_MS = 10000;
const LINGER_MS = 90000;

export class Scene {
  /** `onChange()` for anything new, `onUrgent(event)` when an event turns P1. */
  constructor({ now, onChange, onUrgent }) {
    Object.assign(this, { now, onChange, onUrgent });
    this.events = new Map();
    this.steps = new Map();
    this.asked = new Set();
    this.stats = null;
    this.problem = null;
    this.readAt = 0;
    this.statsAt = 0;
  }

  /** Read figures and events; returns {position, now} to follow from. Throws ApiError. */
  async load() {
    // The position is read before the rows: an entry may come twice, none can be missed.
    const stats = await get("stats/today/");
    const found = new Map();
    let cursor;
    for (let page = 0; page < PAGES && cursor !== null; page += 1) {
      const answer = await get("events/", { state: "open", limit: 100, cursor });
      for (const event of answer.results) found.set(event.number, event);
      cursor = answer.next;
    }
    for (const [number, event] of found) {
      const known = this.events.get(number);
      if (known && known.seq > event.seq) found.set(number, known);
    }
    this.events = found;
    this.take(stats);
    return { position: stats.position, now: stats.now };
  }

  take(stats) {
    this.stats = stats;
    this.readAt = this.statsAt = Date.now();
    this.problem = null;
    this.onChange();
  }

  /** Read the figures anew: soon after something happened, and every ten seconds anyhow. */
  async refresh(force = false) {
    const age = Date.now() - this.statsAt;
    if (this.busy || age < APART_MS || (!force && !this.stirred && age < AT_LEAST_MS)) return;
    this.busy = true;
    this.stirred = false;
    try {
      this.take(await get("stats/today/"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
      this.statsAt = Date.now();
    }
    this.busy = false;
  }

  /** A live entry of the area. */
  entry(entry) {
    this.readAt = Date.now();
    this.stirred = true;
    const event = this.events.get(entry.event);
    if (event) {
      const before = event.priority;
      if (!apply(event, entry)) return;
      this.note(entry);
      if (before !== "P1" && event.priority === "P1") this.onUrgent(event);
    } else if (entry.changes?.number) {
      this.add({ attachments: [], ...entry.changes, seq: entry.seq });
      this.note(entry);
    } else {
      this.note(entry);
      this.fetch(entry.event);
    }
    this.onChange();
  }

  /** Remember what happened last, without names of people. */
  note(entry) {
    this.steps.set(entry.event, {
      kind: entry.kind,
      label: entry.label,
      department: entry.data?.department_name ?? entry.actor?.department ?? "",
      at: entry.at,
    });
  }

  add(event) {
    this.events.set(event.number, event);
    if (event.priority === "P1" && event.state === "registered") this.onUrgent(event);
  }

  async fetch(number) {
    if (this.asked.has(number)) return;
    this.asked.add(number);
    try {
      const event = await get(`events/${number}/`);
      if (!this.events.has(number)) this.add(event);
      this.onChange();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    this.asked.delete(number);
  }

  drop(number) {
    this.events.delete(number);
    this.onChange();
  }

  /** Forget what has been over for a while. */
  sweep() {
    const now = this.now();
    for (const event of this.events.values()) {
      const step = this.steps.get(event.number);
      const over = !OPEN.has(event.state);
      if (over && now - ms(step?.at ?? event.closed_at ?? event.registered_at) > LINGER_MS) {
        this.events.delete(event.number);
        this.steps.delete(event.number);
        this.onChange();
      }
    }
  }

  get all() {
    return [...this.events.values()];
  }

  get open() {
    return this.all.filter((event) => OPEN.has(event.state));
  }
}
