// The operators' pages: fragments by htmx, questions before grave acts, keys, copying.
import { ask } from "../shared/ask.js";
import { toast } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { typing } from "./keys.js";
import { pickers } from "./picks.js";

// Refusals with a page of their own are shown like answers; what cannot be shown is said.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "409|422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

// What has been put in answers at once: a quick hand types before the usual 20 ms are over.
htmx.config.defaultSettleDelay = 0;

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  const known = ["401", "403", "404", "409", "413", "429"].includes(String(status));
  toast(t(status >= 500 ? "http.500" : known ? `http.${status}` : "http.other"), { tone: "bad" });
});

document.addEventListener("htmx:sendError", () => toast(t("http.0"), { tone: "bad" }));

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const question = form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopPropagation();
  if ((await ask({ title: t("ops.sure"), text: question, danger: true })) === null) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit();
}, true);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(from.textContent);
    toast(t("ops.copied"));
  } catch {
    // No secure page, no clipboard: select it, so that the keys can copy.
    getSelection().selectAllChildren(from);
  }
});

// On a phone the sections scroll sideways: the present one is in sight.
document.querySelector(".ops-nav [aria-current]").scrollIntoView({ inline: "center", block: "nearest" });

document.addEventListener("htmx:load", (event) => pickers(event.detail.elt));
pickers(document);
typing();
