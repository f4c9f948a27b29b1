/** The head of an event: what, how urgent, how long still, where, who reported it, its steps. */
import { ago, clock, dayClock, duration, ms, timeOf } from "../shared/time.js";
import { running } from "../shared/store.js";
import { mark, stateOf } from "../shared/words.js";
import { t, word } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";

/** The countdown of an event's running deadline; `line` says whether the clock can be trusted. */
export function countdownView(event, now, { stale = false, stage = false } = {}) {
  const deadline = running(event);
  if (!deadline) return nothing;
  const { text, tone, word: said } = timeOf(deadline, now);
  return html`<span
    class="countdown ${tone} ${stale ? "stale" : ""}"
    title=${`${word("stage", deadline.stage)} · ${dayClock(deadline.due_at, now)}`}
    >${tone === "over" || tone === "soon" ? icon(tone === "over" ? "warn" : "clock", "s") : nothing}${stage
      ? word("stage", deadline.stage)
      : ""}${said} ${text}</span
  >`;
}

/** A priority as shape and word. */
export function priorityView(code, { bare = false } = {}) {
  return html`<span class="priority ${code}"
    >${icon(code.toLowerCase())}<span class=${bare ? "visually-hidden" : ""}
      >${word("priority", code)}</span
    ></span
  >`;
}

/** The state of an event as a tag: icon, word and colour. */
export function stateTag(event) {
  const { name, icon: sign, tone } = mark(stateOf(event));
  return html`<span class="tag ${tone}">${icon(sign)}${word("state", name)}</span>`;
}

/** Facts beside the state that somebody must not overlook. */
export function flags(event) {
  const found = [];
  if (event.absorbed) found.push(["info", "merge", t("并入 {n} 件", { n: event.absorbed })]);
  if (event.unanswered) found.push(["bad", "instruct", t("批示待回复")]);
  if (event.supervision) found.push(["bad", "supervise", word("supervision", event.supervision)]);
  if (event.escalation) found.push(["warn", "escalate", t("已提级")]);
  if (event.reopened) found.push(["warn", "reopen", t("重开 {n}", { n: event.reopened })]);
  if (event.reworked) found.push(["warn", "rework", t("返工 {n}", { n: event.reworked })]);
  if (event.returned) found.push(["warn", "return", t("退回 {n}", { n: event.returned })]);
  if (event.fallback) found.push(["warn", "route", t("兜底")]);
  return found.map(
    ([tone, name, text]) => html`<span class="tag ${tone}">${icon(name)}${text}</span>`,
  );
}

/** The place in words: street and community, then the address. */
export function placeWords(event) {
  const area = event.area;
  return [area?.street?.name, area?.community?.name].filter(Boolean).join(" ");
}

const METHOD_UNSURE = 0.5;

function placeFact(event) {
  const accuracy = event.accuracy_m ? t("±{n} 米", { n: Math.round(event.accuracy_m) }) : "";
  const where = [placeWords(event), event.address].filter(Boolean).join(" · ");
  const unsure = !event.area || event.locate?.confidence < METHOD_UNSURE;
  return html`<span>${where || t("位置不明")}</span>${accuracy
      ? html`<span class="muted nowrap"> ${accuracy}</span>`
      : nothing}${unsure ? html` <span class="tag warn">${t("位置待核实")}</span>` : nothing}`;
}

async function copy(event, target) {
  try {
    await navigator.clipboard.writeText(event.number);
    target.dataset.copied = t("已复制");
    setTimeout(() => delete target.dataset.copied, 1500);
  } catch {
    // Without a secure page there is no clipboard: the number can still be selected.
  }
}

/** Title, countdown and facts. `page` is true on the event's own page. */
export function headView(event, now, { stale = false, page = false, onBack } = {}) {
  const reporter = event.reporter;
  return html`<header class="room-head">
    <div class="room-title">
      ${onBack
        ? html`<button
            type="button"
            class="icon-button room-back"
            aria-label=${t("返回列表")}
            @click=${onBack}
          >
            ${icon("arrow-left")}
          </button>`
        : nothing}
      ${priorityView(event.priority)}
      <h1>${event.title}</h1>
      ${countdownView(event, now, { stale, stage: true })}
    </div>
    <div class="room-tags">
      ${stateTag(event)}
      <button
        type="button"
        class="number copy"
        title=${t("复制编号")}
        @click=${(click) => copy(event, click.currentTarget)}
      >
        ${event.number}${icon("copy", "s")}
      </button>
      ${flags(event)}
      ${page
        ? nothing
        : html`<a class="room-open" href="/events/${event.number}/" title=${t("在新页打开")}
            >${icon("link", "s")}<span class="visually-hidden">${t("在新页打开")}</span></a
          >`}
    </div>
    <dl class="facts">
      <div><dt>${t("位置")}</dt><dd>${placeFact(event)}</dd></div>
      <div><dt>${t("类型")}</dt><dd>${event.category.name}</dd></div>
      <div>
        <dt>${t("上报")}</dt>
        <dd>
          ${reporter?.name || word("source", event.source)}${reporter?.department
            ? html`<span class="muted"> ${reporter.department}</span>`
            : nothing}
          <time class="muted nowrap" datetime=${event.registered_at}
            >${dayClock(event.registered_at, now)}（${ago(event.registered_at, now)}）</time
          >
        </dd>
      </div>
      ${event.merged_into
        ? html`<div>
            <dt>${t("并入")}</dt>
            <dd>
              <a class="number" href="/events/${event.merged_into}/">${event.merged_into}</a>
              ${event.main ? stateTag(event.main) : nothing}
            </dd>
          </div>`
        : nothing}
    </dl>
  </header>`;
}

const STEPS = [
  ["registered_at", "上报"],
  ["responded_at", "签收"],
  ["handled_at", "处置完成"],
  ["closed_at", "办结"],
];

/** The four steps with their times and how long each took. */
export function stepsView(event, now) {
  if (event.state === "cancelled" || event.state === "merged") {
    return html`<p class="steps-ended">${icon("cancel", "s")}${word("state", event.state)}</p>`;
  }
  const reached = STEPS.filter(([stamp]) => event[stamp]).length;
  return html`<ol class="steps" role="list" aria-label=${t("进度")}>
    ${STEPS.map(([stamp, label], index) => {
      const at = event[stamp];
      const before = index ? event[STEPS[index - 1][0]] : null;
      const waiting = index === reached && before;
      const state = at ? "done" : waiting ? "waiting" : "";
      const took = at && before ? (ms(at) - ms(before)) / 1000 : null;
      return html`<li class="step ${state}" aria-current=${waiting ? "step" : nothing}>
        <span class="step-name">${t(label)}</span>
        ${at ? html`<time datetime=${at}>${clock(at)}</time>` : nothing}
        ${took !== null ? html`<span class="step-took">${duration(took)}</span>` : nothing}
        ${waiting
          ? html`<span class="step-took">${t("已等 {time}", { time: duration((now - ms(before)) / 1000) })}</span>`
          : nothing}
      </li>`;
    })}
  </ol>`;
}
