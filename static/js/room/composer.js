/** Writing into the room: text, photos, suggestions; what is typed is kept at every stroke. */
import { t } from "./words.js";
import { icon } from "../shared/icon.js";
import { html, live, nothing } from "../shared/lit.js";
import { ACCEPT, Photos } from "./photos.js";
import { Suggest } from "./suggest.js";

const TYPING_MS = 4000;
const NARROW = matchMedia("(max-width: 759px)");

/** The composer of one Case. */
export class Composer {
  /** `onTyping(bool)` tells the others; `host` is the element that holds the composer. */
  constructor(current, { host, onChange, onTyping }) {
    Object.assign(this, { current, host, onChange, onTyping });
    this.me = current.me;
    this.typing = false;
    this.open = false;
    const draft = this.draft;
    this.photos = new Photos({
      files: draft.files,
      onChange: () => {
        this.keep({ files: this.photos.done });
        onChange();
      },
    });
    this.suggest = new Suggest(onChange);
  }

  get draft() {
    return this.current.drafts.of(this.current.number);
  }

  get box() {
    return this.host.querySelector(".composer textarea");
  }

  keep(parts) {
    this.current.drafts.keep(this.current.number, parts);
  }

  focus() {
    this.box?.focus();
  }

  typed(box) {
    this.keep({ text: box.value });
    this.fit(box);
    this.suggest.look(box, this.current.event);
    this.tellTyping();
    this.onChange();
  }

  tellTyping() {
    clearTimeout(this.typingTimer);
    if (!this.typing) this.onTyping(true);
    this.typing = true;
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_MS);
  }

  stopTyping() {
    clearTimeout(this.typingTimer);
    if (this.typing) this.onTyping(false);
    this.typing = false;
  }

  /** Grow with the text, up to the limit of the style sheet. */
  fit(box) {
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  put(text, caret = text.length) {
    const { box } = this;
    this.keep({ text });
    box.value = text;
    box.setSelectionRange(caret, caret);
    this.fit(box);
    box.focus();
    this.onChange();
  }

  press(event) {
    // An Enter that ends a Chinese word is not an Enter that sends.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.suggest.press(event, event.target, (text, caret) => this.put(text, caret))) return;
    if (event.key === "Escape") event.target.blur();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.submit();
  }

  get ready() {
    const { text } = this.draft;
    return !this.photos.busy && Boolean(text.trim() || this.photos.done.length);
  }

  submit() {
    if (!this.ready) return;
    const text = this.draft.text.trim();
    const files = this.photos.done;
    this.photos.items = [];
    this.current.drafts.clear(this.current.number);
    this.stopTyping();
    this.suggest.close();
    this.current.say(text, files, this.open);
    this.open = false;
    this.box.value = "";
    this.fit(this.box);
    this.onChange();
  }

  take(files) {
    const fitting = [...files].filter((file) => /^(image|video|audio)\//.test(file.type));
    if (fitting.length) this.photos.add(fitting);
    return fitting.length > 0;
  }

  view() {
    const may = this.current.action("post");
    if (may && !may.allowed) {
      return html`<div class="composer closed">${icon("lock", "s")}${may.why || t("不能发言")}</div>`;
    }
    const put = (text, caret) => this.put(text, caret);
    return html`<div
      class="composer"
      @dragover=${(event) => event.preventDefault()}
      @drop=${(event) => {
        event.preventDefault();
        this.take(event.dataTransfer.files);
      }}
    >
      ${this.suggest.view(() => this.box, put)} ${this.photos.view()}
      <div class="composer-row">
        <textarea
          class="input"
          rows="1"
          aria-label=${t("发消息")}
          placeholder=${NARROW.matches ? t("发消息") : t("发消息，@ 提醒，/ 常用语（Enter 发送，Shift+Enter 换行）")}
          .value=${live(this.draft.text)}
          @input=${(event) => this.typed(event.target)}
          @keydown=${(event) => this.press(event)}
          @blur=${() => this.suggest.close()}
          @paste=${(event) => {
            if (this.take(event.clipboardData.files)) event.preventDefault();
          }}
        ></textarea>
        <label class="icon-button composer-photo" title=${t("照片、视频")}>
          ${icon("photo")}<span class="visually-hidden">${t("添加照片")}</span>
          <input
            type="file"
            class="visually-hidden"
            accept=${ACCEPT}
            multiple
            @change=${(event) => {
              this.take(event.target.files);
              event.target.value = "";
            }}
          />
        </label>
        ${this.me.role === "grid_worker"
          ? nothing
          : html`<button
              type="button"
              class="icon-button composer-open"
              aria-pressed=${this.open ? "true" : "false"}
              title=${this.open ? t("对外公开：上报人和公众进度页可见") : t("内部消息，点按改为对外公开")}
              @click=${() => {
                this.open = !this.open;
                this.onChange();
              }}
            >
              ${icon(this.open ? "globe" : "lock")}
              <span class="visually-hidden">${t("对外公开")}</span>
            </button>`}
        <button
          type="button"
          class="button primary composer-send"
          ?disabled=${!this.ready}
          @click=${() => this.submit()}
        >
          ${icon("send", "s")}<span>${t("发送")}</span>
        </button>
      </div>
      ${this.open ? html`<p class="hint open">${t("这条消息将对外公开")}</p>` : nothing}
      ${this.photos.busy ? html`<p class="hint">${t("照片上传完成后可以发送")}</p>` : nothing}
    </div>`;
  }

  close() {
    this.stopTyping();
  }
}
