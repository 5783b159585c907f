// Visits and their trials, the newest first; void trials stay, struck, with their reason.
import { h } from "../../dom.js";
import { badge } from "../../parts.js";
import { date, dateTime, deg, num, pct, t } from "../../texts.js";
import { named, painWords, stateWords } from "./words.js";

/** The list of visits; `box(trial)` gives what stands before a trial, or null. */
export function visitList(visits, box = null) {
  return h("div", { class: "visits" }, visits.map((visit) => h("section", { class: "visit", "aria-labelledby": "visit-" + visit.session },
    h("div", { class: "visit-head" },
      h("h2", { id: "visit-" + visit.session }, date(visit.utc)),
      h("span", { class: "quiet-text" }, count(visit.trials.length))),
    visit.note ? h("p", { class: "visit-note" }, visit.note) : null,
    visit.trials.length ? h("ul", { class: ["trial-list", box && "picks"] }, visit.trials.map((trial) => entry(trial, box))) : h("p", { class: "quiet-text" }, t("No trial was kept of this visit.")))));
}

const count = (trials) => (trials === 1 ? t("1 trial") : t("{count} trials", { count: num(trials) }));

function entry(trial, box) {
  const isVoid = trial.state === "void";
  return h("li", { class: ["trial-entry", isVoid && "void"] },
    box?.(trial),
    h("div", { class: "trial-parts" },
      h("div", { class: "trial-what" },
        h("a", { class: "trial-link", href: "#/trials/" + trial.id }, isVoid ? h("s", named(trial)) : named(trial)),
        h("span", { class: "small quiet-text" }, details(trial)),
        state(trial)),
      h("div", { class: "trial-grade" }, badge(trial.grade)),
      h("dl", { class: "trial-figures" }, figures(trial).map(([name, value]) => h("div", h("dt", name), h("dd", value))))));
}

function details({ id, utc, examiner, pain_nrs }) {
  const words = [t("Trial {id}", { id }), dateTime(utc)];
  if (examiner) words.push(t("by {examiner}", { examiner }));
  if (pain_nrs !== null) words.push(t("pain {pain}", { pain: painWords(pain_nrs) }));
  return words.join(" · ");
}

function state({ state: kind, state_reason: reason }) {
  const words = stateWords(kind);
  if (!words) return null;
  return h("span", { class: ["trial-state", "state-" + kind] }, h("b", words), reason ? ": " + reason : "");
}

function figures({ hip_deg, tot_deg, share_pct }) {
  return [[t("Hip"), deg(hip_deg)], [t("Whole"), deg(tot_deg)], [t("Lent"), pct(share_pct)]];
}
