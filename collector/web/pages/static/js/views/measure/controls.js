// What can be done while a trial runs: mark, finish, stop for pain, stop; and that it was done.
import * as api from "../../api.js";
import { announce, h } from "../../dom.js";
import { confirmDialog } from "../../forms.js";
import { button } from "../../parts.js";
import { get, set } from "../../settings.js";
import { canSpeak, tone } from "../../sound.js";
import { clock, t } from "../../texts.js";

const SHOWN_MS = 2500;
const OWN_MS = 2000;
const MODES = { off: "off", tones: "tones", speech: "speech" };

/** The buttons of a running trial and its messages. `elapsed()` is the trial's time. */
export function controls({ elapsed }) {
  const me = { elapsed, marked_ms: -Infinity, timer: 0, toast: h("p", { class: "toast", hidden: true }) };
  me.finish = button({ label: t("Finish"), kind: "primary", action: () => order(me, "finish") });
  me.marks = button({ label: [t("Mark"), h("kbd", { class: "key" }, t("space bar"))], kind: "mark", action: () => mark(me) });
  me.pain = button({ label: t("Pain stop"), kind: "danger", action: () => order(me, "pain") });
  me.node = h("div", { class: "live-buttons", role: "group", "aria-label": t("Trial") },
    me.marks, me.finish, me.pain,
    button({ label: t("Stop"), kind: "danger", action: () => stop(me) }));
  return { node: me.node, toast: me.toast, mark: () => mark(me),
    heard: () => { if (!own(me)) confirmed(me); }, own: () => own(me),
    update: (run, begun) => { me.finish.hidden = run.state !== "move"; me.marks.hidden = me.pain.hidden = !begun; }, close: () => clearTimeout(me.timer) };
}

/** The button that switches sounds, and says which are on. */
export function soundButton() {
  const label = () => t("Sound: {mode}", { mode: t(MODES[get("sound", "tones")] || "tones") });
  const text = h("span", label());
  const node = h("button", { type: "button", class: "quiet sound-button", on: { click: (event) => {
    set("sound", following(get("sound", "tones")));
    text.textContent = label();
    announce(label());
    tone("count");
    if (event.detail > 0) node.blur(); // after a finger, the space bar marks again
  } } }, text);
  return node;
}

function following(mode) {
  const modes = canSpeak() ? ["tones", "speech", "off"] : ["tones", "off"];
  return modes[(modes.indexOf(mode) + 1) % modes.length];
}

async function mark(me) {
  me.marked_ms = Date.now();
  try {
    await api.post("trial/mark");
    confirmed(me);
  } catch (error) {
    message(me, error.message, true);
  }
}

function confirmed(me) {
  message(me, t("Marked at {time}", { time: clock(me.elapsed()) }));
}

async function order(me, what) {
  try { await api.post("trial/" + what); } catch (error) { message(me, error.message, true); }
}

async function stop(me) {
  await confirmDialog({ title: t("Stop the trial?"), text: t("It ends at once and is not asked about. What was recorded is kept."),
    yes: t("Stop the trial"), no: t("Go on"), danger: true, action: () => api.post("trial/stop") });
  me.node.closest(".live")?.querySelector("h1")?.focus({ preventScroll: true }); // the space bar marks again
}

function message(me, text, bad = false) {
  clearTimeout(me.timer);
  me.toast.textContent = (bad ? "✕ " : "✓ ") + text;
  me.toast.classList.toggle("bad", bad);
  me.toast.hidden = false;
  announce(text, { assertive: bad });
  me.timer = setTimeout(() => { me.toast.hidden = true; }, SHOWN_MS);
}

const own = (me) => Date.now() - me.marked_ms < OWN_MS;
