// The screen itself: its clock, full screen, and staying awake.
import { english } from "../shared/words.js";

const ZONE = "Asia/Shanghai";
const LOCALE = english ? "en-GB" : "zh-CN";
const DATE = new Intl.DateTimeFormat(LOCALE, {
  timeZone: ZONE,
  year: "numeric",
  month: "long",
  day: "numeric",
  weekday: "long",
});
const TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** Date, time and hour of the district at `milliseconds`. */
export function wallClock(milliseconds) {
  const time = TIME.format(milliseconds);
  const date = DATE.format(milliseconds).replace("日星期", "日 星期");
  return { date, time, hour: Number(time.slice(0, 2)) };
}

/** Make `button` switch full screen. */
export function watchFullscreen(button) {
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  });
}

/** Ask that the screen stays on, again whenever the page is shown. */
export function keepAwake() {
  const ask = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
