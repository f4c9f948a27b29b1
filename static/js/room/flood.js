/** The water of an event that a station made: its curve, and what is warned of there. */
import { ApiError, get } from "../shared/api.js";
import { html, nothing, render } from "../shared/lit.js";
import { dayClock } from "../shared/time.js";
import { curveView } from "./curve.js";
import { levelChip, warningChip } from "./warnings.js";
import { t } from "./words.js";

// A station's event is known to its source by the station and the moment: 81204018@20261125T143000.
const STATION = /@\d{8}T\d{6}$/;
const AGAIN_MS = 30_000;
const SOON_MS = 2_000;

function state({ station, alarm, readings }) {
  if (alarm.cleared_at) return ["good", t("水已退")];
  if (!readings.length) return ["", ""];
  if (alarm.level === 2) return ["bad", station.red === null ? t("严重") : t("超红色线")];
  return ["warn", t("超警戒")];
}

function figure(curve) {
  const last = curve.readings.at(-1);
  const { station } = curve;
  if (!last || curve.quantity !== station.quantity) return nothing;
  const value = station.unit === "m" ? last[1].toFixed(2) : Number(last[1].toFixed(1));
  return html`<b class="water-now figures">${value}<small>${station.unit}</small></b>`;
}

/** Whichever event is open. */
export class Flood {
  /** `box` is an element that this object alone fills; `now()` is the server's time. */
  constructor(box, { now }) {
    Object.assign(this, { box, now, number: null, curves: [], readAt: 0, seq: 0 });
  }

  /** Show `event`, or nothing; called again and again, it asks the server when there is reason. */
  show(event) {
    const station = event && STATION.test(event.external_id) ? event : null;
    if ((station?.number ?? null) !== this.number) {
      Object.assign(this, { number: station?.number ?? null, curves: [], readAt: 0, seq: 0 });
      this.draw();
    }
    if (!station) return;
    const age = Date.now() - this.readAt;
    if (age > AGAIN_MS || (station.seq !== this.seq && age > SOON_MS)) this.read(station);
  }

  async read({ number, seq }) {
    this.readAt = Date.now();
    this.seq = seq;
    try {
      const { results } = await get(`flood/events/${number}/curve/`);
      if (number !== this.number) return;
      this.curves = results;
      this.draw();
    } catch (error) {
      // What is shown stays; the next reading comes by itself.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  draw() {
    render(this.curves.map((curve) => this.view(curve, this.now())), this.box);
  }

  view(curve, now) {
    const { station, alarm } = curve;
    const [tone, words] = state(curve);
    const signals = [
      ...curve.warnings.map((one) => warningChip(one, now)),
      ...curve.levels.map((one) => levelChip(one, now)),
    ];
    const peak = `${alarm.peak} ${station.unit}`;
    return html`<section class="water" aria-label=${t("监测曲线")}>
      <h2>${station.label ?? t("监测")}<span class="muted">${station.name}</span></h2>
      <p class="water-head">
        ${figure(curve)}${words ? html`<span class="tag ${tone}">${words}</span>` : nothing}
        ${alarm.peak === null
          ? nothing
          : html`<span class="muted figures">${t("最高 {peak}，{time}", { peak, time: dayClock(alarm.peak_at, now) })}</span>`}
      </p>
      ${curve.quantity === station.quantity ? curveView(curve, now) : nothing}
      ${signals.length ? html`<ul class="signals" role="list" aria-label=${t("当时的预警和响应")}>${signals}</ul>` : nothing}
    </section>`;
  }
}
