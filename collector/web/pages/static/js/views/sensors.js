// The sensors of a test: found, told apart, connected, and how they are.
import * as api from "../api.js";
import { h, replace } from "../dom.js";
import { running } from "../frame.js";
import { onRun, run } from "../live.js";
import { back, button, link, notice, steps } from "../parts.js";
import { title } from "../router.js";
import { t } from "../texts.js";
import { finding } from "./measure/finding.js";
import { gate } from "./measure/gate.js";
import { isOf, left, letGo, waiting } from "./measure/hold.js";
import { tapping } from "./measure/tapping.js";
import { testAndSide } from "./measure/words.js";

/** The pages of this module. */
export function routes(route) {
  route("/measure/:code/:test/:side/sensors", sensors);
}

async function sensors(where, main) {
  title(t("Sensors"));
  const side = where.side === "both" ? "" : "?side=" + where.side;
  const [test, status] = await Promise.all([api.get("tests/" + encodeURIComponent(where.test) + side), api.get("status")]);
  const stage = h("div", { class: "stage" });
  replace(main, back("/measure/" + encodeURIComponent(where.code) + "?test=" + where.test, t("Test and side")), steps("sensors"),
    h("header", { class: "page-head" }, h("h1", t("Sensors")),
      h("p", { class: "lead" }, t("Subject {code}", { code: where.code }) + " · " + testAndSide(test.title, where.side))),
    stage);
  const show = shower(stage, { where, test, status });
  show(run() ?? { state: "idle" });
  const off = onRun(show);
  return async () => { off(); show.close(); await left(where); };
}

/** Shows the panel that fits the RUN; a panel is made once and then kept up to date. */
function shower(stage, given) {
  let kind = null;
  let panel = null;
  function show(now) {
    const next = kindOf(now, given.where);
    if (next !== kind) {
      panel?.close?.();
      kind = next;
      panel = PANELS[kind](given);
      replace(stage, panel.node);
    }
    panel.update(now);
  }
  show.close = () => panel?.close?.();
  return show;
}

function kindOf(now, where) {
  if (now.state === "identifying") return "tapping";
  if (running(now)) return "busy";
  if (waiting(now)) return isOf(now, where) ? "gate" : "busy";
  return "finding";
}

const PANELS = { finding, tapping, gate, busy };

/** What is seen while somebody else, on another screen, uses the sensors. */
function busy() {
  const node = h("div", { class: "stack" });
  let last = "";
  return { node, update(now) {
    const what = [now.subject, testAndSide(now.title, now.side)].join(", ");
    if (what === last) return;
    last = what;
    const path = ["/measure", encodeURIComponent(now.subject), now.test, now.side ?? "both", "sensors"].join("/");
    replace(node, notice("warn", t("The sensors are in use for another trial: {what}.", { what })),
      h("div", { class: "row" },
        link({ label: t("Go to it"), path: running(now) ? "/live" : path, kind: "primary" }),
        running(now) ? null : button({ label: t("Let those sensors go"), action: () => letGo().catch((error) => replace(node, notice("bad", error.message))) })));
  } };
}
