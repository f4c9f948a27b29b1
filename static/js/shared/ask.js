// One question in a dialog.
import { html, render, nothing } from "./lit.js";
import { t } from "./words.js";

/**
 * Ask. Options: title, text, confirm (label), danger, input ({label, value, placeholder, required}).
 * Resolves to null when refused, else to true or to the text typed.
 */
export function ask({ title, text = "", confirm = t("confirm"), danger = false, input = null }) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    document.body.append(dialog);
    const finish = (answer) => {
      resolve(answer);
      dialog.close();
      dialog.remove();
    };
    const submit = (event) => {
      event.preventDefault();
      finish(input ? dialog.querySelector("textarea").value.trim() : true);
    };
    render(
      html`<form @submit=${submit}>
        <div class="sheet-head"><h2>${title}</h2></div>
        <div class="sheet-body">
          ${text ? html`<p>${text}</p>` : nothing}
          ${input
            ? html`<label class="field"><span class="label">${input.label}</span>
                <textarea class="input" rows="3" maxlength="500" ?required=${input.required}
                  placeholder=${input.placeholder ?? ""} .value=${input.value ?? ""}></textarea></label>`
            : nothing}
        </div>
        <div class="sheet-foot">
          <button class="button" type="button" @click=${() => finish(null)}>${t("cancel")}</button>
          <button class="button primary ${danger ? "grave" : ""}" type="submit">${confirm}</button>
        </div>
      </form>`,
      dialog,
    );
    dialog.addEventListener("cancel", () => resolve(null));
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  });
}
