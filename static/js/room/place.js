/** The map of one event: its place with its accuracy, and what stands around. */
import { ApiError, get } from "../shared/api.js";
import { createMap } from "../shared/map.js";
import { icon } from "../shared/icon.js";
import { html, nothing, render } from "../shared/lit.js";
import { t } from "./words.js";

const KINDS = [
  ["camera", "camera"],
  ["police_station", "department"],
  ["fire_station", "fire"],
  ["hospital", "plus"],
  ["street_office", "department"],
];
const RADIUS_M = 1500;
const ZOOM = 16;

function distance(metres) {
  return metres < 1000
    ? t("{n} 米", { n: Math.round(metres / 10) * 10 })
    : t("{n} 公里", { n: (metres / 1000).toFixed(1) });
}

/** Map and neighbours of whichever event is open. */
export class Place {
  /** `mapBox` and `nearBox` are elements that this object alone fills; `onSelect(number)` is called for points. */
  constructor(mapBox, nearBox, { onSelect }) {
    this.mapBox = mapBox;
    this.nearBox = nearBox;
    this.onSelect = onSelect;
    this.others = [];
    this.key = "";
    this.near = null;
  }

  /** Show `event`, or all the others together when there is none. */
  show(event) {
    const key = JSON.stringify([event?.number, event?.location, event?.accuracy_m]);
    if (key === this.key) return;
    this.key = key;
    this.number = event?.number;
    this.near = null;
    this.draw();
    const blank = Boolean(event) && !event.location;
    this.mapBox.classList.toggle("whole", !event);
    this.mapBox.classList.toggle("blank", blank);
    if (blank) {
      this.map?.destroy();
      this.map = null;
      this.mapBox.textContent = t("没有位置，不能在地图上显示");
      return;
    }
    this.start();
    if (!event) {
      this.map.setPlace(null);
      this.map.setSpots([]);
      this.map.select(null);
      this.wide = false;
    } else {
      const { lon, lat } = event.location;
      this.map.setPlace(lon, lat, event.accuracy_m);
      this.map.select(event.number);
      this.map.go(lon, lat, ZOOM);
      this.look(event.number);
    }
    this.points(event);
  }

  start() {
    if (this.map) return;
    this.mapBox.textContent = "";
    this.map = createMap(this.mapBox, {
      label: t("地图"),
      onSelect: (number) => this.onSelect?.(number),
    });
  }

  points(event) {
    const rest = this.others.filter((one) => one.number !== event?.number);
    this.map?.setEvents(event ? [event, ...rest] : rest);
    if (!event) this.widen(rest);
  }

  /** Once per time without an event: show all the points. */
  widen(events) {
    const points = events.filter((one) => one.location).map(({ location }) => [location.lat, location.lon]);
    if (this.wide || !points.length || !this.map) return;
    this.wide = true;
    this.map.leaflet.fitBounds(points, { maxZoom: ZOOM, padding: [48, 48], animate: false });
  }

  /** Other open events around, so that a neighbour is seen; `event` is the open one. */
  around(events, event) {
    this.others = events;
    this.points(event);
  }

  async look(number) {
    try {
      const { results } = await get(`events/${number}/nearby/`, { radius_m: RADIUS_M });
      if (number !== this.number) return;
      this.near = results.slice(0, 6);
      this.map?.setSpots(this.near.map((one) => ({ ...one.location, name: one.name })));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.near = null;
    }
    this.draw();
  }

  draw() {
    const rows = this.near;
    render(
      rows?.length
        ? html`<h2>${t("附近力量")}</h2>
            <ul role="list">
              ${rows.map(
                (one) => html`<li class="near">
                  ${icon(KINDS.find(([kind]) => kind === one.kind)?.[1] ?? "pin", "s")}
                  <span class="truncate">${one.name}</span>
                  <span class="muted nowrap">${distance(one.distance_m)}</span>
                </li>`,
              )}
            </ul>`
        : nothing,
      this.nearBox,
    );
  }
}
