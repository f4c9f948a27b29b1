// 我的上报: what is still on the phone, then what has become events, with their live states.
import { icon } from "../shared/icon.js";
import { html, nothing, repeat } from "../shared/lit.js";
import { current, running } from "../shared/store.js";
import { ago, dayClock, timeOf } from "../shared/time.js";
import { mark, stateOf, t } from "../shared/words.js";

/** A state as icon + word + colour. */
export function tag(name) {
  const { icon: shape, label, tone } = mark(name);
  return html`<span class="tag ${tone}">${icon(shape)}${label}</span>`;
}

function departments(event) {
  const rows = current(event);
  if (!rows.length) return nothing;
  return html`<p class="row-departments">${rows.map(
    (one) => html`<span class="part ${one.state}">${one.department.name}<i>${t(`part.${one.state}`)}</i></span>`,
  )}</p>`;
}

function due(event, now) {
  const deadline = running(event);
  if (!deadline) return nothing;
  const { text, tone, word } = timeOf(deadline, now);
  return html`<span class="countdown ${tone}">${t(`stage.${deadline.stage}`)} ${word} ${text}</span>`;
}

/** What still goes on with the files of a report, or nothing. */
export function filesLine(files) {
  if (files.part !== null) {
    return html`<p class="row-files">${icon("photo", "s")}${t("phone.photo_sending", { percent: Math.round(files.part * 100) })}</p>`;
  }
  if (files.waiting) return html`<p class="row-files">${icon("photo", "s")}${t("phone.photo_waiting", { count: files.waiting })}</p>`;
  return nothing;
}

function unsentRow(item, { outbox, now, online, act }) {
  const state = item.state === "fix" ? "fix" : outbox.isSending(item.id) ? "sending" : "unsent";
  return html`<li class="row unsent-row" data-client-id=${item.id}>
    <div class="row-head"><b class="row-title">${item.category?.name ?? t("phone.auto")}${item.body.text ? ` · ${item.body.text}` : ""}</b>${tag(state)}</div>
    <p class="row-facts">${ago(item.tappedAt, now)}${item.body.address ? ` · ${item.body.address}` : ""}</p>
    ${item.state === "fix" ? html`<p class="row-reason">${item.reason}</p>` : online ? nothing : html`<p class="row-facts">${t("phone.kept")}</p>`}
    ${filesLine(outbox.filesOf(item.id))}
    <div class="row-actions">
      ${item.state === "fix" ? html`<button class="button primary small" type="button" @click=${() => act.fix(item)}>${t("phone.fix")}</button>` : nothing}
      ${item.withdraw ? tag("cancelled") : html`<button class="button small" type="button" @click=${() => act.takeBack(item)}>${item.state === "fix" ? t("phone.drop") : t("phone.withdraw")}</button>`}
    </div>
  </li>`;
}

function eventRow(event, { now, act, busy, filesFor }) {
  const waiting = busy.has(event.number);
  return html`<li class="row" data-number=${event.number}>
    <a class="row-link" href="/events/${event.number}/">
      <div class="row-head"><b class="row-title ${event.priority}"><span class="priority ${event.priority}">${icon(event.priority.toLowerCase(), "s")}<span class="visually-hidden">${t(event.priority)}</span></span>${event.title}</b>${tag(stateOf(event))}</div>
      <p class="row-facts"><span class="number">${event.number}</span> · ${event.closed_at ? t("phone.closed_at", { time: dayClock(event.closed_at, now) }) : ago(event.registered_at, now)} ${due(event, now)}</p>
      ${departments(event)}
    </a>
    ${filesLine(filesFor(event.number))}
    ${event.state === "handled"
      ? html`<div class="row-ask"><span>${t("phone.verify_ask")}</span>
          <button class="button primary small" type="button" ?disabled=${waiting} @click=${() => act.verify(event, true)}>${icon("check", "s")}${t("phone.pass")}</button>
          <button class="button small" type="button" ?disabled=${waiting} @click=${() => act.verify(event, false)}>${icon("rework", "s")}${t("phone.fail")}</button></div>`
      : nothing}
    ${event.state === "registered"
      ? html`<div class="row-actions"><button class="button small" type="button" ?disabled=${waiting} @click=${() => act.withdraw(event)}>${icon("undo", "s")}${t("phone.withdraw")}</button></div>`
      : nothing}
  </li>`;
}

/** The whole list. `view`: {outbox, events, problem, loaded, now, online, act, busy, filesFor}. */
export function mineList(view) {
  const unsent = view.outbox.unsent;
  const events = [...view.events.values()].sort((a, b) => (a.registered_at < b.registered_at ? 1 : -1));
  if (!unsent.length && !events.length) {
    if (view.problem) {
      return html`<div class="empty">${icon("wifi-off")}<b>${t("phone.unread")}</b><span>${view.problem}</span>
        <button class="button" type="button" @click=${view.act.reload}>${t("retry")}</button></div>`;
    }
    if (!view.loaded) return html`<p class="loading">${t("phone.loading")}</p>`;
    return html`<div class="empty">${icon("inbox")}<b>${t("phone.empty")}</b><span>${t("phone.empty_hint")}</span></div>`;
  }
  return html`<h2 class="mine-title">${t("phone.mine")}</h2>
    ${view.problem ? html`<p class="notice warn">${icon("wifi-off")}<span class="notice-body">${view.problem}</span></p>` : nothing}
    <ul role="list" class="rows">
      ${repeat(unsent, (item) => item.id, (item) => unsentRow(item, view))}
      ${repeat(events, (event) => event.number, (event) => eventRow(event, view))}
    </ul>`;
}
