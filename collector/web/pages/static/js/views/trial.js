// One trial: its result, its curves, what is said of it, and what can be done with it.
import * as api from "../api.js";
import { h, replace } from "../dom.js";
import { back, card, link, notice } from "../parts.js";
import { title } from "../router.js";
import { dateTime, say, t } from "../texts.js";
import { curvesCard } from "./history/curves.js";
import { exportCard } from "./history/exports.js";
import { remarksCard } from "./history/remarks.js";
import { voidButton } from "./history/voiding.js";
import { named, stateWords, subjectPath } from "./history/words.js";
import { nextSteps, resultPart } from "./measure/result.js";

/** The pages of this module. */
export function routes(route) {
  route("/trials/:id", trialPage);
}

async function trialPage({ id }, main) {
  title(t("Trial {id}", { id }));
  replace(main, h("h1", t("Trial {id}", { id })), h("p", { class: "quiet-text" }, t("Loading ...")));
  const body = await api.get("trials/" + encodeURIComponent(id));
  const self = { main, id, curves: curvesCard(body.trial) };
  draw(self, body);
  return () => self.curves.destroy();
}

function draw(self, body) {
  const { trial } = body;
  title(named(trial) + ", " + trial.subject);
  const again = async () => draw(self, await api.get("trials/" + trial.id));
  replace(self.main,
    back(subjectPath(trial.subject), t("History of {code}", { code: trial.subject })),
    head(trial),
    stateNotice(trial),
    h("div", { class: ["result-place", "stack", trial.state === "void" && "void"] }, resultPart(body)),
    nextSteps(body),
    self.curves.node,
    h("div", { class: "cards" }, remarksCard(body, again), actions(trial, again)));
}

function head(trial) {
  return h("header", { class: "page-head" },
    h("h1", trial.state === "void" ? h("s", named(trial)) : named(trial)),
    h("p", { class: "lead" }, t("{code}, {when}, trial {id}", { code: trial.subject, when: dateTime(trial.utc), id: trial.id })));
}

function stateNotice({ state, state_reason: reason }) {
  if (state === "void") {
    return notice("warn", h("p", h("b", t("This trial is void and does not count."))), h("p", t("Reason:"), " ", h("span", { class: "void-reason" }, reason)),
      h("p", t("What was recorded is kept.")));
  }
  const words = stateWords(state);
  return words ? notice("warn", h("p", h("b", t("This trial was {state}.", { state: words })), reason ? " " + say(reason) : "")) : null;
}

function actions(trial, again) {
  return h("div", { class: "stack no-print" },
    exportCard(trial),
    card(t("Papers"), h("div", { class: "row" },
      link({ label: t("Certificate"), path: "/trials/" + trial.id + "/certificate" }),
      h("button", { type: "button", class: "plain", on: { click: () => window.print() } }, t("Print this page")))),
    trial.state === "void" || trial.state === "open" ? null : card(t("Not to be counted?"),
      h("p", t("A trial is never deleted. A void trial stays in the history with its reason and counts for nothing.")),
      h("div", { class: "row" }, voidButton(trial, again))));
}
