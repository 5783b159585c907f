// Choosing two trials to compare: check boxes, and the reason while they cannot be.
import { announce, h, replace } from "../../dom.js";
import { t } from "../../texts.js";
import { named } from "./words.js";

/** A chooser over trials: `node` is its bar, `box(trial)` the check box beside a trial. */
export function chooser(trials, compare) {
  const self = { trials, chosen: new Set(), why: h("p", { id: "compare-why", class: "compare-why" }), compare };
  self.go = h("button", { type: "button", class: "plain", "aria-describedby": "compare-why", on: { click: () => asked(self) } }, t("Compare"));
  self.node = h("div", { class: "chooser no-print", role: "group", "aria-label": t("Compare two trials") }, self.go, self.why);
  update(self);
  return { node: self.node, box: (trial) => box(self, trial) };
}

/** Why these trials cannot be compared; empty where they can. */
export function whyNot(trials) {
  if (trials.length < 2) return trials.length ? t("Choose one more trial to compare.") : t("To compare, choose two trials of the same test.");
  if (trials.length > 2) return t("{count} trials are chosen: two can be compared. Leave out {more}.", { count: trials.length, more: trials.length - 2 });
  const [a, b] = trials;
  if (a.protocol !== b.protocol) return t("{a} and {b} are different tests: choose two trials of the same test.", { a: named({ ...a, side: null }), b: named({ ...b, side: null }) });
  return "";
}

function box(self, trial) {
  const label = t("Compare trial {id}: {name}", { id: trial.id, name: named(trial) });
  return h("label", { class: "pick no-print" },
    h("input", { type: "checkbox", name: "compare", value: trial.id, "aria-label": label, on: { change: (event) => {
      if (event.target.checked) self.chosen.add(trial.id); else self.chosen.delete(trial.id);
      update(self);
      event.target.scrollIntoView({ block: "nearest" }); // not under the bar that has just come
    } } }));
}

/** The older trial is the first: differences then read as change. */
function inOrder({ trials, chosen }) {
  return trials.filter(({ id }) => chosen.has(id)).sort((a, b) => a.utc.localeCompare(b.utc) || a.id - b.id);
}

function update(self) {
  const picked = inOrder(self);
  const why = whyNot(picked);
  self.go.setAttribute("aria-disabled", String(Boolean(why)));
  self.go.className = why ? "plain" : "primary";
  self.node?.classList.toggle("begun", picked.length > 0); // from then on it stays in sight
  replace(self.why, why || t("Ready: trial {a} and trial {b}.", { a: picked[0].id, b: picked[1].id }));
}

function asked(self) {
  const picked = inOrder(self);
  const why = whyNot(picked);
  if (!why) { self.compare(picked[0].id, picked[1].id); return; }
  self.why.classList.add("told");
  announce(why, { assertive: true });
}
