// The ground of the map: the district's own boundaries and names, no tiles from anywhere.
import { get } from "./api.js";
import { world } from "./map_canvas.js";

const COMMUNITY_LINES = 13.5;
const COMMUNITY_NAMES = 15;
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

/** {district, street, community}: shapes in world pixels; fetched once per page. */
export function ground() {
  loading ??= Promise.all(LEVELS.map(every)).then(
    (lists) =>
      Object.fromEntries(LEVELS.map((level, i) => [level, lists[i].map(shape).filter(Boolean)])),
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
    const box = [x - half, y - 10, x + half, y + 10];
    const room = (view.x(area.box[2]) - view.x(area.box[0])) * 1.15;
    if (room < half * 2) continue;
    if (taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1])) continue;
    taken.push(box);
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  }
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
  names(context, view, streets, colours, `700 ${view.zoom >= 14 ? 14 : 12}px ${colours.font}`, taken);
  if (view.zoom >= COMMUNITY_NAMES) {
    names(context, view, communities, colours, `400 12px ${colours.font}`, taken);
  }
}
