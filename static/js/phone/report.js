// The phone page: one tap on the street. Everything is kept on the phone before it is sent.
import { ApiError, get, me, post } from "../shared/api.js";
import { ask } from "../shared/ask.js";
import { showLine } from "../shared/line.js";
import { html, nothing, render } from "../shared/lit.js";
import { icon } from "../shared/icon.js";
import { connect } from "../shared/live.js";
import { apply } from "../shared/store.js";
import { toast } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { chooseClass, classes } from "./classes.js";
import { composer, placeStrip, receipt } from "./composer.js";
import { newDraft } from "./draft.js";
import { canRecord } from "./media.js";
import { mineList } from "./mine.js";
import { openOutbox } from "./outbox.js";
import { followPosition, permission } from "./position.js";
import { keepShell } from "./shell.js";

const RETRY_MS = 30000;
const FIRST_FIX_MS = 4000;
const TOO_OLD_MS = 10 * 60000;
const LISTED = 50;

const reader = me();
const page = document.getElementById("phone");
const slots = Object.fromEntries(
  ["composer", "place-strip", "receipt", "mine", "unsent", "mine-count", "banners", "line"].map((id) => [
    id,
    document.getElementById(id),
  ]),
);
const events = new Map();
const busyEvents = new Set();
const catalogue = classes();
const draft = newDraft(draw);
let outbox = null;
let line = null;
let map = null;
let lastId = null;
let lastSent = null;
let reporting = false;
let loaded = false;
let sessionEnded = false;
let loading = 0;
const held = [];
let problem = "";

const position = followPosition(() => {
  showOnMap();
  draw();
});

function now() {
  return line ? line.serverNow() : Date.now();
}

// ---- drawing -------------------------------------------------------------------------------

function set(changes) {
  draft.set(changes);
  if (changes.addressOpen) requestAnimationFrame(() => document.getElementById("address")?.focus());
}

function banners() {
  const shown = [];
  if (outbox.signedOut || sessionEnded) {
    shown.push(html`<div class="notice warn" role="alert">${icon("lock")}<p class="notice-body">${t("phone.signed_out")}</p>
      <a class="button small" href="/accounts/login/?next=/report/">${t("phone.sign_in")}</a></div>`);
  }
  if (!outbox.lasting) shown.push(html`<div class="notice warn">${icon("warn")}<p class="notice-body">${t("phone.no_store")}</p></div>`);
  if (!isSecureContext) shown.push(html`<div class="notice warn">${icon("warn")}<p class="notice-body">${t("phone.insecure")}</p></div>`);
  return shown.length ? html`${shown}` : nothing;
}

function lastItem() {
  if (!lastId) return null;
  return outbox.find(lastId) ?? lastSent;
}

let drawing = 0;
function draw() {
  if (!drawing && outbox) drawing = requestAnimationFrame(drawNow);
}

function drawNow() {
  drawing = 0;
  const online = navigator.onLine;
  const item = lastItem();
  render(banners(), slots.banners);
  render(placeStrip({ position, draft, now: Date.now(), set, start: position.start }), slots["place-strip"]);
  render(receipt({ item, event: item?.number ? events.get(item.number) : null, outbox, online, act }), slots.receipt);
  render(
    composer({
      draft,
      list: catalogue.chips(),
      set,
      recordable: canRecord(),
      busy: reporting,
      more: chooseMore,
      report,
    }),
    slots.composer,
  );
  render(mineList({ outbox, events, problem, loaded, now: now(), online, act, busy: busyEvents, filesFor }), slots.mine);
  const pending = outbox.pending;
  slots.unsent.hidden = !pending;
  slots.unsent.textContent = t("phone.unsent", { count: pending });
  const ask = [...events.values()].filter((event) => event.state === "handled").length + outbox.unsent.length;
  slots["mine-count"].hidden = !ask;
  slots["mine-count"].textContent = ask;
}

function filesFor(number) {
  const item = outbox.byNumber(number);
  return item ? outbox.filesOf(item.id) : { waiting: 0, part: null };
}

// ---- the tap -------------------------------------------------------------------------------

async function chooseMore() {
  const chosen = await chooseClass(catalogue.list);
  if (chosen) set({ category: chosen });
}

async function report() {
  if (reporting) return;
  reporting = true;
  draw();
  try {
    await draft.settle();
    const fix = await position.until(FIRST_FIX_MS);
    const address = draft.address.trim();
    const usable = fix && (Date.now() - fix.at < TOO_OLD_MS || !address);
    if (!usable && !address) {
      toast(t("phone.need_place"), { tone: "bad" });
      set({ addressOpen: true });
      return;
    }
    const body = { text: draft.text.trim(), address };
    if (draft.category) body.category = draft.category.code;
    if (usable) body.location = { lon: fix.lon, lat: fix.lat, crs: "WGS84", accuracy_m: Math.round(fix.accuracy) };
    const category = draft.category && { code: draft.category.code, name: draft.category.name };
    lastSent = null;
    lastId = await outbox.add(body, category, draft.files.map(({ blob, name }) => ({ blob, name })));
    navigator.vibrate?.(60);
    if (category) catalogue.used(category.code);
    draft.clear();
  } finally {
    reporting = false;
    draw();
  }
  outbox.flush();
}

function onRefused(why) {
  toast(t("phone.photo_failed", { why }), { tone: "bad", stay: 0, action: { label: t("close"), run() {} } });
}

function onSent(event, item) {
  if (item.id === lastId) lastSent = item;
  take(event);
  draw();
}

// ---- my reports ----------------------------------------------------------------------------

function isMine(event) {
  const { name, department } = event.reporter ?? {};
  return name === reader.name && (department ?? "") === (reader.department?.name ?? "");
}

function take(event) {
  const known = events.get(event.number);
  if (!known || known.seq <= event.seq) events.set(event.number, event);
}

// Entries wait while a snapshot is on its way: it may be older than they are.
async function load() {
  loading += 1;
  try {
    const desk = await get("desk/", { limit: 1 });
    const list = await get("events/", { mine: 1, limit: LISTED });
    list.results.filter(isMine).forEach(take);
    loaded = true;
    problem = "";
    line?.seenClock(desk.now);
    return desk;
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    problem = failure.message;
    return null;
  } finally {
    loading -= 1;
    if (!loading) held.splice(0).forEach(onEntry);
    draw();
  }
}

async function onEntry(entry) {
  if (loading) {
    held.push(entry);
    return;
  }
  const known = events.get(entry.event);
  if (known) {
    apply(known, entry);
    draw();
  } else if (entry.kind === "registered" && entry.actor?.name === reader.name) {
    const event = await get(`events/${entry.event}/`).catch(() => null);
    if (event && isMine(event)) take(event);
    draw();
  }
}

async function follow() {
  const desk = await load();
  line = connect({
    topics: ["desk"],
    position: desk?.position ?? null,
    now: desk?.now,
    onEntry,
    onReady: () => outbox.flush(),
    onDenied(topic) {
      const [kind, number] = topic?.split(":") ?? [];
      if (kind === "event") events.delete(number);
      draw();
    },
    onReset: async () => (await load())?.position,
    onState(state, since) {
      showLine(slots.line, state, since);
      if (state === "live") sessionEnded = false;
      if (state === "live" && problem) load();
      draw();
    },
    onSignedOut() {
      sessionEnded = true;
      draw();
    },
  });
  showLine(slots.line, line.state, line.since);
}

async function doTo(event, action, body) {
  busyEvents.add(event.number);
  draw();
  try {
    take(await post(`events/${event.number}/${action}/`, body));
    return true;
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    toast(failure.message, { tone: "bad" });
    if (failure.status === 409) get(`events/${event.number}/`).then(take).then(draw, () => {});
    return false;
  } finally {
    busyEvents.delete(event.number);
    draw();
  }
}

const act = {
  reload: load,
  dismiss() {
    lastId = lastSent = null;
    draw();
  },
  async withdraw(event) {
    const sure = await ask({ title: t("phone.withdraw_ask"), text: event.title, confirm: t("phone.withdraw"), danger: true });
    if (sure && (await doTo(event, "cancel", { reason: t("phone.withdraw_reason") }))) toast(t("phone.withdrawn"));
  },
  async verify(event, passed) {
    if (passed) {
      await doTo(event, "verify", { passed: true });
      return;
    }
    const text = await ask({
      title: t("phone.fail"),
      confirm: t("phone.fail"),
      input: { label: t("phone.fail_why"), required: true },
    });
    if (text) await doTo(event, "verify", { passed: false, text });
  },
  async takeBack(item) {
    const title = item.state === "fix" ? t("phone.drop_ask") : t("phone.withdraw_ask");
    if (!(await ask({ title, confirm: item.state === "fix" ? t("phone.drop") : t("phone.withdraw"), danger: true }))) return;
    const reason = t("phone.withdraw_reason");
    const number = await outbox.takeBack(item.id, reason);
    if (number) await doTo({ number }, "cancel", { reason });
    else if (item.id === lastId) lastId = null;
    outbox.flush();
  },
  async fix(item) {
    const address = await ask({
      title: t("state.fix"),
      text: item.reason,
      confirm: t("phone.resend"),
      input: { label: t("phone.address"), value: item.body.address, placeholder: t("phone.address_hint") },
    });
    if (address === null) return;
    await outbox.mend(item.id, { address });
    lastId = item.id;
    outbox.flush();
  },
};

// ---- the page ------------------------------------------------------------------------------

function goTo(tab) {
  page.dataset.tab = tab;
  for (const button of page.querySelectorAll("[data-go]")) {
    if (button.dataset.go === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

function showOnMap() {
  const { fix } = position;
  if (!map || !fix) return;
  map.setPlace(fix.lon, fix.lat, fix.accuracy);
  map.go(fix.lon, fix.lat, 16.5);
}

// The map is a comfort: it never competes with a report for one bar of signal.
async function drawMap() {
  const { saveData = false, effectiveType = "4g" } = navigator.connection ?? {};
  if (saveData || effectiveType !== "4g") return;
  try {
    const { createMap } = await import("../shared/map.js");
    map = createMap(document.getElementById("place-map"), { interactive: false });
    showOnMap();
  } catch {
    addEventListener("online", drawMap, { once: true });
  }
}

function guardSignOut() {
  document.getElementById("sign-out").addEventListener("submit", (event) => {
    if (outbox.pending) {
      event.preventDefault();
      toast(t("phone.no_sign_out", { count: outbox.pending }), { tone: "bad" });
      return;
    }
    navigator.serviceWorker?.controller?.postMessage({ op: "forget" });
  });
}

async function begin() {
  for (const button of page.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => goTo(button.dataset.go));
  }
  outbox = await openOutbox(reader.id, { onChange: draw, onSent, onRefused });
  guardSignOut();
  slots.composer.textContent = "";
  draw();
  if ((await permission()) !== "prompt") position.start();
  outbox.flush();
  follow();
  catalogue.load().then(draw, () => {});
  for (const name of ["online", "focus"]) addEventListener(name, () => outbox.flush());
  addEventListener("offline", draw);
  setInterval(() => outbox.pending && outbox.flush(), RETRY_MS);
  setInterval(draw, 1000);
  await drawMap();
  keepShell();
}

begin();
