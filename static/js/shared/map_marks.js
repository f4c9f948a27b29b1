// Events on the map: shapes by priority, gathered in a pixel grid where P1 is never hidden.
const CELL = 44;
const SINGLES_FROM = 17;
const ORDER = { P4: 0, P3: 1, P2: 2, P1: 3 };

/** Trace the shape of a priority around (x, y): triangle, diamond, square, circle. */
export function tracePriority(context, priority, x, y, r) {
  context.beginPath();
  if (priority === "P1") {
    context.moveTo(x, y - r * 1.15);
    context.lineTo(x + r * 1.1, y + r * 0.8);
    context.lineTo(x - r * 1.1, y + r * 0.8);
  } else if (priority === "P2") {
    context.moveTo(x, y - r * 1.1);
    context.lineTo(x + r * 1.1, y);
    context.lineTo(x, y + r * 1.1);
    context.lineTo(x - r * 1.1, y);
  } else if (priority === "P3") {
    context.rect(x - r * 0.82, y - r * 0.82, r * 1.64, r * 1.64);
  } else {
    context.arc(x, y, r * 0.95, 0, Math.PI * 2);
  }
  context.closePath();
}

function mark(context, colours, one, selected) {
  const radius = (one.priority === "P1" ? 11 : 8) * colours.size;
  if (one.priority === "P1" || selected) {
    context.beginPath();
    context.arc(one.x, one.y, radius + 8 * colours.size, 0, Math.PI * 2);
    context.globalAlpha = 0.18;
    context.fillStyle = colours[one.priority];
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = selected ? 2.5 : 1.5;
    context.strokeStyle = selected ? colours.strong : colours[one.priority];
    context.stroke();
  }
  tracePriority(context, one.priority, one.x, one.y, radius);
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = colours.halo;
  context.stroke();
  context.fillStyle = colours[one.priority];
  context.fill();
}

function bubble(context, colours, group) {
  const count = group.members.length;
  const radius = (13 + Math.min(9, Math.log2(count) * 2)) * colours.size;
  context.beginPath();
  context.arc(group.x, group.y, radius, 0, Math.PI * 2);
  context.fillStyle = colours.cluster;
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = colours[group.top];
  context.stroke();
  context.fillStyle = colours.onCluster;
  context.font = `700 ${13 * colours.size}px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(count > 999 ? "999+" : String(count), group.x, group.y + 0.5);
  group.radius = radius;
}

/** Gather `points` ({number, priority, wx, wy}) for this view: {singles, groups}. */
export function gather(points, view, size = 1) {
  const cell = CELL * size;
  const cells = new Map();
  const singles = [];
  for (const point of points) {
    const one = { ...point, x: view.x(point.wx), y: view.y(point.wy) };
    if (one.x < -cell || one.y < -cell || one.x > view.width + cell || one.y > view.height + cell) continue;
    if (one.priority === "P1" || view.zoom >= SINGLES_FROM) {
      singles.push(one);
      continue;
    }
    // The grid stands on the ground, not on the screen: groups do not change while panning.
    const key = `${Math.floor((point.wx * view.scale) / cell)}:${Math.floor((point.wy * view.scale) / cell)}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(one);
  }
  const groups = [];
  for (const members of cells.values()) {
    if (members.length === 1) {
      singles.push(members[0]);
      continue;
    }
    groups.push({
      members,
      x: members.reduce((sum, one) => sum + one.x, 0) / members.length,
      y: members.reduce((sum, one) => sum + one.y, 0) / members.length,
      top: members.reduce((top, one) => (ORDER[one.priority] > ORDER[top] ? one.priority : top), "P4"),
    });
  }
  singles.sort((a, b) => ORDER[a.priority] - ORDER[b.priority]);
  return { singles, groups };
}

/** Paint the events; returns what stands where, for the pointer. */
export function paintMarks(context, view, points, colours, selected) {
  const { singles, groups } = gather(points, view, colours.size);
  for (const group of groups) bubble(context, colours, group);
  for (const one of singles) if (one.number !== selected) mark(context, colours, one, false);
  for (const one of singles) if (one.number === selected) mark(context, colours, one, true);
  return { singles, groups };
}

/** What is under canvas point (x, y): {number} or {numbers} or null. */
export function under(drawn, x, y) {
  const near = (one, reach) => Math.hypot(one.x - x, one.y - y) <= reach;
  const hits = drawn.singles.filter((one) => near(one, 18));
  if (hits.length) {
    const best = hits.reduce((a, b) => (Math.hypot(b.x - x, b.y - y) <= Math.hypot(a.x - x, a.y - y) ? b : a));
    return { number: best.number, title: best.title };
  }
  const group = drawn.groups.find((one) => near(one, one.radius + 6));
  return group ? { numbers: group.members.map((one) => one.number), members: group.members } : null;
}
