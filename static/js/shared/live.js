// The live line: one socket, resumed at the position where it broke. Entries come in order, once.
const PATH = "/ws/v1/live/";
const SILENCE_MS = 45000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 20000;
const OFFLINE_AFTER_MS = 8000;
const SAMPLES = 8;

/**
 * Open the line. Options: topics, position ({epoch, offset} of the snapshot, or null), now (the
 * snapshot's server time); onEntry(entry, message), onReady(message), onDenied(topic),
 * onReset() (may return a promise of a new position: entries wait for it), onState(state, since),
 * onHere(message), onSignedOut(). Returns {add, remove, here, close, seenClock, serverNow, state}.
 */
export function connect(options) {
  const topics = new Set(options.topics ?? []);
  let position = options.position ?? null;
  let socket = null;
  let state = "connecting";
  let lastHeard = Date.now();
  let brokenSince = Date.now();
  let failures = 0;
  let closed = false;
  let retryTimer = 0;
  let silenceTimer = 0;
  let offlineTimer = 0;
  let asked = [];
  let waiting = null;
  let ahead = 0;
  const seen = new Set();
  const samples = [];

  function seenClock(at) {
    const sample = Date.parse(at) - Date.now();
    if (Number.isNaN(sample)) return;
    samples.push(sample);
    if (samples.length > SAMPLES) samples.shift();
  }

  // A message is as late as the network: the largest difference seen lately is the truest.
  function serverNow() {
    return Date.now() + (samples.length ? Math.max(...samples) : 0);
  }

  function setState(next) {
    if (next === "live") {
      brokenSince = 0;
      clearTimeout(offlineTimer);
    } else if (!brokenSince) {
      brokenSince = Date.now();
    }
    state = next;
    options.onState?.(state, lastHeard);
  }

  function tell(message) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  function subscribe(list) {
    if (list.length && tell({ op: "subscribe", topics: list, position })) {
      asked.push(position !== null);
    }
  }

  // While a subscription is unanswered its replay may bring offsets below ones already seen: until
  // then the position stands still, and what has come is remembered one by one.
  function advance(to) {
    if (!to || asked.length) return;
    if (position?.epoch !== to.epoch) position = { ...to };
    else position.offset = Math.max(position.offset, to.offset, ahead);
    ahead = 0;
    seen.clear();
  }

  function restart(at) {
    position = at && { ...at };
    ahead = 0;
    seen.clear();
  }

  async function reset() {
    waiting ??= [];
    try {
      const next = await options.onReset?.();
      if (next?.epoch && !position) restart(next);
      if (next?.epoch && next.epoch === position?.epoch) {
        waiting = waiting.filter((message) => message.offset > next.offset);
      }
    } finally {
      const held = waiting ?? [];
      waiting = null;
      for (const message of held) options.onEntry?.(message.entry, message);
    }
  }

  function onEntry(message) {
    const { offset, entry } = message;
    if (seen.has(offset) || (position && offset <= position.offset)) return;
    if (position && !asked.length) {
      position.offset = offset;
    } else {
      seen.add(offset);
      ahead = Math.max(ahead, offset);
    }
    if (waiting) waiting.push(message);
    else options.onEntry?.(entry, message);
  }

  function onReady(message) {
    const resumed = asked.shift() ?? false;
    failures = 0;
    const lost = resumed && !message.recovered;
    if (lost) restart(message.position);
    else advance(message.position);
    // The answer to a ping carries the server's clock.
    if (state !== "live") tell({ op: "ping" });
    setState("live");
    options.onReady?.(message);
    if (lost) reset();
  }

  const handlers = {
    ready: onReady,
    entry: onEntry,
    top: (message) => advance(message.position),
    denied(message) {
      topics.delete(message.topic);
      options.onDenied?.(message.topic);
    },
    reset() {
      asked = [];
      restart(null);
      reset();
      subscribe([...topics]);
    },
    here: (message) => options.onHere?.(message),
  };

  function heard(event) {
    lastHeard = Date.now();
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(reopen, SILENCE_MS);
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return;
    }
    if (message.now) seenClock(message.now);
    else if (message.op === "entry" && Date.parse(message.entry?.at) > serverNow()) {
      seenClock(message.entry.at);
    }
    handlers[message.op]?.(message);
  }

  function drop() {
    clearTimeout(silenceTimer);
    clearTimeout(retryTimer);
    if (!socket) return;
    const old = socket;
    socket = null;
    old.onopen = old.onmessage = old.onclose = old.onerror = null;
    old.close();
  }

  function open() {
    drop();
    if (closed) return;
    asked = [];
    setState(navigator.onLine ? "connecting" : "offline");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}${PATH}`);
    socket.onopen = () => {
      lastHeard = Date.now();
      silenceTimer = setTimeout(reopen, SILENCE_MS);
      subscribe([...topics]);
    };
    socket.onmessage = heard;
    socket.onclose = (event) => broken(event.code);
  }

  function broken(code) {
    drop();
    if (closed) return;
    if (code === 4401 || code === 4403) {
      setState("offline");
      options.onSignedOut?.();
      return;
    }
    setState(navigator.onLine && Date.now() - (brokenSince || Date.now()) < OFFLINE_AFTER_MS ? "connecting" : "offline");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 8));
    failures += 1;
    // Half of the wait is chance, so that a thousand screens do not come back at once.
    retryTimer = setTimeout(open, wait / 2 + (Math.random() * wait) / 2);
  }

  function reopen() {
    failures = 0;
    open();
  }

  function wake() {
    if (closed || document.visibilityState === "hidden") return;
    if (socket?.readyState !== WebSocket.OPEN) {
      if (socket?.readyState !== WebSocket.CONNECTING) reopen();
      return;
    }
    // A line that slept with the machine may be dead without knowing it.
    const before = lastHeard;
    tell({ op: "ping" });
    clearTimeout(offlineTimer);
    offlineTimer = setTimeout(() => lastHeard === before && reopen(), 5000);
  }

  function lost() {
    if (closed) return;
    drop();
    setState("offline");
  }

  addEventListener("online", wake);
  addEventListener("offline", lost);
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", wake);
  if (options.now) seenClock(options.now);
  open();

  return {
    /** Follow more topics from here on: ask first, then fetch their snapshot. */
    add(list) {
      const fresh = list.filter((topic) => !topics.has(topic));
      fresh.forEach((topic) => topics.add(topic));
      subscribe(fresh);
    },
    remove(list) {
      const known = list.filter((topic) => topics.delete(topic));
      if (known.length) tell({ op: "unsubscribe", topics: known });
    },
    /** Tell the others in an event's room that this person is there. */
    here(event, typing = false) {
      tell({ op: "here", event, typing });
    },
    close() {
      closed = true;
      drop();
      clearTimeout(offlineTimer);
      removeEventListener("online", wake);
      removeEventListener("offline", lost);
      removeEventListener("focus", wake);
      document.removeEventListener("visibilitychange", wake);
    },
    seenClock,
    serverNow,
    get state() {
      return state;
    },
    get since() {
      return lastHeard;
    },
    get position() {
      return position;
    },
  };
}
