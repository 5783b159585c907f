// One test and side over the visits: the numbers as sentences, a chart and a table.
import { h, replace } from "../../dom.js";
import { badge, card, table } from "../../parts.js";
import { amount, date, say, t } from "../../texts.js";
import { courseChart } from "./course_chart.js";
import { changeBadge } from "./words.js";

const FIRST = ["hip", "tot", "comp", "share"];

/** The card of one test and side, {key, name, courses}; one of its numbers is drawn at a time. */
export function courseCard({ key, name, courses }) {
  const ordered = [...courses].sort((a, b) => rank(a) - rank(b));
  const place = h("div", { class: "stack" });
  let chart = null;
  const show = (course) => {
    chart?.destroy();
    chart = courseChart(course, name);
    replace(place, changes(course), chart.node, legend(course));
  };
  show(ordered[0]);
  const node = card(name, ordered.length > 1 ? measures(key, ordered, show) : null, place, valuesTable(name, ordered));
  return { node, destroy: () => chart.destroy() };
}

const rank = ({ measure }) => (FIRST.includes(measure) ? FIRST.indexOf(measure) : FIRST.length);

function measures(key, courses, show) {
  const name = "measure-" + key.replace(/\W/g, "-");
  return h("fieldset", { class: "field choices no-print" }, h("legend", { class: "hidden" }, t("Number to draw")),
    h("div", { class: "choice-row" }, courses.map((course, at) => h("label", { class: "choice" },
      h("input", { type: "radio", name, value: course.measure, checked: at === 0, on: { change: () => show(course) } }), h("span", say(course.name))))));
}

function changes({ name, since_last: last, since_baseline: first }) {
  const told = [[t("Since the last visit"), last], [t("Since the first visit"), first]].filter(([, change]) => change);
  if (!told.length) return h("p", { class: "quiet-text" }, t("{name}: one visit so far, so there is no change to tell.", { name: say(name) }));
  return h("dl", { class: "pairs changes" }, told.map(([when, { text, label }]) => [h("dt", when), h("dd", changeBadge(label, text))]));
}

function legend(course) {
  const { mdc95, norm, unit, sem_source: source } = course;
  const items = [item("dot-full", t("counts")), course.points.some(({ usable }) => !usable) ? item("dot-hollow", t("not to be used, drawn hollow")) : null];
  if (hasBand(course)) items.push(item("band-mdc", t("within error of the first visit: ± {mdc}", { mdc: amount(mdc95, unit, 1) })));
  if (norm) items.push(item("band-norm", normWords(norm, unit)));
  return [h("p", { class: "row small chart-legend" }, items),
    source ? h("p", { class: "small quiet-text" }, t("Error taken from: {source}", { source: say(source) })) : h("p", { class: "small quiet-text" }, t("The error of this number is not known, so no change is judged."))];
}

const item = (kind, words) => h("span", { class: "shade-key" }, h("span", { class: ["shade", kind], "aria-hidden": "true" }), h("span", words));

/** Whether a course has an error band to draw. */
const hasBand = ({ mdc95, baseline }) => mdc95 !== null && baseline !== null;

/** A norm in words, with a mark where its digits are recalled from memory. */
function normWords({ low, high, label, recalled }, unit) {
  const range = t("norm {low} to {high}", { low: amount(low, unit), high: amount(high, unit) });
  const mark = recalled && !/recalled/i.test(label) ? " " + t("(recalled)") : "";
  return range + (label ? ": " + say(label) : "") + mark;
}

/** Every number of every visit: what the chart shows, and what it does not. */
function valuesTable(name, courses) {
  const visits = new Map();
  for (const course of courses) {
    for (const point of course.points) {
      if (!visits.has(point.trial)) visits.set(point.trial, { ...point, values: {} });
      visits.get(point.trial).values[course.measure] = point.value;
    }
  }
  const rows = [...visits.values()].sort((a, b) => b.utc.localeCompare(a.utc));
  return table([
    { title: t("Visit"), cell: ({ trial, utc }) => h("a", { href: "#/trials/" + trial, class: "cell-link" }, date(utc)) },
    ...courses.map((course) => ({ title: say(course.name), number: true, cell: ({ values }) => amount(values[course.measure] ?? null, course.unit, course.unit === "deg" ? 1 : null) })),
    { title: t("Grade"), cell: ({ grade, usable }) => h("span", { class: "graded" }, badge(grade), usable ? null : h("span", { class: "small" }, t("does not count"))) },
  ], rows, { caption: t("{name}: every visit, the newest first", { name }) });
}
