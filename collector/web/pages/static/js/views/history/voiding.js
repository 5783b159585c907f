// Taking a trial out of what counts: asked for, with a reason, never silently.
import * as api from "../../api.js";
import { announce, focusHeading } from "../../dom.js";
import { confirmDialog } from "../../forms.js";
import { button } from "../../parts.js";
import { t } from "../../texts.js";
import { LONGEST_NOTE, named } from "./words.js";

/** The button that asks for a reason and voids a trial; `done()` draws the page anew. */
export function voidButton(trial, done) {
  return button({ label: t("Void this trial"), kind: "danger", action: () => ask(trial, done) });
}

async function ask(trial, done) {
  const answer = await confirmDialog({
    title: t("Void trial {id}?", { id: trial.id }),
    text: [t("{name}: it stays in the history with your reason and counts for nothing. This cannot be taken back.", { name: named(trial) })],
    field: { name: "reason", label: t("Reason"), help: t("For example: a strap slipped."), required: true, longest: LONGEST_NOTE, needed: t("Say why this trial must not count.") },
    yes: t("Void the trial"),
    danger: true,
    action: (reason) => api.post("trials/" + trial.id + "/void", { reason }),
  });
  if (answer === null) return;
  await done();
  focusHeading(document.getElementById("main"));
  announce(t("Trial {id} is void.", { id: trial.id }));
}
