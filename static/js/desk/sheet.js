// The ? sheet: every key, and the switch that turns single keys off.
import { icon } from "../shared/icon.js";
import { html, render } from "../shared/lit.js";
import { t } from "../room/words.js";
import { SHEET } from "./keys.js";

/** Open the sheet; `keys` is the Keys object, `sound` the desk's Sound. */
export function openSheet(keys, sound) {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet keys-sheet";
  dialog.setAttribute("aria-label", t("快捷键"));
  dialog.addEventListener("close", () => dialog.remove());
  render(
    html`<header class="sheet-head">
        <h2>${t("快捷键")}</h2>
        <button type="button" class="icon-button" aria-label=${t("关闭")} @click=${() => dialog.close()}>
          ${icon("cross")}
        </button>
      </header>
      <div class="sheet-body keys-body">
        ${SHEET.map(
          ([heading, rows]) => html`<section>
            <h3>${t(heading)}</h3>
            <dl>
              ${rows.map(
                ([names, words]) => html`<div>
                  <dt>${names.split(" ").map((name) => (name === "+" ? " + " : html`<kbd>${name}</kbd>`))}</dt>
                  <dd>${t(words)}</dd>
                </div>`,
              )}
            </dl>
          </section>`,
        )}
      </div>
      <footer class="sheet-foot">
        <label class="keys-switch">
          <input
            type="checkbox"
            .checked=${keys.enabled}
            @change=${(event) => {
              keys.enabled = event.target.checked;
            }}
          />${t("使用单键快捷键")}
        </label>
        <button
          type="button"
          class="button quiet"
          ?disabled=${sound.state === "off"}
          @click=${() => {
            sound.stop();
            dialog.close();
          }}
        >
          ${t("结束值班（关闭声音）")}
        </button>
      </footer>`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
}
