// The two questions at the end: pain, and what ended the movement. Skipping both is an answer.
import * as api from "../../api.js";
import { h, replace } from "../../dom.js";
import { button, notice } from "../../parts.js";
import { num, t } from "../../texts.js";
import { endPointName } from "./words.js";

const LAST_CALL_S = 4;

/** The stage of the questions. */
export function asking() {
  const me = { run: null, left_s: null, sent: false, drawn: "", chosen: {} };
  me.left = h("p", { class: "asks-left quiet-text" });
  me.body = h("div", { class: "stack" });
  me.wrong = h("div");
  me.node = h("section", { class: "asking", "aria-label": t("Two questions") }, me.body, me.wrong,
    h("div", { class: "row" }, button({ label: t("Save and go on"), kind: "primary big", action: () => send(me, me.chosen) }),
      button({ label: t("Skip"), kind: "plain big", action: () => send(me, {}) }), me.left));
  const timer = setInterval(() => tick(me), 1000);
  return { node: me.node, update: (run) => update(me, run), frame() {}, close: () => clearInterval(timer) };
}

function update(me, run) {
  me.run = run;
  me.left_s = run.asks?.left_s ?? null;
  const drawn = JSON.stringify([run.number, run.asks?.end_points]);
  if (drawn !== me.drawn) {
    me.drawn = drawn;
    me.chosen = kept(run) ?? {};
    replace(me.body, pain(me), endPoint(me, run.asks?.end_points ?? []));
  }
  left(me);
}

function tick(me) {
  if (me.left_s === null) return;
  me.left_s = Math.max(0, me.left_s - 1);
  left(me);
  // what was chosen and not sent yet must not be lost by a clock
  if (me.left_s <= LAST_CALL_S && !me.sent && Object.keys(me.chosen).length) send(me, me.chosen);
}

function left(me) {
  me.left.textContent = me.left_s === null ? "" : t("{seconds} s, then the trial is closed without.", { seconds: num(Math.ceil(me.left_s)) });
}

function pain(me) {
  const scores = Array.from({ length: 11 }, (_, score) => [score, num(score)]);
  return h("fieldset", { class: "field" }, h("legend", { class: "ask" }, t("Pain at the end of the movement?")),
    h("div", { class: "pain-scale" }, scores.map(([score, text]) => choice(me, { name: "pain_nrs", value: score, text }))),
    h("p", { class: "pain-ends quiet-text" }, h("span", t("0: no pain")), h("span", t("10: worst there is"))));
}

function endPoint(me, codes) {
  if (!codes.length) return null;
  return h("fieldset", { class: "field" }, h("legend", { class: "ask" }, t("What ended the movement?")),
    h("div", { class: "choice-row" }, codes.map((code) => choice(me, { name: "end_point", value: code, text: endPointName(code) }))));
}

function choice(me, { name, value, text }) {
  const node = h("button", { type: "button", class: "ask-choice", "aria-pressed": me.chosen[name] === value, "data-name": name,
    on: { click: () => pick(me, name, me.chosen[name] === value ? undefined : value) } }, text);
  node.asked = value;
  return node;
}

function pick(me, name, value) {
  if (value === undefined) delete me.chosen[name]; else me.chosen[name] = value;
  for (const node of me.body.querySelectorAll(`[data-name=${name}]`)) node.setAttribute("aria-pressed", String(node.asked === value));
  try { sessionStorage.setItem("asking", JSON.stringify({ number: me.run.number, chosen: me.chosen })); } catch { /* private window */ }
}

function kept(run) {
  try {
    const saved = JSON.parse(sessionStorage.getItem("asking"));
    return saved?.number === run.number ? saved.chosen : null;
  } catch {
    return null;
  }
}

async function send(me, answers) {
  me.sent = true;
  replace(me.wrong);
  try {
    await api.post("trial/answers", answers);
  } catch (error) {
    me.sent = false;
    replace(me.wrong, notice("bad", error.message));
  }
}
