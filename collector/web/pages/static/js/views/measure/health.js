// How each sensor is, at the edge of the live view: sign and words, never color alone.
import { h, replace } from "../../dom.js";
import { SIGNS } from "../../parts.js";
import { num, pct, say, segmentName, t } from "../../texts.js";
import { classOf, textOf } from "./paint.js";


/** The strip of sensors: `update(run)` at every state, `frame(frame)` thirty times a second. */
export function health() {
  const me = { rows: new Map(), sensors: [], pulses: new Map() };
  me.node = h("ul", { class: "strip", "aria-label": t("Sensors") });
  return { node: me.node, update: (run) => update(me, run), frame: (frame) => pulse(me, frame) };
}

function update(me, run) {
  const segments = run.sensors.map((sensor) => sensor.segment);
  if (segments.join() !== [...me.rows.keys()].join()) {
    me.rows = new Map(segments.map((segment) => [segment, row(segment)]));
    replace(me.node, [...me.rows.values()].map((each) => each.node));
  }
  me.sensors = run.sensors;
  paint(me);
}

function pulse(me, frame) {
  me.pulses = new Map((frame.sensors || []).map((sensor) => [sensor.segment, sensor]));
  paint(me);
}

function row(segment) {
  const sign = h("span", { class: "sign", "aria-hidden": "true" });
  const words = h("span", { class: "strip-words" });
  const facts = h("span", { class: "strip-facts quiet-text" });
  const node = h("li", { class: "strip-sensor" }, sign, h("b", segmentName(segment)), words, facts);
  const marks = Object.keys(SIGNS).map((glyph) => [glyph, classOf(node, glyph)]);
  return { node, sign: textOf(sign), words: textOf(words), facts: textOf(facts), mark: (glyph) => marks.forEach(([name, set]) => set(name === glyph)) };
}

function paint(me) {
  for (const sensor of me.sensors) {
    const now = me.pulses.get(sensor.segment);
    const silent = now ? !now.fresh : !sensor.fresh;
    const glyph = silent && sensor.glyph === "ok" ? "warn" : sensor.glyph;
    const each = me.rows.get(sensor.segment);
    each.mark(glyph);
    each.sign(SIGNS[glyph] || "…");
    each.words(silent && sensor.glyph === "ok" ? t("no word") : say(sensor.words));
    each.facts(facts(sensor));
  }
}

function facts(sensor) {
  const rate = sensor.rate_hz === null ? "-- Hz" : num(sensor.rate_hz) + " Hz";
  const battery = sensor.battery_percent === null ? t("battery ?") : t("battery {percent}", { percent: pct(sensor.battery_percent) });
  return [rate, t("lost {percent}", { percent: pct(sensor.lost_pct, 1) }), battery].join(" · ");
}
