/** The dialog of an action: its fields, what is missing, and the answer. */
import { ApiError, get } from "../shared/api.js";
import { t } from "./words.js";
import { fieldView } from "./fields.js";
import { FORMS } from "./forms.js";
import { icon } from "../shared/icon.js";
import { html, nothing, render } from "../shared/lit.js";
import { current as currentRows } from "../shared/store.js";
import { Photos } from "./photos.js";
import { Picker, categories, departmentsFor } from "./picker.js";

let open = null;

/** One filling-in of an action's form; what was typed survives closing and failing. */
class Form {
  constructor(current, action, { onDone }) {
    Object.assign(this, { current, action, onDone });
    this.form = FORMS[action.name] ?? { fields: [] };
    this.slot = `${current.number}.${action.name}`;
    this.values = { ...current.drafts.of(this.slot).values };
    this.errors = {};
    this.problem = "";
    this.busy = false;
    this.pickers = new Map();
    this.uploads = new Map();
    if (this.form.fields.some((field) => field.kind === "number")) this.findSimilar();
    if (this.form.fields.some((field) => field.kind === "condition")) this.findConditions();
  }

  get event() {
    return this.current.event;
  }

  now() {
    return this.current.now();
  }

  id(field) {
    return `field-${field.name}`;
  }

  set(field, value, redraw = false) {
    this.values = { ...this.values, [field.name]: value };
    delete this.errors[field.name];
    this.current.drafts.keep(this.slot, { values: this.values });
    // Typing does not redraw: the field already shows what was typed.
    if (redraw || typeof value !== "string") this.draw();
  }

  picker(field) {
    if (!this.pickers.has(field.name)) {
      const search = field.kind === "category" ? categories() : this.departments(field);
      this.pickers.set(
        field.name,
        new Picker({
          many: Boolean(field.many),
          label: field.label,
          id: this.id(field),
          search,
          onChange: () => {
            delete this.errors[field.name];
            this.draw();
          },
        }),
      );
    }
    return this.pickers.get(field.name);
  }

  /** A transfer goes to anybody but oneself; support is asked of those who are not there yet. */
  departments(field) {
    const there = currentRows(this.event).map((row) => row.department.code);
    return departmentsFor(this.event, field.many ? there : [this.current.me.department?.code]);
  }

  photos(field) {
    if (!this.uploads.has(field.name)) {
      const options = { role: field.role, onChange: () => this.draw() };
      this.uploads.set(field.name, new Photos(options));
    }
    return this.uploads.get(field.name);
  }

  /** [[condition, rows]]: what each condition of the event's class allows, stage by stage. */
  async findConditions() {
    const code = encodeURIComponent(this.event.category.code);
    try {
      const { results } = await get(`categories/${code}/limits/`);
      const found = new Map([["", []]]);
      for (const row of results) {
        const condition = row.default ? "" : row.condition;
        if (!found.has(condition)) found.set(condition, []);
        found.get(condition).push(row);
      }
      this.conditions = [...found];
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
    this.draw();
  }

  async findSimilar() {
    try {
      const { results } = await get(`events/${this.current.number}/similar/`);
      this.similar = results.slice(0, 6);
      this.draw();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  value(field) {
    if (this.pickers.has(field.name)) {
      const { codes } = this.pickers.get(field.name);
      return field.many ? codes : codes[0];
    }
    if (this.uploads.has(field.name)) {
      return this.uploads.get(field.name).done.map((file) => file.id);
    }
    const value = this.values[field.name];
    return typeof value === "string" ? value.trim() : value;
  }

  /** The request's body, or null after telling what is missing. */
  body() {
    const body = {};
    this.errors = {};
    for (const field of this.form.fields) {
      const value = this.value(field);
      const empty = value === undefined || value === "" || value?.length === 0;
      if (empty && field.required) this.errors[field.name] = t("请填写{field}", { field: t(field.label) });
      if (!empty) body[field.name] = value;
    }
    if (this.action.name === "verify" && body.passed === false && !body.text) {
      this.errors.text = t("请写明需要返工的内容");
    }
    return Object.keys(this.errors).length ? null : body;
  }

  async submit() {
    if (this.busy) return;
    const body = this.body();
    if (!body) {
      this.draw();
      this.dialog.querySelector(".field-error")?.parentElement.querySelector("input, textarea")?.focus();
      return;
    }
    this.busy = true;
    this.problem = "";
    this.draw();
    try {
      await this.current.act(this.action.name, body);
      this.current.drafts.keep(this.slot, { values: null });
      this.dialog.close();
      this.onDone(this.action);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.busy = false;
      if (error.status === 409) {
        this.dialog.close();
        return;
      }
      const fields = error.problem?.errors ?? {};
      this.errors = Object.fromEntries(
        Object.entries(fields).map(([name, texts]) => [name, [texts].flat().join("；")]),
      );
      this.problem = error.status
        ? error.message
        : t("没有提交成功（网络），内容已保留，请重试");
      this.draw();
    }
  }

  get waiting() {
    return [...this.uploads.values()].some((photos) => photos.busy);
  }

  draw() {
    const { form, action } = this;
    render(
      html`<form
        method="dialog"
        novalidate
        @submit=${(event) => {
          event.preventDefault();
          this.submit();
        }}
        @keydown=${(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.submit();
        }}
      >
        <header class="sheet-head">
          <h2>${action.label}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label=${t("关闭")}
            @click=${() => this.dialog.close()}
          >
            ${icon("cross")}
          </button>
        </header>
        <div class="sheet-body">
          <p class="sheet-event">${this.event.title}<span class="muted">${this.event.number}</span></p>
          ${form.lead ? html`<p class="muted">${t(form.lead)}</p>` : nothing}
          ${form.fields.map((field) => fieldView(field, this))}
          ${this.problem
            ? html`<p class="notice bad" role="alert">${icon("warn")}${this.problem}</p>`
            : nothing}
        </div>
        <footer class="sheet-foot">
          <span class="hint sheet-hint">Ctrl + Enter</span>
          <button type="button" class="button quiet" @click=${() => this.dialog.close()}>
            ${t("取消")}
          </button>
          <button
            class="button ${form.danger ? "danger" : "primary"}"
            ?disabled=${this.busy || this.waiting}
            aria-busy=${this.busy ? "true" : "false"}
          >
            ${this.waiting
              ? t("照片上传中…")
              : this.busy
                ? t("提交中…")
                : action.label}
          </button>
        </footer>
      </form>`,
      this.dialog,
    );
  }

  show() {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "sheet action-sheet";
    this.dialog.setAttribute("aria-label", this.action.label);
    document.body.append(this.dialog);
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      open = null;
    });
    this.draw();
    this.dialog.showModal();
    this.dialog.querySelector(".sheet-body textarea, .sheet-body input")?.focus();
  }
}

/** Whether the action needs a dialog at all. */
export function asks(name) {
  return (FORMS[name]?.fields ?? []).length > 0;
}

/** Ask for what `action` ({name, label}) needs and do it on `current`, a Case. */
export function openForm(current, action, { onDone }) {
  open?.dialog.close();
  open = new Form(current, action, { onDone });
  open.show();
}
