// Before the movement: standing, leaning, keeping still; what to do, how long yet, how steady.
import { h, replace, svg } from "../../dom.js";
import { notice } from "../../parts.js";
import { deg, num, t } from "../../texts.js";
import { classOf, sayOf, textOf, varOf } from "./paint.js";
import { told } from "./words.js";

const TURN = 2 * Math.PI * 44;
const TASKS = {
  gate: "Starting", looking: "Starting", stand: "Stand upright", lean: "Lean forward, twice", still: "Keep still",
};

/** The stage of the still seconds and of the lean. */
export function pose() {
  const me = { run: null, frame: null, longest: 3, drawn: "" };
  const number = h("span", { class: "ring-number" });
  const arc = svg("circle", { class: "ring-arc", cx: 50, cy: 50, r: 44, "stroke-dasharray": TURN.toFixed(2) });
  const ring = h("div", { class: "ring", role: "img" },
    svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, svg("circle", { class: "ring-ground", cx: 50, cy: 50, r: 44 }), arc), number);
  const task = h("p", { class: "pose-task" });
  const steady = h("p", { class: "steady" });
  const meter = h("span", { class: "steady-meter", "aria-hidden": "true" }, h("span", { class: "steady-fill" }));
  me.refused = h("div", { class: "refused" });
  Object.assign(me, { ring, task: textOf(task), number: textOf(number), left: varOf(arc, "--left"), steady: sayOf(steady),
    moving: varOf(meter, "--to"), unsteady: classOf(meter, "over"), meter });
  me.node = h("section", { class: "pose", "aria-label": t("Calibration") },
    h("div", { class: "pose-now" }, ring, h("div", { class: "pose-words" }, task, steady, meter)), me.refused);
  return { node: me.node, update: (run) => update(me, run), frame: (frame) => { me.frame = frame; paint(me); } };
}

function update(me, run) {
  if (me.run?.state !== run.state) me.frame = null;
  me.run = run;
  refusal(me, run.calibration || {});
  paint(me);
}

function paint(me) {
  const { run, frame } = me;
  if (!run) return;
  me.task(t(TASKS[run.state] || "Keep still"));
  const counts = run.state === "still" || run.state === "stand";
  const left = counts ? (frame?.countdown_s ?? run.countdown_s) : null;
  me.ring.hidden = !counts;
  if (left !== null && left !== undefined) {
    me.longest = Math.max(me.longest, left);
    const whole = num(Math.max(1, Math.ceil(left))); // as people count: it ends with 1
    me.number(whole);
    me.left(((1 - left / me.longest) * TURN).toFixed(1));
    label(me, t("{seconds} seconds", { seconds: whole }));
  } else {
    me.number("--");
    me.left(TURN.toFixed(1));
    label(me, t("The count begins when all is still"));
  }
  steadiness(me, counts ? (frame?.moving_deg ?? run.calibration?.steady_deg ?? null) : null);
}

function steadiness(me, moving) {
  const most = me.run?.calibration?.still_deg ?? 1; // turned within half a second
  me.meter.hidden = moving === null;
  if (moving === null) { me.steady(""); return; }
  const over = moving > most;
  const values = { now: deg(moving, 1), most: deg(most, 1) };
  me.steady(over ? t("Moves {now}: at most {most} is still", values) : t("Steady: {now} of at most {most}", values));
  me.moving(Math.min(1, moving / (2 * most)).toFixed(2));
  me.unsteady(over);
}

function label(me, text) {
  if (me.said === text) return;
  me.said = text;
  me.ring.setAttribute("aria-label", text);
}

function refusal(me, { refused, tries }) {
  const drawn = JSON.stringify([refused, tries]);
  if (drawn === me.drawn) return;
  me.drawn = drawn;
  replace(me.refused, refused ? notice("warn",
    h("p", h("b", t("Not taken: try {count}", { count: num(tries) }))), h("p", told(refused)),
    h("ul", h("li", t("Support the leg, let it lie heavy.")), h("li", t("Wait for a quiet breath.")), h("li", t("Press on each strap: none may swing."))),
    h("p", t("The count begins again by itself."))) : null);
}
