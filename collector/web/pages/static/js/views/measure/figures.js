// The movement: hip in figures that are read across a room, what was lent beside it, the count.
import { h, replace } from "../../dom.js";
import { deg, num, pct, say, segmentName, t } from "../../texts.js";
import { classOf, sayOf, textOf } from "./paint.js";
import { scale } from "./scale.js";
import { told } from "./words.js";

const LENT = { pelvis: "Pelvis lent", "low back": "Low back lent", hip: "Hip lent" };
const MOVES = { pelvis: "The pelvis is moving", "low back": "The low back is moving" };
const QUIET = { pelvis: "The pelvis is quiet", "low back": "The low back is quiet" };
const LATEST = 3;

/** The stage of repetitions. */
export function figures() {
  const me = { run: null, frame: null, drawn: "" };
  me.hip = hipFigure();
  me.lent = lentFigure();
  me.reps = h("div", { class: "reps" });
  me.node = h("section", { class: "move", "aria-label": t("Repetitions") },
    h("div", { class: "figures" }, h("div", { class: "figures-row" }, me.hip.node, me.hip.scale.node, me.lent.node)), me.reps);
  return { node: me.node, update: (run) => update(me, run), frame: (frame) => { me.frame = frame; paint(me); } };
}

function hipFigure() {
  const name = h("span", { class: "figure-name" });
  const text = h("span", { class: "figure-text" });
  const unit = h("span", { class: "unit" });
  const peak = h("span", { class: "figure-peak" });
  const why = h("p", { class: "figure-why" });
  const aim = h("p", { class: "figure-aim" });
  const node = h("div", { class: "figure" }, name, h("div", { class: "figure-number" }, text, unit), h("div", { class: "figure-below" }, peak, why), aim);
  return { node, scale: scale({ low: 0, high: 90, step: 30, tick: 15, kind: "hip-scale" }),
    name: textOf(name), text: figureOf(text, unit), peak: textOf(peak), why: sayOf(why), aim: sayOf(aim) };
}

function lentFigure() {
  const name = h("span", { class: "figure-name" });
  const text = h("span", { class: "lent-number" });
  const unit = h("span", { class: "unit" });
  const share = h("span", { class: "lent-share" });
  const words = h("span", { class: "lent-words" });
  const bar = scale({ low: 0, high: 30, step: 15, tick: 10, kind: "lent-scale" });
  const node = h("div", { class: "lent" }, name, h("div", { class: "lent-row" }, bar.node,
    h("div", { class: "lent-figures" }, h("span", { class: "lent-text" }, text, unit), share, words)));
  return { node, bar, name: textOf(name), text: figureOf(text, unit), share: textOf(share), words: textOf(words), moves: classOf(node, "moves") };
}

/** A setter for whole degrees, whose sign is small so that the digits can be large. */
function figureOf(node, unit) {
  const [text, sign] = [textOf(node), textOf(unit)];
  return (value) => { text(num(value)); sign(value === null ? "" : "°"); };
}

function update(me, run) {
  me.run = run;
  repetitions(me);
  paint(me);
}

function paint(me) {
  const { run, hip, lent } = me;
  const frame = me.frame ?? {};
  if (!run) return;
  const shown = shownOf(frame, run);
  const aim = aimOf(run, shown);
  hip.name(shown.name);
  hip.text(shown.value);
  hip.peak(peakText(shown.peak, aim.whole ? frame.peak_tot_deg : null));
  hip.why(shown.value === null ? whyNot(run, frame) : "");
  hip.aim(aim.text);
  hip.scale.aim(aim.band);
  hip.scale.set(shown.value, aim.whole ? frame.peak_tot_deg ?? null : shown.peak, aim.whole ? frame.tot_deg ?? null : null);
  const comp = frame.comp_deg ?? null;
  lent.node.hidden = run.lends === false;
  lent.name(t(LENT[run.lender] || "Lent"));
  lent.text(comp);
  lent.share(frame.share_pct === null || frame.share_pct === undefined ? "" : t("{share} of the whole", { share: pct(frame.share_pct) }));
  lent.words(comp === null ? "" : t((frame.pelvis_moving ? MOVES : QUIET)[run.lender] || (frame.pelvis_moving ? "It is moving" : "It is quiet")));
  lent.moves(Boolean(frame.pelvis_moving));
  lent.bar.set(comp === null ? null : Math.max(0, comp));
}

/** The figure that counts: the hip; the whole angle, under its own name, where the test knows no hip. */
function shownOf({ hip_deg: hip = null, tot_deg: tot = null, peak_hip_deg: peakHip = null, peak_tot_deg: peakTot = null, axis_found: found = false }, run) {
  // a hip that was there and is gone for a moment must not be taken for a total
  if (hip !== null || peakHip !== null || tot === null || !found) return { of: "hip", name: t("Hip"), value: hip, peak: peakHip };
  return { of: "tot", name: run.lack ? t("Lacks to straight") : t("Whole angle"), value: tot, peak: peakTot };
}

/**
 * What is aimed at: a band of the angle that is shown, or of the whole angle where hip and lent laid end to end make it.
 * A band of an angle that is not drawn is told in words alone, so that nobody holds the hip against it.
 */
function aimOf({ target, adds_up: addsUp }, { of }) {
  if (!target) return { band: null, whole: false, text: "" };
  const band = { low_deg: target.low_deg, high_deg: target.high_deg };
  const text = t(target.of === "hip" ? "Aim, hip: {low} to {high}. {label}" : "Aim, whole angle: {low} to {high}. {label}",
    { low: deg(target.low_deg), high: deg(target.high_deg), label: say(target.label) });
  const whole = target.of !== of && target.of === "tot" && addsUp;
  return { band: whole || target.of === of ? band : null, whole, text };
}

function peakText(peak, whole) {
  if (peak === null) return t("Peak --");
  if (whole === null || whole === undefined) return t("Peak {value}", { value: deg(peak) });
  return t("Peak {value}, whole angle {whole}", { value: deg(peak), whole: deg(whole) });
}

function whyNot(run, frame) {
  const silent = (frame.sensors || []).filter((sensor) => !sensor.fresh).map((sensor) => segmentName(sensor.segment));
  if (silent.length) return t("No word from {segments}: the figure waits.", { segments: silent.join(", ") });
  if (frame.axis_found) return "";
  const missing = run.calibration?.axis_missing || [];
  if (!run.repetitions?.length || !missing.length) return t("Angles come with the first movement.");
  return t("{segments} moved too little to show angles: move further.", { segments: missing.map(segmentName).join(", ") });
}

function repetitions(me) {
  const { counted, wanted, repetitions: done } = me.run;
  const drawn = JSON.stringify([counted, wanted, done]);
  if (drawn === me.drawn) return;
  me.drawn = drawn;
  const dots = Array.from({ length: Math.max(wanted, counted) }, (_, at) => h("span", { class: at < counted ? "dot on" : "dot" }));
  replace(me.reps,
    h("p", { class: "count" }, h("span", { class: "count-name" }, t("Repetition")), " ",
      h("b", { class: "count-text" }, wanted && counted <= wanted ? t("{counted} of {wanted}", { counted: num(counted), wanted: num(wanted) }) : num(counted)),
      h("span", { class: "dots", "aria-hidden": "true" }, dots)),
    h("ol", { class: "rep-list", "aria-label": t("The last repetitions") }, (done || []).slice(-LATEST).map((rep) => repetition(rep, me.run))));
}

/** What a repetition's number is: an angle at its end, a range of it, or what the knee lacks. */
function figureName({ hip_deg: hip }, run) {
  if (hip === null) return run.lack ? "lacks {value}" : "whole {value}";
  return run.ranges ? "hip range {value}" : "hip {value}";
}

function repetition(rep, run) {
  const figure = t(figureName(rep, run), { value: deg(rep.hip_deg ?? rep.tot_deg) });
  return h("li", { class: ["rep", !rep.usable && "rep-bad"], value: rep.n },
    h("span", { class: "rep-n" }, num(rep.n) + "."), " ", h("b", figure), " ",
    rep.comp_deg === null ? null : h("span", { class: "rep-lent" }, t("lent {value}", { value: deg(rep.comp_deg) })),
    rep.usable ? null : h("span", { class: "rep-why" }, " ✕ ", rep.slipped ? told(rep.slipped) : t("does not count")));
}
