// The safety prompts: read once, ticked once, then the trial begins.
import * as api from "../api.js";
import { announce, h, replace } from "../dom.js";
import { running } from "../frame.js";
import { accept, onRun, run } from "../live.js";
import { back, button, notice, steps } from "../parts.js";
import { go, title } from "../router.js";
import { say, t } from "../texts.js";
import { choices, choose, path } from "./measure/choices.js";
import { askOverride, blocksOf } from "./measure/gate.js";
import { isOf, left, waiting } from "./measure/hold.js";
import { tick } from "./measure/options.js";
import { testAndSide } from "./measure/words.js";

/** The pages of this module. */
export function routes(route) {
  route("/measure/:code/:test/:side/safety", safety);
}

async function safety(where, main) {
  title(t("Safety"));
  const test = await api.get("tests/" + encodeURIComponent(where.test));
  const me = { where, test, begun: false };
  draw(me, main);
  const off = onRun((now) => follow(me, now));
  follow(me, run() ?? { state: "idle" });
  return async () => { off(); await left(where); };
}

function draw(me, main) {
  const { where, test } = me;
  me.why = h("p", { class: "why", id: "start-why" });
  me.wrong = h("div");
  me.start = button({ label: t("Start"), kind: "primary big", "aria-describedby": "start-why", action: () => start(me) });
  me.sensors = h("div", { class: "said" });
  replace(main, back(path(where, "sensors"), t("Sensors")), steps("safety"),
    h("header", { class: "page-head" }, h("h1", t("Safety")),
      h("p", { class: "lead" }, t("Subject {code}", { code: where.code }) + " · " + testAndSide(test.title, where.side))),
    h("div", { class: "split" },
      h("section", { class: "card" }, h("h2", t("Before you begin")), h("ul", { class: "safety-list" }, test.safety.map((line) => h("li", say(line))))),
      h("div", { class: "stack" }, stopRules(), begin(me, test))));
}

function stopRules() {
  const rules = [t("The person says stop."), t("Pain rises by 2 points or more."), t("Tingling, numbness or weakness is new."), t("Dizziness, or a fall threatens.")];
  return h("section", { class: "card stop-rules" }, h("h2", t("Stop at once when")), h("ul", rules.map((rule) => h("li", rule))),
    h("p", t("Press \"Pain stop\" or \"Stop\": what was recorded is kept.")));
}

function begin(me, test) {
  return h("section", { class: "card" }, h("h2", t("Ready?")),
    h("p", h("b", t("First:")), " ", firstOf(test)),
    tick({ id: "all-clear", checked: isRead(me), label: t("I have read this: all clear"), on: (checked) => { read(me, checked); follow(me, run() ?? { state: "idle" }); } }),
    me.sensors, h("div", { class: "row go-row" }, me.start, me.why), me.wrong);
}

function firstOf(test) {
  if (test.standing_first) return t("the person stands upright and keeps still for 3 seconds.");
  if (test.lean_first) return t("the person leans forward from the hips and comes back, twice.");
  return say(test.reference_pose) + " " + t("Keep still for 3 seconds.");
}

function follow(me, now) {
  if (running(now) && isOf(now, me.where)) { go("/live", { replace: true }); return; }
  if (!waiting(now) || !isOf(now, me.where)) {
    if (!me.begun) go(path(me.where, "sensors"), { replace: true });
    return;
  }
  const reason = choices(me.where.code).override;
  const blocks = reason ? [] : blocksOf(now);
  sensorLine(me, blocks, reason);
  const missing = isRead(me) ? blocks : [t("Tick that you have read this.")];
  me.start.classList.toggle("not-yet", missing.length > 0);
  const text = missing.join(" ");
  if (me.why.textContent !== text) replace(me.why, text);
}

function sensorLine(me, blocks, reason) {
  const text = reason ? t("You go on although a sensor is not ready: {reason}", { reason }) : blocks.length ? "" : t("All sensors are ready.");
  if (me.sensorText === text) return;
  me.sensorText = text;
  replace(me.sensors, text ? notice(reason ? "warn" : "good", text) : null);
}

async function start(me) {
  const reason = choices(me.where.code).override;
  if (!isRead(me)) {
    announce(t("Tick that you have read this."), { assertive: true });
    document.getElementById("all-clear").focus();
    return;
  }
  try {
    await release(me, reason);
  } catch (error) {
    if (error.reason !== "gate_shut") { replace(me.wrong, notice("bad", error.message)); return; }
    const blocks = blocksOf(run());
    await askOverride(blocks.length ? blocks : [error.message], (why) => release(me, why));
  }
}

async function release(me, override) {
  const answer = await api.post("trial/begin", override ? { override } : {});
  me.begun = true;
  choose(me.where.code, { override: "", read: "" });
  accept(answer?.run ?? answer);
  go("/live");
}

// a new pair of sensors is a new beginning: what was ticked holds for one held run
const isRead = (me) => choices(me.where.code).read === readKey(me);
const read = (me, checked) => choose(me.where.code, { read: checked ? readKey(me) : "" });
const readKey = (me) => [me.where.test, me.where.side, run()?.number].join("/");
