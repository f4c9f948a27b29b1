/**
 * The timeline as a conversation: what people say in bubbles, what people did as lines with their
 * name, what the system did small between them. The message on its way stands at the end.
 */
import { clock, day, ms } from "../shared/time.js";
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing, repeat } from "../shared/lit.js";
import { filesOf, thumbsView } from "./thumbs.js";

const ICONS = {
  registered: "plus",
  located: "pin",
  routed: "route",
  dispatched: "department",
  claimed: "claim",
  arrived: "arrive",
  attached: "attach",
  completed: "done",
  handled: "check",
  returned: "return",
  transferred: "transfer",
  support_requested: "invite",
  support_released: "users",
  verified: "verify",
  reworked: "rework",
  closed: "lock",
  reopened: "reopen",
  hold_requested: "hold",
  held: "hold",
  resumed: "resume",
  extension_requested: "extend",
  extension_decided: "extend",
  urged: "urge",
  supervised: "supervise",
  escalated: "escalate",
  instructed: "instruct",
  limit_chosen: "clock",
  reclassified: "reclassify",
  relocated: "pin",
  rerouted: "route",
  merged: "merge",
  absorbed: "merge",
  unmerged: "split",
  split: "split",
  cancelled: "cancel",
  reminded: "bell",
  warned: "clock",
  silent: "bell",
  claim_expired: "undo",
  unanswered: "bell",
  recalculated: "refresh",
  overdue: "warn",
  updated: "inbox",
  withdrawal_asked: "undo",
  return_granted: "check",
  return_refused: "cross",
  rated: "verify",
};

/** Entries whose words are somebody's own and deserve a bubble. */
const SPOKEN = new Set(["posted", "completed", "instructed", "reworked"]);
const PRESSING = new Set([
  "overdue",
  "claim_expired",
  "unanswered",
  "urged",
  "supervised",
  "escalated",
  "returned",
  "reworked",
  "withdrawal_asked",
  "return_refused",
]);
const WELCOME = new Set(["claimed", "arrived", "completed", "handled", "verified", "closed"]);

function tone(kind) {
  if (PRESSING.has(kind)) return "pressing";
  return WELCOME.has(kind) ? "welcome" : "";
}

function who(actor) {
  return html`<b>${actor.name}</b>${actor.department
      ? html`<span class="muted"> ${actor.department}</span>`
      : nothing}`;
}

function avatar(actor) {
  const name = actor?.name ?? "";
  let hue = 0;
  for (const letter of actor?.department ?? name) hue = (hue * 31 + letter.codePointAt(0)) % 997;
  return html`<span class="avatar hue-${hue % 6}" aria-hidden="true">${[...name][0] ?? ""}</span>`;
}

function bubble({ actor, at, mine, open, label, text, files, foot }) {
  return html`<div class="said ${mine ? "mine" : ""} ${open ? "open" : ""}">
    ${avatar(actor)}
    <div class="said-body">
      <div class="said-head">
        ${who(actor)}${label ? html`<span class="tag info">${label}</span>` : nothing}
        ${open ? html`<span class="tag good">${icon("globe")}${t("已公开")}</span>` : nothing}
        <time datetime=${at}>${clock(at)}</time>
      </div>
      <div class="bubble">
        ${text ? html`<p>${text}</p>` : nothing}${thumbsView(files)}
      </div>
      ${foot ?? nothing}
    </div>
  </div>`;
}

/** What was done, without naming the actor's department a second time. */
function deed(entry) {
  const own = entry.actor?.department && entry.data?.department_name === entry.actor.department;
  return own && !entry.data.reason ? entry.label : entry.summary || entry.label;
}

function act(entry, files) {
  return html`<div class="act ${entry.actor ? "by-person" : "by-system"} ${tone(entry.kind)}">
    <span class="act-mark">${icon(ICONS[entry.kind] ?? "info", "s")}</span>
    <div class="act-body">
      <p>
        ${entry.actor ? html`${who(entry.actor)} ` : nothing}<span>${deed(entry)}</span>
      </p>
      ${thumbsView(files)}
    </div>
    <time datetime=${entry.at}>${clock(entry.at)}</time>
  </div>`;
}

/** The photos that came with the report: there before it, and named by no later entry. */
function reported(event, entries) {
  const named = new Set(entries.flatMap((entry) => entry.data?.attachments ?? []));
  const since = ms(event.registered_at);
  return (event.attachments ?? []).filter((file) => ms(file.at) <= since && !named.has(file.id));
}

function entryView(entry, event, me, entries) {
  const files = filesOf(entry.data?.attachments ?? [], event);
  const mine = entry.actor?.name === me.name;
  if (entry.kind === "registered") {
    const actor = entry.actor ?? { name: event.reporter?.name || t("来源系统"), department: null };
    return bubble({
      actor,
      at: entry.at,
      mine,
      label: entry.label,
      text: entry.data.text || entry.data.title,
      files: [...files, ...reported(event, entries)],
    });
  }
  if (entry.actor && SPOKEN.has(entry.kind)) {
    return bubble({
      actor: entry.actor,
      at: entry.at,
      mine,
      open: entry.data.public,
      label: entry.kind === "posted" ? "" : entry.label,
      text: entry.data.text || (files.length ? "" : entry.summary),
      files,
    });
  }
  return act(entry, files);
}

function echoView(echo, me, { resend, discard }) {
  const actor = { name: me.name, department: me.department?.name };
  const foot =
    echo.state === "failed"
      ? html`<div class="said-foot failed" role="alert">
          ${icon("warn", "s")}<span>${echo.why || t("未发送成功（网络）")}</span>
          <button type="button" class="link" @click=${() => resend(echo.key)}>${t("重发")}</button>
          <button type="button" class="link" @click=${() => discard(echo.key)}>
            ${t("取回编辑")}
          </button>
        </div>`
      : html`<div class="said-foot">
          ${echo.state === "sent" ? html`${icon("check", "s")}${t("已送达")}` : t("发送中…")}
        </div>`;
  const files = echo.files.map((file) => ({ ...file, url: file.thumbnail }));
  return html`<div class="echo ${echo.state}">
    ${bubble({ actor, at: echo.at, mine: true, open: echo.open, text: echo.text, files, foot })}
  </div>`;
}

/** The conversation of `current` (a Case); `read` is the seq up to which it was seen before. */
export function chatView(current, me, { resend, discard, loadEarlier, read }) {
  const { entries, event, echoes } = current;
  let lastDay = "";
  let newShown = false;
  return html`<div class="chat-inner">
    ${current.earlier
      ? html`<button type="button" class="button quiet small earlier" @click=${loadEarlier}>
          ${t("载入更早的记录")}
        </button>`
      : nothing}
    ${repeat(
      entries,
      (entry) => entry.seq,
      (entry) => {
        const today = day(entry.at);
        const dayLine = today === lastDay ? nothing : html`<p class="day"><span>${today}</span></p>`;
        lastDay = today;
        const fresh = read > 0 && entry.seq > read && !newShown;
        newShown ||= fresh;
        return html`${dayLine}${fresh
          ? html`<p class="day fresh"><span>${t("以下为新消息")}</span></p>`
          : nothing}${entryView(entry, event, me, entries)}`;
      },
    )}
    ${repeat(
      echoes,
      (echo) => echo.key,
      (echo) => echoView(echo, me, { resend, discard }),
    )}
  </div>`;
}
