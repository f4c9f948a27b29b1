// The state of the line in the header: 实时 / 重连中 / 离线（显示 16:42:10 的数据）.
import { clock, shortClock } from "./time.js";
import { t } from "./words.js";

const narrow = matchMedia("(max-width: 619px)");

/** Show `state` ("live", "connecting", "offline") in `element`; `since` is when data last came. */
export function showLine(element, state, since) {
  if (!element) return;
  const first = state === "connecting" && !element.dataset.once;
  if (state === "live") element.dataset.once = "1";
  element.dataset.state = state;
  const whole = first ? t("line.first") : t(`line.${state}`, { time: clock(since) });
  const short = state === "offline" && narrow.matches;
  element.title = whole;
  element.querySelector(".line-text").textContent = short
    ? t("line.offline_short", { time: shortClock(since) })
    : whole;
}
