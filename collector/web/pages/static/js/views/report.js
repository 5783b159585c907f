// The printed report of a person, shown as it will be on paper.
import { replace, h } from "../dom.js";
import { back } from "../parts.js";
import { title } from "../router.js";
import { t } from "../texts.js";
import { paper } from "./history/paper.js";
import { subjectPath } from "./history/words.js";

/** The pages of this module. */
export function routes(route) {
  route("/subjects/:code/report", reportPage);
}

async function reportPage({ code }, main) {
  title(t("Report of {code}", { code }));
  const path = "/api/subjects/" + encodeURIComponent(code) + "/report";
  const shown = paper({ name: t("Report of {code}", { code }), html: path + ".html", pdf: path + ".pdf" });
  replace(main, back(subjectPath(code), t("History of {code}", { code })), h("h1", t("Report of {code}", { code })), shown.node);
  return shown.destroy;
}
