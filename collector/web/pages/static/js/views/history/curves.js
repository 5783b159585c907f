// The curves of one trial: which are drawn, the chart, its events, and the repetitions in a table.
import * as api from "../../api.js";
import { announce, h, replace } from "../../dom.js";
import { card, notice, table } from "../../parts.js";
import { clock, deg, num, say, segmentName, t } from "../../texts.js";
import { channel, inkOf, kind, sample } from "./inks.js";
import { endPointName } from "../measure/words.js";
import { timeline } from "./timeline.js";
import { painWords } from "./words.js";

const POINTS = 3000; // 50 a second over a minute: still sharp when zoomed in
const FIRST = ["hip_deg", "pelvis_deg", "trunk_deg"];
const MOST_EVENTS = 30;
const EVENTS = {
  test_begins: "The repetitions begin", mark: "Marked", link_lost: "Connection lost", reconnected: "Connected again",
  store_failed: "Storing failed", not_recorded: "Not recorded", gate_overridden: "Begun although a sensor was not ready",
};

/** The curves of a trial as a card that fills itself; `destroy` lets go of the chart. */
export function curvesCard(trial) {
  const place = h("div", { class: "stack" }, h("div", { class: "plot-box" }, h("p", { class: "plot-wait" }, t("Loading the curves ..."))));
  const self = { trial, chart: null, gone: false, place };
  fill(self);
  return {
    node: card(t("Curves"), place, repetitionTable(trial, (rep) => zoomTo(self, rep))),
    destroy() { self.gone = true; self.chart?.destroy(); },
  };
}

async function fill(self) {
  let body;
  try {
    body = await api.get("trials/" + self.trial.id + "/curves?points=" + POINTS);
  } catch (error) {
    replace(self.place, notice("warn", error.message));
    return;
  }
  if (self.gone) return;
  if (!body.t_s.length) { replace(self.place, notice("info", t("Nothing was recorded that could be drawn."))); return; }
  draw(self, body);
}

function draw(self, body) {
  const lines = linesOf(body);
  const hidden = new Set(lines.map(({ key }) => key).filter((key) => !firstShown(lines).includes(key)));
  const events = body.events.slice(0, MOST_EVENTS);
  self.chart = timeline({ label: summary(self.trial, body), t_s: body.t_s, lines, spans: body.repetitions, events, hidden });
  replace(self.place, toggles(lines, hidden, () => self.chart.redraw()), self.chart.node, shading(body.repetitions), eventList(events, body.events.length));
}

/** The lines of curves as the timeline draws them, hip first. */
export function linesOf({ series, names }) {
  const order = [...FIRST, ...Object.keys(series).filter((key) => !FIRST.includes(key))];
  return order.filter((key) => key in series).map((key) => ({
    key, name: say(names[key] || channel(key)), values: series[key], ink: inkOf(key), ...kind(key),
  }));
}

function firstShown(lines) {
  const known = lines.map(({ key }) => key);
  const first = known.filter((key) => FIRST.includes(key));
  return first.length ? first : known.slice(0, 2);
}

function toggles(lines, hidden, redraw) {
  return h("fieldset", { class: "field choices legend" }, h("legend", { class: "hidden" }, t("Curves to show")),
    h("div", { class: "choice-row" }, lines.map(({ key, name }) => h("label", { class: "choice" },
      h("input", { type: "checkbox", name: "curve", value: key, checked: !hidden.has(key), on: { change: (event) => {
        if (event.target.checked) hidden.delete(key); else hidden.add(key);
        redraw();
      } } }), sample(key), h("span", name)))));
}

function shading(repetitions) {
  if (!repetitions.length) return null;
  return h("p", { class: "row small quiet-text" },
    h("span", { class: "shade-key" }, h("span", { class: "shade window", "aria-hidden": "true" }), t("a repetition")),
    h("span", { class: "shade-key" }, h("span", { class: "shade plateau", "aria-hidden": "true" }), t("the hold that is read")),
    repetitions.some(({ grade }) => grade === "X") ? h("span", t("✕ does not count")) : null);
}

function eventList(events, total) {
  if (!events.length) return null;
  return h("details", { class: "events", open: events.length <= 8 }, h("summary", t("Events ({count})", { count: num(total) })),
    h("ol", { class: "event-list" }, events.map(({ t_s, kind: what, text }) => h("li", h("b", t("{seconds} s", { seconds: num(t_s, 1) })), " ", eventWords(what, text)))),
    total > events.length ? h("p", { class: "small quiet-text" }, t("Only the first {count} are shown; the export has all.", { count: num(events.length) })) : null);
}

/** What happened, in words: what the trial itself noted, by its kind. */
function eventWords(what, text) {
  if (what === "pain") return t("Pain {pain}", { pain: painWords(Number(text)) });
  if (what === "end_point") return t("It ended: {why}", { why: endPointName(text) });
  const words = what in EVENTS ? t(EVENTS[what]) : say(what.replaceAll("_", " "));
  if (!text) return words;
  return words + ": " + (/^[a-z_]+$/.test(text) ? segmentName(text) : say(text));
}

/** What a screen reader is told of the chart; the table below it has the numbers. */
function summary({ title, hip_deg, tot_deg }, body) {
  const length = clock(body.t_s[body.t_s.length - 1] - body.t_s[0]);
  const words = [t("Angles over time of {test}, {length} minutes long, {count} repetitions.", { test: say(title), length, count: num(body.repetitions.length) })];
  if (hip_deg !== null) words.push(t("Hip {hip}, whole angle {tot}.", { hip: deg(hip_deg), tot: deg(tot_deg) }));
  words.push(t("The table of the repetitions below has the numbers."));
  return words.join(" ");
}

function zoomTo(self, { n, start_s, end_s }) {
  if (!self.chart) return;
  const room = 0.15 * (end_s - start_s);
  self.chart.zoom.to(start_s - room, end_s + room);
  self.place.scrollIntoView({ block: "nearest" });
  announce(t("The chart shows repetition {n}.", { n }));
}

function repetitionTable(trial, show) {
  const reps = trial.repetitions;
  if (!reps.length) return h("p", { class: "quiet-text" }, t("No repetition was found."));
  const used = trial.set?.used ?? [];
  return table([
    { title: t("Repetition"), cell: (rep) => h("button", { type: "button", class: "quiet show-repetition", "aria-label": t("Show repetition {n} in the chart", { n: rep.n }), on: { click: () => show(rep) } }, String(rep.n)) },
    { title: t("From, to"), number: true, cell: (rep) => t("{from} to {to} s", { from: num(rep.start_s, 1), to: num(rep.end_s, 1) }) },
    { title: t("Hold"), number: true, cell: (rep) => hold(rep) },
    { title: t("Hip"), number: true, cell: (rep) => deg(rep.hip_deg, 1) },
    { title: t("Lent"), number: true, cell: (rep) => deg(rep.comp_deg, 1) },
    { title: t("Whole angle"), number: true, cell: (rep) => deg(rep.tot_deg, 1) },
    { title: t("Counts"), cell: (rep) => (used.includes(rep.n) ? t("yes") : t("no")) },
  ], reps, { caption: t("The curves in numbers: press a repetition to see it") });
}

function hold({ plateau_start_s: from, plateau_end_s: to, peak_only: peak }) {
  if (from === null || to === null) return "--";
  return peak ? t("peak only") : num(to - from, 1) + " s";
}
