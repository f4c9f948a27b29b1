// Single keys: only outside inputs and word composition, can be turned off, all in the ? sheet.
import { ACTION_KEYS } from "../room/forms.js";

const OFF = "xianfeng.keys.off";

/** The sheet's content: [heading, [[keys, words], …]]. */
export const SHEET = [
  [
    "列表",
    [
      ["J K", "下一个、上一个事件"],
      ["N", "下一个待签收"],
      ["U", "下一个有新动态的"],
      ["[ ]", "前后切换标签"],
      ["/", "搜索"],
    ],
  ],
  [
    "事件",
    [
      ["C", "签收"],
      ["A", "到场"],
      ["T", "转派"],
      ["I", "拉人协办"],
      ["E", "办结"],
      ["X", "退回"],
      ["G", "并案"],
      ["S", "督办"],
      ["R", "写消息"],
      ["Enter", "到时间线"],
      ["P", "地图"],
    ],
  ],
  [
    "其他",
    [
      ["M", "静音 5 分钟"],
      ["?", "快捷键一览"],
      ["Esc", "关闭、离开输入框"],
      ["Ctrl + Enter", "提交对话框"],
    ],
  ],
];

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") && target.type !== "radio";
}

export class Keys {
  /** `commands` maps a key to a function; `act(name)` runs an action of the open event. */
  constructor(commands, act) {
    this.commands = { ...commands };
    for (const [name, key] of Object.entries(ACTION_KEYS)) {
      this.commands[key.toLowerCase()] = () => act(name);
    }
    document.addEventListener("keydown", (event) => this.press(event));
  }

  get enabled() {
    return localStorage.getItem(OFF) === null;
  }

  set enabled(on) {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  }

  press(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (!this.enabled && event.key !== "?") return;
    // Enter and space belong to the button that has the focus.
    if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
    const command = this.commands[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!command) return;
    event.preventDefault();
    command();
  }
}
