// The gate: how every sensor is, what keeps the trial from beginning, and going on all the same.
import { announce, h, replace } from "../../dom.js";
import { confirmDialog } from "../../forms.js";
import { SIGNS, button, notice } from "../../parts.js";
import { go } from "../../router.js";
import { tone } from "../../sound.js";
import { amount, num, pct, say, segmentName, t } from "../../texts.js";
import { choose, path } from "./choices.js";
import { letGo } from "./hold.js";
import { told } from "./words.js";

/** The panel while sensors are connected and held. */
export function gate({ where }) {
  const me = { where, open: null, run: null, drawn: "" };
  me.rows = h("div", { class: "health-rows" });
  me.said = h("div", { class: "gate-said" });
  me.why = h("p", { class: "why", id: "next-why" });
  me.wrong = h("div");
  me.next = button({ label: t("Next"), kind: "primary big", "aria-describedby": "next-why", action: () => next(me) });
  me.anyway = button({ label: t("Go on all the same"), action: () => override(me) });
  me.node = h("section", { class: "card gate" }, h("h2", t("How the sensors are")), me.rows, me.said,
    h("div", { class: "row go-row" }, me.next, me.why), me.wrong,
    h("div", { class: "row" }, me.anyway, button({ label: t("Other sensors"), action: () => stop(me) })));
  return { node: me.node, update: (now) => update(me, now) };
}

/** What keeps the trial of a RUN from beginning, as sentences in the page's language. */
export function blocksOf(now) {
  if (now.state === "looking" || !now.gate) return [now.prompt ? told(now.prompt) : t("The sensors are being connected.")];
  return now.gate.open ? [] : now.gate.blocks.map(told);
}

/** Ask why to begin although a sensor is not ready; resolves to the reason, or null. */
export function askOverride(blocks, action = null) {
  return confirmDialog({
    title: t("Go on although a sensor is not ready?"),
    text: [h("ul", blocks.map((sentence) => h("li", sentence))), t("The reason is stored with the trial. Its result may be refused.")],
    field: { name: "override", label: t("Why do you go on?"), required: true, needed: t("Say why you go on: it is stored with the trial.") },
    yes: t("Go on all the same"), danger: true, action,
  });
}

function update(me, now) {
  me.run = now;
  const drawn = JSON.stringify([now.state, now.prompt, now.sensors, now.gate]);
  if (drawn === me.drawn) return;
  me.drawn = drawn;
  replace(me.rows, now.sensors?.length ? h("ul", { class: "health-list" }, now.sensors.map(healthRow)) : h("p", t("The sensors are being looked for.")));
  const blocks = blocksOf(now);
  const warnings = now.gate?.warnings.map(told) ?? [];
  replace(me.said, warnings.map((text) => h("div", { class: "notice warn" }, h("span", { class: "sign", "aria-hidden": "true" }, "!"), h("div", { class: "notice-text" }, text))));
  ready(me, now, blocks);
}

function ready(me, now, blocks) {
  const open = blocks.length === 0;
  me.next.classList.toggle("not-yet", !open);
  // a sensor that never sent anything cannot be passed over: there is nothing to measure with
  me.anyway.hidden = open || now.state !== "gate" || now.sensors.some(({ received }) => received === 0);
  replace(me.why, open ? t("All sensors are ready.") : h("ul", { class: "why-list" }, blocks.map((sentence) => h("li", sentence))));
  if (open && me.open === false) { announce(t("All sensors are ready.")); tone("count"); }
  if (!open && me.open === true) { announce(blocks.join(" "), { assertive: true }); tone("bad"); }
  me.open = open;
}

/** One sensor: its link, rate, loss and battery in words. */
function healthRow(sensor) {
  return h("li", { class: ["health", sensor.ready ? "ok" : sensor.glyph] },
    h("span", { class: "health-sign", "aria-hidden": "true" }, SIGNS[sensor.ready ? "ok" : sensor.glyph] || "…"),
    h("span", { class: "health-name" }, h("b", segmentName(sensor.segment)), h("span", { class: "quiet-text small" }, sensor.name)),
    h("span", { class: "health-words" }, say(sensor.words)),
    h("span", { class: "facts" },
      fact(t("Rate"), sensor.rate_hz === null ? "--" : t("{rate} of {asked} Hz", { rate: num(sensor.rate_hz, 1), asked: sensor.asked_hz === null ? "--" : num(sensor.asked_hz) })),
      fact(t("Loss"), pct(sensor.lost_pct, 1)),
      fact(t("Battery"), battery(sensor)),
      fact(t("Signal"), sensor.rssi_dbm === null ? "--" : amount(sensor.rssi_dbm, "dBm"))));
}

const fact = (name, value) => h("span", { class: "fact" }, h("span", { class: "fact-name" }, name), " ", h("span", { class: "fact-value" }, value));

function battery({ battery_percent: percent, battery_low: low }) {
  if (percent === null) return t("not told");
  return low ? t("low: {percent}", { percent: pct(percent) }) : pct(percent);
}

function next(me) {
  if (!me.open) { announce(blocksOf(me.run).join(" "), { assertive: true }); return; }
  choose(me.where.code, { override: "" });
  go(path(me.where, "safety"));
}

async function override(me) {
  const reason = await askOverride(blocksOf(me.run));
  if (!reason) return;
  choose(me.where.code, { override: reason });
  go(path(me.where, "safety"));
}

async function stop(me) {
  try { await letGo(); } catch (error) { replace(me.wrong, notice("bad", error.message)); }
}
