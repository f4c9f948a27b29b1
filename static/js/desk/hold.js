// Keeping the list still while somebody points into it.
const TOUCH_MS = 3000;

/** Watches one list; `onRelease()` is called when the rows may move again. */
export class Hold {
  constructor(element, onRelease) {
    this.element = element;
    this.onRelease = onRelease;
    this.inside = false;
    this.until = 0;
    element.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") this.inside = true;
    });
    element.addEventListener("pointerleave", () => {
      this.inside = false;
      this.settle();
    });
    for (const name of ["touchstart", "touchmove"]) {
      element.addEventListener(name, () => this.touch(), { passive: true });
    }
  }

  /** Whether rows must stay where they are. */
  get holding() {
    return this.inside || Date.now() < this.until;
  }

  /** Hold for a while: a finger or a key works in the list. */
  touch() {
    this.until = Date.now() + TOUCH_MS;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), TOUCH_MS + 50);
  }

  settle() {
    if (this.holding) return;
    this.slack(0);
    this.onRelease();
  }

  /** Let the rows move now; with `top`, show them from the first one. */
  release(top = false) {
    const { inside } = this;
    this.inside = false;
    this.until = 0;
    this.slack(0);
    this.onRelease();
    requestAnimationFrame(() => {
      if (top) this.element.querySelector(".rows")?.scrollTo(0, 0);
      requestAnimationFrame(() => {
        this.inside = inside;
      });
    });
  }

  /** What is above the rows has grown by `pixels`: scroll by as much, so that no row moves. */
  keepStill(rows, pixels) {
    const foot = rows.querySelector(".rows-slack");
    const content = foot.getBoundingClientRect().bottom - rows.getBoundingClientRect().top + rows.scrollTop;
    const missing = rows.scrollTop + pixels + rows.clientHeight - content;
    if (missing > 0) this.slack(foot.offsetHeight + missing);
    rows.scrollTop += pixels;
  }

  /** Room at the end of the rows, so that they can be scrolled up far enough. */
  slack(pixels) {
    const foot = this.element.querySelector(".rows-slack");
    if (foot) foot.style.height = pixels ? `${Math.ceil(pixels)}px` : "";
  }
}
