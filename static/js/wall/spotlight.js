// Ten seconds for each new P1: a card over the map.
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";
import { current } from "../shared/store.js";
import { clock } from "../shared/time.js";
import { placeWords } from "../room/head.js";
import { t, word } from "../room/words.js";
import { wallCountdown } from "./feed.js";

const SHOW_MS = 10000;

export class Spotlight {
  constructor(onChange) {
    this.onChange = onChange;
    this.queue = [];
    this.until = 0;
    this.number = null;
  }

  /** Put an event into the light, after those that came before it. */
  add(event) {
    if (this.number === event.number || this.queue.includes(event.number)) return;
    this.queue.push(event.number);
    this.tick();
  }

  /** Move on when the time is over. */
  tick() {
    if (this.number && Date.now() < this.until) return;
    this.number = this.queue.shift() ?? null;
    this.until = Date.now() + SHOW_MS;
    if (this.number) setTimeout(() => this.onChange(), SHOW_MS + 50);
    this.onChange();
  }

  view(events, now) {
    const event = this.number && Date.now() < this.until ? events.get(this.number) : null;
    if (!event) return nothing;
    const names = current(event).map((one) => one.department.name);
    return html`<a class="spotlight-card" href="/events/${event.number}/" target="xianfeng-room" data-number=${event.number}>
      <span class="spotlight-head">
        <span class="priority P1">${icon("p1", "xl")}${word("priority", "P1")}</span>
        <time class="figures">${clock(event.registered_at)}</time>
        ${wallCountdown(event, now)}
      </span>
      <b>${event.title}</b>
      <span class="spotlight-place">${icon("pin", "l")}${placeWords(event) || t("位置不明")}</span>
      <span class="spotlight-names">${icon("department", "l")}${names.join("、") || t("未派遣")}</span>
    </a>`;
  }
}
