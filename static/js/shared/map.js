// The map: our own boundaries as ground, events through one canvas, light and dark.
import { CanvasLayer, L, world } from "./map_canvas.js";
import { ground, paintGround } from "./map_ground.js";
import { paintMarks, under } from "./map_marks.js";
import { t } from "./words.js";

const MIDDLE = { lon: 113.2665, lat: 23.1345 };
const NAMES = {
  land: "--map-land",
  street: "--map-street",
  community: "--map-community",
  label: "--map-label",
  road: "--map-road",
  roadEdge: "--map-road-edge",
  roadName: "--map-road-name",
  halo: "--map-halo",
  cluster: "--map-cluster",
  onCluster: "--on-solid",
  strong: "--action-text",
  point: "--muted",
  here: "--p3",
  P1: "--p1",
  P2: "--p2",
  P3: "--p3",
  P4: "--p4",
  font: "--font",
  size: "--map-size",
};

function coloursOf(element) {
  const style = getComputedStyle(element);
  const found = Object.fromEntries(
    Object.entries(NAMES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  );
  // Letters and marks are made for reading at a desk; a wall is read from across the room.
  found.size = Number(found.size) || 1;
  return found;
}

/**
 * A map in `element`. Options: center {lon, lat} and zoom (else the whole district), interactive,
 * gap (milliseconds between redraws: 250, the wall 500), onSelect(number), label (for screen
 * readers). Points are WGS-84.
 */
export function createMap(element, { center, zoom, interactive = true, gap = 250, onSelect, label } = {}) {
  element.classList.add("map");
  if (label) element.setAttribute("aria-label", label);
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomDelta: 1,
    wheelPxPerZoomLevel: 90,
    minZoom: 10,
    maxZoom: 19,
    fadeAnimation: false,
    zoomAnimation: interactive && !matchMedia("(prefers-reduced-motion: reduce)").matches,
    dragging: interactive,
    touchZoom: interactive,
    scrollWheelZoom: interactive,
    doubleClickZoom: interactive,
    boxZoom: interactive,
    keyboard: interactive,
  });
  if (interactive) {
    L.control
      .zoom({ position: "topleft", zoomInTitle: t("map.zoom_in"), zoomOutTitle: t("map.zoom_out") })
      .addTo(map);
  }
  const start = center ?? MIDDLE;
  map.setView([start.lat, start.lon], zoom ?? (center ? 16 : 13));

  let colours = coloursOf(element);
  let layers = null;
  let points = [];
  let spots = [];
  let selected = null;
  let place = null;
  let shades = {};
  let strong = new Set();
  let drawn = { singles: [], groups: [] };
  let untouched = !center;

  const below = new CanvasLayer((context, view) => {
    if (layers) paintGround(context, view, layers, colours, shades, strong);
  }, "tilePane").addTo(map);

  const above = new CanvasLayer((context, view) => {
    if (place) paintPlace(context, view);
    for (const spot of spots) paintSpot(context, view, spot);
    drawn = paintMarks(context, view, points, colours, selected);
    drawn.pad = view.pad;
  }, "markerPane").addTo(map);

  function paintPlace(context, view) {
    const [x, y] = [view.x(place.wx), view.y(place.wy)];
    // Metres to pixels at this latitude.
    const perMetre = (view.scale * 256) / (40075016.686 * Math.cos((place.lat * Math.PI) / 180));
    const radius = (place.accuracy ?? 0) * perMetre;
    context.fillStyle = context.strokeStyle = colours.here;
    if (radius > 10) {
      context.globalAlpha = 0.14;
      context.beginPath();
      context.arc(x, y, radius, 0, Math.PI * 2);
      context.fill();
      context.globalAlpha = 0.6;
      context.lineWidth = 1;
      context.stroke();
      context.globalAlpha = 1;
    }
    context.beginPath();
    context.arc(x, y, 7, 0, Math.PI * 2);
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = colours.halo;
    context.stroke();
  }

  function paintSpot(context, view, spot) {
    const [x, y] = [view.x(spot.wx), view.y(spot.wy)];
    context.beginPath();
    context.arc(x, y, 5, 0, Math.PI * 2);
    context.fillStyle = colours.halo;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = colours.point;
    context.stroke();
    if (view.zoom < 16 || !spot.name) return;
    context.font = `400 12px ${colours.font}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.strokeStyle = colours.halo;
    context.strokeText(spot.name, x + 9, y);
    context.fillStyle = colours.label;
    context.fillText(spot.name, x + 9, y);
  }

  function at(event) {
    return under(drawn, event.containerPoint.x + drawn.pad, event.containerPoint.y + drawn.pad);
  }

  if (interactive) {
    map.on("dragstart zoomstart", () => {
      untouched = false;
    });
    map.on("mousemove", (event) => {
      element.classList.toggle("over-mark", Boolean(at(event)));
    });
    map.on("click", (event) => {
      const hit = at(event);
      if (hit?.number) onSelect?.(hit.number);
      if (!hit?.members) return;
      const bounds = L.latLngBounds(hit.members.map((one) => [one.lat, one.lon]));
      map.fitBounds(bounds.pad(0.3), { maxZoom: 18 });
    });
  }

  function fitArea(code) {
    const area = Object.values(layers ?? {})
      .flat()
      .find((one) => one.code === code);
    if (!area) return false;
    const corner = (x, y) => L.CRS.EPSG3857.pointToLatLng(L.point(x, y), 0);
    map.fitBounds(L.latLngBounds(corner(area.box[0], area.box[1]), corner(area.box[2], area.box[3])), {
      padding: [12, 12],
      animate: false,
    });
    return true;
  }

  const ready = ground().then(
    (found) => {
      layers = found;
      if (untouched && layers.district.length) fitArea(layers.district[0].code);
      below.redraw();
      return true;
    },
    () => false,
  );

  function recolour() {
    colours = coloursOf(element);
    below.schedule(gap);
    above.schedule(gap);
  }

  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", recolour);
  addEventListener("themechange", recolour);
  const watch = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  watch.observe(element);

  return {
    leaflet: map,
    /** Resolves to whether the boundaries could be read. */
    ready,
    /** Show these events (of the API's shape, or {number, priority, location}). */
    setEvents(list) {
      points = list
        .filter((event) => event.location)
        .map(({ number, priority, title, location: { lon, lat } }) => {
          const [wx, wy] = world(lon, lat);
          return { number, priority, title, lon, lat, wx, wy };
        });
      above.schedule(gap);
    },
    /** Show other points: [{lon, lat, name}]. */
    setSpots(list) {
      spots = list.map((spot) => {
        const [wx, wy] = world(spot.lon, spot.lat);
        return { ...spot, wx, wy };
      });
      above.schedule(gap);
    },
    /** Show a position with its accuracy in metres; without arguments none. */
    setPlace(lon, lat, accuracy) {
      if (lon === undefined || lon === null) {
        place = null;
      } else {
        const [wx, wy] = world(lon, lat);
        place = { lon, lat, wx, wy, accuracy };
      }
      above.schedule(gap);
    },
    /** Shade streets: {code: colour}. */
    setShades(next) {
      shades = next;
      below.schedule(gap);
    },
    /** Outline areas by code. */
    outline(codes) {
      strong = new Set(codes);
      below.schedule(gap);
    },
    /** Ring one event. */
    select(number) {
      selected = number;
      above.schedule(0);
    },
    /** Move there. */
    go(lon, lat, to = 17) {
      untouched = false;
      map.setView([lat, lon], to, { animate: false });
    },
    /** Show a whole area by code, once the ground is there. */
    async fit(code) {
      await ready;
      untouched = false;
      return fitArea(code);
    },
    /** Choose a point: a pin stands in the middle, `onMove({lon, lat})` tells where. Returns stop(). */
    pick(onMove) {
      const pin = document.createElement("div");
      pin.className = "map-pin";
      element.append(pin);
      const tell = () => {
        const middle = map.getCenter();
        onMove({ lon: middle.lng, lat: middle.lat });
      };
      map.on("moveend", tell);
      tell();
      return () => {
        map.off("moveend", tell);
        pin.remove();
      };
    },
    destroy() {
      scheme.removeEventListener("change", recolour);
      removeEventListener("themechange", recolour);
      watch.disconnect();
      map.remove();
    },
  };
}
