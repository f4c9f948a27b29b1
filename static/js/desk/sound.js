/**
 * The desk's sounds: three tones for a P1 that nobody has claimed, one soft tone for any other new
 * event. They begin with a gesture (开始值班), never come closer than three seconds, and can be
 * silenced for five minutes in plain sight.
 */
const APART_MS = 3000;
const ALARM_MS = 10000;
const MUTE_MS = 5 * 60 * 1000;
const VOLUME = 0.18;

// Tones as [hertz, start in seconds, length in seconds].
const TONES = {
  alarm: [
    [880, 0, 0.16],
    [1108, 0.2, 0.16],
    [1318, 0.4, 0.28],
  ],
  fresh: [[660, 0, 0.14]],
  test: [
    [660, 0, 0.12],
    [880, 0.15, 0.16],
  ],
};

export class Sound {
  /** `onChange()` is called when `state` or `left` changes; `username` keeps the choice per person. */
  constructor(username, onChange) {
    this.key = `xianfeng.duty.${username}`;
    this.onChange = onChange;
    this.context = null;
    this.mutedUntil = 0;
    this.lastAt = 0;
    this.lastAlarm = 0;
    this.wanted = sessionStorage.getItem(this.key) === "on";
    this.played = [];
    if (this.wanted) this.resumeOnGesture();
  }

  /** off (not begun), waiting (wanted, needs a gesture), on, muted. */
  get state() {
    if (!this.wanted) return "off";
    if (this.context?.state !== "running") return "waiting";
    return Date.now() < this.mutedUntil ? "muted" : "on";
  }

  /** Milliseconds of silence left. */
  get left() {
    return Math.max(0, this.mutedUntil - Date.now());
  }

  /** A reloaded page may not sound before it is touched: any key or click will do. */
  resumeOnGesture() {
    const resume = () => {
      removeEventListener("pointerdown", resume, true);
      removeEventListener("keydown", resume, true);
      if (this.wanted) this.start({ test: false });
    };
    addEventListener("pointerdown", resume, true);
    addEventListener("keydown", resume, true);
  }

  /** Begin the duty; call it from a gesture. */
  async start({ test = true } = {}) {
    this.wanted = true;
    sessionStorage.setItem(this.key, "on");
    this.context ??= new AudioContext();
    this.context.onstatechange = () => this.onChange();
    await this.context.resume();
    if (test) this.play("test", { force: true });
    this.onChange();
  }

  /** End the duty: silence until it begins again. */
  stop() {
    this.wanted = false;
    sessionStorage.removeItem(this.key);
    this.context?.suspend();
    this.onChange();
  }

  /** Silence for five minutes, or speak again. */
  toggleMute() {
    this.mutedUntil = this.left ? 0 : Date.now() + MUTE_MS;
    this.onChange();
  }

  /** A new event has come. */
  fresh(priority) {
    if (priority !== "P1") this.play("fresh");
  }

  /** Called every second; `urgent` says whether a P1 waits for this department. */
  tick(urgent) {
    if (this.state === "muted") this.onChange();
    if (!urgent) this.lastAlarm = 0;
    else if (Date.now() - this.lastAlarm >= ALARM_MS && this.play("alarm")) {
      this.lastAlarm = Date.now();
    }
  }

  play(name, { force = false } = {}) {
    if (this.state !== "on") return false;
    if (!force && Date.now() - this.lastAt < APART_MS) return false;
    this.lastAt = Date.now();
    this.played.push(name);
    for (const [hertz, start, length] of TONES[name]) this.tone(hertz, start, length);
    return true;
  }

  tone(hertz, start, length) {
    const at = this.context.currentTime + start;
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(VOLUME, at + 0.015);
    gain.gain.setValueAtTime(VOLUME, at + length - 0.05);
    gain.gain.linearRampToValueAtTime(0, at + length);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(at);
    oscillator.stop(at + length + 0.02);
  }
}
