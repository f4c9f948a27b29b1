/** Who is on the event: each department with its part, its state and its times. */
import { clock } from "../shared/time.js";
import { current as currentRows } from "../shared/store.js";
import { t, word } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";

const TONES = { dispatched: "warn", claimed: "info", arrived: "info", done: "good" };
const ICONS = { dispatched: "clock", claimed: "claim", arrived: "arrive", done: "check" };

function row(one, me) {
  const at = one.done_at ?? one.arrived_at ?? one.claimed_at;
  const role = one.required && one.role === "support" ? t("协办，须办结") : word("role", one.role);
  return html`<li class="part ${one.state} ${one.department.code === me.department?.code ? "own" : ""}">
    <b>${one.department.name}</b>
    <span class="tag ${TONES[one.state] ?? "quiet"}">
      ${icon(ICONS[one.state] ?? "info")}${word("part", one.state)}
    </span>
    ${one.claim_expired_at ? html`<span class="tag warn">${t("签收失效，可由同事签收")}</span>` : nothing}
    <span class="part-note">${role}</span>
    <span class="part-note">
      ${one.claimed_by ? `${one.claimed_by} ` : ""}${at ? html`<time datetime=${at}>${clock(at)}</time>` : nothing}
    </span>
  </li>`;
}

/** The departments on `event`, the lead first, those that left below. */
export function participantsView(event, me) {
  const now = currentRows(event);
  const left = (event.assignments ?? []).filter((one) => !now.includes(one));
  return html`<section class="panel parts">
    <h2>${t("参与部门")}<span class="count">${now.length}</span></h2>
    ${now.length
      ? html`<ul role="list">${now.map((one) => row(one, me))}</ul>`
      : html`<p class="muted">${t("目前没有部门承办")}</p>`}
    ${left.length
      ? html`<details class="parts-left">
          <summary>${t("已离开 {n}", { n: left.length })}</summary>
          <ul role="list">
            ${left.map(
              (one) => html`<li class="part left">
                <span>${one.department.name}</span>
                <span class="muted small"
                  >${word("part", one.state)}
                  ${one.ended_at ? html`<time>${clock(one.ended_at)}</time>` : nothing}</span
                >
              </li>`,
            )}
          </ul>
        </details>`
      : nothing}
  </section>`;
}
