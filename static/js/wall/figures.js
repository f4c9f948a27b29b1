// The six figures of the day.
import { html } from "../shared/lit.js";
import { duration } from "../shared/time.js";
import { t } from "../room/words.js";

const whole = new Intl.NumberFormat("zh-CN");

function count(value) {
  return value === undefined || value === null ? "—" : whole.format(value);
}

function percent(rate) {
  return rate === null || rate === undefined ? "—" : `${(rate * 100).toFixed(1)}%`;
}

/** The figures as cards; `stats` is the answer of stats/today/ or null. */
export function figuresView(stats) {
  const cards = [
    ["今日上报", count(stats?.reported), stats ? t("今日办结 {n}", { n: count(stats.closed) }) : "", ""],
    ["处置中", count(stats?.handling), stats ? t("待核查 {n}", { n: count(stats.to_verify) }) : "", ""],
    ["待签收", count(stats?.unclaimed), t("尚无部门签收"), stats?.unclaimed ? "soon" : ""],
    ["超时", count(stats?.overdue), t("未结且已过时限"), stats?.overdue ? "over" : ""],
    ["平均签收", stats ? duration(stats.respond_seconds_avg) : "—", t("今日上报到首个签收"), ""],
    ["按时办结率", percent(stats?.handled_in_time_rate), t("今日到期的处置时限"), ""],
  ];
  return html`${cards.map(
    ([label, value, note, tone]) => html`<div class="figure ${tone}">
      <span class="figure-label">${t(label)}</span>
      <b class="figure-value figures">${value}</b>
      <span class="figure-note">${note}</span>
    </div>`,
  )}`;
}
