// What is said once before a measurement: who measures, what still sits, what must not be moved.
import { announce, h } from "../../dom.js";
import { t } from "../../texts.js";
import { choices, choose, examiner, setExaminer } from "./choices.js";

/** The examiner's code, remembered in this browser. */
export function examinerField() {
  return h("div", { class: "field" },
    h("label", { for: "examiner" }, t("Who measures?"), h("span", { class: "optional" }, " ", t("(optional)"))),
    h("p", { class: "field-help", id: "examiner-help" }, t("A code, such as EX-2. It is kept for the next trial.")),
    h("input", { type: "text", id: "examiner", "aria-describedby": "examiner-help", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      maxlength: 64, size: 14, value: examiner(), on: { input: (event) => setExaminer(event.target.value) } }));
}

/** Whether the sensors still sit as in the last trial, so that no axis is looked for. */
export function stillSitField(code) {
  return tick({ id: "still-sit", checked: choices(code).stillSit, label: t("The sensors still sit as in the last trial"),
    on: (checked) => choose(code, { stillSit: checked }) });
}

/** What must not be moved after a new hip joint; `changed` is called with every tick. */
export function precautions(code, changed) {
  const chosen = choices(code);
  const cleared = h("div", { class: "cleared", hidden: !chosen.newHip }, tick({ id: "cleared", checked: chosen.cleared,
    label: t("Cleared: this person may make these movements"), on: (checked) => { choose(code, { cleared: checked }); changed(); tell(checked); } }));
  return h("fieldset", { class: "field precautions" }, h("legend", t("Precautions")),
    tick({ id: "new-hip", checked: chosen.newHip, label: t("Hip replacement or hip arthroscopy with limits on movement"),
      on: (checked) => { choose(code, { newHip: checked, cleared: false }); cleared.hidden = !checked; cleared.querySelector("input").checked = false; changed(); tell(!checked); } }),
    cleared);
}

/** A check box with its label as one large target. */
export function tick({ id, checked, label, on }) {
  return h("label", { class: "choice tick", for: id },
    h("input", { type: "checkbox", id, checked, on: { change: (event) => on(event.target.checked) } }), h("span", label));
}

const tell = (all) => announce(all ? t("All tests are shown.") : t("Four tests are hidden."));
