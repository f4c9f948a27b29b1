// The desk's events: a snapshot, kept true by the entries of the live line.
import { ApiError, get } from "../shared/api.js";
import { apply, assignmentOf, OPEN } from "../shared/store.js";

const PAGES = 5;
const FLOOD_EVENTS = 30;
const FLOOD_MS = 10 * 60 * 1000;

const WORKING = new Set(["claimed", "arrived"]);

/** Whether a part waits for somebody's claim: nobody's yet, or a colleague's that has expired. */
export function mayClaim(own, me) {
  if (!own) return false;
  return own.state === "dispatched" || (Boolean(own.claim_expired_at) && own.claimed_by !== me.name);
}

/** The tabs of a role: {id, label, holds(event)}; `done` is read on demand. */
export function tabsFor(me) {
  const own = (event) => assignmentOf(event, me.department?.code);
  const open = (event) => OPEN.has(event.state);
  const done = { id: "done", label: "已办结", holds: (event) => !open(event) };
  if (me.role === "officer") {
    return [
      {
        id: "waiting",
        label: "待签收",
        holds: (event) => open(event) && mayClaim(own(event), me),
      },
      {
        id: "mine",
        label: "我的",
        holds: (event) =>
          open(event) && WORKING.has(own(event)?.state) && own(event).claimed_by === me.name,
      },
      {
        id: "department",
        label: "本部门",
        holds: (event) => open(event) && own(event)?.role === "lead",
      },
      {
        id: "support",
        label: "协同",
        holds: (event) => open(event) && own(event)?.role === "support",
      },
      done,
    ];
  }
  return [
    { id: "waiting", label: "待签收", holds: (event) => event.state === "registered" },
    { id: "working", label: "处置中", holds: (event) => event.state === "responded" },
    { id: "verify", label: "待核查", holds: (event) => event.state === "handled" },
    { id: "all", label: "全部未结", holds: open },
    done,
  ];
}

/** Events by number, and what is new among them. */
export class Board {
  /** `onFresh(event)` is called for an event that was not there, `onChange()` for anything. */
  constructor({ now, onFresh, onChange }) {
    Object.assign(this, { now, onFresh, onChange });
    this.events = new Map();
    this.asked = new Map();
    this.arrivals = [];
    this.phase = "loading"; // loading | ready | failed
    this.problem = null;
    this.me = null;
    this.doneCursor = undefined;
    this.doneBusy = false;
  }

  /** Read the snapshot: {position, now}. Throws ApiError where nothing is shown yet. */
  async load() {
    try {
      const first = await get("desk/", { limit: 100 });
      const fresh = new Map(first.results.map((event) => [event.number, event]));
      let { next } = first;
      for (let page = 1; next && page < PAGES; page += 1) {
        const more = await get("desk/", { limit: 100, cursor: next });
        for (const event of more.results) fresh.set(event.number, event);
        next = more.next;
      }
      // What the live line knew better in the meantime stays.
      for (const [number, event] of fresh) {
        const known = this.events.get(number);
        if (known && known.seq > event.seq) fresh.set(number, known);
      }
      this.events = fresh;
      this.me = first.me;
      this.phase = "ready";
      this.problem = null;
      this.doneCursor = undefined;
      this.onChange();
      return { position: first.position, now: first.now };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
      if (this.phase === "loading") this.phase = "failed";
      this.onChange();
      throw error;
    }
  }

  /** A live entry; an event that came to us by it is fetched if the entry does not hold it. */
  take(entry) {
    const event = this.events.get(entry.event);
    if (event) {
      if (apply(event, entry)) this.onChange();
    } else if (entry.changes?.number) {
      this.add({ attachments: [], ...entry.changes, seq: entry.seq });
    } else {
      this.fetch(entry.event);
    }
  }

  add(event) {
    this.events.set(event.number, event);
    if (OPEN.has(event.state)) {
      this.arrivals.push(this.now());
      this.onFresh(event);
    }
    this.onChange();
  }

  /** Fetch one event, once at a time. */
  fetch(number) {
    if (!this.asked.has(number)) {
      this.asked.set(
        number,
        this.read(number).finally(() => this.asked.delete(number)),
      );
    }
    return this.asked.get(number);
  }

  async read(number) {
    try {
      const event = await get(`events/${number}/`);
      const known = this.events.get(number);
      if (!known) this.add(event);
      else if (event.seq >= known.seq) this.events.set(number, event);
      this.onChange();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The right to see it is gone. */
  drop(number) {
    if (this.events.delete(number)) this.onChange();
  }

  /** Facts that an action or the open room knows better. */
  better(event) {
    const known = this.events.get(event.number);
    if (known && event.seq > known.seq) {
      this.events.set(event.number, { ...known, ...event });
      this.onChange();
    }
  }

  /** The next page of ended events. */
  async loadDone() {
    if (this.doneBusy || this.doneCursor === null) return;
    this.doneBusy = true;
    try {
      const page = await get("events/", {
        state: "closed,cancelled,merged",
        limit: 50,
        cursor: this.doneCursor,
      });
      for (const event of page.results) {
        const known = this.events.get(event.number);
        if (!known || known.seq <= event.seq) this.events.set(event.number, event);
      }
      this.doneCursor = page.next;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.doneProblem = error;
    }
    this.doneBusy = false;
    this.onChange();
  }

  /** How many came lately, when that is a flood; 0 otherwise. */
  flood() {
    const since = this.now() - FLOOD_MS;
    this.arrivals = this.arrivals.filter((at) => at > since);
    return this.arrivals.length > FLOOD_EVENTS ? this.arrivals.length : 0;
  }

  get all() {
    return [...this.events.values()];
  }
}
