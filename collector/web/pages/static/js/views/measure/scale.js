// A scale with a bar on it: upright where there is height, lying where there is width (by CSS).
import { h, replace } from "../../dom.js";
import { num } from "../../texts.js";
import { varOf } from "./paint.js";

/** A scale from `low` to `high` degrees that widens by `step` when a value leaves it; `band` is {low_deg, high_deg}. */
export function scale({ low, high, step, tick, band = null, kind }) {
  const me = { low, high, step, tick, band, value: 0, peak: null, whole: null };
  me.fill = h("span", { class: "scale-fill" });
  me.rest = h("span", { class: "scale-rest", hidden: true });
  me.top = h("span", { class: "scale-peak", hidden: true });
  me.target = h("span", { class: "scale-band", hidden: !band });
  me.ticks = h("span", { class: "scale-ticks" });
  me.node = h("div", { class: ["scale", kind], "aria-hidden": "true" }, h("span", { class: "scale-track" }, me.target, me.fill, me.rest, me.top), me.ticks);
  me.from = varOf(me.fill, "--from");
  me.to = varOf(me.fill, "--to");
  me.more = [varOf(me.rest, "--from"), varOf(me.rest, "--to")];
  me.held = varOf(me.top, "--at");
  ruled(me);
  return { node: me.node, set: (value, peak = null, whole = null) => set(me, value, peak, whole), aim: (wanted) => aim(me, wanted) };
}

/** `whole` lies beyond the value: what was lent is drawn on top, hatched, up to it. */
function set(me, value, peak, whole) {
  Object.assign(me, { value, peak, whole });
  widen(me, [value, peak, whole]);
  place(me);
}

function aim(me, band) {
  if (JSON.stringify(band) === JSON.stringify(me.band)) return;
  me.band = band;
  me.target.hidden = !band;
  ruled(me);
}

function widen(me, values) {
  const known = values.filter((value) => value !== null);
  const low = Math.min(me.low, ...known.map((value) => Math.floor(value / me.step) * me.step));
  const high = Math.max(me.high, ...known.map((value) => Math.ceil(value / me.step) * me.step));
  if (low === me.low && high === me.high) return;
  Object.assign(me, { low, high });
  ruled(me);
}

/** Draw the ticks and the band anew: seldom, for it is the only thing here that makes elements. */
function ruled(me) {
  if (me.band) {
    me.low = Math.min(me.low, Math.floor((me.band.low_deg - 5) / me.step) * me.step);
    me.high = Math.max(me.high, Math.ceil((me.band.high_deg + 5) / me.step) * me.step);
    me.target.style.setProperty("--from", at(me, me.band.low_deg));
    me.target.style.setProperty("--to", at(me, me.band.high_deg));
  }
  const many = (me.high - me.low) / me.tick > 6 ? 2 * me.tick : me.tick;
  const ticks = [];
  for (let value = Math.ceil(me.low / many) * many; value <= me.high; value += many) ticks.push(value);
  replace(me.ticks, ticks.map((value) => h("span", { class: ["scale-tick", value === 0 && "zero"], vars: { "--at": at(me, value) } }, num(value))));
  place(me);
}

function place(me) {
  const zero = Number(at(me, 0));
  const to = me.value === null ? zero : Number(at(me, me.value));
  me.from(Math.min(zero, to).toFixed(3));
  me.to(Math.max(zero, to).toFixed(3));
  me.rest.hidden = me.whole === null || me.value === null;
  if (!me.rest.hidden) {
    const end = Number(at(me, me.whole));
    me.more[0](Math.min(to, end).toFixed(3));
    me.more[1](Math.max(to, end).toFixed(3));
  }
  me.top.hidden = me.peak === null;
  if (me.peak !== null) me.held(at(me, me.peak));
}

const at = (me, value) => Math.min(1, Math.max(0, (value - me.low) / (me.high - me.low))).toFixed(3);
