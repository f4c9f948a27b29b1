// The classes a report may be given: a few chips, and all of them in a searchable sheet.
import { get } from "../shared/api.js";
import { html, nothing, render } from "../shared/lit.js";
import { t } from "../shared/words.js";

const KEPT = "xianfeng-classes";
const USED = "xianfeng-classes-used";
const CHIPS = 6;
// Shown until this worker has habits of their own.
const FIRST = ["lost-person", "fire", "gas-leak", "waterlogging", "medical", "fight", "fallen-tree"];
// The hotline's tree is the citizens' language, not the street's.
const SCHEMES = ["emergency", "event", "component"];

function read(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store costs only the memory of habits.
  }
}

function leaves(node, group, found) {
  if (node.selectable && !node.code.endsWith(".unclassified")) {
    found.push({ code: node.code, name: node.name, priority: node.priority, group });
  }
  for (const child of node.children) leaves(child, node.parentName ?? node.name, found);
}

/** The classes, from the server or as last seen: {list, chips(), used(code), load()}. */
export function classes() {
  let list = read(KEPT, []);
  return {
    get list() {
      return list;
    },
    async load() {
      const trees = (await get("categories/")).results.filter((root) => SCHEMES.includes(root.scheme));
      trees.sort((a, b) => SCHEMES.indexOf(a.scheme) - SCHEMES.indexOf(b.scheme));
      const found = [];
      trees.forEach((root) => leaves(root, root.name, found));
      list = found;
      keep(KEPT, list);
    },
    chips() {
      const used = read(USED, []);
      const habitual = [...used, ...FIRST.map((name) => `emergency.${name}`)];
      const chosen = [...new Set(habitual)].map((code) => list.find((one) => one.code === code));
      return chosen.filter(Boolean).slice(0, CHIPS);
    },
    used(code) {
      keep(USED, [code, ...read(USED, []).filter((one) => one !== code)].slice(0, CHIPS));
    },
  };
}

/** Choose from all classes in a sheet; resolves to one, or null. */
export function chooseClass(list) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "sheet classes-sheet";
    document.body.append(dialog);
    let words = "";
    const finish = (found) => {
      resolve(found);
      dialog.close();
    };
    const draw = () => {
      const shown = list.filter((one) => !words || one.name.includes(words) || one.group.includes(words));
      const groups = new Map();
      for (const one of shown) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
      render(
        html`<div class="sheet-head"><h2>${t("phone.more")}</h2>
            <button class="button quiet" type="button" @click=${() => finish(null)}>${t("close")}</button></div>
          <div class="classes-search"><input class="input" type="search" placeholder=${t("phone.search_class")}
            aria-label=${t("phone.search_class")} @input=${(event) => {
              words = event.target.value.trim();
              draw();
            }}></div>
          <div class="classes-list">
            ${[...groups].map(
              ([name, members]) => html`<h3>${name}</h3>
                <div class="classes-group">
                  ${members.map(
                    (one) => html`<button class="chip" type="button" @click=${() => finish(one)}>${one.name}</button>`,
                  )}
                </div>`,
            )}
            ${shown.length ? nothing : html`<p class="empty">${t("phone.no_class")}</p>`}
          </div>`,
        dialog,
      );
    };
    draw();
    dialog.addEventListener("close", () => {
      resolve(null);
      dialog.remove();
    });
    dialog.showModal();
  });
}
