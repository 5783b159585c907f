// Which part of a chart is shown: by buttons, keys, wheel, fingers or a drawn range, all alike.
import { announce, h } from "../../dom.js";
import { t } from "../../texts.js";

const STEP = 0.5; // of the range: how far one press goes in
const SHIFT = 0.25;

/** The shown part of `whole` ([low, high]); `changed(range)` hears of every change. */
export function zoomer(whole, changed, { least = (whole[1] - whole[0]) / 200 } = {}) {
  let shown = [...whole];
  const to = (low, high) => {
    const next = within(whole, [low, high], least);
    if (next[0] === shown[0] && next[1] === shown[1]) return false;
    shown = next;
    changed(shown);
    return true;
  };
  const width = () => shown[1] - shown[0];
  const by = (factor, at = (shown[0] + shown[1]) / 2) => to(at - (at - shown[0]) * factor, at + (shown[1] - at) * factor);
  return {
    range: () => shown,
    to,
    by,
    shift: (amount) => to(shown[0] + amount, shown[1] + amount),
    closer: () => by(STEP),
    further: () => by(1 / STEP),
    left: () => to(shown[0] - width() * SHIFT, shown[1] - width() * SHIFT),
    right: () => to(shown[0] + width() * SHIFT, shown[1] + width() * SHIFT),
    all: () => to(...whole),
    can: () => ({
      closer: width() > least * 1.001, further: width() < whole[1] - whole[0],
      left: shown[0] > whole[0], right: shown[1] < whole[1], all: width() < whole[1] - whole[0],
    }),
  };
}

/** The buttons of a zoomer; call `update()` after every change. `tell()` gives what to say of it. */
export function zoomBar(zoom, tell) {
  const kinds = [
    ["closer", "+", t("Zoom in")], ["further", "−", t("Zoom out")],
    ["left", "←", t("Earlier")], ["right", "→", t("Later")], ["all", t("Whole"), t("Show the whole recording")],
  ];
  const buttons = kinds.map(([name, sign, label]) => h("button", {
    type: "button", class: "zoom", "data-zoom": name, "aria-label": label, title: label,
    on: { click: () => { if (zoom[name]()) announce(tell()); } },
  }, sign));
  const update = () => {
    const can = zoom.can();
    // not `disabled`: the button that was pressed last must keep the focus
    kinds.forEach(([name], at) => buttons[at].setAttribute("aria-disabled", String(!can[name])));
  };
  update();
  return { node: h("div", { class: "zoom-bar no-print", role: "group", "aria-label": t("Zoom") }, buttons), update };
}

/** Let keys zoom while the focus is on `node`; `step(direction)` moves the reading line. */
export function zoomKeys(node, zoom, { tell, step }) {
  const does = { "+": "closer", "=": "closer", "-": "further", "0": "all", Home: "all", ArrowLeft: "left", ArrowRight: "right" };
  node.addEventListener("keydown", (event) => {
    if (event.target !== node || event.ctrlKey || event.metaKey || event.altKey) return;
    const reading = event.shiftKey && event.key.startsWith("Arrow");
    if (reading && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      event.preventDefault();
      step(event.key === "ArrowLeft" ? -1 : 1);
    } else if (!reading && does[event.key]) {
      event.preventDefault();
      if (zoom[does[event.key]]()) announce(tell());
    }
  });
}

function within(whole, [low, high], least) {
  const width = Math.min(whole[1] - whole[0], Math.max(least, high - low));
  if (high - low !== width) low = (low + high - width) / 2;
  low = Math.min(Math.max(low, whole[0]), whole[1] - width);
  return [low, low + width];
}
