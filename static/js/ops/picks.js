// A long list of choices gets a field that narrows it.
import { t } from "../shared/words.js";

const LONG = 12;

/** Give each list of choices within `root` its field, once. */
export function pickers(root) {
  for (const list of root.querySelectorAll("[data-picks]")) {
    const labels = [...list.querySelectorAll("label")];
    if (labels.length < LONG || list.querySelector(".picks-find")) continue;
    const find = document.createElement("input");
    find.type = "search";
    find.className = "input picks-find";
    find.placeholder = t("ops.find");
    find.setAttribute("aria-label", t("ops.find"));
    find.addEventListener("input", () => {
      const word = find.value.trim();
      for (const label of labels) label.parentElement.hidden = !label.textContent.includes(word);
    });
    // Enter narrows; it must not send the form.
    find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    list.prepend(find);
  }
}
