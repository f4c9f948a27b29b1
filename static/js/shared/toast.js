// Short words at the foot of the page; they go by themselves, and are read aloud politely.
const LONG_MS = 6000;

/** Show `text`; `tone` "bad" for failures, `action` {label, run} for one button. */
export function toast(text, { tone = "", action = null, stay = LONG_MS } = {}) {
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  const words = document.createElement("span");
  words.className = "notice-body";
  words.textContent = text;
  box.append(words);
  const remove = () => box.remove();
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = action.label;
    button.onclick = () => {
      remove();
      action.run();
    };
    box.append(button);
  }
  document.getElementById("toasts").append(box);
  if (stay) setTimeout(remove, stay);
  return remove;
}
