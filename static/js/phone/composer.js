// The main screen: where, what, and the one big button.
import { icon } from "../shared/icon.js";
import { html, live, nothing } from "../shared/lit.js";
import { current } from "../shared/store.js";
import { shortClock } from "../shared/time.js";
import { stateOf, t } from "../shared/words.js";
import { filesLine, tag } from "./mine.js";

function placeName(position) {
  const { area } = position;
  if (!area) return "";
  if (area.inside === false) {
    const near = area.nearest_street;
    return near ? t("phone.outside_near", { name: near.name, metres: Math.round(near.distance_m) }) : t("phone.outside");
  }
  return [area.area?.street?.name, area.area?.community?.name].filter(Boolean).join(" ");
}

function accuracy(position, now) {
  const { fix } = position;
  const around = t("phone.accuracy", { metres: Math.round(fix.accuracy) });
  if (position.old(now)) return `${around} · ${t("phone.old", { minutes: Math.max(1, Math.round((now - fix.at) / 60000)) })}`;
  return fix.accuracy > 50 ? `${around} · ${t("phone.rough")}` : around;
}

/** The strip over the map: the device's fix, and apart from it the typed address. */
export function placeStrip({ position, draft, now, set, start }) {
  const { state, fix } = position;
  const words = {
    idle: t("phone.ask_position"),
    locating: t("phone.locating"),
    denied: t("phone.denied"),
    unavailable: t("phone.unavailable"),
  };
  const amber = state !== "locating" && position.doubtful(now);
  return html`<div class="strip ${amber ? "amber" : ""}" data-state=${state}>
      ${icon(fix ? "locate" : amber ? "warn" : "locate")}
      <div class="strip-words"><b>${fix ? placeName(position) || t("phone.position") : words[state]}</b>
        ${fix ? html`<span class="figures">${accuracy(position, now)}</span>` : nothing}</div>
      ${state === "idle"
        ? html`<button class="button primary small" type="button" @click=${start}>${t("phone.allow_position")}</button>`
        : html`<button class="button quiet small" type="button" aria-expanded=${draft.addressOpen} @click=${() => set({ addressOpen: !draft.addressOpen })}>${t("phone.address")}</button>`}
    </div>
    ${draft.addressOpen || draft.address
      ? html`<input class="input strip-address" id="address" maxlength="200" autocomplete="off" placeholder=${t("phone.address_hint")}
          aria-label=${t("phone.address")} .value=${live(draft.address)} @input=${(event) => set({ address: event.target.value })}>`
      : nothing}`;
}

/** What became of the last tap. */
export function receipt({ item, event, outbox, online, act }) {
  if (!item) return nothing;
  const close = html`<button class="icon-button" type="button" aria-label=${t("close")} @click=${act.dismiss}>${icon("cross")}</button>`;
  if (item.state !== "sent") {
    const sending = outbox.isSending(item.id);
    const state = item.state === "fix" ? "fix" : sending ? "sending" : "unsent";
    const words = item.state === "fix" ? item.reason : online ? t("phone.sending") : t("phone.kept");
    return html`<div class="receipt ${state}" data-state=${state}>
      <div class="receipt-head">${tag(state)}<span class="receipt-time figures">${shortClock(item.tappedAt)}</span>${close}</div>
      <p class="receipt-words">${words}</p>
      <div class="receipt-actions">
        ${item.state === "fix" ? html`<button class="button primary small" type="button" @click=${() => act.fix(item)}>${t("phone.fix")}</button>` : nothing}
        ${item.withdraw ? nothing : html`<button class="button small" type="button" @click=${() => act.takeBack(item)}>${item.state === "fix" ? t("phone.drop") : t("phone.withdraw")}</button>`}
      </div></div>`;
  }
  const names = event ? current(event).map((one) => one.department.name).join("、") : "";
  const state = event ? stateOf(event) : "sent";
  const over = ["cancelled", "merged"].includes(state);
  return html`<div class="receipt sent" data-state=${state} data-number=${item.number}>
    <div class="receipt-head"><span class="receipt-done">${icon(over ? "undo" : "done")}${over ? t(`state.${state}`) : t("phone.sent")}</span><span class="number">${item.number}</span>${close}</div>
    ${over ? nothing : html`<p class="receipt-words">${names ? t("phone.handlers", { names }) : t("phone.unassigned")}</p>`}
    ${filesLine(outbox.filesOf(item.id))}
    <div class="receipt-actions">${over ? nothing : tag(state)}
      ${state === "registered" ? html`<button class="button small" type="button" @click=${() => act.withdraw(event)}>${t("phone.withdraw")}</button>` : nothing}
      <a class="button quiet small" href="/events/${item.number}/">${t("phone.open")}${icon("chevron-right", "s")}</a></div></div>`;
}

function chips({ draft, list, set, more }) {
  const chosen = draft.category;
  const shown = chosen && !list.some((one) => one.code === chosen.code) ? [chosen, ...list] : list;
  const chip = (one, label, shape) =>
    html`<button class="chip" type="button" role="radio" aria-checked=${(chosen?.code ?? "") === (one?.code ?? "")}
      @click=${() => set({ category: one })}>${shape ? icon(shape, "s") : nothing}${label}</button>`;
  return html`<div class="chips" role="radiogroup" aria-label=${t("phone.class")}>
    ${chip(null, t("phone.auto"), "auto")}
    ${shown.map((one) => chip(one, one.name))}
    <button class="chip more" type="button" @click=${more}>${t("phone.more")}</button>
  </div>`;
}

function attached({ draft }) {
  if (!draft.files.length) return nothing;
  return html`<ul role="list" class="attached">
    ${draft.files.map(
      (file) => html`<li class="attached-file">
        ${file.preview ? html`<img src=${file.preview} alt=${t("phone.photo")}>` : html`<span class="attached-voice">${icon("mic", "s")}${file.seconds}″</span>`}
        <button class="attached-drop" type="button" aria-label=${t("phone.remove")} @click=${() => draft.drop(file)}>${icon("cross", "s")}</button>
      </li>`,
    )}
  </ul>`;
}

/** Chips, words, files and the controls. */
export function composer(view) {
  const { draft, set, report, busy, recordable } = view;
  const { recording } = draft;
  return html`${chips(view)}
    <div class="note"><input class="input" id="note" maxlength="500" autocomplete="off" enterkeyhint="done" placeholder=${t("phone.text")} aria-label=${t("phone.text")}
      .value=${live(draft.text)} @input=${(event) => set({ text: event.target.value })}></div>
    ${attached(view)}
    <div class="controls">
      <label class="control" for="photo">${icon("photo", "l")}<span>${t("phone.photo")}</span>
        <input class="visually-hidden" id="photo" type="file" accept="image/*" capture="environment" multiple @change=${draft.addPhotos}></label>
      <button class="tap" id="tap" type="button" ?disabled=${busy} @click=${report}><span>${t("phone.report")}</span></button>
      ${recordable
        ? html`<button class="control ${recording === null ? "" : "recording"}" type="button" aria-pressed=${recording !== null} @click=${draft.toggleVoice}>
            ${icon(recording === null ? "mic" : "stop", "l")}<span class="figures">${recording === null ? t("phone.voice") : t("phone.stop", { time: `${recording}″` })}</span></button>`
        : html`<span class="control-gap"></span>`}
    </div>`;
}
