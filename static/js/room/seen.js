// How far a person has read each event: the sequence number of the last entry they had open.
const KEPT = 400;

export class Seen {
  constructor(username) {
    this.key = `xianfeng.seen.${username}`;
    try {
      this.map = new Map(JSON.parse(localStorage.getItem(this.key)) ?? []);
    } catch {
      this.map = new Map();
    }
  }

  /** The seq up to which the event was read; 0 for one never opened. */
  of(number) {
    return this.map.get(number) ?? 0;
  }

  /** Remember that everything up to `seq` was read. */
  keep(number, seq) {
    if (seq <= this.of(number)) return;
    this.map.delete(number);
    this.map.set(number, seq);
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.map].slice(-KEPT)));
    } catch {
      // Storage is full or forbidden: it is only remembered until the page is left.
    }
  }
}
