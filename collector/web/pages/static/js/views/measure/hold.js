// Sensors that are connected and wait: they are let go when somebody leaves, not before.
import * as api from "../../api.js";
import { announce } from "../../dom.js";
import { accept, run } from "../../live.js";
import { here } from "../../router.js";
import { t } from "../../texts.js";
import { path, request } from "./choices.js";

const KEY = "held";

/** Whether a RUN has its sensors on the way to a beginning. */
export const waiting = (now) => Boolean(now) && (now.state === "looking" || now.state === "gate");

/** Whether a RUN is of this subject, test and side. */
export function isOf(now, { code, test, side }) {
  return now.subject === code && now.test === test && (now.side ?? "both") === side;
}

/** Find and connect the sensors of a trial, and those of the segments `also`; rejects with an ApiError. */
export async function hold(where, test, also = []) {
  const begun = await api.post("trial", { ...request({ ...where, test }), ...(also.length ? { also } : {}) });
  remember(begun.number);
  accept(begun);
}

/** Let the sensors go. */
export async function letGo() {
  remember(null);
  await api.post("trial/stop");
}

/** To be called when a view of a test is left: only the tab that connected the sensors lets go of them. */
export async function left(where) {
  const now = run();
  const goesOn = here() === "/live" || here().startsWith(path(where, ""));
  if (goesOn || !waiting(now) || remembered() !== now.number) return;
  await letGo().catch(() => {}); // they are let go by themselves later
  announce(t("The sensors were let go."));
}

function remember(number) {
  try { sessionStorage.setItem(KEY, JSON.stringify(number)); } catch { /* private window */ }
}

function remembered() {
  try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; }
}
