// Icons from the one sprite; its hashed address stands on the body.
import { html } from "./lit.js";

const sprite = document.body.dataset.sprite;

/** A decorative icon; `size` is "s" (16), "" (20), "l" (24) or "xl" (40 px). */
export function icon(name, size = "") {
  return html`<svg class="icon ${size}" aria-hidden="true" focusable="false"><use href="${sprite}#${name}"></use></svg>`;
}
