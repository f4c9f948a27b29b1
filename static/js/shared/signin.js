// The sign-in page works without this; it adds: show the password, caps lock, demo accounts.
const username = document.getElementById("username");
const password = document.getElementById("password");
const reveal = document.getElementById("reveal");
const caps = document.getElementById("caps");
const form = document.getElementById("signin-form");
const submit = form.querySelector("[type=submit]");
const label = submit.textContent;

reveal.hidden = false;
reveal.addEventListener("click", () => {
  const shown = password.type === "text";
  password.type = shown ? "password" : "text";
  reveal.setAttribute("aria-pressed", String(!shown));
  const use = reveal.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*$/, shown ? "#eye" : "#eye-off"));
  password.focus();
});

password.addEventListener("keyup", (event) => {
  caps.hidden = !event.getModifierState?.("CapsLock");
});

for (const account of document.querySelectorAll(".demo-account")) {
  account.addEventListener("click", () => {
    username.value = account.dataset.username;
    password.value = account.dataset.password;
    document.querySelector(".demo-account[aria-current]")?.removeAttribute("aria-current");
    account.setAttribute("aria-current", "true");
    submit.focus({ preventScroll: true });
    submit.scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
}

form.addEventListener("submit", () => {
  submit.setAttribute("aria-busy", "true");
  submit.textContent = submit.dataset.busy;
});

// Back from the next page, or from the cache of the browser: the button is fresh again.
addEventListener("pageshow", () => {
  submit.removeAttribute("aria-busy");
  submit.textContent = label;
});
