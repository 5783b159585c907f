// Angles over time: lines that can be zoomed and read out, for a trial and for two side by side.
import { announce, h, replace } from "../../dom.js";
import { deg, num, t } from "../../texts.js";
import { gestures } from "./gestures.js";
import { axis, plot } from "./plot.js";
import { marks, windows } from "./shade.js";
import { zoomBar, zoomer, zoomKeys } from "./zoom.js";

const READ_STEPS = 60; // presses of a key from one end of what is shown to the other

/**
 * A zoomable chart. `t_s` seconds; `lines` [{key, name, values, ink, dash, width}]; `spans` the
 * repetitions behind them; `events` [{t_s, text}]; `hidden` a Set of keys that are not drawn.
 */
export function timeline({ label, t_s, lines, spans = [], events = [], hidden = new Set() }) {
  const self = { t_s, lines, spans, events, hidden, label };
  self.readout = h("p", { class: "readout" });
  self.shownText = h("p", { class: "shown quiet-text small" });
  self.zoom = zoomer(ends(t_s), () => changed(self));
  self.bar = zoomBar(self.zoom, () => shownWords(self));
  self.plot = plot({ label, make: (ink, box, library) => drawn(self, ink, library), missing: () => lacking(self) });
  self.frame = h("div", { class: "plot-frame", tabindex: "0", role: "group", "aria-label": t("Chart: {label}", { label }), "aria-describedby": "chart-keys" }, self.plot.node);
  zoomKeys(self.frame, self.zoom, { tell: () => shownWords(self), step: (direction) => stepped(self, direction) });
  self.tools = h("div", { class: "row timeline-tools no-print" }, self.bar.node, self.shownText);
  self.help = keys();
  self.node = h("div", { class: "timeline" }, self.tools, self.frame, self.readout, self.help);
  replace(self.shownText, shownWords(self));
  read(self, null);
  return {
    node: self.node,
    zoom: self.zoom,
    redraw: () => { self.plot.redraw(); read(self, null); },
    focus: () => self.frame.focus(),
    destroy: () => self.plot.destroy(),
  };
}

/** The first and last of the times; a recording of one sample still has a width. */
export function ends(t_s) {
  const low = t_s.length ? t_s[0] : 0;
  const high = t_s.length ? t_s[t_s.length - 1] : 1;
  return high > low ? [low, high] : [low, low + 1];
}

function keys() {
  const rows = [
    ["+ / −", t("zoom in and out")], ["← / →", t("earlier, later")], ["0", t("the whole recording")],
    [t("Shift + ← / →"), t("move the reading line")], [t("Drag"), t("zoom to a range")], [t("Ctrl + wheel, two fingers"), t("zoom")],
  ];
  return h("details", { class: "keys no-print" }, h("summary", t("Keys and gestures")),
    h("dl", { class: "pairs small", id: "chart-keys" }, rows.map(([key, does]) => [h("dt", key), h("dd", does)])));
}

function lacking(self) {
  for (const node of [self.tools, self.readout, self.help]) node.hidden = true;
  self.frame.removeAttribute("tabindex");
  self.frame.removeAttribute("aria-describedby");
}

function drawn(self, ink, library) {
  const { t_s, lines, hidden, zoom } = self;
  const [low, high] = heights(lines.filter(({ key }) => !hidden.has(key)));
  const options = {
    scales: { x: { time: false, range: () => zoom.range() }, y: { range: () => [low, high] } },
    axes: [
      axis(ink, { size: 2.4 * ink.rem, space: 5 * ink.rem, values: (chart, splits) => seconds(splits) }),
      axis(ink, { size: 3.6 * ink.rem, space: 2.6 * ink.rem, values: (chart, splits) => splits.map((value) => deg(value)) }),
    ],
    series: [{}, ...lines.map((each) => ({ show: !hidden.has(each.key), stroke: ink[each.ink], dash: each.dash, width: each.width, points: { show: false } }))],
    cursor: {
      y: false,
      points: { size: 0.6 * ink.rem },
      drag: { x: true, y: false, setScale: false, dist: 6 },
      bind: { dblclick: () => () => zoom.all() },
    },
    hooks: {
      drawClear: [windows(ink, self.spans)],
      draw: [marks(ink, self.events)],
      setSelect: [(chart) => selected(chart, zoom)],
      setCursor: [(chart) => read(self, chart.cursor.left >= 0 ? chart.cursor.idx : null)],
      ready: [(chart) => touched(self, chart)],
    },
  };
  return { options, data: [t_s, ...lines.map(({ values }) => values)] };
}

function touched(self, chart) {
  gestures(chart.over, { zoom: self.zoom, toX: (px) => chart.posToVal(px, "x"), focused: () => document.activeElement === self.frame });
}

function selected(chart, zoom) {
  const { left, width } = chart.select;
  if (width < 6) return;
  zoom.to(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** The angles that are drawn, rounded outwards: the height stays the same while one zooms in. */
function heights(lines) {
  let [low, high] = [0, 10];
  for (const { values } of lines) {
    for (const value of values) {
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const room = (high - low) * 0.08;
  return [Math.floor((low - (low < 0 ? room : 0)) / 5) * 5, Math.ceil((high + room) / 5) * 5];
}

function seconds(splits) {
  const step = splits.length > 1 ? splits[1] - splits[0] : 1;
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  return splits.map((value) => num(value, digits) + " s");
}

function changed(self) {
  const [min, max] = self.zoom.range();
  self.plot.chart()?.setScale("x", { min, max });
  self.bar.update();
  replace(self.shownText, shownWords(self));
}

function shownWords(self) {
  const [low, high] = self.zoom.range();
  return t("Shown: {from} to {to} s", { from: num(low, 1), to: num(high, 1) });
}

function read(self, at) {
  self.at = at;
  replace(self.readout, at === null || at === undefined ? h("span", { class: "quiet-text" }, t("Point at the chart to read its values.")) : values(self, at));
}

function values(self, at) {
  const shown = self.lines.filter(({ key }) => !self.hidden.has(key));
  return [h("b", t("{seconds} s:", { seconds: num(self.t_s[at], 1) })), shown.map((each) => h("span", { class: "reading" }, each.name + " ", h("b", deg(each.values[at], 1))))];
}

function stepped(self, direction) {
  const chart = self.plot.chart();
  if (!chart) return;
  const [low, high] = self.zoom.range();
  const from = self.at === null || self.at === undefined ? (low + high) / 2 : self.t_s[self.at] + direction * (high - low) / READ_STEPS;
  const at = Math.min(high, Math.max(low, from));
  chart.setCursor({ left: chart.valToPos(at, "x"), top: chart.over.clientHeight / 2 });
  announce(self.readout.textContent);
}
