// Small pictures of an event's files, each opening the viewer; and all of them together.
import { icon } from "../shared/icon.js";
import { html, nothing } from "../shared/lit.js";
import { openViewer } from "./viewer.js";
import { t } from "./words.js";

const SIGNS = { voice: "mic", video: "video" };
const NAMES = { voice: "语音", video: "视频" };

/** The files that `ids` name; one whose facts are not here yet is marked as still coming. */
export function filesOf(ids, event) {
  return ids.map((id) => event.attachments?.find((file) => file.id === id) ?? { id, coming: true });
}

function thumbnail(file, files) {
  if (file.coming) {
    return html`<span class="thumb coming">${icon("photo")}<span>${t("传输中")}</span></span>`;
  }
  const label = t(NAMES[file.kind] ?? "照片");
  return html`<button
    type="button"
    class="thumb"
    aria-label=${`${t("查看")} ${label}`}
    @click=${() => openViewer(files.filter((one) => !one.coming), files.indexOf(file))}
  >
    ${file.thumbnail
      ? html`<img src=${file.thumbnail} alt="" loading="lazy" decoding="async" />`
      : html`${icon(SIGNS[file.kind] ?? "photo")}<span>${label}</span>`}
    ${file.role === "after" ? html`<span class="thumb-role">${t("处置后")}</span>` : nothing}
  </button>`;
}

/** A strip of thumbnails; nothing where there are no files. */
export function thumbsView(files) {
  return files.length
    ? html`<div class="thumbs">${files.map((file) => thumbnail(file, files))}</div>`
    : nothing;
}

/** All files of an event, the newest first, for beside the room. */
export function galleryView(event) {
  const files = [...(event.attachments ?? [])].reverse();
  if (!files.length) return nothing;
  return html`<section class="panel gallery">
    <h2>${t("照片与录音")}<span class="count">${files.length}</span></h2>
    ${thumbsView(files)}
  </section>`;
}
