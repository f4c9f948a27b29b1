/** What may be the same event: candidates beside the room, each with its reasons, to be merged. */
import { ApiError, get, post } from "../shared/api.js";
import { ask } from "../shared/ask.js";
import { html, nothing, render } from "../shared/lit.js";
import { ms } from "../shared/time.js";
import { toast } from "../shared/toast.js";
import { stateTag } from "./head.js";
import { t } from "./words.js";

const AGAIN_MS = 60_000;
const SHOWN = 5;
const OPEN = ["registered", "responded", "handled"];
const SURELY = 0.75;

/** Which of two stays: the one that somebody works on, else the one that was first. */
function mainOf(one, other) {
  const worked = [one, other].filter((event) => event.responded_at);
  if (worked.length === 1) return worked[0];
  return ms(other.registered_at) < ms(one.registered_at) ? other : one;
}

/** Whichever event is open. */
export class Likely {
  /** `box` is an element that this object alone fills; `onSelect(number)` opens another event. */
  constructor(box, { onSelect }) {
    Object.assign(this, { box, onSelect, key: "", rows: [], readAt: 0, all: false });
  }

  /** Show what is like the event of `current` (a Case); asks the server when there is reason. */
  show(current) {
    const event = current?.event;
    const open = event && OPEN.includes(event.state) ? event : null;
    const key = open
      ? JSON.stringify([open.number, open.state, open.category.code, open.location, open.absorbed])
      : "";
    if (open?.number !== this.number) Object.assign(this, { rows: [], all: false });
    this.number = open?.number;
    this.current = current;
    if (open && (key !== this.key || Date.now() - this.readAt > AGAIN_MS)) this.read(open.number);
    this.key = key;
    this.draw();
  }

  async read(number) {
    this.readAt = Date.now();
    try {
      const { results } = await get(`events/${number}/similar/`);
      if (number !== this.number) return;
      this.rows = results;
      this.draw();
    } catch (error) {
      // What is shown stays; it is advice, and asked for again in a minute.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async merge(other) {
    const { current } = this;
    const main = mainOf(current.event, other);
    const goes = main === other ? current.event : other;
    const sure = await ask({
      title: t("并案"),
      text: t("{number} 将并入 {main}。它的上报人和来源继续收到进展；并错了可以拆分。", {
        number: goes.number,
        main: main.number,
      }),
      confirm: t("并案"),
    });
    if (!sure) return;
    try {
      if (main === other) await current.act("merge", { into: other.number });
      else await post(`events/${other.number}/merge/`, { into: main.number });
      this.rows = this.rows.filter((row) => row.number !== other.number);
      toast(t("已并案：{number} 并入 {main}", { number: goes.number, main: main.number }));
      this.draw();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message, { tone: "bad" });
      this.read(current.number);
    }
  }

  draw() {
    const rows = this.all ? this.rows : this.rows.slice(0, SHOWN);
    const rest = this.rows.length - rows.length;
    render(
      rows.length
        ? html`<section aria-label=${t("可能是同一事件")}>
            <h2>${t("可能是同一事件")}<span class="count">${this.rows.length}</span></h2>
            <ul role="list">${rows.map((row) => this.row(row))}</ul>
            ${rest
              ? html`<button
                  type="button"
                  class="link"
                  @click=${() => {
                    this.all = true;
                    this.draw();
                  }}
                >${t("另有 {n} 件", { n: rest })}</button>`
              : nothing}
          </section>`
        : nothing,
      this.box,
    );
  }

  row(row) {
    const may = this.current.action("merge")?.allowed && !row.recently_closed;
    return html`<li class="likely" data-number=${row.number}>
      <a
        class="likely-title"
        href="/events/${row.number}/"
        @click=${(click) => {
          if (!this.onSelect || click.ctrlKey || click.metaKey) return;
          click.preventDefault();
          this.onSelect(row.number);
        }}
        >${row.title}</a
      >
      ${row.score >= SURELY ? html`<span class="tag warn">${t("很可能")}</span>` : nothing}
      <span class="likely-why">${row.reasons.join(" · ")}</span>
      <span class="likely-foot">
        ${stateTag(row)}<span class="number muted">${row.number}</span>
        ${may
          ? html`<button type="button" class="button small" @click=${() => this.merge(row)}>
              ${t("并案")}
            </button>`
          : nothing}
      </span>
    </li>`;
  }
}
