// One position watch, kept warm, so that a tap never waits for it.
import { post } from "../shared/api.js";

const OPTIONS = { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 };
const OLD_MS = 60000;
const ROUGH_M = 50;
const MOVED_M = 40;
const NAME_GAP_MS = 4000;

function metres(a, b) {
  const k = Math.PI / 180;
  const x = (b.lon - a.lon) * k * Math.cos(((a.lat + b.lat) / 2) * k);
  const y = (b.lat - a.lat) * k;
  return Math.hypot(x, y) * 6371000;
}

/**
 * Follow the device. `onChange()` is called when something changed. The result has `state`: "idle"
 * (not asked yet), "locating", "ok", "denied", "unavailable"; `fix` {lon, lat, accuracy, at} in
 * WGS-84 and metres, or null; `area` the answer of geo/locate/ for it, or null.
 */
export function followPosition(onChange) {
  const position = { state: "idle", fix: null, area: null, start, until, doubtful, old };
  let watch = null;
  let named = null;
  let namedAt = 0;

  function set(state) {
    position.state = state;
    onChange();
  }

  function old(now = Date.now()) {
    return Boolean(position.fix) && now - position.fix.at > OLD_MS;
  }

  function doubtful(now = Date.now()) {
    return !position.fix || position.fix.accuracy > ROUGH_M || old(now);
  }

  async function name() {
    const { fix } = position;
    if (named && metres(named, fix) < MOVED_M) return;
    if (Date.now() - namedAt < NAME_GAP_MS) return;
    namedAt = Date.now();
    try {
      position.area = await post("geo/locate/", { location: { lon: fix.lon, lat: fix.lat, crs: "WGS84" } });
      named = fix;
      onChange();
    } catch {
      // The name of the street is a comfort; without it the fix is shown alone.
    }
  }

  function found({ coords, timestamp }) {
    position.fix = {
      lon: coords.longitude,
      lat: coords.latitude,
      accuracy: coords.accuracy,
      at: Math.min(timestamp || Date.now(), Date.now()),
    };
    set("ok");
    name();
  }

  function failed(problem) {
    if (problem.code === problem.PERMISSION_DENIED) {
      navigator.geolocation.clearWatch(watch);
      watch = null;
      position.fix = null;
      set("denied");
    } else if (!position.fix) {
      set("unavailable");
    }
  }

  /** Begin; with a prompt of the browser when it has not been asked before. */
  function start() {
    if (watch !== null) return;
    if (!navigator.geolocation) {
      set("unavailable");
      return;
    }
    set("locating");
    watch = navigator.geolocation.watchPosition(found, failed, OPTIONS);
  }

  /** The fix, waiting at most `patience` milliseconds for the first one; null without. */
  function until(patience) {
    if (position.fix || position.state !== "locating") return Promise.resolve(position.fix);
    return new Promise((resolve) => {
      const end = Date.now() + patience;
      const timer = setInterval(() => {
        if (!position.fix && position.state === "locating" && Date.now() < end) return;
        clearInterval(timer);
        resolve(position.fix);
      }, 100);
    });
  }

  return position;
}

/** Whether the device has already been allowed to tell its position: "granted", "prompt", "denied". */
export async function permission() {
  try {
    const found = await navigator.permissions.query({ name: "geolocation" });
    return found.state;
  } catch {
    return "granted";
  }
}
