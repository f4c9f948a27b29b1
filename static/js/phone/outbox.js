// The outbox: a report is kept on the phone before anything is sent, and goes out exactly once.
import { ApiError, clockOffset, newId, post, upload } from "../shared/api.js";
import { openKeeping } from "./keeping.js";

const LOCK = "xianfeng-outbox";
const FRESH_MS = 60000;
const REFUSED = new Set([400, 403, 404, 409, 413, 415, 422]);

function signedOut(problem) {
  return problem.status === 401 || (problem.status === 403 && /CSRF/.test(problem.message));
}

/**
 * The outbox of one person. `onChange()` after every change, `onSent(event, item)` when a report has
 * become an event, `onRefused(why)` when one of its files was not taken. A row: {id, user, tappedAt, body, category, state: "unsent" | "fix" | "sent",
 * reason, number, priority, attempted, withdraw, sealed}.
 */
export async function openOutbox(user, { onChange, onSent, onRefused }) {
  const kept = await openKeeping();
  const channel = globalThis.BroadcastChannel ? new BroadcastChannel(LOCK) : null;
  const progress = new Map();
  const numbers = new Map();
  let reports = [];
  let files = [];
  let sending = false;
  let again = false;
  let out = false;
  let current = null;

  async function load() {
    const mine = (row) => row.user === user;
    reports = (await kept.all("reports")).filter(mine).sort((a, b) => a.tappedAt - b.tappedAt);
    files = (await kept.all("files")).filter(mine);
  }

  async function changed() {
    await load();
    channel?.postMessage("changed");
    onChange();
  }

  /** What goes over the line is fixed before the first try: a repetition is the same to the letter. */
  async function sealed(item) {
    if (item.sealed) return item.sealed;
    const body = { client_id: item.id, ...item.body };
    const age = Date.now() - item.tappedAt;
    if (age > FRESH_MS) {
      const offset = (await clockOffset()) ?? 0;
      body.occurred_at = new Date(item.tappedAt + offset).toISOString();
    }
    item.sealed = body;
    item.attempted = true;
    await kept.put("reports", item);
    return body;
  }

  async function refuse(item, problem) {
    item.state = "fix";
    item.reason = problem.message;
    item.sealed = null;
    await kept.put("reports", item);
  }

  async function withdrawSent(item) {
    try {
      await post(`events/${item.number}/cancel/`, { reason: item.withdraw }, { key: `${item.id}:cancel` });
    } catch (problem) {
      if (!REFUSED.has(problem.status)) throw problem;
    }
    item.withdraw = "";
    await kept.put("reports", item);
  }

  async function becameEvent(id, number, priority) {
    // Read again: meanwhile it may have been taken back.
    const item = (await kept.get("reports", id)) ?? reports.find((row) => row.id === id);
    Object.assign(item, { state: "sent", reason: "", number, priority });
    numbers.set(id, number);
    await kept.put("reports", item);
    return item;
  }

  async function sendReport(id) {
    current = id;
    onChange();
    const item = await kept.get("reports", id);
    if (item?.state !== "unsent") return;
    try {
      const event = await post("reports/", await sealed(item), { key: `${id}:${item.revision}` });
      onSent(event, await becameEvent(id, event.number, event.priority));
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      if (signedOut(problem) || !REFUSED.has(problem.status)) throw problem;
      // A report that cannot be accepted never holds up the ones behind it.
      if (problem.problem?.event) await becameEvent(id, problem.problem.event, "P4");
      else await refuse(item, problem);
    }
  }

  async function sendReports() {
    for (const item of reports.filter((row) => row.state === "unsent")) {
      try {
        await sendReport(item.id);
      } finally {
        current = null;
      }
    }
    await load();
    for (const item of reports.filter((row) => row.state === "sent" && row.withdraw)) {
      await withdrawSent(item);
    }
  }

  async function sendFile(file, item) {
    const form = new FormData();
    form.append("file", file.blob, file.name);
    form.append("event", item.number);
    form.append("client_id", file.id);
    progress.set(file.id, 0);
    await upload("attachments/", form, (part) => {
      progress.set(file.id, part);
      onChange();
    });
    await kept.remove("files", file.id);
  }

  async function sendFiles() {
    const ready = files
      .map((file) => [file, reports.find((row) => row.id === file.report)])
      .filter(([, item]) => item?.state === "sent")
      .sort(([, a], [, b]) => (a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : 0));
    for (const [file, item] of ready) {
      try {
        await sendFile(file, item);
      } catch (problem) {
        if (!(problem instanceof ApiError)) throw problem;
        if (signedOut(problem) || !REFUSED.has(problem.status)) throw problem;
        await kept.remove("files", file.id);
        onRefused(problem.message);
      } finally {
        progress.delete(file.id);
      }
    }
  }

  /** What has become an event and has nothing left to send need not be kept. */
  async function tidy() {
    await load();
    for (const item of reports) {
      const rest = files.some((file) => file.report === item.id);
      if (item.state === "sent" && !item.withdraw && !rest) await kept.remove("reports", item.id);
    }
  }

  async function run() {
    await load();
    try {
      await sendReports();
      await load();
      await sendFiles();
      out = false;
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      out = signedOut(problem);
    }
    await tidy();
  }

  function locked(work) {
    // Several tabs share the outbox: one sends, the others are told.
    return navigator.locks ? navigator.locks.request(LOCK, work) : work();
  }

  async function flush() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    try {
      do {
        again = false;
        await locked(run);
      } while (again);
    } finally {
      sending = false;
      await changed();
    }
  }

  if (channel) {
    channel.onmessage = async () => {
      await load();
      onChange();
    };
  }
  await load();

  return {
    lasting: kept.lasting,
    flush,
    get signedOut() {
      return out;
    },
    /** Rows that are not events yet, the newest first. */
    get unsent() {
      return reports.filter((row) => row.state !== "sent").reverse();
    },
    /** How much is still to go: reports, and files of those already sent. */
    get pending() {
      const sent = new Set(reports.filter((row) => row.state === "sent").map((row) => row.id));
      const open = reports.filter((row) => row.state !== "sent" || row.withdraw);
      return open.length + files.filter((file) => sent.has(file.report)).length;
    },
    isSending: (id) => current === id,
    byNumber: (number) => reports.find((row) => row.number === number) ?? null,
    find: (id) => reports.find((row) => row.id === id) ?? null,
    /** {waiting: how many, part: 0..1 of the one on its way, or null} of a report's files. */
    filesOf(id) {
      const own = files.filter((file) => file.report === id);
      const active = own.find((file) => progress.has(file.id));
      return { waiting: own.length, part: active ? progress.get(active.id) : null };
    },
    /** Keep a report with its files ([{blob, name}]); resolves when it is safe. Returns its id. */
    async add(body, category, attached) {
      const id = newId();
      const row = {
        id,
        user,
        tappedAt: Date.now(),
        body,
        category,
        state: "unsent",
        reason: "",
        number: "",
        revision: 0,
        attempted: false,
        withdraw: "",
        sealed: null,
      };
      const rows = attached.map(({ blob, name }) => ({
        id: newId(),
        report: id,
        user,
        blob,
        name,
      }));
      await kept.putTogether(row, rows);
      await changed();
      return id;
    },
    /** Change what was refused, and try again. */
    async mend(id, body) {
      const item = await kept.get("reports", id);
      Object.assign(item, { body: { ...item.body, ...body }, state: "unsent", reason: "" });
      item.revision += 1;
      await kept.put("reports", item);
      await changed();
    },
    /** Take back what is not an event yet; answers its number when meanwhile it is one. A try whose
     *  answer was lost may have made one: it is sent once more, which changes nothing, and cancelled. */
    async takeBack(id, reason) {
      const item = await kept.get("reports", id);
      if (numbers.has(id) || !item) return numbers.get(id) ?? "";
      if (item.state !== "fix" && (item.attempted || current === id)) {
        item.withdraw = reason;
        await kept.put("reports", item);
      } else {
        for (const file of files.filter((one) => one.report === id)) await kept.remove("files", file.id);
        await kept.remove("reports", id);
      }
      await changed();
      return "";
    },
  };
}
