// A drawn plot: it follows the width of its box, the color scheme, the letter size and the paper.
import { h, replace } from "../../dom.js";
import { t } from "../../texts.js";
import { inks } from "./inks.js";
import { charts } from "./uplot.js";

const PAPER_PX = 640; // what an A4 page holds between its margins

/**
 * A plot in a box that keeps its height from the start. `make(ink, box)` gives {options, data} of
 * uPlot; `label` is what a screen reader hears. Call `destroy` when the view is left.
 */
export function plot({ label, make, missing = null }) {
  const node = h("div", { class: "plot", role: "img", "aria-label": label }, h("p", { class: "plot-wait" }, t("Loading the chart ...")));
  const self = { node, make, library: null, drawn: null, width: 0, gone: false };
  const off = follow(self);
  charts().then((library) => {
    self.library = library;
    if (self.gone) return;
    if (!library) { lacking(node); missing?.(); return; }
    redraw(self);
  });
  return {
    node,
    chart: () => self.drawn,
    redraw: () => redraw(self),
    relabel: (text) => node.setAttribute("aria-label", text),
    destroy() { self.gone = true; off(); self.drawn?.destroy(); self.drawn = null; },
  };
}

/** Where a chart begins to look like the rest of the page: its axes, in the page's numbers. */
export function axis(ink, more) {
  return { stroke: ink.soft, font: ink.font, grid: { stroke: ink.grid, width: 1 }, ticks: { stroke: ink.grid, width: 1, size: 5 }, ...more };
}

function redraw(self) {
  const { node, library, make } = self;
  const width = node.classList.contains("paper") ? PAPER_PX : node.clientWidth;
  if (!library || self.gone || width < 40) return;
  self.drawn?.destroy();
  replace(node);
  const box = { width, height: node.clientHeight };
  const { options, data } = make(inks(node), box, library);
  self.width = width;
  self.drawn = new library({ ...box, legend: { show: false }, ...options }, data, node);
}

/** A figure that is not there is said once, in words; what stands below it tells the same. */
function lacking(node) {
  node.removeAttribute("role");
  node.removeAttribute("aria-label");
  node.classList.add("without");
  replace(node, h("p", { class: "notice warn", role: "status" },
    t("The chart cannot be drawn: the chart library did not load. The numbers are in the table. To get charts: pip install uplot-python")));
}

function follow(self) {
  const sized = new ResizeObserver(() => {
    // measured again in the next picture, else the observer would set off itself
    requestAnimationFrame(() => { if (!self.gone && self.node.clientWidth !== self.width) redraw(self); });
  });
  sized.observe(self.node);
  const again = () => redraw(self);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const paper = (on) => () => { self.node.classList.toggle("paper", on); redraw(self); };
  const toPaper = paper(true);
  const toScreen = paper(false);
  scheme.addEventListener("change", again);
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", toScreen);
  return () => {
    sized.disconnect();
    scheme.removeEventListener("change", again);
    window.removeEventListener("beforeprint", toPaper);
    window.removeEventListener("afterprint", toScreen);
  };
}
