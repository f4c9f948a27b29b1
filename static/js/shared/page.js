// Every signed-in page: the account menu and the choice of light or dark.
import { t } from "./words.js";

const YEAR_S = 365 * 24 * 3600;
const CHOICES = ["auto", "light", "dark"];
const root = document.documentElement;
const menu = document.getElementById("user-menu");
const themeSwitch = document.querySelector("[data-theme-switch]");

function theme() {
  return root.dataset.theme || "auto";
}

function showTheme() {
  const value = document.querySelector("[data-theme-value]");
  if (value) value.textContent = t(`theme.${theme()}`);
}

function choose(next) {
  if (next === "auto") delete root.dataset.theme;
  else root.dataset.theme = next;
  document.cookie = `theme=${next}; path=/; max-age=${YEAR_S}; samesite=lax`;
  showTheme();
  dispatchEvent(new CustomEvent("themechange"));
}

themeSwitch?.addEventListener("click", () => {
  choose(CHOICES[(CHOICES.indexOf(theme()) + 1) % CHOICES.length]);
});

document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

showTheme();
