/**
 * The queue: tabs, search, the pinned P1 zone and the list, whose rows never move under the
 * pointer: what is new waits behind a button, what has left stays dimmed in its place.
 */
import { ApiError, get } from "../shared/api.js";
import { icon } from "../shared/icon.js";
import { html, nothing, render, repeat } from "../shared/lit.js";
import { assignmentOf, OPEN, order } from "../shared/store.js";
import { ms } from "../shared/time.js";
import { coalesce } from "../room/pulse.js";
import { t } from "../room/words.js";
import { mayClaim, tabsFor } from "./board.js";
import { groupsOf } from "./flood.js";
import { Hold } from "./hold.js";
import { goneRow, rowView } from "./row.js";

const FRESH_MS = 4000;
const SEARCH_MS = 350;

export class Queue {
  /**
   * `tabsBox` and `listBox` are elements; `room` tells what is open and being claimed;
   * `onOpen(number)` and `onClaim(number)` are called by rows.
   */
  constructor({ tabsBox, listBox, board, me, line, room, drafts, seen, onOpen, onClaim }) {
    Object.assign(this, { tabsBox, listBox, board, me, line, room, drafts, seen });
    this.rowCalls = { onOpen, onClaim };
    this.tabs = tabsFor(me);
    this.tab = this.tabs[0];
    this.order = [];
    this.pinnedOrder = [];
    this.query = "";
    this.found = [];
    this.grouped = false;
    this.flooded = 0;
    this.later = [];
    this.unfolded = new Set();
    this.freshUntil = new Map();
    this.draw = coalesce(() => this.drawNow());
    this.hold = new Hold(listBox, () => this.draw());
  }

  // What is in the lists

  counts() {
    const { all } = this.board;
    return new Map(this.tabs.map((tab) => [tab.id, all.filter((event) => tab.holds(event)).length]));
  }

  /** Events waiting for this person's department. */
  waiting() {
    return this.board.all.filter((event) => this.tabs[0].holds(event));
  }

  matching() {
    if (!this.query) return this.board.all.filter((event) => this.tab.holds(event));
    const wanted = this.query.toLowerCase();
    const local = this.board.all.filter((event) =>
      [event.number, event.title, event.text, event.address, event.reporter?.name]
        .concat(event.area?.street?.name, event.area?.community?.name, event.category.name)
        .some((words) => words?.toLowerCase().includes(wanted)),
    );
    const numbers = new Set(local.map((event) => event.number));
    return [...local, ...this.found.filter((event) => !numbers.has(event.number))];
  }

  isPinned(event) {
    if (event.priority !== "P1" || !OPEN.has(event.state) || this.query) return false;
    return this.tabs[0].holds(event) || this.tab.holds(event);
  }

  arrange() {
    const now = this.line.serverNow();
    const pinned = order(this.board.all.filter((event) => this.isPinned(event)), now);
    const rest = this.matching().filter((event) => !this.isPinned(event));
    const sorted =
      this.tab.id === "done" && !this.query
        ? rest.sort((a, b) => ms(b.closed_at ?? b.registered_at) - ms(a.closed_at ?? a.registered_at))
        : order(rest, now);
    const numbers = sorted.map((event) => event.number);
    const pins = pinned.map((event) => event.number);
    if (this.hold.holding) {
      // A new P1 is shown at once, below those that are already pinned.
      this.pinnedOrder = [
        ...this.pinnedOrder,
        ...pins.filter((number) => !this.pinnedOrder.includes(number)),
      ];
      this.order = this.order.filter((number) => !pins.includes(number));
      const shown = new Set(this.order);
      this.later = numbers.filter((number) => !shown.has(number) && !this.pinnedOrder.includes(number));
    } else {
      const before = new Set([...this.order, ...this.pinnedOrder]);
      if (this.arranged === this.key()) this.light([...pins, ...numbers].filter((one) => !before.has(one)));
      this.order = numbers;
      this.pinnedOrder = pins;
      this.later = [];
    }
    this.arranged = this.key();
    this.belongs = new Set([...numbers, ...pins]);
  }

  key() {
    return `${this.board.phase} ${this.tab.id} ${this.query}`;
  }

  light(numbers) {
    const until = Date.now() + FRESH_MS;
    for (const number of numbers) this.freshUntil.set(number, until);
  }

  /** The rows from top to bottom, as J and K walk them. */
  get walk() {
    return [...this.pinnedOrder, ...this.order].filter((number) => this.event(number));
  }

  event(number) {
    return this.board.events.get(number) ?? this.found.find((one) => one.number === number) ?? null;
  }

  // What the person does

  choose(id) {
    this.tab = this.tabs.find((tab) => tab.id === id) ?? this.tabs[0];
    this.hold.release();
    this.order = [];
    if (this.tab.id === "done") this.board.loadDone();
    this.listBox.querySelector(".rows")?.scrollTo(0, 0);
    this.draw();
  }

  stepTab(by) {
    const at = this.tabs.indexOf(this.tab);
    this.choose(this.tabs[(at + by + this.tabs.length) % this.tabs.length].id);
  }

  /** The row `by` steps from the open one; null at the ends. */
  neighbour(by) {
    const { walk } = this;
    const at = walk.indexOf(this.room.number);
    return walk[at < 0 ? (by > 0 ? 0 : walk.length - 1) : at + by] ?? null;
  }

  search(query) {
    this.query = query.trim();
    this.found = [];
    this.hold.release();
    clearTimeout(this.searchTimer);
    if (this.query.length > 1) this.searchTimer = setTimeout(() => this.look(this.query), SEARCH_MS);
    this.draw();
  }

  async look(query) {
    try {
      const { results } = await get("events/", { q: query, limit: 30 });
      if (query === this.query) this.found = results;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    this.draw();
  }

  focusSearch() {
    this.tabsBox.querySelector("input")?.focus();
  }

  reveal(number) {
    requestAnimationFrame(() => {
      const row = this.listBox.querySelector(`[data-number="${CSS.escape(number)}"]`);
      row?.scrollIntoView({ block: "nearest" });
    });
  }

  // What is drawn

  drawNow() {
    const rows = this.listBox.querySelector(".rows");
    const pinnedBefore = this.listBox.querySelector(".pinned")?.offsetHeight ?? 0;
    this.arrange();
    render(this.tabsView(), this.tabsBox);
    render(this.listView(), this.listBox);
    const grown = (this.listBox.querySelector(".pinned")?.offsetHeight ?? 0) - pinnedBefore;
    if (rows && grown > 0 && this.hold.holding) this.hold.keepStill(rows, grown);
  }

  tabsView() {
    const counts = this.counts();
    return html`<div class="tabs" role="tablist" aria-label=${t("事件列表")}>
        ${this.tabs.map((tab) => {
          const on = tab === this.tab && !this.query;
          const count = counts.get(tab.id);
          return html`<button
            type="button"
            role="tab"
            class="tab ${on ? "on" : ""}"
            aria-selected=${on ? "true" : "false"}
            data-tab=${tab.id}
            @click=${() => {
              this.clearSearch();
              this.choose(tab.id);
            }}
          >
            ${t(tab.label)}${tab.id !== "done" ? html`<b class="figures">${count}</b>` : nothing}
          </button>`;
        })}
      </div>
      <label class="search">
        ${icon("search", "s")}
        <input
          type="search"
          aria-label=${t("搜索")}
          placeholder=${t("搜索编号、地址、关键词")}
          @input=${(event) => !event.isComposing && this.search(event.target.value)}
          @compositionend=${(event) => this.search(event.target.value)}
          @keydown=${(event) => {
            if (event.key !== "Escape") return;
            this.clearSearch();
            event.target.blur();
          }}
        /><kbd aria-hidden="true">/</kbd>
      </label>`;
  }

  clearSearch() {
    const box = this.tabsBox.querySelector("input");
    if (box) box.value = "";
    if (this.query) this.search("");
  }

  listView() {
    if (this.board.phase === "loading") {
      return html`<ul class="rows loading" aria-busy="true" aria-label=${t("正在读取…")}>
        ${Array.from({ length: 7 }, () => html`<li class="row ghost"><i></i><i></i><i></i></li>`)}
      </ul>`;
    }
    if (this.board.phase === "failed") {
      return html`<div class="empty">
        ${icon("wifi-off", "xl")}<b>${t("没有读到事件")}</b><span>${this.board.problem.message}</span>
        <button type="button" class="button" @click=${() => this.board.load().catch(() => {})}>
          ${t("重试")}
        </button>
      </div>`;
    }
    return html`${this.pinnedView()}${this.floodView()}
      <div class="rows-box">${this.laterView()}${this.rowsView()}</div>`;
  }

  pinnedView() {
    if (!this.pinnedOrder.length) return nothing;
    return html`<section class="pinned" aria-label=${t("特急事件")}>
      <ul role="list" aria-label=${t("特急事件")}>
        ${repeat(this.pinnedOrder, (number) => number, (number) => this.row(number))}
      </ul>
    </section>`;
  }

  /** What stands over the rows without pushing them down. */
  laterView() {
    if (!this.later.length) return nothing;
    return html`<button type="button" class="later" @click=${() => this.hold.release(true)}>
      ${t("{n} 条新事件", { n: this.later.length })}${icon("chevron-up", "s")}
    </button>`;
  }

  floodView() {
    // The strip moves the rows, so it comes and goes only when they may move.
    if (!this.hold.holding) this.flooded = this.board.flood();
    if (!this.flooded && !this.grouped) return nothing;
    return html`<p class="flood">
      <span
        >${this.flooded
          ? t("10 分钟内新增 {n} 条，注意合并同类事件", { n: this.flooded })
          : t("同类事件已归组")}</span
      >
      <button type="button" class="link" @click=${() => this.toggleGroups()}>
        ${this.grouped ? t("逐条显示") : t("按类归组")}
      </button>
    </p>`;
  }

  toggleGroups() {
    this.grouped = !this.grouped;
    this.draw();
  }

  rowsView() {
    if (!this.order.length && !this.later.length) return this.emptyView();
    return html`<ul class="rows" role="list" aria-label=${t(this.query ? "搜索结果" : this.tab.label)}>
      ${this.grouped ? this.groupRows() : repeat(this.order, (number) => number, (number) => this.row(number))}
      ${this.tab.id === "done" && !this.query && this.board.doneCursor
        ? html`<li class="more-rows">
            <button type="button" class="button quiet" @click=${() => this.board.loadDone()}>
              ${t("载入更多")}
            </button>
          </li>`
        : nothing}
      <li class="rows-slack"></li>
    </ul>`;
  }

  groupRows() {
    const events = this.order.map((number) => this.event(number)).filter(Boolean);
    return groupsOf(events).map(({ key, words, members }) => {
      const open = members.length < 3 || this.unfolded.has(key);
      const head =
        members.length < 3
          ? nothing
          : html`<li class="group-row">
              <button
                type="button"
                aria-expanded=${open ? "true" : "false"}
                @click=${() => {
                  if (open) this.unfolded.delete(key);
                  else this.unfolded.add(key);
                  this.draw();
                }}
              >
                ${icon(open ? "chevron-down" : "chevron-right", "s")}<b>${words}</b>
                <span class="count">×${members.length}</span>
              </button>
            </li>`;
      return html`${head}${open ? members.map((event) => this.row(event.number)) : nothing}`;
    });
  }

  row(number) {
    const event = this.event(number);
    if (!event) return goneRow(number);
    const own = assignmentOf(event, this.me.department?.code);
    const read = this.seen.of(number);
    const selected = number === this.room.number;
    const view = {
      own,
      now: this.line.serverNow(),
      stale: this.line.stale(),
      selected,
      left: !this.belongs.has(number),
      unread: !selected && read > 0 && event.seq > read,
      drafted: this.drafts.has(number),
      fresh: (this.freshUntil.get(number) ?? 0) > Date.now(),
      claiming: this.room.claiming === number,
      mayClaim: OPEN.has(event.state) && mayClaim(own, this.me),
    };
    return rowView(event, view, this.rowCalls);
  }

  emptyView() {
    const words = this.query
      ? [t("没有找到“{query}”", { query: this.query }), t("换一个编号、地址或关键词试试")]
      : this.tab.id === "done" && this.board.doneBusy
        ? [t("正在读取…"), ""]
        : this.tab.id === "waiting"
          ? [t("没有待签收的事件"), t("新事件会自动出现在这里，不需要刷新。")]
          : [t("这里没有事件"), ""];
    if (this.pinnedOrder.length && this.tab.id === "waiting" && !this.query) {
      words[0] = t("没有其他待签收的事件");
    }
    return html`<div class="empty rows-empty">${icon("inbox", "xl")}<b>${words[0]}</b><span>${words[1]}</span></div>`;
  }
}
