// One row of the queue.
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";
import { current } from "../shared/store.js";
import { ago } from "../shared/time.js";
import { mark, stateOf } from "../shared/words.js";
import { countdownView, placeWords } from "../room/head.js";
import { t, word } from "../room/words.js";

function departments(event) {
  const [lead, ...others] = current(event);
  if (!lead) return t("未派遣");
  return others.length ? `${lead.department.name} +${others.length}` : lead.department.name;
}

/** What tells it apart from its like: the words of the report, else the address or place. */
function gist(event) {
  const words = event.text.trim() || event.address || placeWords(event) || t("位置不明");
  return event.reporter?.name ? `${words} · ${event.reporter.name}` : words;
}

/** What this person's department has to do with it, as a tag. */
function standing(event, own) {
  const open = event.state === "registered" || event.state === "responded";
  if (own && open && !event.on_hold) {
    if (own.claim_expired_at) return html`<span class="tag warn">${t("签收失效")}</span>`;
    const tone = { dispatched: "warn", done: "good" }[own.state] ?? "info";
    return html`<span class="tag ${tone}">${word("part", own.state)}</span>`;
  }
  const { name, tone } = mark(stateOf(event));
  return html`<span class="tag ${tone}">${word("state", name)}</span>`;
}

function marks(event, { unread, drafted }) {
  const photos = event.attachments?.length ?? 0;
  return html`${drafted ? html`<span class="mark draft" title=${t("有未发送的内容")}>${icon("edit", "s")}</span>` : nothing}
  ${photos
    ? html`<span class="mark" title=${t("{n} 个附件", { n: photos })}>${icon("photo", "s")}${photos}</span>`
    : nothing}
  ${event.absorbed
    ? html`<span class="mark" title=${t("并入 {n} 件", { n: event.absorbed })}>${icon("merge", "s")}×${event.absorbed}</span>`
    : nothing}
  ${event.supervision ? html`<span class="mark bad" title=${word("supervision", event.supervision)}>${icon("supervise", "s")}</span>` : nothing}
  ${unread ? html`<span class="unread" title=${t("有新动态")}><span class="visually-hidden">${t("有新动态")}</span></span>` : nothing}`;
}

/**
 * A row. `view`: {selected, left, unread, drafted, fresh, claiming, own, mayClaim, stale, now};
 * `left` means that it no longer belongs to the list and waits until nobody points at it.
 */
export function rowView(event, view, { onOpen, onClaim }) {
  const classes = [
    "row",
    event.priority,
    view.selected && "selected",
    view.left && "left",
    view.fresh && "fresh",
    view.unread && "has-news",
  ];
  return html`<li
    class=${classes.filter(Boolean).join(" ")}
    data-number=${event.number}
    aria-current=${view.selected ? "true" : nothing}
    @click=${() => onOpen(event.number)}
  >
    <span class="row-shape priority ${event.priority}"
      >${icon(event.priority.toLowerCase())}<span class="visually-hidden"
        >${word("priority", event.priority)}</span
      ></span
    >
    <a class="row-title" href="#${event.number}" @click=${(click) => click.preventDefault()}
      >${event.title}</a
    >
    ${countdownView(event, view.now, { stale: view.stale })}
    <span class="row-place"
      ><span class="truncate">${gist(event)}</span
      ><time class="nowrap" datetime=${event.registered_at}>${ago(event.registered_at, view.now)}</time></span
    >
    <span class="row-foot">
      ${standing(event, view.own)}
      <span class="row-department truncate">${departments(event)}</span>
      ${marks(event, view)}
    </span>
    ${view.mayClaim
      ? html`<button
          type="button"
          class="button primary small row-claim"
          aria-busy=${view.claiming ? "true" : nothing}
          @click=${(click) => {
            click.stopPropagation();
            onClaim(event.number);
          }}
        >
          ${view.claiming ? t("签收中…") : t("签收")}
        </button>`
      : nothing}
  </li>`;
}

/** The place of a row whose event is no longer this person's to see. */
export function goneRow(number) {
  return html`<li class="row gone" data-number=${number}>
    ${icon("lock", "s")}<span>${t("已移出，不再由您处理")}</span>
  </li>`;
}
