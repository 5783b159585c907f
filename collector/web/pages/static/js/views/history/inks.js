// What a chart is drawn with: the page's own colors, read where the chart stands, and line kinds.
import { svg } from "../../dom.js";

const NAMES = ["hip", "pelvis", "trunk", "thigh", "lumbar", "knee", "ink", "soft", "grid", "ground", "window", "plateau", "edge", "norm"];
const KINDS = {
  hip: { dash: [], width: 3 },
  pelvis: { dash: [10, 5], width: 2.5 },
  trunk: { dash: [2, 4], width: 2.5 },
  lumbar: { dash: [12, 4, 2, 4], width: 2 },
  thigh: { dash: [18, 6], width: 2 },
  knee: { dash: [6, 3, 2, 3, 2, 3], width: 2 },
};
const OTHER = { dash: [4, 4], width: 2 };

/** The colors and the font at a node, as charts take them: {hip, pelvis, ..., font, rem}. */
export function inks(node) {
  const found = getComputedStyle(node);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const colors = Object.fromEntries(NAMES.map((name) => [name, found.getPropertyValue("--chart-" + name).trim() || "#777777"]));
  return { ...colors, rem, font: Math.round(0.875 * rem) + "px " + (found.fontFamily || "sans-serif") };
}

/** The channel's plain name: "hip" of "hip_deg". */
export const channel = (key) => key.replace(/_deg$/, "");

/** How a channel's line is drawn: its dashes and its width, so that color never stands alone. */
export const kind = (key) => KINDS[channel(key)] || OTHER;

/** The name of the ink of a channel. */
export const inkOf = (key) => (channel(key) in KINDS ? channel(key) : "soft");

/** A sample of a line, as a legend shows it. */
export function sample(key, { dash = kind(key).dash, width = kind(key).width, ink = inkOf(key) } = {}) {
  return svg("svg", { class: ["line-sample", "ink-" + ink], viewBox: "0 0 40 12", width: 40, height: 12, "aria-hidden": "true" },
    svg("line", { x1: 1, y1: 6, x2: 39, y2: 6, "stroke-width": width, "stroke-dasharray": dash.join(" ") || null }));
}
