/**
 * The room of an event: head, actions, steps, conversation, composer, and beside it the map and
 * the departments. The desk's detail pane and the event's own page are this same thing.
 */
import { ApiError } from "../shared/api.js";
import { icon } from "../shared/icon.js";
import { html, nothing, render } from "../shared/lit.js";
import { running } from "../shared/store.js";
import { shortClock } from "../shared/time.js";
import { toast } from "../shared/toast.js";
import { barView } from "./bar.js";
import { Case } from "./case.js";
import { chatView } from "./chat.js";
import { Composer } from "./composer.js";
import { asks, openForm } from "./dialog.js";
import { Flood } from "./flood.js";
import { Guess } from "./guess.js";
import { headView, stepsView } from "./head.js";
import { Likely } from "./likely.js";
import { noticeView, noticeWords } from "./notice.js";
import { participantsView } from "./participants.js";
import { Place } from "./place.js";
import { Presence } from "./presence.js";
import { coalesce } from "./pulse.js";
import { galleryView } from "./thumbs.js";
import { t } from "./words.js";

const NEAR_END_PX = 80;

function box(parent, className) {
  const element = document.createElement("div");
  element.className = className;
  parent.append(element);
  return element;
}

export class Room {
  /**
   * `main` and `side` are elements; `line` is {here, serverNow, stale()}; `drafts` and `seen` are
   * the person's. `onBack`, `onChange` (something about
   * the open event) and `onSelect(number)` (a point on the map) are optional.
   */
  constructor({ main, side, me, line, drafts, seen, page = false, onBack, onChange, onSelect }) {
    Object.assign(this, { main, me, line, drafts, seen, page, onBack, onChange });
    this.current = null;
    this.composer = null;
    this.notices = new Map();
    this.missed = 0;
    this.read = 0;
    this.draw = coalesce(() => this.drawNow());
    const map = box(side, "side-map");
    this.flood = new Flood(box(side, "panel side-flood"), { now: () => line.serverNow() });
    this.likely = new Likely(box(side, "panel side-likely"), { onSelect });
    this.guess = new Guess({ onChange: this.draw });
    this.parts = box(side, "side-parts");
    this.place = new Place(map, box(side, "panel side-near"), { onSelect });
    this.presence = new Presence({
      me,
      tell: (number, typing) => line.here(number, typing),
      now: () => line.serverNow(),
      onChange: this.draw,
    });
    document.addEventListener("visibilitychange", () => this.markRead());
  }

  /** The number of the event being claimed at this moment. */
  get claiming() {
    return this.current?.pending.has("claim") ? this.number : null;
  }

  get number() {
    return this.current?.number ?? null;
  }

  /** Show an event; `known` are its facts if the page has them already. */
  open(number, known = null, { wait = 0 } = {}) {
    if (this.number === number) return;
    this.close();
    this.current = new Case(number, {
      me: this.me,
      drafts: this.drafts,
      now: () => this.line.serverNow(),
      known,
      onChange: () => this.changed(),
      onRefused: (notice) => this.refused(number, notice),
    });
    this.composer = new Composer(this.current, {
      host: this.main,
      onChange: this.draw,
      onTyping: (typing) => this.presence.setTyping(typing),
    });
    this.read = this.seen.of(number);
    this.missed = 0;
    this.atEnd = true;
    const opened = this.current;
    this.loadTimer = setTimeout(() => {
      opened.load();
      this.presence.enter(number);
    }, wait);
    this.draw();
  }

  close() {
    clearTimeout(this.loadTimer);
    this.composer?.close();
    this.current?.close();
    this.presence.leave();
    this.current = null;
    this.draw();
  }

  /** A live entry, of this event or of another. */
  take(entry) {
    if (entry.event !== this.number) return;
    if (!this.atEnd && entry.actor?.name !== this.me.name) this.missed += 1;
    this.current.take(entry);
  }

  /** The right to see an event is gone. */
  lose(number) {
    if (number === this.number) this.current.lose();
  }

  changed() {
    this.markRead();
    this.onChange?.();
    this.draw();
  }

  markRead() {
    if (this.current?.phase === "ready" && !document.hidden) {
      this.seen.keep(this.number, this.current.lastSeq);
    }
  }

  refused(number, notice) {
    this.notices.set(number, notice);
    if (number === this.number) this.draw();
    else toast(noticeWords(notice), { tone: "bad" });
  }

  /** Run an action by its name, as a key does. */
  runNamed(name) {
    const action = this.current?.action(name);
    if (action) this.run(action);
    // Who is quick enough to claim before the actions are read shall not have pressed in vain.
    else if (name === "claim" && this.current && !this.current.actions.length) this.claim();
  }

  run(action) {
    if (!action.allowed) {
      toast(action.why || t("现在不能{label}", { label: action.label }));
      return;
    }
    if (asks(action.name)) {
      openForm(this.current, action, { onDone: () => this.done(action) });
    } else {
      this.perform(action);
    }
  }

  /** Claim at once, whether or not the allowed actions have been read. */
  claim() {
    return this.perform(this.current.action("claim") ?? { name: "claim", label: t("签收") });
  }

  async perform(action, current = this.current) {
    if (current.pending.has(action.name)) return;
    try {
      const event = await current.act(action.name);
      this.done(action, event);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 409) return;
      const words = error.status
        ? error.message
        : t("未{label}成功（网络）", { label: action.label });
      const again = { label: t("重试"), run: () => this.perform(action, current) };
      toast(words, { tone: "bad", action: error.status ? null : again });
    }
  }

  done(action, event = this.current?.event) {
    const deadline = event && running(event);
    const limit = deadline
      ? t("，请于 {time} 前处置", { time: shortClock(deadline.due_at) })
      : "";
    toast(t("已{label}{rest}", { label: action.label, rest: action.name === "claim" ? limit : "" }));
  }

  focusComposer() {
    this.composer?.focus();
  }

  focusTimeline() {
    this.main.querySelector(".chat")?.focus();
  }

  /** Called every second: times move on. */
  tick() {
    if (this.current) this.draw();
  }

  drawNow() {
    const { current } = this;
    if (!current) {
      render(this.emptyView(), this.main);
      render(nothing, this.parts);
      this.flood.show(null);
      this.likely.show(null);
      this.place.show(null);
      return;
    }
    const scroller = this.main.querySelector(".chat");
    const before = scroller && { top: scroller.scrollTop, height: scroller.scrollHeight };
    const first = current.entries[0]?.seq;
    render(this.view(current), this.main);
    this.keepScroll(before, first);
    if (current.event && current.phase !== "gone") {
      const { event } = current;
      render(html`${participantsView(event, this.me)}${galleryView(event)}`, this.parts);
      this.flood.show(event);
      this.likely.show(current);
      this.place.show(current.event);
    } else {
      render(nothing, this.parts);
      this.flood.show(null);
      this.likely.show(null);
      if (current.phase === "gone") this.place.show(null);
    }
  }

  keepScroll(before, first) {
    const scroller = this.main.querySelector(".chat");
    if (!scroller) return;
    const earlier = this.firstShown !== undefined && first < this.firstShown;
    if (this.shown === this.number && earlier && before) {
      scroller.scrollTop = before.top + scroller.scrollHeight - before.height;
    } else if (this.atEnd) {
      scroller.scrollTop = scroller.scrollHeight;
    }
    this.shown = this.number;
    this.firstShown = first;
  }

  scrolled(scroller) {
    this.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
    if (this.atEnd && this.missed) {
      this.missed = 0;
      this.draw();
    }
  }

  toEnd() {
    this.atEnd = true;
    this.missed = 0;
    this.draw();
  }

  emptyView() {
    return html`<div class="empty room-empty">
      ${icon("inbox", "xl")}<b>${t("选择一个事件")}</b>
      <span>${t("用 J / K 上下移动，C 签收，? 查看全部快捷键")}</span>
    </div>`;
  }

  goneView(current) {
    const { text } = this.drafts.of(current.number);
    return html`<div class="empty room-gone">
      ${icon("lock", "xl")}<b>${t("不能再查看此事件")}</b>
      <span>${t("事件已转出或退回，或不在您的权限之内。")}</span>
      ${text
        ? html`<label class="kept">${t("您未发送的内容")}
            <textarea class="input" readonly .value=${text}></textarea></label>`
        : nothing}
      ${this.onBack
        ? html`<button type="button" class="button" @click=${() => this.onBack()}>${t("返回列表")}</button>`
        : html`<a class="button" href="/">${t("返回首页")}</a>`}
    </div>`;
  }

  failedView(current) {
    return html`<div class="empty">
      ${icon("wifi-off", "xl")}<b>${t("没有读到事件")}</b><span>${current.problem.message}</span>
      <button type="button" class="button" @click=${() => current.load()}>${t("重试")}</button>
    </div>`;
  }

  view(current) {
    if (current.phase === "gone") return this.goneView(current);
    if (current.phase === "failed") return this.failedView(current);
    if (!current.event) {
      return html`<div class="room-loading" aria-busy="true"><span class="visually-hidden">${t("正在读取…")}</span>
        <i></i><i></i><i></i><i></i></div>`;
    }
    const now = this.line.serverNow();
    return html`<article class="room ${current.event.priority}" data-number=${current.number}>
      ${headView(current.event, now, {
        stale: this.line.stale(),
        page: this.page,
        onBack: this.onBack && (() => this.onBack()),
      })}
      ${noticeView(this.notices.get(current.number), {
        onLook: () => this.toEnd(),
        onDismiss: () => {
          this.notices.delete(current.number);
          this.draw();
        },
      })}
      ${barView(current, { role: this.me.role, run: (action) => this.run(action), keys: !this.page })}
      ${current.phase === "ready" ? this.guess.view(current) : nothing}
      ${stepsView(current.event, now)} ${this.chat(current)} ${this.presence.view()}
      ${current.phase === "ready" ? this.composer.view() : nothing}
    </article>`;
  }

  chat(current) {
    if (current.phase === "loading") {
      return html`<div class="chat" aria-busy="true"><p class="chat-wait muted">${t("正在读取时间线…")}</p></div>`;
    }
    return html`<div
        class="chat"
        tabindex="0"
        role="log"
        aria-label=${t("时间线")}
        @scroll=${(event) => this.scrolled(event.target)}
      >
        ${chatView(current, this.me, {
          read: this.read,
          resend: (key) => current.send(key),
          discard: (key) => this.composer.put(current.discard(key)),
          loadEarlier: () => current.loadEarlier(),
        })}
      </div>
      ${this.missed
        ? html`<button type="button" class="chat-new" @click=${() => this.toEnd()}>
            ${t("{n} 条新消息", { n: this.missed })}${icon("chevron-down", "s")}
          </button>`
        : nothing}`;
  }
}
