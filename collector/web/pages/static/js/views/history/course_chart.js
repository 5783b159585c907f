// One number over the visits, drawn: points by date, the error band and the norm band.
import { amount, date, language, num, say, t } from "../../texts.js";
import { axis, plot } from "./plot.js";
import { band } from "./shade.js";

const DAY_S = 86_400;

/** The chart of a course; its label says first, last and how many, the table beside it the rest. */
export function courseChart(course, name) {
  return plot({ label: spoken(course, name), make: (ink) => drawn(course, ink) });
}

function spoken({ name, unit, points }, test) {
  const [first, last] = [points[0], points[points.length - 1]];
  const values = { test, name: say(name), count: num(points.length), first: amount(first.value, unit), from: date(first.utc), last: amount(last.value, unit), to: date(last.utc) };
  if (points.length === 1) return t("{test}, {name}: one visit, {first} on {from}. The table below has the numbers.", values);
  return t("{test}, {name} over {count} visits: {first} on {from}, {last} on {to}. The table below has the numbers.", values);
}

function drawn(course, ink) {
  const { points, unit } = course;
  const times = points.map(({ utc }) => Date.parse(utc) / 1000);
  const [low, high] = room(course);
  const dot = { stroke: ink.hip, width: 2, size: 0.8 * ink.rem };
  const options = {
    scales: { x: { time: true, range: () => span(times) }, y: { range: () => [low, high] } },
    axes: [
      axis(ink, { size: 2.4 * ink.rem, splits: () => ticks(times), values: (chart, splits) => labels(splits, chart, ink), grid: { show: false } }),
      axis(ink, { size: 4 * ink.rem, space: 2.6 * ink.rem, values: (chart, splits) => splits.map((value) => amount(value, unit, digitsOf(splits))) }),
    ],
    series: [{},
      { stroke: ink.hip, width: 2.5, spanGaps: true, points: { ...dot, show: true, fill: ink.hip } },
      { stroke: ink.hip, width: 0, paths: () => null, points: { ...dot, show: true, fill: ink.ground } }],
    cursor: { show: false },
    hooks: { drawClear: bands(course, ink) },
  };
  return { options, data: [times, points.map(({ usable, value }) => (usable ? value : null)), points.map(({ usable, value }) => (usable ? null : value))] };
}

function bands({ norm, mdc95, baseline }, ink) {
  const found = [];
  if (norm) found.push(band(ink, { low: norm.low, high: norm.high, fill: ink.norm, edge: ink.trunk, dash: [2, 4] }));
  if (mdc95 !== null && baseline !== null) found.push(band(ink, { low: baseline - mdc95, high: baseline + mdc95, fill: ink.plateau, edge: ink.hip, dash: [8, 5] }));
  return found;
}

/** From the lowest to the highest of all that is drawn, with some room. */
function room({ points, norm, mdc95, baseline }) {
  const all = points.map(({ value }) => value);
  if (norm) all.push(norm.low, norm.high);
  if (mdc95 !== null && baseline !== null) all.push(baseline - mdc95, baseline + mdc95);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const more = Math.max((high - low) * 0.12, Math.abs(high) * 0.02, 0.01);
  return [low - more, high + more];
}

function span(times) {
  const [low, high] = [times[0], times[times.length - 1]];
  const more = Math.max((high - low) * 0.06, high === low ? DAY_S : 0);
  return [low - more, high + more];
}

/** Ticks stand at visits: at days on which something was measured, and nowhere else. */
const ticks = (times) => times;

/** Dates under the ticks; one that would run into the one before is left out. */
function labels(splits, chart, ink) {
  const form = new Intl.DateTimeFormat(language() === "en" ? "en-GB" : language(), { day: "numeric", month: "short", year: "2-digit" });
  const [left, right] = [0, chart.over?.clientWidth || chart.width];
  let last = -Infinity;
  return splits.map((value) => {
    const at = chart.valToPos(value, "x");
    if (at - last < 6 * ink.rem || at < left || at > right) return null;
    last = at;
    return form.format(new Date(value * 1000));
  });
}

function digitsOf(splits) {
  const step = splits.length > 1 ? Math.abs(splits[1] - splits[0]) : 1;
  return step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
}
