// The strip of what is in force: warnings that touch the district, and response levels.
import { ApiError, get } from "../shared/api.js";
import { html, nothing, render } from "../shared/lit.js";
import { ms } from "../shared/time.js";
import { levelChip, warningChip } from "../room/warnings.js";
import { t } from "../room/words.js";

const AGAIN_MS = 30_000;
// As many as can be read from across the room.
const MOST = 4;
const WORST = ["red", "orange", "yellow", "blue"];

function rank({ colour }) {
  return colour ? WORST.indexOf(colour) : WORST.length;
}

export class Strip {
  /** `box` is an element that this object alone fills; `now()` is the server's time. */
  constructor(box, { now }) {
    Object.assign(this, { box, now, warnings: [], levels: [], readAt: 0 });
  }

  /** Called every second: what has ended leaves, and now and then the server is asked. */
  tick() {
    if (Date.now() - this.readAt > AGAIN_MS) this.read();
    this.draw();
  }

  async read() {
    this.readAt = Date.now();
    try {
      const found = await get("flood/", { parts: "warnings,levels" });
      this.warnings = found.warnings.filter((one) => one.here !== false).sort((a, b) => rank(a) - rank(b));
      this.levels = found.levels.filter((one) => one.here);
      this.draw();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  draw() {
    const now = this.now();
    const chips = [
      ...this.levels.map((one) => levelChip(one, now)),
      ...this.warnings.filter((one) => ms(one.expires) > now).map((one) => warningChip(one, now)),
    ];
    const more = chips.length - MOST;
    render(
      chips.length
        ? html`<ul class="signals" role="list">
            ${chips.slice(0, MOST)}${more > 0 ? html`<li class="signal more">${t("另有 {n} 条", { n: more })}</li>` : nothing}
          </ul>`
        : nothing,
      this.box,
    );
  }
}
