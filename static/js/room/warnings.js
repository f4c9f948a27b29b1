/** Warnings and response levels in words and colour: always both. */
import { icon } from "../shared/icon.js";
import { html } from "../shared/lit.js";
import { dayClock } from "../shared/time.js";
import { t } from "./words.js";

const COLOURS = { red: "红色", orange: "橙色", yellow: "黄色", blue: "蓝色" };
const ROMAN = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];
const OF_LEVEL = ["", "red", "orange", "yellow", "blue"];

/** 暴雨橙色预警, or the headline of a warning that has no colour. */
export function warningWords(warning) {
  if (!warning.colour || !warning.name) return warning.headline || warning.name;
  return t("{name}{colour}预警", { name: warning.name, colour: t(COLOURS[warning.colour]) });
}

/** 防暴雨内涝 Ⅳ级响应. */
export function levelWords(level) {
  return t("{track} {level}级响应", { track: level.track, level: ROMAN[level.level] });
}

/** A warning as a chip: sign, words, until when. `now` is the server's time in milliseconds. */
export function warningChip(warning, now) {
  const over = warning.in_force === false;
  return html`<li class="signal ${over ? "over" : (warning.colour ?? "none")}" title=${warning.description}>
    ${icon("warn")}<b>${warningWords(warning)}</b>
    <span>${over ? t("已失效") : t("{issuer}，至 {time}", { issuer: warning.issuer, time: dayClock(warning.expires, now) })}</span>
  </li>`;
}

/** A response level as a chip. */
export function levelChip(level, now) {
  const over = level.in_force === false;
  return html`<li class="signal ${over ? "over" : OF_LEVEL[level.level]}">
    ${icon("escalate")}<b>${levelWords(level)}</b>
    <span>${over ? t("已结束") : t("{area}，自 {time}", { area: level.area, time: dayClock(level.at, now) })}</span>
  </li>`;
}
