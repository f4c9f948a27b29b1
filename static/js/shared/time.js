// Times as people read them; the district's clock is Asia/Shanghai.
import { english } from "./words.js";

const ZONE = "Asia/Shanghai";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const parts = (options) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hourCycle: "h23", ...options });
const HMS = parts({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const HM = parts({ hour: "2-digit", minute: "2-digit" });
const DATE = parts({ year: "numeric", month: "2-digit", day: "2-digit" });
const pad = (number) => String(number).padStart(2, "0");

/** Milliseconds of an ISO text, a Date or a number; NaN when there is none. */
export function ms(at) {
  if (at === null || at === undefined || at === "") return NaN;
  if (typeof at === "number") return at;
  return at instanceof Date ? at.getTime() : Date.parse(at);
}

/** HH:MM:SS in the district; "" when there is no time. */
export function clock(at) {
  const value = ms(at);
  return Number.isNaN(value) ? "" : HMS.format(value);
}

/** HH:MM in the district. */
export function shortClock(at) {
  const value = ms(at);
  return Number.isNaN(value) ? "" : HM.format(value);
}

/** YYYY-MM-DD in the district. */
export function day(at) {
  const value = ms(at);
  if (Number.isNaN(value)) return "";
  const found = Object.fromEntries(DATE.formatToParts(value).map((part) => [part.type, part.value]));
  return `${found.year}-${found.month}-${found.day}`;
}

/** HH:MM today, else MM-DD HH:MM. */
export function dayClock(at, now = Date.now()) {
  const value = ms(at);
  if (Number.isNaN(value)) return "";
  return day(value) === day(now) ? HM.format(value) : `${day(value).slice(5)} ${HM.format(value)}`;
}

/** Figures of a span: 06:42, 1:05:09, 2天3小时. */
function figures(span) {
  const seconds = Math.floor(span / SECOND);
  const hours = Math.floor(seconds / 3600);
  if (hours >= 24) {
    const days = Math.floor(hours / 24);
    return english ? `${days}d ${hours % 24}h` : `${days}天${hours % 24}小时`;
  }
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/**
 * What a deadline says now: {text, tone, word}; `text` is the figures, `word` goes before it.
 * `state` is the deadline's, `warn` the moment from which it is 临期. Without one `started` (when the
 * stage began) lets 临期 mean the last fifth, at most four hours; without it the last five minutes.
 */
export function countdown(due, now, state = "live", started = null, warn = null) {
  const words = english
    ? { left: "left", soon: "due", over: "overdue", paused: "paused", met: "on time" }
    : { left: "剩", soon: "临期", over: "超时", paused: "暂停", met: "按时" };
  if (state === "paused") return { text: "", tone: "paused", word: words.paused };
  if (state === "met") return { text: "", tone: "normal", word: words.met };
  const end = ms(due);
  if (Number.isNaN(end)) return { text: "", tone: "normal", word: "" };
  const left = end - ms(now);
  if (left <= 0) return { text: figures(-left), tone: "over", word: words.over };
  const begun = ms(started);
  const warning = Number.isNaN(begun) ? 5 * MINUTE : Math.min((end - begun) / 5, 4 * HOUR);
  const soon = left <= (warn ? end - ms(warn) : warning);
  // Rounded up, so that 02:00 shows at the start and 00:01 is the last second.
  const text = figures(Math.ceil(left / SECOND) * SECOND);
  return { text, tone: soon ? "soon" : "normal", word: soon ? words.soon : words.left };
}

/** What a deadline of an event says now. */
export function timeOf({ due_at, state, started_at, warn_at }, now) {
  return countdown(due_at, now, state, started_at, warn_at);
}

/** How long ago, in words: 刚刚, 5分钟前, 3小时前, then the date. */
export function ago(at, now = Date.now()) {
  const value = ms(at);
  if (Number.isNaN(value)) return "";
  const span = ms(now) - value;
  if (span < MINUTE) return english ? "just now" : "刚刚";
  if (span < HOUR) {
    const minutes = Math.floor(span / MINUTE);
    return english ? `${minutes} min ago` : `${minutes}分钟前`;
  }
  if (span < DAY) {
    const hours = Math.floor(span / HOUR);
    return english ? `${hours} h ago` : `${hours}小时前`;
  }
  return dayClock(value, now);
}

/** A span of seconds in words: 48秒, 1分08秒, 2小时05分, 3天2小时; "—" when there is none. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(Number(seconds))) return "—";
  const whole = Math.max(0, Math.round(Number(seconds)));
  const [days, hours, minutes] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  const rest = whole % 60;
  if (english) {
    if (days) return `${days}d ${hours}h`;
    if (hours) return `${hours}h ${pad(minutes)}m`;
    return minutes ? `${minutes}m ${pad(rest)}s` : `${rest}s`;
  }
  if (days) return `${days}天${hours}小时`;
  if (hours) return `${hours}小时${pad(minutes)}分`;
  return minutes ? `${minutes}分${pad(rest)}秒` : `${rest}秒`;
}
