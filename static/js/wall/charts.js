// The three charts: by hour, by class, by street or department.
import { t } from "../room/words.js";

const FONT = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Source Han Sans SC, Noto Sans CJK SC, sans-serif";
const INK = "#c4d0de";
const FAINT = "#7f90a6";
const GRID = "#1e3048";
const BLUE = "#4da3ff";
const RED = "#ff4d6a";
const BARS = 6;

let library = null;

/** Pixels of one wall unit: 16 on a wall of 1920. */
function unit() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function size(rem) {
  return Math.max(12, Math.round(rem * unit()));
}

function frame() {
  return {
    animationDuration: 400,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: FONT, color: INK, fontSize: size(1.1) },
    tooltip: { show: true, renderMode: "richText", trigger: "axis", axisPointer: { type: "none" } },
  };
}

function axisText(colour = FAINT) {
  return { color: colour, fontFamily: FONT, fontSize: size(1.1) };
}

function byHour(stats, nowHour) {
  const hours = stats.by_hour.map((one) => one.hour);
  const past = stats.by_hour.map((one) => (one.hour <= nowHour ? one.count : null));
  return {
    ...frame(),
    grid: { left: size(2.6), right: size(0.8), top: size(0.9), bottom: size(1.9) },
    xAxis: {
      type: "category",
      data: hours,
      axisLine: { lineStyle: { color: GRID } },
      axisTick: { show: false },
      axisLabel: { ...axisText(), interval: 3, formatter: (hour) => t("{n}时", { n: hour }) },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitNumber: 3,
      axisLabel: axisText(),
      splitLine: { lineStyle: { color: GRID } },
    },
    series: [
      {
        type: "bar",
        data: past.map((count, hour) => ({
          value: count,
          itemStyle: { color: hour === nowHour ? BLUE : "#2f6fb8" },
        })),
        barCategoryGap: "28%",
        itemStyle: { borderRadius: [2, 2, 0, 0] },
      },
    ],
  };
}

function bars(rows, { parts }) {
  const shown = rows.slice(0, BARS).reverse();
  const last = parts.length - 1;
  return {
    ...frame(),
    grid: { left: size(0.4), right: size(3), top: 0, bottom: 0, containLabel: true },
    xAxis: { type: "value", minInterval: 1, show: false },
    yAxis: {
      type: "category",
      data: shown.map((row) => row.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...axisText(INK), width: size(9.5), overflow: "truncate" },
    },
    series: parts.map(([name, field, colour], index) => ({
      name: t(name),
      type: "bar",
      stack: "all",
      barMaxWidth: size(1.1),
      itemStyle: { color: colour, borderRadius: index === last ? [0, 2, 2, 0] : 0 },
      data: shown.map(field),
      label:
        index === last
          ? {
              show: true,
              position: "right",
              color: INK,
              fontFamily: FONT,
              fontSize: size(1.15),
              formatter: ({ dataIndex }) => String(total(shown[dataIndex], parts)),
            }
          : { show: false },
    })),
  };
}

function total(row, parts) {
  return parts.reduce((sum, [, field]) => sum + field(row), 0);
}

/** Streets where the area has several, else departments: {title, rows, parts}. */
export function loadOf(stats) {
  if (stats.by_street.length > 1) {
    return {
      title: "街道在办",
      rows: stats.by_street,
      parts: [
        ["其中特急", (row) => row.p1, RED],
        ["在办", (row) => row.open - row.p1, BLUE],
      ],
    };
  }
  return {
    title: "部门在办",
    rows: [...stats.by_department].sort((a, b) => b.open - a.open),
    parts: [
      ["其中超时", (row) => row.overdue, RED],
      ["在办", (row) => row.open - row.overdue, BLUE],
    ],
  };
}

/** Draws into three elements {hour, category, load}; loads the library by itself. */
export class Charts {
  constructor(boxes) {
    this.boxes = boxes;
    this.charts = {};
    this.stats = null;
    new ResizeObserver(() => this.resize()).observe(boxes.hour);
    library ??= import("../../vendor/echarts@6.1.0/echarts.esm.min.js");
    library.then((echarts) => {
      this.echarts = echarts;
      this.draw();
    });
  }

  show(stats, nowHour) {
    this.stats = stats;
    this.nowHour = nowHour;
    this.draw();
  }

  draw() {
    if (!this.echarts || !this.stats) return;
    const load = loadOf(this.stats);
    this.paint("hour", byHour(this.stats, this.nowHour), this.stats.reported);
    const parts = [["上报", (row) => row.count, BLUE]];
    this.paint("category", bars(this.stats.by_category, { parts }), this.stats.by_category.length);
    this.paint("load", bars(load.rows, load), load.rows.length);
  }

  paint(name, option, filled) {
    const box = this.boxes[name];
    box.classList.toggle("blank", !filled);
    box.dataset.blank = t("今日暂无数据");
    this.charts[name] ??= this.echarts.init(box);
    this.charts[name].setOption(filled ? option : { series: [] }, { notMerge: true });
  }

  resize() {
    for (const chart of Object.values(this.charts)) chart.resize();
    this.draw();
  }
}
