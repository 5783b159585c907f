// Telling sensors apart by tapping them: what to tap, and which was felt.
import { announce, h, replace } from "../../dom.js";
import { button, notice } from "../../parts.js";
import { speak, tone } from "../../sound.js";
import { say, segmentName, t } from "../../texts.js";
import { letGo } from "./hold.js";

/** The panel while sensors are tapped. */
export function tapping({ test }) {
  const me = { test, felt: 0, said: "" };
  me.task = h("p", { class: "tap-task" });
  me.list = h("ul", { class: "tap-list" });
  me.wrong = h("div");
  me.node = h("section", { class: "card tapping" }, h("h2", t("Which is which")), me.task, me.list, me.wrong,
    h("div", { class: "row" }, button({ label: t("Stop tapping, choose by hand"), action: () => letGo().catch((error) => replace(me.wrong, notice("bad", error.message))) })));
  return { node: me.node, update: (now) => update(me, now) };
}

function update(me, now) {
  const tap = now.tap || { segment: null, text: now.prompt, done: null };
  const done = tap.done || {};
  tell(me, tap, Object.keys(done).length);
  replace(me.task, tap.segment ? t("Tap the sensor on: {segment}", { segment: segmentName(tap.segment) }) : say(tap.text || t("Connecting to the sensors.")));
  replace(me.list, me.test.placements.map(({ segment }) => line(segment, { name: done[segment], now: tap.segment === segment })));
}

function tell(me, tap, felt) {
  if (felt > me.felt) tone("count");
  me.felt = felt;
  const text = say(tap.text);
  if (!text || text === me.said) return;
  me.said = text;
  announce(text);
  speak(text);
}

function line(segment, { name, now }) {
  const sign = name ? "✓" : now ? "→" : "·";
  return h("li", { class: [name && "felt", now && "wanted"], "aria-current": now ? "step" : null },
    h("span", { class: "sign", "aria-hidden": "true" }, sign), h("b", segmentName(segment)), " ",
    h("span", name ? t("felt: {name}", { name }) : now ? t("tap it now") : ""));
}
