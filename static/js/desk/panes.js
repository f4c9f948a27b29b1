// On a narrow screen one pane at a time: the queue, the event, the map.
const NARROW = matchMedia("(max-width: 759px)");
const TIGHT = matchMedia("(max-width: 1199px)");

export class Panes {
  /** `element` gets data-pane; `onLeave()` is called when the event is left for the queue. */
  constructor(element, onLeave) {
    this.element = element;
    this.onLeave = onLeave;
    addEventListener("popstate", () => this.set(history.state?.pane ?? "queue"));
    this.set("queue");
    for (const button of element.querySelectorAll("[data-to-pane]")) {
      button.addEventListener("click", () => this.toggle(button.dataset.toPane));
    }
  }

  get now() {
    return this.element.dataset.pane;
  }

  set(name) {
    const was = this.now;
    this.element.dataset.pane = name;
    for (const button of this.element.querySelectorAll("[data-to-pane]")) {
      button.setAttribute("aria-pressed", button.dataset.toPane === name ? "true" : "false");
    }
    if (name === "queue" && was === "detail" && NARROW.matches) this.onLeave();
  }

  /** Go to a pane; the browser's back button returns. */
  show(name) {
    if (this.now === name) return;
    if (NARROW.matches && this.now === "queue") history.pushState({ pane: name }, "");
    this.set(name);
  }

  toggle(name) {
    if (!TIGHT.matches) return;
    this.show(this.now === name ? "detail" : name);
  }

  /** Back towards the queue. */
  back() {
    if (this.now === "side") this.set("detail");
    else if (NARROW.matches && history.state?.pane) history.back();
    else this.set("queue");
  }
}
