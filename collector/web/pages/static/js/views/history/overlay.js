// The curves of two trials over one another: the first solid, the second dashed.
import * as api from "../../api.js";
import { h, replace } from "../../dom.js";
import { card, notice } from "../../parts.js";
import { t } from "../../texts.js";
import { linesOf } from "./curves.js";
import { sample } from "./inks.js";
import { timeline } from "./timeline.js";

const POINTS = 3000;
const LINES = [{ dash: [], width: 3, ink: "hip" }, { dash: [9, 5], width: 2.5, ink: "pelvis" }];

/** The overlay of two trials as a card that fills itself. */
export function overlayCard(a, b) {
  const place = h("div", { class: "stack" }, h("div", { class: "plot-box" }, h("p", { class: "plot-wait" }, t("Loading the curves ..."))));
  const self = { trials: [a, b], place, chart: null, gone: false, channel: null, aligned: true };
  fill(self);
  return { node: card(t("Curves of both"), place), destroy() { self.gone = true; self.chart?.destroy(); } };
}

async function fill(self) {
  try {
    self.bodies = await Promise.all(self.trials.map(({ id }) => api.get("trials/" + id + "/curves?points=" + POINTS)));
  } catch (error) {
    replace(self.place, notice("warn", error.message));
    return;
  }
  if (self.gone) return;
  self.lines = self.bodies.map(linesOf);
  const shared = self.lines[0].filter(({ key }) => self.lines[1].some((other) => other.key === key));
  if (!shared.length) { replace(self.place, notice("info", t("The two trials have no angle in common to draw."))); return; }
  self.channel = shared[0].key;
  self.stage = h("div", { class: "stack" });
  replace(self.place, h("div", { class: "row overlay-choices no-print" }, channels(self, shared), alignment(self)), self.stage);
  draw(self);
}

function channels(self, shared) {
  return radios(t("Angle"), "overlay-angle", shared.map(({ key, name }) => [key, name]), { value: self.channel, pick: (key) => { self.channel = key; draw(self); } });
}

function alignment(self) {
  const options = [["first", t("from the first repetition")], ["whole", t("from the start of the recording")]];
  return radios(t("Line up"), "overlay-from", options, { value: "first", pick: (from) => { self.aligned = from === "first"; draw(self); } });
}

function radios(legend, name, options, { value, pick }) {
  return h("fieldset", { class: "field choices" }, h("legend", legend), h("div", { class: "choice-row" }, options.map(([key, label]) => h("label", { class: "choice" },
    h("input", { type: "radio", name, value: key, checked: key === value, on: { change: () => pick(key) } }), h("span", label)))));
}

function draw(self) {
  self.chart?.destroy();
  const starts = self.bodies.map((body) => startOf(body, self.aligned));
  const own = self.lines.map((lines) => lines.find(({ key }) => key === self.channel));
  const grid = common(self.bodies.map(({ t_s }, at) => t_s.map((time) => time - starts[at])));
  const lines = own.map((line, at) => ({
    key: at, name: ["A", "B"][at], ...LINES[at],
    values: resampled(self.bodies[at].t_s.map((time) => time - starts[at]), line.values, grid),
  }));
  const spans = self.bodies[0].repetitions.map((span) => moved(span, starts[0]));
  const label = t("{angle} of trial {a} and of trial {b} over time. The table above has the differences.", { angle: own[0].name, a: self.trials[0].id, b: self.trials[1].id });
  self.chart = timeline({ label, t_s: grid, lines, spans });
  replace(self.stage, key(self, spans.length), self.chart.node);
}

function key({ trials }, spans) {
  return h("p", { class: "row" }, trials.map(({ id }, at) => h("span", { class: "shade-key" }, sample("", LINES[at]),
    at ? t("B: trial {id}", { id }) : t("A: trial {id}", { id }))),
  spans ? h("span", { class: "shade-key small quiet-text" }, h("span", { class: "shade window", "aria-hidden": "true" }), t("repetitions of A")) : null);
}

function startOf({ t_s, repetitions }, aligned) {
  return aligned && repetitions.length ? repetitions[0].start_s : t_s[0] ?? 0;
}

function moved(span, start) {
  const plateau = span.plateau && span.plateau.map((time) => time - start);
  return { ...span, start_s: span.start_s - start, end_s: span.end_s - start, plateau };
}

/** One time axis for both, as fine as the finer of them. */
function common(axes) {
  const known = axes.filter((times) => times.length > 1);
  if (!known.length) return [0];
  const [low, high] = [Math.min(...known.map((times) => times[0])), Math.max(...known.map((times) => times.at(-1)))];
  const step = Math.max(0.005, Math.min(...known.map((times) => (times.at(-1) - times[0]) / (times.length - 1))));
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, at) => low + at * step);
}

/** Values at other times, by straight lines between samples; null beside a gap and outside. */
function resampled(times, values, grid) {
  let at = 0;
  return grid.map((time) => {
    while (at < times.length - 2 && times[at + 1] <= time) at += 1;
    const [from, to, low, high] = [times[at], times[at + 1], values[at], values[at + 1]];
    if (time < times[0] || time > times.at(-1) || low === null || high === null || to === undefined) return null;
    return low + (high - low) * (time - from) / (to - from);
  });
}
