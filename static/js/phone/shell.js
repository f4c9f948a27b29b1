// The service worker keeps what this page is made of, so that it opens without a network.
const SETTLED_MS = 2000;

function parts() {
  const seen = performance.getEntriesByType("resource").map((entry) => entry.name.split("#")[0]);
  const own = seen.filter((url) => new URL(url).pathname.startsWith("/static/"));
  return [...new Set([...own, new URL(document.body.dataset.sprite, location.origin).href])];
}

/** Register the worker and tell it what to keep. Without one the page works, but only online. */
export async function keepShell() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { active } = await navigator.serviceWorker.ready;
    setTimeout(() => active.postMessage({ op: "keep", urls: parts() }), SETTLED_MS);
  } catch {
    // An untrusted certificate or a private window: the page says so by its line state when offline.
  }
}
