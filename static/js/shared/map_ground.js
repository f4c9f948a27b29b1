// The ground of the map: the district's own boundaries and names, no tiles from anywhere.
import { get } from "./api.js";
import { world } from "./map_canvas.js";

const COMMUNITY_LINES = 13.5;
const COMMUNITY_NAMES = 15;
const ROAD_NAMES = 14;
const LEVELS = ["district", "street", "community"];
let loading = null;

function ringsOf(geometry) {
  if (!geometry) return [];
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => world(lon, lat))));
}

function areaOf(ring) {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    sum += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return sum / 2;
}

/** The middle of the largest part, where the name stands. */
function middle(polygons) {
  const outer = polygons.map((rings) => rings[0]);
  const ring = outer.reduce((best, one) => (Math.abs(areaOf(one)) > Math.abs(areaOf(best)) ? one : best));
  const [ox, oy] = ring[0];
  const shifted = ring.map(([x, y]) => [x - ox, y - oy]);
  const area = areaOf(shifted);
  let [cx, cy] = [0, 0];
  for (let i = 0, j = shifted.length - 1; i < shifted.length; j = i, i += 1) {
    const cross = shifted[j][0] * shifted[i][1] - shifted[i][0] * shifted[j][1];
    cx += (shifted[j][0] + shifted[i][0]) * cross;
    cy += (shifted[j][1] + shifted[i][1]) * cross;
  }
  return [ox + cx / (6 * area), oy + cy / (6 * area)];
}

function boxOf(polygons) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of polygons.flat(2)) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

function shape(area) {
  const polygons = ringsOf(area.geometry);
  if (!polygons.length) return null;
  return { code: area.code, name: area.name, polygons, box: boxOf(polygons), at: middle(polygons) };
}

async function every(level) {
  const found = [];
  let cursor = null;
  do {
    const page = await get("areas/", { level, geometry: 1, cursor });
    found.push(...page.results);
    cursor = page.next;
  } while (cursor);
  return found;
}

function linesOf({ name, line }) {
  const lines = line.type === "MultiLineString" ? line.coordinates : [line.coordinates];
  return { name, lines: lines.map((one) => one.map(([lon, lat]) => world(lon, lat))) };
}

/** {district, street, community, road}: shapes in world pixels; fetched once per page. */
export function ground() {
  const roads = () => get("/map/roads.json").then(({ results }) => results.map(linesOf));
  loading ??= Promise.all([roads(), ...LEVELS.map(every)]).then(
    ([road, ...lists]) => ({
      road,
      ...Object.fromEntries(LEVELS.map((level, i) => [level, lists[i].map(shape).filter(Boolean)])),
    }),
    (problem) => {
      loading = null;
      throw problem;
    },
  );
  return loading;
}

function trace(context, view, area) {
  context.beginPath();
  for (const rings of area.polygons) {
    for (const ring of rings) {
      ring.forEach(([x, y], i) => {
        if (i) context.lineTo(view.x(x), view.y(y));
        else context.moveTo(view.x(x), view.y(y));
      });
      context.closePath();
    }
  }
}

function seen(view, area) {
  const [x0, y0, x1, y1] = area.box;
  return view.x(x1) > 0 && view.x(x0) < view.width && view.y(y1) > 0 && view.y(y0) < view.height;
}

function names(context, view, areas, colours, font, taken) {
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = colours.halo;
  context.fillStyle = colours.label;
  for (const area of areas) {
    const name = area.name.replace(/(街道|社区居民委员会|社区居委会|居委会)$/, "");
    const [x, y] = [view.x(area.at[0]), view.y(area.at[1])];
    const half = context.measureText(name).width / 2 + 4;
    const rise = 10 * colours.size;
    const box = [x - half, y - rise, x + half, y + rise];
    const room = (view.x(area.box[2]) - view.x(area.box[0])) * 1.15;
    if (room < half * 2) continue;
    if (!claim(taken, box)) continue;
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  }
}

function roadWidth(zoom) {
  return Math.max(1, Math.min(14, 2 ** (zoom - 13.5)));
}

function traceLine(context, view, line) {
  context.beginPath();
  line.forEach(([x, y], i) => {
    if (i) context.lineTo(view.x(x), view.y(y));
    else context.moveTo(view.x(x), view.y(y));
  });
}

function paintRoads(context, view, roads, colours) {
  context.lineCap = context.lineJoin = "round";
  const width = roadWidth(view.zoom);
  for (const [colour, extra] of [[colours.roadEdge, 2], [colours.road, 0]]) {
    context.strokeStyle = colour;
    context.lineWidth = width + extra;
    for (const road of roads) {
      for (const line of road.lines) {
        traceLine(context, view, line);
        context.stroke();
      }
    }
  }
}

/** Names along the roads, turned with the stretch that lies in view. */
function roadNames(context, view, roads, colours, taken) {
  context.font = `400 ${12 * colours.size}px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = colours.halo;
  context.fillStyle = colours.roadName;
  for (const { name, lines } of roads) {
    const half = context.measureText(name).width / 2 + 6;
    const spot = placeOnLine(view, lines, half);
    if (!spot) continue;
    const reach = Math.abs(Math.cos(spot.angle)) * half + 8;
    const rise = Math.abs(Math.sin(spot.angle)) * half + 8;
    if (!claim(taken, [spot.x - reach, spot.y - rise, spot.x + reach, spot.y + rise])) continue;
    context.save();
    context.translate(spot.x, spot.y);
    context.rotate(spot.angle);
    context.strokeText(name, 0, 0);
    context.fillText(name, 0, 0);
    context.restore();
  }
}

/** The straightest stretch in view that is long enough for a name: {x, y, angle} or null. */
function placeOnLine(view, lines, half) {
  let best = null;
  for (const line of lines) {
    for (let i = 1; i < line.length; i += 1) {
      const [x0, y0] = [view.x(line[i - 1][0]), view.y(line[i - 1][1])];
      const [x1, y1] = [view.x(line[i][0]), view.y(line[i][1])];
      const length = Math.hypot(x1 - x0, y1 - y0);
      if (length < half * 2) continue;
      // A stretch that reaches beyond the view is named where it crosses the middle of the view.
      const towards = ((view.width / 2 - x0) * (x1 - x0) + (view.height / 2 - y0) * (y1 - y0)) / length ** 2;
      const share = Math.min(1 - half / length, Math.max(half / length, towards));
      const [x, y] = [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
      if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
      const away = Math.hypot(x - view.width / 2, y - view.height / 2);
      if (best && best.away <= away) continue;
      let angle = Math.atan2(y1 - y0, x1 - x0);
      if (angle > Math.PI / 2) angle -= Math.PI;
      if (angle < -Math.PI / 2) angle += Math.PI;
      best = { x, y, angle, away };
    }
  }
  return best;
}

function claim(taken, box) {
  if (taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1])) return false;
  taken.push(box);
  return true;
}

/** Paint the ground; `shades` is {street code: colour}, `strong` the codes to outline. */
export function paintGround(context, view, layers, colours, shades = {}, strong = new Set()) {
  const streets = layers.street.filter((area) => seen(view, area));
  const communities = layers.community.filter((area) => seen(view, area));
  context.lineJoin = "round";
  for (const area of streets.length ? streets : layers.district) {
    trace(context, view, area);
    context.fillStyle = shades[area.code] ?? colours.land;
    context.fill();
  }
  paintRoads(context, view, layers.road, colours);
  if (view.zoom >= COMMUNITY_LINES) {
    context.strokeStyle = colours.community;
    context.lineWidth = 1;
    for (const area of communities) {
      trace(context, view, area);
      context.stroke();
    }
  }
  context.strokeStyle = colours.street;
  context.lineWidth = 1.25;
  for (const area of streets) {
    trace(context, view, area);
    context.stroke();
  }
  context.lineWidth = 2.5;
  for (const area of layers.district) {
    trace(context, view, area);
    context.stroke();
  }
  context.strokeStyle = colours.strong;
  for (const area of [...streets, ...communities].filter((one) => strong.has(one.code))) {
    trace(context, view, area);
    context.stroke();
  }
  const taken = [];
  names(context, view, streets, colours, `700 ${(view.zoom >= 14 ? 14 : 12) * colours.size}px ${colours.font}`, taken);
  if (view.zoom >= ROAD_NAMES) roadNames(context, view, layers.road, colours, taken);
  if (view.zoom >= COMMUNITY_NAMES) {
    names(context, view, communities, colours, `400 ${12 * colours.size}px ${colours.font}`, taken);
  }
}
