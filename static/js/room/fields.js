/** The fields of an action's dialog: one small view per kind. */
import { t, word } from "./words.js";
import { html, ifDefined, nothing } from "../shared/lit.js";
import { ACCEPT } from "./photos.js";

const LEVELS = [
  ["plain", "普通督办"],
  ["yellow", "黄牌督办"],
  ["red", "红牌督办"],
];

const SOON = [
  [60, "1 小时后"],
  [240, "4 小时后"],
  [1440, "明天此时"],
];

/** A time for `datetime-local`, in the reader's own zone. */
function localTime(milliseconds) {
  const date = new Date(milliseconds);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

const VIEWS = {
  text(field, form) {
    return html`<textarea
        class="input"
        id=${form.id(field)}
        rows="3"
        placeholder=${ifDefined(field.placeholder && t(field.placeholder))}
        aria-invalid=${form.errors[field.name] ? "true" : "false"}
        .value=${form.values[field.name] ?? ""}
        @input=${(event) => form.set(field, event.target.value)}
      ></textarea>
      ${field.templates
        ? html`<div class="chips">
            ${field.templates.map(
              (text) => html`<button
                type="button"
                class="chip"
                @click=${() => form.set(field, (form.values[field.name] ?? "") + t(text), true)}
              >
                ${t(text)}
              </button>`,
            )}
          </div>`
        : nothing}`;
  },

  line(field, form) {
    return html`<input
      class="input"
      id=${form.id(field)}
      autocomplete="off"
      .value=${form.values[field.name] ?? ""}
      @input=${(event) => form.set(field, event.target.value)}
    />`;
  },

  number(field, form) {
    const similar = form.similar ?? [];
    return html`<input
        class="input figures"
        id=${form.id(field)}
        autocomplete="off"
        placeholder="YX20261121-000123"
        .value=${form.values[field.name] ?? ""}
        @input=${(event) => form.set(field, event.target.value.trim())}
      />
      ${similar.length
        ? html`<div class="choices">
            ${similar.map(
              (one) => html`<label class="choice">
                <input
                  type="radio"
                  name=${field.name}
                  .checked=${form.values[field.name] === one.number}
                  @change=${() => form.set(field, one.number)}
                />
                <span>${one.title}</span>
                <span class="muted figures">${one.number}</span>
              </label>`,
            )}
          </div>`
        : nothing}`;
  },

  time(field, form) {
    const value = form.values[field.name];
    const choose = (milliseconds) => form.set(field, new Date(milliseconds).toISOString());
    return html`<div class="time-field">
      <input
        class="input figures"
        type="datetime-local"
        id=${form.id(field)}
        .value=${value ? localTime(Date.parse(value)) : ""}
        @change=${(event) =>
          event.target.value
            ? choose(new Date(event.target.value).getTime())
            : form.set(field, undefined)}
      />
      ${SOON.map(
        ([minutes, label]) => html`<button
          type="button"
          class="chip"
          @click=${() => choose(form.now() + minutes * 60000)}
        >
          ${t(label)}
        </button>`,
      )}
    </div>`;
  },

  level: (field, form) => choices(field, form, LEVELS),

  verdict(field, form) {
    const [yes, no] = field.words ?? ["通过", "不通过，返工"];
    return choices(field, form, [
      [true, yes],
      [false, no],
    ]);
  },

  participants(field, form) {
    const rows = form.event.assignments.filter(
      (row) => row.role === field.role && !row.ended_at && row.state !== "done",
    );
    const picked = form.values[field.name] ?? [];
    return html`<div class="choices">
      ${rows.map(
        ({ department }) => html`<label class="choice">
          <input
            type="checkbox"
            .checked=${picked.includes(department.code)}
            @change=${(event) =>
              form.set(
                field,
                event.target.checked
                  ? [...picked, department.code]
                  : picked.filter((code) => code !== department.code),
              )}
          />
          <span>${department.name}</span>
        </label>`,
      )}
    </div>`;
  },

  departments: (field, form) => form.picker(field).view(),

  category: (field, form) => form.picker(field).view(),

  condition(field, form) {
    if (!form.conditions) return html`<p class="muted">${t("正在读取…")}</p>`;
    if (form.conditions.length < 2) return html`<p class="muted">${t("这个分类只有一种时限。")}</p>`;
    const chosen = form.values[field.name] ?? form.event.condition;
    return html`<div class="choices" role="radiogroup" aria-label=${t(field.label)}>
      ${form.conditions.map(
        ([condition, rows]) => html`<label class="choice">
          <input
            type="radio"
            name=${field.name}
            .checked=${chosen === condition}
            @change=${() => form.set(field, condition, true)}
          />
          <span>${condition || t("默认")}</span>
          <span class="muted figures"
            >${rows.map((row) => `${word("stage", row.stage)} ${row.limit}`).join("，")}</span
          >
        </label>`,
      )}
    </div>`;
  },

  photos(field, form) {
    const photos = form.photos(field);
    return html`${photos.view()}
      <label class="button small add-photo">
        ${t("添加照片")}
        <input
          type="file"
          accept=${ACCEPT}
          multiple
          class="visually-hidden"
          @change=${(event) => {
            photos.add([...event.target.files]);
            event.target.value = "";
          }}
        />
      </label>`;
  },
};

function choices(field, form, options) {
  return html`<div class="segments" role="radiogroup" aria-label=${t(field.label)}>
    ${options.map(
      ([value, label]) => html`<label class="segment">
        <input
          type="radio"
          name=${field.name}
          .checked=${form.values[field.name] === value}
          @change=${() => form.set(field, value)}
        />
        <span>${t(label)}</span>
      </label>`,
    )}
  </div>`;
}

/** A field with its label and what is wrong with it. */
export function fieldView(field, form) {
  const error = form.errors[field.name];
  const labelled = ["text", "line", "number", "time"].includes(field.kind);
  const words = html`${t(field.label)}${field.required
    ? html`<span class="required" title=${t("必填")}>*</span>`
    : nothing}`;
  return html`<div class="field">
    ${labelled
      ? html`<label for=${form.id(field)}>${words}</label>`
      : html`<span class="label">${words}</span>`}
    ${VIEWS[field.kind](field, form)}
    ${error ? html`<span class="field-error" role="alert">${error}</span>` : nothing}
  </div>`;
}
