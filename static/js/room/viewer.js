/** Looking at an event's photos, videos and voices: one dialog, arrows to go on. */
import { clock } from "../shared/time.js";
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing, render } from "../shared/lit.js";

let dialog;
let shown = { files: [], index: 0 };

const ROLES = { near: "近景", far: "远景", before: "处置前", after: "处置后" };

function step(by) {
  const count = shown.files.length;
  shown = { ...shown, index: (shown.index + by + count) % count };
  draw();
}

function picture(file) {
  if (file.kind === "video") return html`<video src=${file.url} controls autoplay></video>`;
  if (file.kind === "voice") return html`<audio src=${file.url} controls autoplay></audio>`;
  return html`<img src=${file.url} alt=${t("现场照片")} />`;
}

function draw() {
  const { files, index } = shown;
  const file = files[index];
  render(
    html`<div class="viewer-bar">
        <span class="viewer-count">${index + 1} / ${files.length}</span>
        <span>${[file.role && t(ROLES[file.role]), file.by].filter(Boolean).join(" · ")}</span>
        <time class="figures">${file.at ? clock(file.at) : ""}</time>
        <a class="viewer-open" href=${file.url} target="_blank" rel="noopener">${t("原图")}</a>
        <button type="button" class="viewer-close" @click=${() => dialog.close()}>
          ${icon("cross")}<span>${t("关闭")}</span>
        </button>
      </div>
      <div class="viewer-stage">
        ${files.length > 1
          ? html`<button
              type="button"
              class="viewer-step back"
              aria-label=${t("上一张")}
              @click=${() => step(-1)}
            >
              ${icon("chevron-left")}
            </button>`
          : nothing}
        ${picture(file)}
        ${files.length > 1
          ? html`<button
              type="button"
              class="viewer-step on"
              aria-label=${t("下一张")}
              @click=${() => step(1)}
            >
              ${icon("chevron-right")}
            </button>`
          : nothing}
      </div>`,
    dialog,
  );
}

/** Open `files` ([{url, kind, role, by, at}]) at one of them. */
export function openViewer(files, index = 0) {
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "viewer";
    dialog.setAttribute("aria-label", t("查看照片"));
    dialog.addEventListener("keydown", (press) => {
      if (press.key === "ArrowLeft") step(-1);
      if (press.key === "ArrowRight") step(1);
    });
    dialog.addEventListener("click", (click) => {
      if (click.target.classList.contains("viewer-stage")) dialog.close();
    });
    dialog.addEventListener("close", () => render(nothing, dialog));
    document.body.append(dialog);
  }
  shown = { files, index: Math.max(0, index) };
  draw();
  dialog.showModal();
}
