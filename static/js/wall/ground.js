// The map of the wall: streets shaded by their open load, rings around every P1.
import { createMap } from "../shared/map.js";
import { L } from "../shared/map_canvas.js";
import { t } from "../room/words.js";

// Open load from none to the most of all streets.
const SHADES = ["#101d2f", "#12283f", "#163552", "#1b4569", "#215783", "#296a9f"];
const GAP_MS = 500;
// Below this many the busiest street is not busy, and not shown as if it were.
const BUSY = 12;

/** The shade of a load, given the greatest load. */
export function shadeOf(load, most) {
  if (!load || !most) return SHADES[0];
  return SHADES[Math.max(1, Math.ceil((load / most) * (SHADES.length - 1)))];
}

export class Ground {
  constructor(element, { areas }) {
    this.map = createMap(element, {
      gap: GAP_MS,
      label: t("事件分布图"),
      onSelect: (number) => window.open(`/events/${number}/`, "xianfeng-room", "noopener"),
    });
    this.rings = new Map();
    if (areas.length) this.map.fit(areas[0].code);
    this.map.outline(areas.map((area) => area.code));
  }

  show(events, stats) {
    this.map.setEvents(events);
    const rows = stats?.by_street ?? [];
    const most = Math.max(BUSY, ...rows.map((row) => row.open));
    // A single street has nothing to be compared with: one calm shade.
    const shade = (row) => (rows.length > 1 ? shadeOf(row.open, most) : SHADES[2]);
    const shades = Object.fromEntries(rows.map((row) => [row.code, shade(row)]));
    // The ground is hundreds of polygons: painted again only when a shade has changed.
    if (JSON.stringify(shades) !== this.shades) {
      this.shades = JSON.stringify(shades);
      this.map.setShades(shades);
    }
    this.ring(events.filter((event) => event.priority === "P1" && event.location && event.state !== "handled"));
  }

  /** Pulsing rings, still where the reader wants less motion (the style sheet's part). */
  ring(events) {
    const wanted = new Set(events.map((event) => event.number));
    for (const [number, marker] of this.rings) {
      if (!wanted.has(number)) {
        marker.remove();
        this.rings.delete(number);
      }
    }
    for (const { number, location, state } of events) {
      const at = [location.lat, location.lon];
      const known = this.rings.get(number);
      const waiting = state === "registered";
      if (known) {
        known.setLatLng(at);
        known.getElement()?.classList.toggle("waiting", waiting);
        continue;
      }
      const ring = L.divIcon({ className: `wall-ring ${waiting ? "waiting" : ""}`, iconSize: [56, 56] });
      this.rings.set(number, L.marker(at, { icon: ring, interactive: false, keyboard: false }).addTo(this.map.leaflet));
    }
  }
}
