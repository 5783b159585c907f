// Two trials beside each other: their curves over one another, and which differences are real.
import * as api from "../api.js";
import { h, replace } from "../dom.js";
import { back, badge, card, notice, table } from "../parts.js";
import { title } from "../router.js";
import { amount, capital, dateTime, deg, pct, say, t } from "../texts.js";
import { overlayCard } from "./history/overlay.js";
import { changeBadge, changeName, named, stateWords, subjectPath } from "./history/words.js";

const WHY = {
  real_change: "more than the smallest change that two measurements can tell apart (95 %).",
  likely_real: "more than two measurements usually differ by (90 %), but not by much.",
  within_error: "two measurements of the same leg may differ by this much.",
  no_change: "less than the error of a single measurement.",
  blocked: "how much this number differs between two measurements is not known.",
};

/** The pages of this module. */
export function routes(route) {
  route("/compare/:a/:b", comparePage);
}

async function comparePage({ a, b }, main) {
  title(t("Compare trials {a} and {b}", { a, b }));
  replace(main, h("h1", t("Compare two trials")), h("p", { class: "quiet-text" }, t("Loading ...")));
  const body = await api.get("compare?a=" + encodeURIComponent(a) + "&b=" + encodeURIComponent(b));
  const overlay = alike(body) ? overlayCard(body.a, body.b) : null;
  replace(main,
    back(subjectPath(body.a.subject), t("History of {code}", { code: body.a.subject })),
    h("h1", t("Compare two trials")),
    h("div", { class: "cards two-trials" }, brief("A", body.a), brief("B", body.b)),
    body.comparable ? null : notice("warn", h("p", h("b", t("These two trials cannot be compared."))), h("p", { class: "why-not" }, say(body.why))),
    body.comparable ? differences(body.differences) : null,
    overlay?.node);
  return () => overlay?.destroy();
}

/** Sides may be laid over one another; two tests, two people or one trial twice may not. */
const alike = ({ a, b }) => a.id !== b.id && a.subject === b.subject && a.protocol === b.protocol;

function brief(letter, trial) {
  const state = stateWords(trial.state);
  return h("section", { class: "card", "aria-label": t("Trial {letter}", { letter }) },
    h("h2", h("span", { class: "letter-key", "aria-hidden": "true" }, letter), " ", h("a", { href: "#/trials/" + trial.id }, named(trial))),
    h("p", { class: "quiet-text" }, t("{code}, {when}, trial {id}", { code: trial.subject, when: dateTime(trial.utc), id: trial.id })),
    state ? h("p", h("b", state), trial.state_reason ? ": " + trial.state_reason : "") : null,
    h("p", { class: "row" }, badge(trial.grade), t("Hip {hip}, whole angle {tot}, lent {share}", { hip: deg(trial.hip_deg), tot: deg(trial.tot_deg), share: pct(trial.share_pct) })));
}

function differences(rows) {
  if (!rows.length) return notice("info", t("There is no number that both trials have."));
  return h("div", { class: "differences" }, card(t("Differences"), table([
    { title: t("Number"), cell: ({ name }) => say(name) },
    { title: t("A"), number: true, cell: ({ a, unit }) => shown(a, unit) },
    { title: t("B"), number: true, cell: ({ b, unit }) => shown(b, unit) },
    { title: t("From A to B"), cell: ({ label, text }) => changeBadge(label, text) },
  ], rows, { caption: t("Every number that both trials have") }),
  h("ul", { class: "small quiet-text" }, [...new Set(rows.map(({ label }) => label))].filter((label) => label in WHY).map((label) => h("li", h("b", capital(changeName(label))), ": ", t(WHY[label]))))));
}

const shown = (value, unit) => amount(value, unit, unit === "deg" ? 1 : null);
