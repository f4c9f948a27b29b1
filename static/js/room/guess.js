/** What class the words may mean: a line under the actions. People decide; the urgent is asked. */
import { ApiError, get } from "../shared/api.js";
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";
import { toast } from "../shared/toast.js";
import { priorityView } from "./head.js";
import { t } from "./words.js";

const OPEN = ["registered", "responded", "handled"];

function because(row) {
  return row.because.map((word) => `「${word}」`).join("");
}

function percent(row) {
  return `${Math.round(row.confidence * 100)}%`;
}

/** Whichever event is open. */
export class Guess {
  constructor({ onChange }) {
    Object.assign(this, { onChange, key: "", rows: [], waived: new Set(), busy: false });
  }

  /** Look at the event of `current` (a Case); asks the server when its class or text is new. */
  look(current) {
    const event = current?.event;
    const key =
      event && OPEN.includes(event.state)
        ? JSON.stringify([event.number, event.category.code, event.text])
        : "";
    if (key === this.key) return;
    Object.assign(this, { key, rows: [] });
    if (key) this.read(event.number, key);
  }

  async read(number, key) {
    try {
      const { results } = await get(`events/${number}/suggestion/`);
      if (key !== this.key) return;
      this.rows = results;
      this.onChange();
    } catch (error) {
      // It is advice: without it the room is whole.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async take(current, row) {
    if (this.busy) return;
    this.busy = true;
    this.onChange();
    try {
      await current.act("reclassify", {
        category: row.code,
        reason: t("按建议改类，因为{words}", { words: because(row) }),
      });
      toast(t("已改为“{name}”；承办部门不变，需要时请重新分拨", { name: row.name }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 409) toast(error.message, { tone: "bad" });
    } finally {
      this.busy = false;
      this.onChange();
    }
  }

  waive(current, row) {
    this.waived.add(`${current.number} ${row.code}`);
    this.onChange();
  }

  /** The questions and the line, or nothing. */
  view(current) {
    this.look(current);
    const rows = this.rows.filter((row) => !this.waived.has(`${current.number} ${row.code}`));
    if (!rows.length) return nothing;
    const may = Boolean(current.action("reclassify")?.allowed);
    const plain = rows.filter((row) => !row.question);
    return html`${rows
      .filter((row) => row.question)
      .map((row) => this.question(current, row, may))}
    ${plain.length ? this.line(current, plain, may) : nothing}`;
  }

  question(current, row, may) {
    return html`<div class="notice warn guess-question" role="note" data-code=${row.code}>
      ${icon("warn")}
      <p class="notice-body">
        ${t("文中有{words}，是否为“{name}”？", { words: because(row), name: row.name })}
        ${priorityView(row.priority)}
      </p>
      ${may
        ? html`<button
            type="button"
            class="button small"
            ?disabled=${this.busy}
            @click=${() => this.take(current, row)}
          >
            ${t("是，改类")}
          </button>`
        : nothing}
      <button type="button" class="link" @click=${() => this.waive(current, row)}>${t("不是")}</button>
    </div>`;
  }

  line(current, rows, may) {
    return html`<div class="guess" role="note">
      <span class="guess-label">${icon("auto", "s")}${t("建议分类")}</span>
      <ul role="list">
        ${rows.map(
          (row) => html`<li data-code=${row.code}>
            ${may
              ? html`<button
                  type="button"
                  class="chip"
                  title=${t("改为“{name}”", { name: row.name })}
                  ?disabled=${this.busy}
                  @click=${() => this.take(current, row)}
                >
                  <b>${row.name}</b><span class="figures">${percent(row)}</span>
                </button>`
              : html`<span class="guess-name"
                  ><b>${row.name}</b> <span class="figures">${percent(row)}</span></span
                >`}
            <span class="guess-why">${t("因为{words}", { words: because(row) })}</span>
          </li>`,
        )}
      </ul>
    </div>`;
  }
}
