// The start: choose a subject, or add one.
import * as api from "../api.js";
import { h, replace, svg } from "../dom.js";
import { form } from "../forms.js";
import { running } from "../frame.js";
import { run } from "../live.js";
import { card, link, notice } from "../parts.js";
import { go, title } from "../router.js";
import { date, num, sexName, t } from "../texts.js";


/** The pages of this module. */
export function routes(route) {
  route("/", home);
}

async function home(params, main) {
  // in mid-trial there is one thing to do, and this is not the page for it
  if (running(run())) { go("/live", { replace: true }); return; }
  title(t("Subjects"));
  const { subjects } = await api.get("subjects");
  const list = h("div", { class: "subjects" });
  const search = h("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false",
    on: { input: () => draw(list, subjects, search.value) } });
  replace(main,
    h("div", { class: "hero" },
      h("header", { class: "page-head" }, h("h1", t("Who is measured?")),
        h("p", { class: "lead" }, t("Choose a subject, or add one. Use a code, never a name."))), arc()),
    h("div", { class: "split" },
      h("section", { "aria-label": t("Subjects") },
        h("div", { class: "field" }, h("label", { for: "search" }, t("Find a subject")), search), list),
      card(t("Add a subject"), adding())));
  draw(list, subjects, "");
}

function draw(list, subjects, wanted) {
  const text = wanted.trim().toLowerCase();
  const shown = subjects.filter((subject) => subject.code.toLowerCase().includes(text)).sort(latest);
  if (!subjects.length) replace(list, notice("info", t("There is no subject yet. Add the first one.")));
  else if (!shown.length) replace(list, notice("info", t("No subject's code contains \"{text}\".", { text: wanted.trim() })));
  else replace(list, h("ul", { class: "subject-list" }, shown.map(entry)));
}

const latest = (a, b) => (b.last_utc || "").localeCompare(a.last_utc || "") || a.code.localeCompare(b.code);

function entry(subject) {
  const code = encodeURIComponent(subject.code);
  return h("li", { class: "subject" },
    h("div", { class: "subject-who" }, h("b", { class: "code" }, subject.code), h("span", { class: "quiet-text" }, about(subject))),
    h("div", { class: "row" },
      link({ label: t("Measure"), path: "/measure/" + code, kind: "primary", "aria-label": t("Measure {code}", { code: subject.code }) }),
      link({ label: t("History"), path: "/subjects/" + code, "aria-label": t("History of {code}", { code: subject.code }) })));
}

/** What is known of a subject; a narrow screen breaks the line between two facts, not inside one. */
function about(subject) {
  const facts = [subject.sex && sexName(subject.sex), subject.birth_year && t("born {year}", { year: subject.birth_year }), ...visits(subject)];
  return facts.filter(Boolean).map((fact, at) => [at ? " · " : null, h("span", { class: "subject-fact" }, fact)]);
}

function visits(subject) {
  if (!subject.last_utc) return [t("not measured yet")];
  const count = subject.visits === 1 ? t("1 visit") : t("{count} visits", { count: num(subject.visits) });
  return [count, t("last on {date}", { date: date(subject.last_utc) })];
}

function adding() {
  const choices = [["female", t("female")], ["male", t("male")], ["other", t("other")], ["", t("not given")]].map(([value, label]) => ({ value, label }));
  return form({
    name: "subject",
    fields: [
      { name: "code", label: t("Code"), kind: "text", longest: 64, help: t("A pseudonym, such as P014. Left empty, one is given.") },
      { name: "sex", label: t("Sex"), kind: "choice", choices, value: "" },
      { name: "birth_year", label: t("Birth year"), kind: "number", whole: true, min: 1900, max: new Date().getFullYear(), size: 6, help: t("Used for the reference values of the age group.") },
    ],
    submit: { label: t("Add and measure"), action: add },
  });
}

async function add(values) {
  const { subject } = await api.post("subjects", values);
  go("/measure/" + encodeURIComponent(subject.code));
}

/** A leg's way up: what the hip gave, and what the pelvis lent. A picture of the idea, not of a number. */
function arc() {
  const at = (angle, radius) => [200 - radius * Math.cos(angle * Math.PI / 180), 110 - radius * Math.sin(angle * Math.PI / 180)].map((x) => x.toFixed(1)).join(" ");
  const bow = (from, to, name) => svg("path", { class: name, fill: "none", d: "M" + at(from, 84) + " A84 84 0 0 1 " + at(to, 84) });
  const ticks = Array.from({ length: 10 }, (_, n) => svg("path", { class: "tick", d: "M" + at(n * 10, 98) + " L" + at(n * 10, n % 3 ? 103 : 107) }));
  return svg("svg", { class: "hero-arc", viewBox: "88 0 116 118", "aria-hidden": "true" }, ticks, bow(0, 62, "hip"), bow(64, 82, "lent"));
}
