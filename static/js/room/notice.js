/** The amber line of an action that somebody else was faster with; it stays until dismissed. */
import { clock, ms } from "../shared/time.js";
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";

const VERBS = {
  claim: "签收",
  arrive: "到场",
  complete: "办结",
  return: "退回",
  transfer: "转派",
  verify: "核查",
  cancel: "签收",
};

/** Who was first, when, and by how much; or the refusal's own words where nobody won. */
export function noticeWords({ action, winner, error, asked }) {
  if (!winner?.name || !winner.at) return error.message;
  const lead = Math.round((asked - ms(winner.at)) / 1000);
  const who = winner.department ? `${winner.name}（${winner.department}）` : winner.name;
  const said = t("{who}已于 {time} {verb}", {
    who,
    time: clock(winner.at),
    verb: t(VERBS[action] ?? "处理"),
  });
  return lead >= 1 && lead < 3600 ? `${said}${t("，比你早 {n} 秒", { n: lead })}` : said;
}

/** The line itself; `onLook` opens the event, `onDismiss` takes the line away. */
export function noticeView(notice, { onLook, onDismiss }) {
  if (!notice) return nothing;
  return html`<div class="notice warn lost" role="alert">
    ${icon("info")}
    <p class="notice-body">${noticeWords(notice)}</p>
    ${onLook
      ? html`<button type="button" class="link" @click=${onLook}>${t("查看")}</button>`
      : nothing}
    <button type="button" class="icon-button" aria-label=${t("知道了")} @click=${onDismiss}>
      ${icon("cross", "s")}
    </button>
  </div>`;
}
