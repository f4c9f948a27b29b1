// Is what the wall shows still true? After fifteen silent seconds it says so itself.
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";
import { clock } from "../shared/time.js";
import { t } from "../room/words.js";
import { waited } from "./ladder.js";

const SILENCE_MS = 15000;

/** Milliseconds since anything was heard, once that is too long; else 0. */
export function silence(heardAt, now = Date.now()) {
  const span = now - heardAt;
  return span > SILENCE_MS ? span : 0;
}

/** The banner: old data, or the service clock standing still; nothing when all is well. */
export function watchdogView({ heardAt, stats, line }) {
  const silent = silence(heardAt);
  if (silent) {
    return html`<p class="watchdog" role="alert">
      ${icon("wifi-off", "l")}<b>${t("数据停更 {time}", { time: waited(silent) })}</b>
      <span>${t("显示的是 {at} 的情况", { at: clock(heardAt) })}</span>
    </p>`;
  }
  if (stats?.clock && !stats.clock.alive) {
    return html`<p class="watchdog" role="alert">
      ${icon("warn", "l")}<b>${t("计时服务停止")}</b><span>${t("超时提醒和升级暂停，请联系运维")}</span>
    </p>`;
  }
  return line === "offline"
    ? html`<p class="watchdog soft">${icon("wifi-off", "l")}<span>${t("实时连接中断，正在重连")}</span></p>`
    : nothing;
}
