/** The buttons of an event: what is at hand for the role, why not, and the rest under 更多. */
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";
import { ACTION_KEYS, AT_HAND, FORMS } from "./forms.js";

const ICONS = {
  claim: "claim",
  arrive: "arrive",
  complete: "done",
  transfer: "transfer",
  request_support: "invite",
  release_support: "users",
  return: "return",
  verify: "verify",
  close: "lock",
  reopen: "reopen",
  hold: "hold",
  resume: "resume",
  request_extension: "extend",
  decide_extension: "extend",
  urge: "urge",
  supervise: "supervise",
  escalate: "escalate",
  instruct: "instruct",
  choose_limit: "clock",
  reclassify: "reclassify",
  relocate: "pin",
  reroute: "route",
  merge: "merge",
  unmerge: "split",
  cancel: "cancel",
};
// The composer is the button of these.
const ELSEWHERE = new Set(["post", "attach"]);

function button(action, { current, run, keys, primary }) {
  const busy = current.pending.has(action.name);
  const key = keys && ACTION_KEYS[action.name];
  const tone = action.allowed && primary ? "primary" : FORMS[action.name]?.danger ? "danger" : "";
  return html`<button
    type="button"
    class="button ${tone}"
    data-action=${action.name}
    aria-disabled=${action.allowed && !busy ? nothing : "true"}
    aria-busy=${busy ? "true" : nothing}
    title=${action.allowed ? nothing : action.why}
    @click=${() => run(action)}
  >
    ${icon(ICONS[action.name] ?? "more", "s")}
    <span>${busy ? t("{label}中…", { label: action.label }) : action.label}</span>
    ${key ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing}
  </button>`;
}

function menuItem(action, { current, run }) {
  return html`<button
    type="button"
    class="menu-item"
    data-action=${action.name}
    aria-disabled=${action.allowed ? nothing : "true"}
    @click=${(click) => {
      if (action.allowed) click.currentTarget.closest("details").open = false;
      if (!current.pending.has(action.name)) run(action);
    }}
  >
    ${icon(ICONS[action.name] ?? "more")}
    <span class="menu-words"
      >${action.label}${action.allowed || !action.why
        ? nothing
        : html`<span class="menu-why">${action.why}</span>`}</span
    >
  </button>`;
}

/** The bar of `current` for a role; `run(action)` is called for allowed and refused ones alike. */
export function barView(current, { role, run, keys = false }) {
  const actions = current.actions.filter((one) => !ELSEWHERE.has(one.name));
  if (!actions.length) return nothing;
  const wanted = AT_HAND[role] ?? [];
  const atHand = wanted
    .map((name) => actions.find((one) => one.name === name))
    .filter(Boolean);
  const rest = actions.filter((one) => !atHand.includes(one));
  rest.sort((a, b) => Number(b.allowed) - Number(a.allowed));
  const first = atHand.find((one) => one.allowed);
  return html`<div class="room-bar" role="toolbar" aria-label=${t("操作")}>
    ${atHand.map((one) => button(one, { current, run, keys, primary: one === first }))}
    ${rest.length
      ? html`<details class="menu room-more">
          <summary class="button quiet">${t("更多")}${icon("chevron-down", "s")}</summary>
          <div class="menu-sheet">${rest.map((one) => menuItem(one, { current, run }))}</div>
        </details>`
      : nothing}
  </div>`;
}
