// What the browser's tab shows: the count in the title and a mark on the icon.
import { t } from "../room/words.js";

const SIZE = 32;

/** Keeps title and icon in step with how many events wait. */
export class Bell {
  constructor() {
    this.title = document.title;
    this.link = document.querySelector('link[rel="icon"]');
    this.plain = this.link?.href;
    this.shown = -1;
  }

  /** `waiting` events wait; `urgent` says that a P1 is among them. */
  show(waiting, urgent) {
    const key = waiting * 2 + Number(urgent);
    if (key === this.shown) return;
    this.shown = key;
    document.title = waiting ? `(${waiting}) ${urgent ? `${t("特急")} · ` : ""}${this.title}` : this.title;
    if (!this.link) return;
    this.link.type = waiting ? "image/png" : "image/svg+xml";
    this.link.href = waiting ? this.paint(waiting, urgent) : this.plain;
  }

  paint(waiting, urgent) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const pen = canvas.getContext("2d");
    pen.fillStyle = urgent ? "#8f0f2e" : "#1a56a8";
    pen.beginPath();
    pen.arc(SIZE / 2, SIZE / 2, SIZE / 2, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = "#ffffff";
    pen.font = "700 20px sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(waiting > 99 ? "99" : String(waiting), SIZE / 2, SIZE / 2 + 1);
    return canvas.toDataURL("image/png");
  }
}
