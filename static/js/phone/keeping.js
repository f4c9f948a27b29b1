// Where unsent reports live: IndexedDB, or memory where the browser refuses it.
import { openDB } from "../../vendor/idb@8.0.4/index.js";

const NAME = "xianfeng";
const STORES = ["reports", "files"];

function inMemory() {
  const stores = Object.fromEntries(STORES.map((name) => [name, new Map()]));
  return {
    lasting: false,
    all: async (name) => [...stores[name].values()],
    get: async (name, id) => stores[name].get(id),
    put: async (name, row) => void stores[name].set(row.id, row),
    remove: async (name, id) => void stores[name].delete(id),
    async putTogether(report, files) {
      stores.reports.set(report.id, report);
      for (const file of files) stores.files.set(file.id, file);
    },
  };
}

/** {lasting, all, get, put, remove, putTogether}; rows have an `id`. */
export async function openKeeping() {
  try {
    const db = await openDB(NAME, 1, {
      upgrade(fresh) {
        for (const name of STORES) fresh.createObjectStore(name, { keyPath: "id" });
      },
    });
    navigator.storage?.persist?.();
    return {
      lasting: true,
      all: (name) => db.getAll(name),
      get: (name, id) => db.get(name, id),
      put: (name, row) => db.put(name, row),
      remove: (name, id) => db.delete(name, id),
      // One transaction: a report without its photo, or the other way round, cannot be kept.
      async putTogether(report, files) {
        const change = db.transaction(STORES, "readwrite");
        await Promise.all([
          change.objectStore("reports").put(report),
          ...files.map((file) => change.objectStore("files").put(file)),
          change.done,
        ]);
      },
    };
  } catch {
    return inMemory();
  }
}
