// The ends of a trial on the live page: computing, failed, or none at all.
import * as api from "../../api.js";
import { h, replace } from "../../dom.js";
import { accept } from "../../live.js";
import { button, link, notice } from "../../parts.js";
import { go } from "../../router.js";
import { say, t } from "../../texts.js";

/** The stage while the result is computed. */
export function scoring() {
  const words = h("p", { class: "pose-task" }, t("Computing the result"));
  return { node: h("section", { class: "ending", role: "status" }, h("span", { class: "spinner", "aria-hidden": "true" }), words,
    h("p", { class: "lead" }, t("The whole recording is computed again. It takes a few seconds."))), update() {}, frame() {} };
}

/** The stage of a trial that failed: why, and what can be done. */
export function failed() {
  const node = h("section", { class: "ending" });
  let drawn = "";
  return { node, frame() {}, update(run) {
    const text = [run.error?.message, run.failure].filter(Boolean).map(say);
    if (drawn === text.join()) return;
    drawn = text.join();
    const again = ["/measure", encodeURIComponent(run.subject), run.test, run.side ?? "both", "sensors"].join("/");
    replace(node, h("h2", t("The trial did not work out")),
      notice("bad", text.map((sentence) => h("p", sentence)), text.length ? null : t("hipgonio did not say why.")),
      h("p", t("What was recorded is kept. See to the sensors, then try again.")),
      h("div", { class: "row" },
        run.test ? button({ label: t("Try again"), kind: "primary", action: () => dismissed(again) }) : null,
        button({ label: t("To the start page"), action: () => dismissed("/") })));
  } };
}

/** The stage where no trial runs. */
export function none() {
  return { node: h("section", { class: "ending" }, h("h2", t("No trial is running")),
    h("p", t("One that was stopped before it began leaves nothing to keep. Choose a subject to begin one.")),
    h("div", { class: "row" }, link({ label: t("To the start page"), path: "/", kind: "primary" }))), update() {}, frame() {} };
}

async function dismissed(path) {
  try { accept(await api.post("trial/dismiss")); } catch { /* it is put away by the next trial */ }
  go(path);
}
