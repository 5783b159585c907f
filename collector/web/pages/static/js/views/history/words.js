// Words that several pages of the history share.
import { h } from "../../dom.js";
import { num, say, sexName, sideName, t } from "../../texts.js";

const STATES = { open: "still being recorded", interrupted: "interrupted", salvaged: "salvaged after a crash", void: "void" };
const CHANGES = {
  real_change: "real change", likely_real: "likely a real change", within_error: "within error", no_change: "no change", blocked: "not judged",
};
const CHANGE_SIGNS = { real_change: "≠", likely_real: "≠", within_error: "≈", no_change: "=", blocked: "?" };

/** The longest note, remark or reason; as collector/store/remarks.py has it. */
export const LONGEST_NOTE = 2000;

/** A trial in one line: its test and, where the test has sides, which. */
export const named = ({ title, side }) => [title ? say(title) : t("Angles without a test"), side ? sideName(side) : null].filter(Boolean).join(", ");

/** What a trial's state means; empty for a trial that was closed as it should be. */
export const stateWords = (state) => (state in STATES ? t(STATES[state]) : "");

/** What a change amounts to, held against the error of measuring. */
export const changeName = (label) => t(CHANGES[label] || label.replaceAll("_", " "));

/** A change as a badge: a sign and words (`told`, else the label's), never color alone. */
export function changeBadge(label, told = null) {
  if (!label) return null;
  return h("span", { class: ["verdict-badge", "verdict-" + label] },
    h("span", { class: "sign", "aria-hidden": "true" }, CHANGE_SIGNS[label] || "–"), " ", told ? say(told) : changeName(label));
}

/** A person's sex and birth year, as far as they are known. */
export function personWords({ sex, birth_year }) {
  const known = [sex ? sexName(sex) : null, birth_year ? t("born {year}", { year: birth_year }) : null].filter(Boolean);
  return known.length ? known.join(" · ") : t("sex and birth year not given");
}

/** Pain as it was said: "3 of 10". */
export const painWords = (pain) => t("{pain} of 10", { pain: num(pain, Number.isInteger(pain) ? 0 : 1) });

/** The path of a subject's pages. */
export const subjectPath = (code, rest = "") => "/subjects/" + encodeURIComponent(code) + rest;
