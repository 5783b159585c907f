// A person's progress: what changed in a sentence first, then every test and side over the visits.
import * as api from "../api.js";
import { h, replace } from "../dom.js";
import { back, card, link, notice } from "../parts.js";
import { title } from "../router.js";
import { say, t } from "../texts.js";
import { courseCard } from "./history/course.js";
import { named, subjectPath } from "./history/words.js";

/** The pages of this module. */
export function routes(route) {
  route("/subjects/:code/progress", progressPage);
}

async function progressPage({ code }, main) {
  title(t("Progress of {code}", { code }));
  const top = [back(subjectPath(code), t("History of {code}", { code })), h("h1", t("Progress of {code}", { code }))];
  replace(main, top, h("p", { class: "quiet-text" }, t("Loading ...")));
  const { courses, glance } = await api.get("subjects/" + encodeURIComponent(code) + "/progress");
  if (!courses.length) { replace(main, top, nothing(code)); return null; }
  const cards = grouped(courses).map(courseCard);
  replace(main, top, glanceCard(glance),
    h("div", { class: "courses" }, cards.map(({ node }) => node)),
    h("div", { class: "row no-print" }, link({ label: t("Report"), path: subjectPath(code, "/report") })));
  return () => cards.forEach((each) => each.destroy());
}

function nothing(code) {
  return [notice("info", t("There is nothing to follow yet: no trial of {code} has a result that counts.", { code })),
    h("div", { class: "row" }, link({ label: t("Measure"), path: "/measure/" + encodeURIComponent(code), kind: "primary" }))];
}

function glanceCard(sentences) {
  if (!sentences.length) return null;
  return card(t("At a glance"), h("ul", { class: "glance" }, sentences.map((sentence) => h("li", say(sentence)))));
}

/** The courses of one test and side together, in the order in which they came. */
function grouped(courses) {
  const groups = new Map();
  for (const course of courses) {
    const key = course.protocol + "/" + (course.side ?? "");
    if (!groups.has(key)) groups.set(key, { key, name: named(course), courses: [] });
    groups.get(key).courses.push(course);
  }
  return [...groups.values()];
}
