// Who else has the room open, and who is typing.
import { html, nothing } from "../shared/lit.js";
import { t } from "./words.js";

const FRESH_MS = 45000;
const BEAT_MS = 20000;

/** Tells the others that this person is here, and keeps what they tell. */
export class Presence {
  /** `tell(number, typing)` sends; `now()` is the server's time. */
  constructor({ me, tell, now, onChange }) {
    Object.assign(this, { me, tell, now, onChange });
    this.number = null;
    this.people = new Map();
    this.typing = false;
  }

  enter(number) {
    this.number = number;
    this.people.clear();
    this.typing = false;
    this.beat();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.beat(), BEAT_MS);
  }

  beat() {
    if (this.number && !document.hidden) this.tell(this.number, this.typing);
  }

  setTyping(typing) {
    this.typing = typing;
    this.beat();
  }

  /** A message of the line: everybody who is in the room. */
  take(message) {
    if (message.event !== this.number) return;
    this.people.clear();
    for (const one of message.people) this.note(one);
    this.onChange();
  }

  note({ name, department = null, typing = false }) {
    const mine = name === this.me.name && department === (this.me.department?.name ?? null);
    if (name && !mine) {
      this.people.set(`${name} ${department}`, { name, department, typing, at: Date.now() });
    }
  }

  leave() {
    clearInterval(this.timer);
    this.number = null;
    this.people.clear();
  }

  view() {
    const here = [...this.people.values()].filter((one) => Date.now() - one.at < FRESH_MS);
    if (!here.length) return nothing;
    const typing = here.filter((one) => one.typing).map((one) => one.name);
    const names = here.map((one) => one.name).join("、");
    return html`<p class="presence">
      <span class="presence-dot"></span>${typing.length
        ? t("{names} 正在输入…", { names: typing.join("、") })
        : t("{names} 也在看", { names })}
    </p>`;
  }
}
