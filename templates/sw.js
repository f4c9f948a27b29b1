// Looks after the phone page: it opens without a network. Never touches /api or the socket.
"use strict";

const SHELL = "xianfeng-shell-1";
const PAGE = "{% url 'report' %}";
const PATIENCE_MS = 3000;
// Names with a hash never change their content; others (development) are asked for again.
const HASHED = /\.[0-9a-f]{12}\.[a-z0-9]+$/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith("xianfeng-shell") && name !== SHELL)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data.op === "keep") event.waitUntil(keep(event.data.urls));
  if (event.data.op === "forget") event.waitUntil(caches.delete(SHELL));
});

// The page tells what it is made of; what it no longer uses goes.
async function keep(urls) {
  const cache = await caches.open(SHELL);
  const wanted = new Set(urls.map((url) => new URL(url, self.location.origin).href));
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url) && !request.url.endsWith(PAGE)) await cache.delete(request);
  }
  for (const url of wanted) {
    if (!(await cache.match(url)) || !HASHED.test(url)) await store(cache, url);
  }
  await store(cache, PAGE);
}

async function store(cache, url) {
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    if (response.ok && !response.redirected) await cache.put(url, response);
  } catch {
    // Without a network the old copy stays.
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
});

async function part(request) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    return await fetch(request);
  } catch (problem) {
    if (kept) return kept;
    throw problem;
  }
}

async function page(request) {
  const cache = await caches.open(SHELL);
  const network = fetch(request).then((response) => {
    if (response.ok && !response.redirected) cache.put(PAGE, response.clone());
    return response;
  });
  const kept = await cache.match(PAGE);
  if (!kept) return network;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([network.catch(() => kept), late]);
}
