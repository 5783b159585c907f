// The result of a trial: one big number, what it is made of, whether it holds, and what comes next.
import { h } from "../../dom.js";
import { badge, card, link, notice, table } from "../../parts.js";
import { amount, capital, date, deg, num, pct, say, sideName, t } from "../../texts.js";
import { changeName, subjectPath } from "../history/words.js";
import { path } from "./choices.js";
import { told } from "./words.js";

const ADDS_UP_DEG = 1; // means of repetitions, each rounded

/** The result of GET /api/trials/{id}: figures, grade, rule, refusals, the last visit, repetitions. */
export function resultPart(body) {
  const trial = body.trial;
  const none = numberOf(trial) === null;
  return h("section", { class: "result", "aria-label": t("Result") },
    h("div", { class: "result-top" },
      none ? null : headline(trial),
      h("div", { class: "card result-words" }, h("p", { class: "result-grade" }, badge(trial.grade), " ", h("span", grade(body))),
        body.result_sentence ? h("p", { class: "lead" }, say(body.result_sentence)) : null,
        body.set_sentence ? h("p", say(body.set_sentence)) : null,
        refusals(body))),
    lastVisit(body), repetitions(trial.repetitions || []));
}

/** What can be done after a trial: the other side, the same again, another test, or the end. */
export function nextSteps(body) {
  const { subject: code, protocol: test, side } = body.trial;
  const where = { code, test, side: side ?? "both" };
  const other = { left: "right", right: "left" }[side];
  return h("nav", { class: "next-steps no-print", "aria-label": t("What next") },
    test && other ? link({ label: t("Other side: {side}", { side: sideName(other) }), path: path({ ...where, side: other }, "sensors"), kind: "primary big" }) : null,
    test ? link({ label: t("Same again"), path: path(where, "sensors"), kind: "big" }) : null,
    link({ label: t("Next test"), path: "/measure/" + encodeURIComponent(code), kind: test && other ? "big" : "primary big" }),
    link({ label: t("Finish"), path: subjectPath(code), kind: "big" }));
}

const numberOf = (trial) => trial.hip_deg ?? trial.tot_deg ?? null;

function headline(trial) {
  const whole = trial.hip_deg === null || trial.hip_deg === undefined;
  const range = whole ? trial.set?.tot_ci95_deg : trial.set?.hip_ci95_deg;
  return h("div", { class: "card headline" },
    h("p", { class: "headline-name" }, h("b", whole ? t("Whole angle") : t("Hip")), range ? h("span", { class: "quiet-text" }, " ± " + deg(range, 1)) : null),
    h("p", { class: "headline-number" }, num(numberOf(trial), 1), h("span", { class: "unit" }, "°")),
    whole ? null : bar(trial),
    h("dl", { class: "pairs" }, pair(t("Whole angle (TOT)"), whole ? null : deg(trial.tot_deg, 1)), pair(t("Lent"), whole ? null : deg(trial.comp_deg, 1)),
      pair(t("Share that was lent"), trial.share_pct === null || trial.share_pct === undefined ? null : pct(trial.share_pct))));
}

const pair = (name, value) => (value === null ? null : [h("dt", name), h("dd", h("b", value))]);

/** Hip and lent end to end, as one picture for the person; none where they do not make the whole angle (ranges, reversals). */
function bar(trial) {
  const { hip_deg: hip, comp_deg: lent = null, tot_deg: whole = null } = trial;
  if (lent === null || whole === null || Math.abs(hip + lent - whole) > ADDS_UP_DEG || Math.min(hip, lent) < -ADDS_UP_DEG) return null;
  return h("div", { class: "result-bar", role: "img", "aria-label": t("Hip {hip}, lent {lent}", { hip: deg(trial.hip_deg, 1), lent: deg(trial.comp_deg, 1) }) },
    h("span", { class: "result-bar-track", "aria-hidden": "true" },
      h("span", { class: "part-hip", vars: { "--part": Math.max(0, hip) } }), h("span", { class: "part-lent hatched", vars: { "--part": Math.max(0, lent) } })),
    h("span", { class: "result-bar-words", "aria-hidden": "true" },
      h("span", h("i", { class: "swatch part-hip" }), " ", t("hip {value}", { value: deg(trial.hip_deg) })),
      h("span", h("i", { class: "swatch hatched" }), " ", t("lent {value}", { value: deg(trial.comp_deg) }))));
}

const grade = (body) => (body.grade_meaning ? say(body.grade_meaning) : "");

function refusals(body) {
  const sentences = [body.refusal?.message, ...(body.trial.sentences || [])].filter(Boolean);
  const all = onceEach(sentences).map(told);
  if (!all.length) return null;
  return notice(body.refusal || body.trial.grade === "X" ? "bad" : "warn", h("ul", { class: "sentences" }, all.map((sentence) => h("li", sentence))));
}

/** Sentences that differ in their numbers alone (one for every repetition) are said once. */
function onceEach(sentences) {
  const known = new Map();
  for (const sentence of sentences) {
    const kind = sentence.replace(/\d+(\.\d+)?/g, "#");
    if (!known.has(kind)) known.set(kind, sentence);
  }
  return [...known.values()];
}

function lastVisit({ before, trial }) {
  if (!before?.length) return card(t("Last visit"), h("p", t("This is the first visit with this test and side.")));
  const now = { hip: trial.hip_deg, tot: trial.tot_deg, comp: trial.comp_deg, share: trial.share_pct };
  const columns = [
    { title: "", cell: (row) => capital(say(row.name)) },
    { title: t("Then"), number: true, cell: (row) => amount(row.value, row.unit, row.unit === "deg" ? 1 : 0) },
    { title: t("Now"), number: true, cell: (row) => amount(now[row.measure] ?? null, row.unit, row.unit === "deg" ? 1 : 0) },
    { title: t("Change"), cell: (row) => change(row) },
  ];
  return card(t("Last visit, {date}", { date: date(before[0].utc) }), table(columns, before, { caption: t("Compared with the last visit") }));
}

function change({ label }) {
  return h("span", { class: ["change", label] }, h("b", changeName(label ?? "blocked")));
}

function repetitions(reps) {
  if (!reps.length) return null;
  const columns = [
    { title: t("Repetition"), cell: (rep) => num(rep.n) },
    { title: t("Hip"), number: true, cell: (rep) => deg(rep.hip_deg, 1) },
    { title: t("Lent"), number: true, cell: (rep) => deg(rep.comp_deg, 1) },
    { title: t("Whole angle"), number: true, cell: (rep) => deg(rep.tot_deg, 1) },
    { title: t("Share"), number: true, cell: (rep) => pct(rep.share_pct) },
    { title: t("Grade"), cell: (rep) => badge(rep.grade) },
  ];
  return h("section", { class: "card" }, h("h2", t("Repetitions")), table(columns, reps, { caption: t("Every repetition") }));
}
