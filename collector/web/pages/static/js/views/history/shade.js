// What lies behind and over the lines of a chart: windows, holds, events, bands.

/** Draw repetitions (windows, with the hold in them) behind the lines: a hook for uPlot's `drawClear`. */
export function windows(ink, repetitions, { offset = 0, labels = true } = {}) {
  return (chart) => clipped(chart, (pen, box) => {
    for (const { n, start_s, end_s, plateau, grade } of repetitions) {
      strip(chart, { from: start_s - offset, to: end_s - offset, fill: ink.window, edge: ink.edge });
      if (plateau) strip(chart, { from: plateau[0] - offset, to: plateau[1] - offset, fill: ink.plateau, edge: ink.edge });
      if (labels) label(chart, { text: n + (grade === "X" ? " ✕" : ""), at: (start_s + end_s) / 2 - offset, ink, top: box.top });
    }
  });
}

/** Mark events with a numbered line over the chart: a hook for uPlot's `draw`. */
export function marks(ink, events) {
  return (chart) => clipped(chart, (pen, box) => {
    pen.strokeStyle = ink.ink;
    pen.lineWidth = px(1.5);
    pen.setLineDash([px(3), px(3)]);
    events.forEach((event, at) => {
      const x = chart.valToPos(event.t_s, "x", true);
      if (x < box.left - 1 || x > box.left + box.width + 1) return; // outside of what is zoomed to
      line(pen, [x, box.top], [x, box.top + box.height]);
      label(chart, { text: String(at + 1), x, ink, top: box.top + box.height - px(1.6 * ink.rem), boxed: true });
    });
  });
}

/** Draw a band of values across the chart: {low, high, fill, edge, dash}. */
export function band(ink, { low, high, fill, edge, dash }) {
  return (chart) => clipped(chart, (pen, box) => {
    const [top, bottom] = [high, low].map((value) => chart.valToPos(value, "y", true));
    pen.fillStyle = fill;
    pen.fillRect(box.left, top, box.width, bottom - top);
    pen.strokeStyle = edge;
    pen.lineWidth = px(1.5);
    pen.setLineDash(dash.map(px));
    for (const y of [top, bottom]) line(pen, [box.left, y], [box.left + box.width, y]);
  });
}

const px = (css) => css * (window.devicePixelRatio || 1);

function clipped(chart, draw) {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox);
  ctx.restore();
}

function strip(chart, { from, to, fill, edge }) {
  const { ctx, bbox } = chart;
  const [left, right] = [from, to].map((value) => chart.valToPos(value, "x", true));
  ctx.fillStyle = fill;
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.strokeStyle = edge;
  ctx.lineWidth = px(1);
  ctx.setLineDash([]);
  for (const x of [left, right]) line(ctx, [x, bbox.top], [x, bbox.top + bbox.height]);
}

function label(chart, { text, at = null, x = null, ink, top, boxed = false }) {
  const { ctx } = chart;
  const size = px(0.875 * ink.rem);
  const { left, width } = chart.bbox;
  const wanted = x ?? chart.valToPos(at, "x", true);
  // at the edge a number stands beside its line, not half outside
  const place = boxed ? Math.min(Math.max(wanted, left + size), left + width - size) : wanted;
  ctx.font = "700 " + size + "px sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  if (boxed) {
    const half = ctx.measureText(text).width / 2 + px(4);
    ctx.fillStyle = ink.ground;
    ctx.fillRect(place - half, top - px(2), half * 2, size + px(4));
  }
  ctx.fillStyle = boxed ? ink.ink : ink.soft;
  ctx.fillText(text, place, top + px(boxed ? 0 : 4));
}

function line(pen, from, to) {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}
