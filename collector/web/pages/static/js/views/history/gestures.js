// Wheel, one finger and two fingers on a chart, told as changes of what is shown.

const WHEEL = 0.8;

/** Let wheel and fingers on `over` (uPlot's drawing area) change a zoomer; `toX(px)` gives the value under a place. */
export function gestures(over, { zoom, toX, focused }) {
  over.addEventListener("wheel", (event) => wheel(event, { over, zoom, toX, focused }), { passive: false });
  const fingers = new Map();
  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") fingers.set(event.pointerId, event.clientX);
  });
  over.addEventListener("pointermove", (event) => moved(event, { over, zoom, toX, fingers }));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    over.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}

/** A plain wheel scrolls the page until somebody has chosen the chart; with Ctrl, or a pinch on a pad, it zooms. */
function wheel(event, { over, zoom, toX, focused }) {
  if (!event.ctrlKey && !focused()) return;
  const at = toX(event.clientX - over.getBoundingClientRect().left);
  const changed = zoom.by(event.deltaY < 0 ? WHEEL : 1 / WHEEL, at);
  if (changed || event.ctrlKey) event.preventDefault();
}

function moved(event, { over, zoom, toX, fingers }) {
  if (!fingers.has(event.pointerId)) return;
  const before = [...fingers.values()];
  fingers.set(event.pointerId, event.clientX);
  const after = [...fingers.values()];
  const left = over.getBoundingClientRect().left;
  if (after.length === 1) { zoom.shift(toX(before[0] - left) - toX(after[0] - left)); return; }
  if (after.length !== 2) return;
  const [was, is] = [before, after].map(([a, b]) => Math.max(24, Math.abs(a - b)));
  zoom.by(was / is, toX((after[0] + after[1]) / 2 - left));
}
