// Keys of the operators' pages: J and K walk the rows, / finds. Never while somebody types.

function busy(event) {
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  return field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey;
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody th a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** Begin to listen. */
export function typing() {
  document.addEventListener("keydown", (event) => {
    if (busy(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "/") {
      const find = document.querySelector("[data-find]");
      if (!find) return;
      event.preventDefault();
      find.focus();
    }
  });
}
