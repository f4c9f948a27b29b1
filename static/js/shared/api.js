// HTTP: JSON in and out, refusals as words.
import { t } from "./words.js";

const ROOT = "/api/v1/";
const PATIENCE_MS = 20000;
let offset = null;

/** A refusal or a broken line. `status` 0 is the network; `problem` is the answer's JSON or null. */
export class ApiError extends Error {
  constructor(status, problem, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
  }
}

function address(path, params) {
  const url = new URL(path.startsWith("/") ? path : ROOT + path, location.origin);
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== "") url.searchParams.append(name, one);
    }
  }
  return url;
}

/** The CSRF token; the cookie is newer than a page from the cache. */
export function csrf() {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return cookie ? cookie[1] : document.querySelector('meta[name="csrf-token"]').content;
}

function learn(date) {
  const server = Date.parse(date ?? "");
  if (!Number.isNaN(server)) offset = server - Date.now();
}

/** The server's clock minus this one in milliseconds, to the second; null when it never answered. */
export async function clockOffset() {
  if (offset === null) await get("me/").catch(() => null);
  return offset;
}

function refusal(status, problem) {
  const known = ["401", "403", "404", "409", "413", "429"];
  const fallback = status >= 500 ? "http.500" : known.includes(String(status)) ? `http.${status}` : "http.other";
  return new ApiError(status, problem, problem?.detail || t(fallback));
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

async function send(method, url, { headers = {}, body, patience = PATIENCE_MS } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  let status, text;
  try {
    const answer = await fetch(url, {
      method,
      body,
      headers: { Accept: "application/json", ...headers },
      credentials: "same-origin",
      signal: abort.signal,
    });
    status = answer.status;
    learn(answer.headers.get("Date"));
    text = await answer.text();
  } catch {
    throw new ApiError(0, null, t("http.0"));
  } finally {
    clearTimeout(timer);
  }
  const data = parse(text);
  if (status < 200 || status > 299) throw refusal(status, data);
  return data;
}

/** GET below /api/v1/ (or an absolute path); the answer's JSON. Throws ApiError. */
export function get(path, params) {
  return send("GET", address(path, params));
}

/** POST JSON; `key` makes sending it again harmless. The answer's JSON. Throws ApiError. */
export function post(path, body = {}, { key } = {}) {
  return send("POST", address(path), {
    body: JSON.stringify(body),
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": csrf(),
      "Idempotency-Key": key ?? newId(),
    },
  });
}

/** POST a FormData; `onProgress` gets 0..1. The answer's JSON. Throws ApiError. */
export function upload(path, formData, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address(path));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf());
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    };
    request.onerror = request.ontimeout = request.onabort = () =>
      reject(new ApiError(0, null, t("http.0")));
    request.onload = () => {
      const data = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(data);
      else reject(refusal(request.status, data));
    };
    request.send(formData);
  });
}

/** A random UUID, also where the page is not served securely. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Who is signed in, from the page: {id, username, name, role, roleName, department, areas}. */
export function me() {
  const data = document.body.dataset;
  return {
    id: data.userId ?? "",
    username: data.username ?? "",
    name: data.name ?? "",
    role: data.role ?? "",
    roleName: data.roleName ?? "",
    department: data.department ? { code: data.department, name: data.departmentName } : null,
    areas: JSON.parse(data.areas || "[]"),
  };
}
