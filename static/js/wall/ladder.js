// Who has not answered yet: departments with what waits for them, the longest first.
import { icon } from "../shared/icon.js";
import { html, repeat } from "../shared/lit.js";
import { current, OPEN } from "../shared/store.js";
import { ms } from "../shared/time.js";
import { t } from "../room/words.js";

/** Departments that have something unclaimed: [{code, name, count, since, urgent, title}]. */
export function waitingOf(events) {
  const found = new Map();
  for (const event of events) {
    if (!OPEN.has(event.state) || event.state === "handled" || event.on_hold) continue;
    for (const one of current(event)) {
      if (one.state !== "dispatched") continue;
      const { code, name } = one.department;
      const since = ms(one.dispatched_at);
      const row = found.get(code) ?? { code, name, count: 0, since: Infinity, urgent: false };
      row.count += 1;
      row.urgent ||= event.priority === "P1";
      if (since < row.since) Object.assign(row, { since, title: event.title, number: event.number });
      found.set(code, row);
    }
  }
  return [...found.values()].sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.since - b.since);
}

/** 03:25, 1:05:09; seconds always shown, because they count here. */
export function waited(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (number) => String(number).padStart(2, "0");
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}

/** The ladder, at most `rows` long. */
export function ladderView(events, now, rows) {
  const all = waitingOf(events);
  if (!all.length) return html`<p class="wall-empty">${icon("check", "l")}${t("所有部门都已签收")}</p>`;
  return html`<ol role="list">
    ${repeat(
      all.slice(0, rows),
      (one) => one.code,
      (one) => html`<li class="ladder-row ${one.urgent ? "urgent" : ""}">
        <a href="/events/${one.number}/" target="xianfeng-room">
          <span class="ladder-name">${one.name}</span>
          <span class="ladder-count">${t("{n} 件", { n: one.count })}</span>
          <time class="ladder-time figures">${waited(now - one.since)}</time>
        </a>
      </li>`,
    )}
  </ol>`;
}
