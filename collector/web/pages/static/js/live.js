// The one WebSocket: what the server does now, as it changes. Nothing that matters lives here alone.
import { announce } from "./dom.js";
import { t } from "./texts.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const LONGEST_SILENCE_MS = { frame: 2500, beat: 15_000 }; // after a message of that kind
const listeners = { run: new Set(), frame: new Set(), cue: new Set(), connection: new Set() };

let socket = null;
let last = null;
let open = false;
let wait = FIRST_WAIT_MS;
let timer = null;
let wanted = false;
let silence = null;

/** The last RUN, or null before the first. */
export const run = () => last;

/** Whether the computer is connected. */
export const connected = () => open;

/** Call `fn(run)` soon with what is known, then at every change; returns the way to stop. */
export function onRun(fn) {
  const off = listen("run", fn);
  if (last) queueMicrotask(() => listeners.run.has(fn) && fn(last));
  return off;
}

/** Call `fn(frame)` for every frame of a trial, at most 30 a second. */
export const onFrame = (fn) => listen("frame", fn);

/** Call `fn({t_s, code, text})` for every cue. */
export const onCue = (fn) => listen("cue", fn);

/** Call `fn(connected)` when the connection comes or goes. */
export const onConnection = (fn) => listen("connection", fn);

/** Take a RUN that a request answered, unless the socket has told a newer one meanwhile. */
export function accept(given) {
  if (last && given?.number === last.number && given.seq < last.seq) return;
  take(given);
}

function take(given) {
  if (!given || typeof given.state !== "string") return;
  last = given;
  tell("run", given);
}

/** Connect, and stay connected until the page is left. */
export function connect() {
  wanted = true;
  if (!socket) dial();
}

/** Give up the connection: after signing out there is nobody to talk to. */
export function disconnect() {
  wanted = false;
  clearTimeout(timer);
  socket?.close();
}

function dial() {
  clearTimeout(timer);
  const scheme = location.protocol === "https:" ? "wss://" : "ws://";
  const mine = new WebSocket(scheme + location.host + "/api/live");
  socket = mine;
  mine.addEventListener("open", () => { wait = FIRST_WAIT_MS; state(true); });
  mine.addEventListener("message", (event) => heard(event.data));
  mine.addEventListener("close", (event) => { if (socket === mine) lost(); });
}

function heard(text) {
  let message;
  try { message = JSON.parse(text); } catch { return; }
  listenFor(message.type);
  if (message.type === "state") take(message.run);
  else if (message.type === "frame") tell("frame", message.frame ?? message);
  else if (message.type === "cue") tell("cue", message);
}

function lost() {
  clearTimeout(silence);
  socket = null;
  state(false);
  if (!wanted) return;
  askWhy();
  timer = setTimeout(dial, wait);
  wait = Math.min(LONGEST_WAIT_MS, wait * 2);
}

/** A browser does not say why a socket was refused: a plain request does. */
function askWhy() {
  fetch("/api/status", { credentials: "same-origin" }).then((answer) => {
    if (answer.status === 401) window.dispatchEvent(new CustomEvent("signed-out"));
  }).catch(() => {});
}

/** Wi-Fi that goes away closes nothing for minutes: frames that stop are a lost connection. */
function listenFor(kind) {
  clearTimeout(silence);
  const longest = LONGEST_SILENCE_MS[kind];
  if (longest) silence = setTimeout(hangUp, longest);
}

function hangUp() {
  const dead = socket;
  if (!dead || document.visibilityState !== "visible") return;
  lost(); // forgets the socket first: the close of a dead one comes much later
  dead.close();
}

function state(now) {
  if (open === now) return;
  open = now;
  tell("connection", now);
  announce(now ? t("The computer is connected again.") : t("The connection to the computer is lost."), { assertive: !now });
}

function listen(kind, fn) {
  listeners[kind].add(fn);
  return () => listeners[kind].delete(fn);
}

function tell(kind, value) {
  for (const fn of [...listeners[kind]]) {
    try { fn(value); } catch (error) { console.error(error); } // one view's fault stays its own
  }
}

/** A tablet that wakes up must not sit out the rest of a five-second wait. */
function atOnce() {
  if (document.visibilityState !== "visible" || !wanted || socket) return;
  wait = FIRST_WAIT_MS;
  dial();
}

document.addEventListener("visibilitychange", atOnce);
window.addEventListener("online", atOnce);
