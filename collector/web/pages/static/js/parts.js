// The pieces that every page is made of.
import { h } from "./dom.js";
import { say, segmentName, t } from "./texts.js";

const GRADES = { A: "sound", B: "usable", C: "with care", X: "not to be used" };
const STEPS = [
  ["subject", "Subject"], ["test", "Test"], ["sensors", "Sensors"], ["safety", "Safety"],
  ["calibrate", "Calibrate"], ["repetitions", "Repetitions"], ["result", "Result"],
];

/** The sign of a sensor's health, beside its words. */
export const SIGNS = { ok: "✓", wait: "…", warn: "!", bad: "✕" };

/** A card: a titled part of a page. The title may be null. */
export function card(title, ...children) {
  return h("section", { class: "card" }, title ? h("h2", title) : null, children);
}

/** A table: columns [{title, cell: (row) => node|text, number: bool}], rows of anything. */
export function table(columns, rows, { caption = null, empty = null } = {}) {
  const head = h("tr", columns.map(({ title, number }) => h("th", { scope: "col", class: number && "number" }, title)));
  const body = rows.map((row) => h("tr", columns.map((column, at) => cell(column, row, at))));
  if (!rows.length && empty) body.push(h("tr", h("td", { colspan: columns.length, class: "empty" }, empty)));
  // a wide table scrolls in its own frame; the keyboard has to reach that frame too
  return h("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": caption || t("Table") },
    h("table", caption ? h("caption", caption) : null, h("thead", head), h("tbody", body)));
}

/** A grade: its letter and its word. */
export function badge(grade) {
  if (!grade) return h("span", { class: "badge none" }, t("no grade"));
  return h("span", { class: ["badge", "grade-" + String(grade).toLowerCase()] },
    h("b", { class: "letter" }, grade), " ", GRADES[grade] ? t(GRADES[grade]) : "");
}

/** A sensor's health: segment, sign and words, of a sensor of RUN. */
export function glyph(sensor) {
  const kind = sensor.glyph in SIGNS ? sensor.glyph : "wait";
  return h("span", { class: ["glyph", kind] },
    h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind]),
    h("span", { class: "glyph-name" }, segmentName(sensor.segment)), " ",
    h("span", { class: "glyph-words" }, sensor.words ? say(sensor.words) : ""));
}

/** A button; `action` may be async: the button waits for it and cannot be pressed twice. */
export function button({ label, action, kind = "plain", ...rest }) {
  const node = h("button", { type: "button", class: kind, ...rest }, label);
  node.addEventListener("click", async (event) => {
    if (node.getAttribute("aria-disabled") === "true") return;
    node.setAttribute("aria-disabled", "true"); // not `disabled`: that would drop the focus
    try { await action?.(event); } finally { node.removeAttribute("aria-disabled"); }
  });
  return node;
}

/** A link that looks like a button. */
export function link({ label, path, kind = "plain", ...rest }) {
  return h("a", { class: ["button", kind], href: "#" + path, ...rest }, label);
}

/** A notice: kind "info", "good", "warn" or "bad"; the last is read out at once. */
export function notice(kind, ...text) {
  const sign = { info: "i", good: "✓", warn: "!", bad: "✕" }[kind] || "i";
  return h("div", { class: ["notice", kind], role: kind === "bad" ? "alert" : "status" },
    h("span", { class: "sign", "aria-hidden": "true" }, sign), h("div", { class: "notice-text" }, text));
}

/** The way back, above a page's heading. */
export function back(path, label) {
  return h("nav", { class: "back", "aria-label": t("Back") }, h("a", { href: "#" + path }, h("span", { "aria-hidden": "true" }, "← "), label));
}

/** The steps of a measurement with the present one marked: an id ("sensors") or a number from 0. */
export function steps(current) {
  const at = typeof current === "number" ? current : STEPS.findIndex(([id]) => id === current);
  return h("ol", { class: "steps", "aria-label": t("Steps of a measurement") }, STEPS.map(([, name], n) => h("li",
    { class: n < at ? "past" : n === at ? "now" : "next", "aria-current": n === at ? "step" : null },
    h("span", { class: "step-number", "aria-hidden": "true" }, n < at ? "✓" : String(n + 1)),
    h("span", { class: "step-name" }, t(name)))));
}

function cell({ cell: draw, number, name }, row, at) {
  const content = draw ? draw(row) : row[name];
  if (at === 0 && !number) return h("th", { scope: "row" }, content);
  return h("td", { class: number && "number" }, content);
}
