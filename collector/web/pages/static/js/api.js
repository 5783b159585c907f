// Every request to the server goes through here, and every failure comes back as one ApiError.
import { say, t } from "./texts.js";

/** What went wrong: `message` is one sentence for the user, `fields` one sentence for each form field. */
export class ApiError extends Error {
  constructor(status, reason, message, fields = {}, body = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
    this.fields = fields;
    this.body = body;
  }
}

/** GET a path under /api/ ("/api/tests" or "tests"); the answer's JSON. */
export const get = (path) => ask("GET", path);

/** POST a body; the answer's JSON. */
export const post = (path, body = {}) => ask("POST", path, body);

/** PUT a body; the answer's JSON. */
export const put = (path, body = {}) => ask("PUT", path, body);

/** PATCH a body; the answer's JSON. */
export const patch = (path, body = {}) => ask("PATCH", path, body);

/** Save what a path answers as a file, under the name the server gives it. */
export async function download(path) {
  const response = await reach("GET", path);
  const blob = await response.blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName(response) || "hipgonio";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The address of an API path. */
export function address(path) {
  if (path.startsWith("/")) return path;
  return "/api/" + path;
}

async function ask(method, path, body) {
  const response = await reach(method, path, body);
  if (response.status === 204) return null;
  const kind = response.headers.get("content-type") || "";
  return kind.includes("json") ? response.json() : response.text();
}

async function reach(method, path, body) {
  const options = { method, credentials: "same-origin", headers: { Accept: "application/json, */*;q=0.5" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(address(path), options);
  } catch {
    throw new ApiError(0, "offline", t("The computer does not answer. Check that hipgonio still runs, then try again."));
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  let body = null;
  try { body = await response.json(); } catch { /* not ours: a proxy's page or nothing */ }
  const error = body?.error || {};
  const fields = {};
  for (const [name, sentence] of Object.entries(error.fields || {})) fields[name] = say(sentence);
  const message = error.message ? say(error.message) : t("The computer answered with an error ({status}).", { status: response.status });
  if (response.status === 401) window.dispatchEvent(new CustomEvent("signed-out"));
  return new ApiError(response.status, error.reason || "unknown", message, fields, body);
}

function fileName(response) {
  const header = response.headers.get("content-disposition") || "";
  const plain = /filename="?([^";]+)"?/i.exec(header);
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(header);
  return coded ? decodeURIComponent(coded[1]) : plain?.[1];
}
