/**
 * What a person has typed and not yet sent, per event, kept in the browser under their name.
 *
 * A draft is {text, files: [{id, thumbnail, kind}], values?}, `values` being a half-filled form; an unsent message is
 * {key, text, files, at, base} and keeps its idempotency key, so that sending it again cannot
 * double it.
 */
const PREFIX = "xianfeng";

function read(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the page still works, it only forgets on reload.
  }
}

const EMPTY = { text: "", files: [] };

/** The drafts of one person. */
export class Drafts {
  constructor(username) {
    this.owner = username;
    this.memory = new Map();
  }

  /** The draft for an event; never null. */
  of(number) {
    if (!this.memory.has(number)) {
      this.memory.set(number, read(`${PREFIX}.draft.${this.owner}.${number}`, { ...EMPTY }));
    }
    return this.memory.get(number);
  }

  /** Change parts of a draft; an empty one is forgotten. */
  keep(number, parts) {
    const draft = { ...this.of(number), ...parts };
    this.memory.set(number, draft);
    const empty = !draft.text && !draft.files.length && !Object.keys(draft.values ?? {}).length;
    write(`${PREFIX}.draft.${this.owner}.${number}`, empty ? null : draft);
  }

  /** Forget a draft that became a message. */
  clear(number) {
    this.keep(number, { ...EMPTY });
  }

  /** Whether there is something unsent for the event, typed or failed. */
  has(number) {
    const draft = this.of(number);
    return Boolean(draft.text.trim() || draft.files.length || this.unsent(number).length);
  }

  /** Messages that were sent off and never confirmed. */
  unsent(number) {
    return read(`${PREFIX}.unsent.${this.owner}.${number}`, []);
  }

  /** Remember a message until `sent` is called with its key. */
  sending(number, message) {
    const rest = this.unsent(number).filter((one) => one.key !== message.key);
    write(`${PREFIX}.unsent.${this.owner}.${number}`, [...rest, message]);
  }

  /** The message arrived, or the person gave it up. */
  sent(number, key) {
    const rest = this.unsent(number).filter((one) => one.key !== key);
    write(`${PREFIX}.unsent.${this.owner}.${number}`, rest.length ? rest : null);
  }
}
