/** Choosing one or several of many by typing a few letters: departments and categories. */
import { ApiError, get } from "../shared/api.js";
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing, repeat } from "../shared/lit.js";

const SUFFIX = /(街道|社区|镇)$/;

/** Departments that match, without `except`, the event's community and street first. */
export function departmentsFor(event, except) {
  const near = [event.area?.community?.name, event.area?.street?.name]
    .filter(Boolean)
    .map((name) => name.replace(SUFFIX, ""));
  const rank = (name) => {
    const at = near.findIndex((place) => name.includes(place));
    return at < 0 ? near.length : at;
  };
  return async (query) => {
    const { results } = await get("departments/", { q: query.trim(), event: event.number });
    return results
      .filter(({ code }) => !except.includes(code))
      .map(({ code, name }) => ({ code, name, note: "" }))
      .sort((a, b) => rank(a.name) - rank(b.name))
      .slice(0, 60);
  };
}

/** Categories that can be chosen and whose name or code matches. */
export function categories() {
  let all;
  const flatten = (rows, above) =>
    rows.flatMap((row) => [
      ...(row.selectable ? [{ code: row.code, name: row.name, note: above }] : []),
      ...flatten(row.children ?? [], row.name),
    ]);
  return async (query) => {
    all ??= flatten((await get("categories/")).results, "");
    const wanted = query.trim().toLowerCase();
    return all
      .filter((one) => `${one.name}${one.note}${one.code}`.toLowerCase().includes(wanted))
      .slice(0, 60);
  };
}

/** A search box with its answers and what was picked. */
export class Picker {
  constructor({ many, label, search, onChange, id }) {
    Object.assign(this, { many, label, search, onChange, id });
    this.query = "";
    this.results = null;
    this.picked = [];
    this.problem = "";
    this.turn = 0;
    this.look();
  }

  get codes() {
    return this.picked.map((one) => one.code);
  }

  type(query) {
    this.query = query;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 150);
  }

  async look() {
    this.turn += 1;
    const turn = this.turn;
    try {
      const results = await this.search(this.query);
      if (turn !== this.turn) return;
      this.results = results;
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
    this.onChange();
  }

  toggle(one) {
    const there = this.picked.some((row) => row.code === one.code);
    if (there) this.picked = this.picked.filter((row) => row.code !== one.code);
    else this.picked = this.many ? [...this.picked, one] : [one];
    this.onChange();
  }

  press(event) {
    if (event.isComposing || event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    if (this.results?.length === 1 && !this.codes.includes(this.results[0].code)) {
      this.toggle(this.results[0]);
    }
  }

  view() {
    const codes = this.codes;
    return html`<div class="picker">
      ${this.picked.length
        ? html`<div class="chips">
            ${this.picked.map(
              (one) => html`<button type="button" class="chip on" @click=${() => this.toggle(one)}>
                ${one.name}${icon("cross", "s")}
                <span class="visually-hidden">${t("移除")}</span>
              </button>`,
            )}
          </div>`
        : nothing}
      <input
        class="input"
        type="search"
        id=${this.id}
        autocomplete="off"
        aria-label=${t(this.label)}
        placeholder=${t("输入名称查找")}
        .value=${this.query}
        @input=${(event) => this.type(event.target.value)}
        @keydown=${(event) => this.press(event)}
      />
      <div class="picker-list" role="group" aria-label=${t(this.label)}>
        ${this.problem ? html`<p class="field-error">${this.problem}</p>` : nothing}
        ${this.results === null && !this.problem
          ? html`<p class="muted">${t("正在查找…")}</p>`
          : nothing}
        ${this.results?.length === 0 ? html`<p class="muted">${t("没有匹配的结果")}</p>` : nothing}
        ${repeat(
          this.results ?? [],
          (one) => one.code,
          (one) => html`<label class="choice">
            <input
              type=${this.many ? "checkbox" : "radio"}
              name=${`${this.id}-choice`}
              .checked=${codes.includes(one.code)}
              @change=${() => this.toggle(one)}
            />
            <span>${one.name}</span>
            ${one.note ? html`<span class="muted small">${one.note}</span>` : nothing}
          </label>`,
        )}
      </div>
    </div>`;
  }
}
