/** Photos on their way up: each with its progress, its failure and its way to try again. */
import { ApiError, newId, upload } from "../shared/api.js";
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, nothing, repeat } from "../shared/lit.js";

export const ACCEPT = "image/*,video/mp4,video/webm,audio/*";

/** The files a person is adding to a message or an action; they belong to it once it is sent. */
export class Photos {
  /** `files` are earlier uploads of a draft; `role` is near, far, before, after or "". */
  constructor({ role = "", files = [], onChange }) {
    this.role = role;
    this.onChange = onChange;
    this.items = files.map((file) => ({
      key: file.id,
      id: file.id,
      preview: file.thumbnail,
      kind: file.kind,
      progress: 1,
      state: "done",
    }));
  }

  add(files) {
    for (const file of files) {
      const item = {
        key: newId(),
        file,
        kind: file.type.split("/")[0] === "image" ? "photo" : file.type.split("/")[0],
        preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
        progress: 0,
        state: "uploading",
      };
      this.items = [...this.items, item];
      this.send(item);
    }
    this.onChange();
  }

  async send(item) {
    item.state = "uploading";
    item.why = "";
    const form = new FormData();
    form.append("file", item.file, item.file.name || "photo.jpg");
    if (this.role) form.append("role", this.role);
    form.append("client_id", item.key);
    try {
      const answer = await upload("attachments/", form, (fraction) => {
        item.progress = fraction;
        this.onChange();
      });
      Object.assign(item, { state: "done", progress: 1, id: answer.id, url: answer.url });
      item.thumbnail = answer.thumbnail;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      item.state = "failed";
      item.why = error.status ? error.message : t("网络不通");
    }
    this.onChange();
  }

  retry(item) {
    this.send(item);
    this.onChange();
  }

  remove(item) {
    if (item.file && item.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((one) => one !== item);
    this.onChange();
  }

  clear() {
    for (const item of [...this.items]) this.remove(item);
  }

  get busy() {
    return this.items.some((item) => item.state === "uploading");
  }

  get failed() {
    return this.items.some((item) => item.state === "failed");
  }

  /** What has arrived: [{id, thumbnail, kind}]. */
  get done() {
    return this.items
      .filter((item) => item.state === "done")
      .map((item) => ({ id: item.id, thumbnail: item.thumbnail ?? item.preview, kind: item.kind }));
  }

  /** The strip of thumbnails with progress. */
  view() {
    if (!this.items.length) return nothing;
    return html`<ul class="photos" aria-label=${t("待发送的照片")}>
      ${repeat(
        this.items,
        (item) => item.key,
        (item) => html`<li class="photo ${item.state}">
          ${item.preview
            ? html`<img src=${item.preview} alt=${t("待发送的照片")} />`
            : html`<span class="photo-kind">${icon(item.kind === "audio" ? "mic" : "video")}</span>`}
          ${item.state === "uploading"
            ? html`<progress max="1" .value=${item.progress}></progress>
                <span class="photo-percent">${Math.round(item.progress * 100)}%</span>`
            : nothing}
          ${item.state === "failed"
            ? html`<button
                type="button"
                class="photo-retry"
                title=${item.why}
                @click=${() => this.retry(item)}
              >
                ${t("重传")}
              </button>`
            : nothing}
          <button
            type="button"
            class="photo-remove"
            aria-label=${t("移除")}
            @click=${() => this.remove(item)}
          >
            ${icon("cross")}
          </button>
        </li>`,
      )}
    </ul>`;
  }
}
