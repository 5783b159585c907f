// The certificate of a trial: where every number comes from, shown as it will be on paper.
import { h, replace } from "../dom.js";
import { back } from "../parts.js";
import { title } from "../router.js";
import { t } from "../texts.js";
import { paper } from "./history/paper.js";

/** The pages of this module. */
export function routes(route) {
  route("/trials/:id/certificate", certificatePage);
}

async function certificatePage({ id }, main) {
  title(t("Certificate of trial {id}", { id }));
  const shown = paper({ name: t("Certificate of trial {id}", { id }), html: "/api/trials/" + encodeURIComponent(id) + "/certificate.html", wide: true });
  replace(main, back("/trials/" + encodeURIComponent(id), t("Trial {id}", { id })), h("h1", t("Certificate of trial {id}", { id })), shown.node);
  return shown.destroy;
}
