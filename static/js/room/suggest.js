/** Help while writing: `/` at the start offers sentences, `@` offers who is on the event. */
import { t } from "./words.js";
import { html, nothing } from "../shared/lit.js";

const SENTENCES = [
  "已出发，预计 10 分钟内到达。",
  "已到现场，正在核实情况。",
  "现场已控制，无人员受伤。",
  "已联系上报人，正在了解情况。",
  "需要支援，请增派人员。",
  "正在调取周边监控。",
  "处置完毕，现场恢复正常。",
];

/** What could be meant at the caret: {from, to, options: [{label, insert}]}, or null. */
function find(text, caret, event) {
  const before = text.slice(0, caret);
  const slash = /^\/(\S*)$/.exec(before);
  if (slash) {
    const options = SENTENCES.map((line) => t(line))
      .filter((line) => line.includes(slash[1]))
      .map((line) => ({ label: line, insert: line }));
    return { from: 0, to: caret, options };
  }
  const at = /@([^\s@]*)$/.exec(before);
  if (!at) return null;
  const names = event.assignments
    .filter((row) => !row.ended_at)
    .flatMap((row) => [row.department.name, row.claimed_by])
    .filter(Boolean);
  if (event.reporter?.name) names.push(event.reporter.name);
  const options = [...new Set(names)]
    .filter((name) => name.includes(at[1]))
    .map((name) => ({ label: `@${name}`, insert: `@${name} ` }));
  return { from: caret - at[0].length, to: caret, options };
}

/** The open list of suggestions over a text box. */
export class Suggest {
  constructor(onChange) {
    this.onChange = onChange;
    this.found = null;
    this.index = 0;
  }

  get open() {
    return Boolean(this.found?.options.length);
  }

  look(box, event) {
    const was = this.open;
    this.found = find(box.value, box.selectionStart, event);
    this.index = 0;
    if (was || this.open) this.onChange();
  }

  close() {
    if (!this.found) return;
    this.found = null;
    this.onChange();
  }

  /** Handle a key of the box; true when it was ours. */
  press(event, box, put) {
    if (!this.open) return false;
    const count = this.found.options.length;
    if (event.key === "ArrowDown") this.index = (this.index + 1) % count;
    else if (event.key === "ArrowUp") this.index = (this.index + count - 1) % count;
    else if (event.key === "Enter" || event.key === "Tab") this.take(box, this.index, put);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.onChange();
    return true;
  }

  take(box, index, put) {
    const { from, to, options } = this.found;
    const { insert } = options[index];
    this.found = null;
    put(box.value.slice(0, from) + insert + box.value.slice(to), from + insert.length);
  }

  view(box, put) {
    if (!this.open) return nothing;
    return html`<ul class="suggest" role="listbox">
      ${this.found.options.map(
        (option, index) => html`<li
          role="option"
          aria-selected=${index === this.index ? "true" : "false"}
          @mousedown=${(event) => {
            event.preventDefault();
            this.take(box(), index, put);
          }}
        >
          ${option.label}
        </li>`,
      )}
    </ul>`;
  }
}
