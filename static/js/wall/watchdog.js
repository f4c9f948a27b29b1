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

/** [what is wrong with the service clock or what the auditor found, what follows]; null: nothing. */
function troubleOf(stats) {
  if (!stats?.clock) return null;
  if (!stats.clock.alive) return [t("计时服务停止"), t("超时提醒和升级暂停，请联系运维")];
  if (stats.clock.backlog) {
    return [t("时钟异常：{n} 步迟了", { n: stats.clock.backlog }), t("提醒和升级晚于一分钟，查看")];
  }
  if (stats.audit?.stale) return [t("审计停止"), t("无人核对是否有事件悬空，请联系运维")];
  const found = Object.values(stats.audit?.findings ?? {});
  if (!found.length) return null;
  const n = found.reduce((sum, count) => sum + count, 0);
  return [t("时钟异常：{n} 处", { n }), t("有事件没有时限、主办或提醒，查看")];
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
  const trouble = troubleOf(stats);
  if (trouble) {
    return html`<a class="watchdog" role="alert" href="/audit/">
      ${icon("warn", "l")}<b>${trouble[0]}</b><span>${trouble[1]}</span>
    </a>`;
  }
  return line === "offline"
    ? html`<p class="watchdog soft">${icon("wifi-off", "l")}<span>${t("实时连接中断，正在重连")}</span></p>`
    : nothing;
}
