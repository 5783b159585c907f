// Where each sensor goes, the picture of a test, and how it is done.
import { h } from "../../dom.js";
import { say, segmentName, t } from "../../texts.js";
import { choices, choose } from "./choices.js";
import { positionName, siteName } from "./words.js";

/** The picture of a test: the position, and the sensors on it. */
export function drawing(test, { small = false } = {}) {
  const alt = small ? "" : t("{test}: {position}, with a sensor on {segments}.", {
    test: say(test.title), position: positionName(test.position), segments: roles(test).map(segmentName).join(", "),
  });
  // the drawing comes on white, in the dark as well
  return h("span", { class: ["drawing", small && "small-drawing"] },
    h("img", { src: "/api/tests/" + encodeURIComponent(test.id) + "/drawing.svg", alt, width: 520, height: 372, loading: small ? "lazy" : null }));
}

/** Where each sensor goes, as a list, by side where that is known; the site may be another one where a segment has several. */
export function placements(test, { code, sided = true }) {
  return h("ol", { class: "placements" }, test.placements.map((place) => h("li", { class: "placement" },
    h("div", { class: "placement-words" },
      h("b", segmentName(sided ? place.segment : place.role)), " ", place.required ? null : h("span", { class: "quiet-text" }, t("(better with it)")),
      h("p", say(place.text) || t("Anywhere on this segment, strapped firmly.")), sided ? site(place, code) : null))));
}

/** How a test is done, step by step, and the pose that is zero. */
export function howTo(test) {
  return h("section", { class: "card" }, h("h2", t("Position and movement")),
    h("p", h("b", positionName(test.position) + ". "), say(test.reference_pose)),
    h("ol", { class: "procedure" }, test.procedure.map((step) => h("li", say(step)))));
}

function site(place, code) {
  if (!place.site || place.sites.length < 2) return null;
  const id = "site-" + place.segment;
  const wanted = choices(code).sites[place.segment] || place.site;
  return h("details", { class: "site", open: wanted !== place.site }, h("summary", t("Strapped elsewhere?")),
    h("div", { class: "field" }, h("label", { for: id }, t("Where the sensor on {segment} sits", { segment: segmentName(place.segment) })),
      h("select", { id, value: wanted, on: { change: (event) => choose(code, { sites: { ...choices(code).sites, [place.segment]: event.target.value } }) } },
        place.sites.map((each) => h("option", { value: each }, siteName(each))))));
}

const roles = (test) => test.placements?.filter((place) => place.required).map((place) => place.role ?? place.segment) ?? test.required;
