/**
 * One open event: its facts, its timeline, what may be done, and the messages on their way.
 *
 * A Case is fed by the live line (`onEntry`) and asks the API for what it misses. It draws
 * nothing; `onChange` is called when there is something new to draw.
 */
import { ApiError, get, newId, post } from "../shared/api.js";
import { apply } from "../shared/store.js";

const PAGE = 60;

export class Case {
  /** `me` is the person, `drafts` keeps unsent messages, `now()` is the server's time in ms. */
  constructor(number, { me, drafts, now, onChange, onRefused, known = null }) {
    Object.assign(this, { number, me, drafts, now, onChange, onRefused });
    this.event = known && { ...known };
    this.phase = "loading"; // loading | ready | gone | failed
    this.problem = null;
    this.entries = [];
    this.actions = [];
    this.pending = new Set();
    this.earlier = false;
    this.closed = false;
    this.echoes = drafts.unsent(number).map((one) => ({ ...one, state: "failed" }));
  }

  /** Fetch everything; keeps what is shown until the answer is there. */
  async load() {
    try {
      const event = await get(`events/${this.number}/`);
      const after = Math.max(0, event.seq - PAGE);
      const [timeline] = await Promise.all([this.read(after), this.loadActions()]);
      this.entries = timeline;
      this.event = event;
      for (const entry of timeline) apply(this.event, entry);
      this.earlier = after > 0;
      this.phase = "ready";
      this.problem = null;
      this.settle();
      // Something came while we were reading; it may or may not be in what we read.
      if (this.behind) this.catchUp();
      this.behind = false;
    } catch (error) {
      this.fail(error);
    }
    this.changed();
  }

  fail(error) {
    if (!(error instanceof ApiError)) throw error;
    this.problem = error;
    if (error.status === 404 || error.status === 403) this.phase = "gone";
    else if (!this.event) this.phase = "failed";
  }

  /** Every entry after `seq`, following the pages. */
  async read(seq) {
    const found = [];
    let page;
    do {
      const after = found.length ? found[found.length - 1].seq : seq;
      page = await get(`events/${this.number}/timeline/`, { after });
      found.push(...page.results);
    } while (page.next && page.results.length);
    return found;
  }

  /** Fetch the page before the first entry shown. */
  async loadEarlier() {
    const first = this.entries[0]?.seq ?? 1;
    const after = Math.max(0, first - 1 - PAGE);
    const found = (await this.read(after)).filter((entry) => entry.seq < first);
    this.entries = [...found, ...this.entries];
    this.earlier = after > 0;
    this.changed();
  }

  /** What this person may do now, with the reason where not. */
  async loadActions() {
    const { actions } = await get(`events/${this.number}/actions/`);
    this.actions = actions;
    this.changed();
  }

  action(name) {
    return this.actions.find((one) => one.name === name);
  }

  get lastSeq() {
    return this.entries[this.entries.length - 1]?.seq ?? 0;
  }

  /** A live entry of this event. */
  take(entry) {
    if (this.phase === "loading") this.behind = true;
    if (this.phase !== "ready" || entry.seq <= this.lastSeq) return;
    if (entry.seq > this.lastSeq + 1) {
      this.catchUp();
      return;
    }
    this.entries = [...this.entries, entry];
    apply(this.event, entry);
    this.settle();
    this.refreshActions();
    this.changed();
  }

  /** Read what was missed: entries, facts and actions. */
  catchUp() {
    this.catching ??= this.fetchMissed().finally(() => {
      this.catching = null;
    });
    return this.catching;
  }

  async fetchMissed() {
    try {
      const event = await get(`events/${this.number}/`);
      const missed = await this.read(this.lastSeq);
      this.entries = [...this.entries, ...missed.filter((entry) => entry.seq > this.lastSeq)];
      if (!this.event || event.seq >= this.event.seq) this.event = event;
      for (const entry of missed) apply(this.event, entry);
      this.settle();
      await this.loadActions();
    } catch (error) {
      this.fail(error);
    }
    this.changed();
  }

  refreshActions() {
    clearTimeout(this.actionsTimer);
    this.actionsTimer = setTimeout(() => {
      if (!this.closed) this.rereadActions();
    }, 120);
  }

  async rereadActions() {
    try {
      await this.loadActions();
    } catch (error) {
      // The buttons stay as they were; pressing one asks the server anyway.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Do an action; resolves to the event, rejects with ApiError (a 409 keeps its winner). */
  async act(name, body = {}) {
    const key = newId();
    const asked = this.now();
    this.pending.add(name);
    this.changed();
    try {
      const event = await post(`events/${this.number}/${name}/`, body, { key });
      this.absorb(event);
      return event;
    } catch (error) {
      if (error.status === 409) {
        this.onRefused({ action: name, winner: error.problem?.winner, error, asked });
        if (!this.closed) this.catchUp();
      }
      throw error;
    } finally {
      this.pending.delete(name);
      this.changed();
    }
  }

  /** An action's answer may be ahead of the live line: take it, then read its entries. */
  absorb(event) {
    if (event?.number !== this.number) return;
    if (this.event && event.seq >= this.event.seq) this.event = { ...this.event, ...event };
    if (event.seq > this.lastSeq) {
      setTimeout(() => {
        if (!this.closed && event.seq > this.lastSeq) this.catchUp();
      }, 250);
    }
    this.refreshActions();
  }

  /** Send a message: shown at once, ticked when it is in the timeline, kept when it fails. */
  async say(text, files, open = false) {
    const at = new Date(this.now()).toISOString();
    const message = { key: newId(), text, files, open, at };
    this.echoes = [...this.echoes, { ...message, state: "sending", base: this.lastSeq }];
    this.drafts.sending(this.number, message);
    this.changed();
    await this.send(message.key);
  }

  /** Send an unsent message again, under the same key. */
  async send(key) {
    const echo = this.echoes.find((one) => one.key === key);
    if (!echo) return;
    this.mark(key, { state: "sending", base: this.lastSeq, why: "" });
    try {
      const attachments = echo.files.map((file) => file.id);
      const body = { text: echo.text, attachments, ...(echo.open ? { public: true } : {}) };
      const event = await post(`events/${this.number}/post/`, body, { key });
      this.drafts.sent(this.number, key);
      this.mark(key, { state: "sent", seq: event.seq });
      this.absorb(event);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.mark(key, { state: "failed", why: error.status ? error.message : "" });
    }
    this.settle();
    this.changed();
  }

  /** Give up an unsent message; returns its text for the composer. */
  discard(key) {
    const echo = this.echoes.find((one) => one.key === key);
    this.echoes = this.echoes.filter((one) => one.key !== key);
    this.drafts.sent(this.number, key);
    this.changed();
    return echo?.text ?? "";
  }

  mark(key, parts) {
    this.echoes = this.echoes.map((one) => (one.key === key ? { ...one, ...parts } : one));
    this.changed();
  }

  /** Drop the echoes whose entries have arrived, each entry answering for one echo. */
  settle() {
    const used = new Set();
    this.echoes = this.echoes.filter((echo) => {
      if (echo.state === "failed") return true;
      if (echo.state === "sent" && echo.seq <= this.lastSeq) return false;
      const match = this.entries.find(
        (entry) =>
          entry.seq > echo.base &&
          entry.kind === "posted" &&
          entry.data.text === echo.text &&
          entry.actor?.name === this.me.name &&
          !used.has(entry.seq),
      );
      if (!match) return true;
      used.add(match.seq);
      this.drafts.sent(this.number, echo.key);
      return false;
    });
  }

  /** The right to see it is gone. */
  lose() {
    this.phase = "gone";
    this.entries = [];
    this.changed();
  }

  changed() {
    if (!this.closed) this.onChange(this);
  }

  close() {
    this.closed = true;
    clearTimeout(this.actionsTimer);
  }
}
