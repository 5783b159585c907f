// The running trial: what to do, the hip and what was lent, the count; on every screen the same.
import { announce, h, replace } from "../dom.js";
import { onCue, onFrame, onRun, run } from "../live.js";
import { steps } from "../parts.js";
import { go, title } from "../router.js";
import { speak, tone } from "../sound.js";
import { clock, num, say, t } from "../texts.js";
import { asking } from "./measure/asking.js";
import { controls, soundButton } from "./measure/controls.js";
import { countRule, isAlarm, isBesides, isSpoken, pelvisRule } from "./measure/cue_rules.js";
import { failed, none, scoring } from "./measure/ends.js";
import { figures } from "./measure/figures.js";
import { health } from "./measure/health.js";
import { markKeys } from "./measure/keys.js";
import { painter, sayOf, textOf } from "./measure/paint.js";
import { pose } from "./measure/pose.js";
import { stayAwake } from "./measure/awake.js";
import { testAndSide, told } from "./measure/words.js";

const STAGES = { looking: pose, gate: pose, stand: pose, lean: pose, still: pose, move: figures, asking, scoring, failed };
const MARKABLE = ["stand", "lean", "still", "move"];
const STEPS = { move: "repetitions", asking: "repetitions", scoring: "result", failed: "result" };
const SAID_MS = 10_000;

/** The pages of this module. */
export function routes(route) {
  route("/live", live);
}

async function live(params, main) {
  title(t("Running trial"));
  const me = { run: run() ?? { state: "idle" }, frame: null, kind: null, stage: null, timer: 0, pelvis: pelvisRule(), count: countRule(), left: false };
  me.elapsed = () => me.frame?.elapsed_s ?? me.run.elapsed_s ?? 0;
  build(me, main);
  const paint = painter((frame) => { me.stage.frame(frame); me.health.frame(frame); record(me); });
  update(me, me.run);
  replay(me);
  const offs = [onRun((now) => update(me, now)), onCue((cue) => heard(me, cue)),
    onFrame((frame) => { me.frame = frame; sounds(me, frame); paint.take(frame); }),
    markKeys(() => { if (MARKABLE.includes(me.run.state)) me.controls.mark(); }), stayAwake()];
  return () => { me.left = true; offs.forEach((off) => off()); paint.close(); me.stage.close?.(); me.controls.close(); clearTimeout(me.timer); };
}

function build(me, main) {
  me.head = h("h1", { class: "live-title" });
  me.steps = h("div", { class: "live-steps" });
  const rec = h("span", { class: "rec" });
  const alarm = h("p", { class: "live-alarm", role: "alert" });
  const prompt = h("p", { class: "prompt" });
  const amiss = h("p", { class: "amiss" });
  const said = h("p", { class: "last-said" });
  Object.assign(me, { title: textOf(me.head), rec: textOf(rec), alarm: sayOf(alarm), prompt: sayOf(prompt), amiss: sayOf(amiss), said: sayOf(said) });
  me.controls = controls({ elapsed: me.elapsed });
  me.health = health();
  me.place = h("div", { class: "live-stage" });
  me.foot = h("div", { class: "live-foot" }, me.health.node, me.controls.node);
  me.node = h("div", { class: "live" },
    h("header", { class: "live-head" }, me.head, rec, soundButton(), me.steps), alarm,
    h("div", { class: "live-words" }, prompt, amiss, said), me.place, me.foot, me.controls.toast);
  replace(main, me.node);
}

function update(me, now) {
  const before = me.run;
  me.run = now;
  if (now.state === "done") { done(me, now); return; }
  stageFor(me, now);
  me.title([now.subject, testAndSide(now.title || "", now.side)].filter(Boolean).join(" · ") || t("Trial"));
  const running = MARKABLE.includes(now.state);
  me.foot.hidden = !running && !["looking", "gate"].includes(now.state); // who waits at the gate may leave
  me.alarm(now.stored === false && running ? t("NOT BEING STORED") + ": " + (now.failure ? say(now.failure) : t("the database does not take it.")) : "");
  // why a still moment was not taken stands below, with what to do: once is enough
  me.prompt(running && now.prompt !== now.calibration?.refused ? told(now.prompt) : "");
  if (now.sensors) me.health.update(now);
  me.controls.update(now, running);
  me.stage.update(now);
  record(me);
  changes(me, before, now);
}

function stageFor(me, now) {
  const make = STAGES[now.state] || none;
  if (make !== me.kind) {
    me.stage?.close?.();
    me.kind = make;
    me.stage = make();
    replace(me.place, me.stage.node);
    me.frame = null;
    me.amiss("");
  }
  if (me.node.dataset.state === now.state) return;
  me.node.dataset.state = now.state;
  replace(me.steps, steps(STEPS[now.state] || "calibrate"));
}

function changes(me, before, now) {
  if (me.count(now.counted ?? 0)) {
    tone("count");
    speak(t("{counted} of {wanted}", { counted: num(now.counted), wanted: num(now.wanted) }));
  }
  if (before.state === "move" && ["asking", "scoring", "done"].includes(now.state)) tone("done");
  if (before.state !== now.state && now.state === "asking") announce(t("Two questions: pain, and what ended the movement."));
  if (before.state !== now.state && now.state === "scoring") announce(t("Computing the result"));
  if (before.stored !== false && now.stored === false) tone("bad");
}

function record(me) {
  const { state, stored } = me.run;
  const shown = MARKABLE.includes(state);
  me.rec(shown ? (stored === false ? "✕ " + t("not stored") : "● " + t("recording")) + " " + clock(me.elapsed()) : "");
  me.amiss(state === "move" ? (me.frame?.amiss || []).map(told).join(" ") : "");
}

/** Sounds come with the frames themselves: nothing is drawn in a window that is not seen. */
function sounds(me, frame) {
  if (!me.pelvis(Boolean(frame.pelvis_moving), Date.now())) return;
  tone("pelvis");
  speak(t("The pelvis is moving."));
}

function heard(me, cue) {
  const text = told(cue.text);
  if (cue.code === "mark") { me.controls.heard(); return; }
  announce(text, { assertive: isAlarm(cue.code) });
  if (isAlarm(cue.code)) tone("bad");
  if (isSpoken(cue.code)) speak(text);
  tell(me, cue);
}

/** What was said besides what to do now stays for ten seconds. */
function tell(me, cue) {
  if (!isBesides(cue.code) || cue.text === me.run.prompt || cue.text === me.run.calibration?.refused) return;
  clearTimeout(me.timer);
  me.said(told(cue.text));
  me.timer = setTimeout(() => me.said(""), SAID_MS);
}

/** After a reload: what was said last is said again to the eye. */
function replay(me) {
  const last = (me.run.cues || []).filter((cue) => isBesides(cue.code)).at(-1);
  if (last) tell(me, last);
}

function done(me, now) {
  if (me.left) return;
  me.left = true;
  if (me.kind === figures) tone("done");
  announce(t("The result is here."));
  go(now.result === null ? "/" : "/trials/" + now.result, { replace: true });
}
