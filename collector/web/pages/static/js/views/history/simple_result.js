// The result of a trial in few lines: shown where the measuring page's own part did not load.
import { h } from "../../dom.js";
import { badge, card } from "../../parts.js";
import { deg, pct, say, t } from "../../texts.js";

/** The result of a trial's body: grade, numbers, and what was refused, in words. */
export function simpleResult({ trial, result_sentence: result, set_sentence: set, grade_meaning: meaning, refusal, before }) {
  const numbers = [[t("Hip"), deg(trial.hip_deg, 1)], [t("Whole angle"), deg(trial.tot_deg, 1)], [t("Lent"), deg(trial.comp_deg, 1)], [t("Share lent"), pct(trial.share_pct)]];
  return card(t("Result"),
    h("p", { class: "row" }, badge(trial.grade), meaning ? say(meaning) : null),
    refusal ? h("p", say(refusal.message)) : h("dl", { class: "pairs" }, numbers.map(([name, value]) => [h("dt", name), h("dd", h("b", value))])),
    [result, set].filter(Boolean).map((sentence) => h("p", say(sentence))),
    before.length ? h("ul", before.map(({ text }) => h("li", say(text)))) : null,
    trial.sentences?.length ? h("ul", trial.sentences.map((sentence) => h("li", say(sentence)))) : null);
}
