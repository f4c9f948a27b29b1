// The desk's part of the header: how much waits, the sound, the keys; and the line when it is not live.
import { icon } from "../shared/icon.js";
import { html, nothing, render } from "../shared/lit.js";
import { clock, duration } from "../shared/time.js";
import { t } from "../room/words.js";

const SOUND = {
  off: ["bell-off", "开始值班"],
  waiting: ["bell-off", "点按恢复声音"],
  on: ["bell", "声音：开"],
};

function soundWords(sound) {
  if (sound.state !== "muted") return SOUND[sound.state];
  const seconds = Math.ceil(sound.left / 1000);
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return ["bell-off", t("静音 {left}", { left })];
}

/** Draw figures {waiting, overdue, mine}, the sound button and the keys button into `element`. */
export function drawDuty(element, { figures, sound, onSound, onKeys }) {
  const [sign, words] = soundWords(sound);
  render(
    html`<span class="bar-figure">${t("待签收")}<b>${figures.waiting}</b></span>
      <span class="bar-figure ${figures.overdue ? "alarm" : ""}">${t("超时")}<b>${figures.overdue}</b></span>
      <span class="bar-figure bar-mine">${t("我的")}<b>${figures.mine}</b></span>
      <button type="button" class="bar-button sound ${sound.state}" id="sound" title=${t("新事件提示音（M 静音 5 分钟）")} @click=${onSound}>
        ${icon(sign, "s")}<span>${t(words)}</span>
      </button>
      <button type="button" class="bar-button keys-button" aria-label=${t("快捷键")} @click=${onKeys}>
        ${icon("keyboard", "s")}<span>?</span>
      </button>`,
    element,
  );
}

/** Draw the strip that says since when the page shows old data; nothing while it is live. */
export function drawStale(element, { state, since, onRetry }) {
  const shown = state !== "live" && Date.now() - since > 2000;
  element.hidden = !shown;
  render(
    shown
      ? html`${icon("wifi-off", "s")}<span
            >${t("数据停更 {time}，显示的是 {at} 的情况；可以继续填写，恢复后自动补齐。", {
              time: duration((Date.now() - since) / 1000),
              at: clock(since),
            })}</span
          ><button type="button" class="link" @click=${onRetry}>${t("立即重连")}</button>`
      : nothing,
    element,
  );
}
