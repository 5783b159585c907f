// A person's page: who it is, the visits with their trials, and two trials to compare.
import * as api from "../api.js";
import { announce, h, replace } from "../dom.js";
import { form } from "../forms.js";
import { back, button, link, notice } from "../parts.js";
import { go, title } from "../router.js";
import { t } from "../texts.js";
import { chooser } from "./history/chooser.js";
import { visitList } from "./history/visits.js";
import { personWords, subjectPath } from "./history/words.js";

/** The pages of this module. */
export function routes(route) {
  route("/subjects/:code", subjectPage);
}

async function subjectPage({ code }, main) {
  title(t("History of {code}", { code }));
  replace(main, back("/", t("Subjects")), h("h1", { class: "code" }, code), h("p", { class: "quiet-text" }, t("Loading ...")));
  const { subject, visits } = await api.get("subjects/" + encodeURIComponent(code));
  const trials = visits.flatMap((visit) => visit.trials);
  const chosen = chooser(trials, (a, b) => go("/compare/" + a + "/" + b));
  replace(main, back("/", t("Subjects")), head(subject, trials),
    visits.length ? visitList(visits, trials.length > 1 ? chosen.box : null) : empty(subject),
    trials.length > 1 ? chosen.node : null);
}

function head(subject, trials) {
  const about = h("p", { class: "lead" }, personWords(subject));
  const place = h("div", { class: "edit-place" });
  const edit = button({ label: t("Edit"), "aria-expanded": "false", class: "plain", action: () => (place.firstChild ? shut() : open()) });
  const shut = () => { replace(place); edit.setAttribute("aria-expanded", "false"); edit.focus(); };
  const open = () => {
    replace(place, editing(subject, { shut, saved: (changed) => { Object.assign(subject, changed); replace(about, personWords(changed)); shut(); } }));
    edit.setAttribute("aria-expanded", "true");
    place.querySelector("input")?.focus();
  };
  const code = subject.code;
  return h("header", { class: "page-head" },
    h("h1", { class: "code" }, code), h("div", { class: "row" }, about, edit), place,
    h("div", { class: "row no-print" },
      link({ label: t("Measure"), path: "/measure/" + encodeURIComponent(code), kind: "primary" }),
      trials.length ? link({ label: t("Progress"), path: subjectPath(code, "/progress") }) : null,
      trials.length ? link({ label: t("Report"), path: subjectPath(code, "/report") }) : null));
}

function editing(subject, { shut, saved }) {
  const choices = [["female", t("female")], ["male", t("male")], ["other", t("other")], ["", t("not given")]].map(([value, label]) => ({ value, label }));
  return h("div", { class: "card" }, form({
    name: "subject-" + subject.code,
    fields: [
      { name: "sex", label: t("Sex"), kind: "choice", choices, value: subject.sex ?? "" },
      { name: "birth_year", label: t("Birth year"), kind: "text", value: subject.birth_year ? String(subject.birth_year) : "", size: 6, check: yearWrong },
    ],
    submit: { label: t("Save"), action: async ({ sex, birth_year: year }) => {
      const body = { sex: sex || null, birth_year: year ? Number(year) : null };
      const answer = await api.patch("subjects/" + encodeURIComponent(subject.code), body);
      saved(answer.subject);
      announce(t("Saved."));
    } },
    cancel: button({ label: t("Cancel"), action: shut }),
  }));
}

/** A year is typed as a text: "1996" is never shown with a thousands separator. */
function yearWrong(value) {
  const latest = new Date().getFullYear();
  if (value === null) return "";
  const fits = /^\d{4}$/.test(value) && Number(value) >= 1900 && Number(value) <= latest;
  return fits ? "" : t("Expected a year from 1900 to {latest}, got \"{given}\".", { latest, given: value });
}

function empty(subject) {
  return h("div", { class: "stack" },
    notice("info", t("Nothing was measured yet. Choose \"Measure\" to begin the first visit of {code}.", { code: subject.code })));
}
