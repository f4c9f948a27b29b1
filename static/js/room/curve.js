/** The curve of a station's readings, as SVG: what stood where, and the lines it is measured by. */
import { html, nothing, svg } from "../shared/lit.js";
import { dayClock, ms } from "../shared/time.js";
import { t } from "./words.js";

const WIDTH = 340;
const HEIGHT = 150;
const LEFT = 34;
const TOP = 12;
const BOTTOM = 22;
// The curve ends here; the names of the lines stand beside it.
const RIGHT = WIDTH - 40;
const FLOOR = HEIGHT - BOTTOM;

function number(value) {
  return Number(value.toFixed(Math.abs(value) < 10 ? 1 : 0)).toString();
}

/** Scales of a curve: x(ISO time) and y(value) in the drawing's units. */
function scales({ station, readings, since, until }) {
  const values = readings.map(([, value]) => value);
  const lines = [station.warn, station.red].filter((line) => line !== null);
  const low = Math.min(station.clear ?? Infinity, ...values, ...(station.unit === "m" ? lines : [0]));
  const high = Math.max(...values, ...lines);
  const margin = (high - low || 1) * 0.08;
  const [from, to] = [ms(since), ms(until)];
  return {
    low,
    high,
    x: (at) => LEFT + ((ms(at) - from) / (to - from || 1)) * (RIGHT - LEFT),
    y: (value) => FLOOR - ((value - low) / (high + margin - low)) * (FLOOR - TOP),
  };
}

function level(at, value, name, kind) {
  return svg`<g class="curve-line ${kind}">
    <line x1=${LEFT} x2=${RIGHT} y1=${at} y2=${at}></line>
    <text x=${RIGHT + 4} y=${at + 4}>${name}</text>
    <text class="curve-scale" x=${LEFT - 4} y=${at + 4}>${number(value)}</text>
  </g>`;
}

/** The drawing of one curve of `GET flood/events/{number}/curve/`; nothing without two readings. */
export function curveView(curve, now) {
  const { station, readings } = curve;
  if (readings.length < 2) return nothing;
  const { x, y, low, high } = scales(curve);
  const points = readings.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
  const [first, last] = [readings[0], readings.at(-1)];
  const top = readings.reduce((best, one) => (one[1] > best[1] ? one : best));
  const apart = station.red === null || y(station.warn) - y(station.red) > 13;
  const label = t("{what}曲线：现 {now}，最高 {peak}，警戒线 {warn}", {
    what: station.label,
    now: `${number(last[1])} ${station.unit}`,
    peak: `${number(top[1])} ${station.unit}`,
    warn: station.warn ?? "—",
  });
  return html`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    <line class="curve-floor" x1=${LEFT} x2=${RIGHT} y1=${FLOOR} y2=${FLOOR}></line>
    <text class="curve-scale" x=${LEFT - 4} y=${FLOOR + 4}>${number(low)}</text>
    <polygon class="curve-water" points="${x(first[0]).toFixed(1)},${FLOOR} ${points.join(" ")} ${x(last[0]).toFixed(1)},${FLOOR}"></polygon>
    ${station.warn !== null && apart ? level(y(station.warn), station.warn, t("警戒"), "warn") : nothing}
    ${station.red !== null ? level(y(station.red), station.red, t("红色"), "red") : nothing}
    <polyline class="curve-path" points=${points.join(" ")}></polyline>
    ${high === top[1] && top[1] !== low
      ? svg`<circle class="curve-top" cx=${x(top[0])} cy=${y(top[1])} r="3"></circle>`
      : nothing}
    <text class="curve-time" x=${LEFT} y=${HEIGHT - 6}>${dayClock(curve.since, now)}</text>
    <text class="curve-time end" x=${RIGHT} y=${HEIGHT - 6}>${dayClock(curve.until, now)}</text>
  </svg>`;
}
