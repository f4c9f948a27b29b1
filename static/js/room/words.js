// The words of desk, room and wall: written in Chinese where they stand, English from a table.
import { english, known, t as shared } from "../shared/words.js";
import { ENGLISH } from "./english.js";

/** `text` in the page's language, with `{name}` filled from `values`. */
export function t(text, values) {
  const found = english ? (ENGLISH[text] ?? text) : text;
  return values ? found.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : found;
}

const SOURCES = {
  grid: "网格员上报",
  desk: "电话登记",
  hotline: "12345 热线",
  cityops: "数字城管",
  flood: "三防监测",
  command: "指挥中心",
  open311: "市民上报",
};

/** The shared word for a code: word("state", "closed"), word("part", "done"), word("source", "…"). */
export function word(group, code) {
  if (group === "source") return t(SOURCES[code] ?? "外部系统");
  if (group === "priority" || group === "role") return shared(code);
  if (group === "state" && code === "cancelled") return shared("state.void");
  const key = `${group}.${code}`;
  return known(key) ? shared(key) : code;
}
