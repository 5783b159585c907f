// What can be taken away of a trial: files for other programs.
import * as api from "../../api.js";
import { h, replace } from "../../dom.js";
import { button, card, notice } from "../../parts.js";
import { t } from "../../texts.js";

/** The exports of a trial as a card; a refused one says why, beside its button. */
export function exportCard({ id }) {
  const said = h("div", { class: "export-said" });
  const formats = [
    ["angles", t("Angles (CSV)"), t("every sample of every angle")],
    ["results", t("Results (CSV)"), t("one line for each repetition")],
    ["trace", t("Trace"), t("all raw bytes, to be replayed")],
    ["json", t("JSON"), t("the whole result, for scripts")],
  ];
  const save = (format) => async () => {
    replace(said);
    try {
      await api.download("trials/" + id + "/export?format=" + format);
    } catch (error) {
      replace(said, notice("bad", error.message));
    }
  };
  return card(t("Save as a file"), h("ul", { class: "export-list" }, formats.map(([format, label, help]) => h("li",
    button({ label, action: save(format), "data-format": format }), h("span", { class: "small quiet-text" }, help)))), said);
}
