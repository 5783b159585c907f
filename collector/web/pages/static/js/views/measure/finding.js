// Which sensors are there, and which is worn where: remembered, heard, or chosen by hand.
import * as api from "../../api.js";
import { announce, h, replace } from "../../dom.js";
import { accept } from "../../live.js";
import { button, notice } from "../../parts.js";
import { num, say, segmentName, t } from "../../texts.js";
import { hold } from "./hold.js";
import { stillSitField } from "./options.js";
import { drawing, placements } from "./placement.js";
import { told } from "./words.js";

const SEARCH_S = 6;

/** The panel before the sensors are connected. */
export function finding({ where, test, status }) {
  const me = { where, test, status, sensors: null, state: "idle", also: new Set(), closed: false, asked: false };
  me.said = h("div", { class: "said" });
  me.rows = h("div", { class: "assign" });
  me.why = h("p", { class: "why", id: "connect-why" });
  me.connect = button({ label: t("Connect the sensors"), kind: "primary big", "aria-describedby": "connect-why", action: () => connect(me) });
  me.node = h("div", { class: "split sensors-split" },
    h("section", { class: "card" }, h("h2", t("Which sensor is worn where")), me.said, me.rows,
      stillSitField(where.code), h("div", { class: "row go-row" }, me.connect, me.why),
      h("div", { class: "row" },
        button({ label: t("Find out by tapping"), action: () => tried(me, () => identify(me)) }),
        button({ label: t("Look for sensors"), action: () => tried(me, () => scan(me)) }))),
    h("section", { class: "card" }, h("h2", t("Where the sensors go")), drawing(test), placements(test, where)));
  load(me);
  return { node: me.node, update: (now) => update(me, now), close: () => { me.closed = true; } };
}

function update(me, now) {
  const before = me.state;
  me.state = now.state;
  if (now.state === "scanning") {
    if (before !== "scanning") announce(t("Looking for sensors."));
    note(me, "info", now.prompt ? say(now.prompt) : t("Looking for sensors."));
  } else if (before === "scanning") {
    note(me, null);
    load(me, { tell: true });
  } else if (now.state === "failed" && now.error && before !== "failed") {
    note(me, "bad", told(now.error.message));
  }
}

async function load(me, { tell = false } = {}) {
  try {
    me.sensors = await api.get("sensors");
  } catch (error) {
    note(me, "bad", error.message);
    return;
  }
  if (me.closed) return;
  draw(me);
  if (tell) announce(t("{count} sensors found.", { count: num(me.sensors.found.length) }));
  // the first thing anybody would press here
  const nothing = !me.sensors.found.length && !me.sensors.assigned.length;
  if (nothing && !me.asked && me.status.mode === "radio" && me.state === "idle") await tried(me, () => scan(me));
}

function draw(me) {
  const worn = wornNow(me.sensors);
  const moves = movesOf(me.test, worn);
  replace(me.rows, moves.length ? changed(me, moves) : null, h("ul", { class: "assign-list" }, me.test.placements.map((place) => row(me, place, worn))),
    me.sensors.found.length || me.status.mode !== "radio" ? null
      : h("p", { class: "quiet-text" }, t("No sensor has been heard yet: switch them on, then look for them.")));
  const missing = me.test.placements.filter((place) => place.required && !worn[place.segment]).map((place) => segmentName(place.segment));
  me.missing = me.status.mode === "radio" ? missing : [];
  me.connect.classList.toggle("not-yet", me.missing.length > 0);
  replace(me.why, me.missing.length ? t("Not yet known: which sensor is on {segments}.", { segments: me.missing.join(", ") }) : t("It takes a few seconds."));
}

function row(me, place, worn) {
  const id = "worn-" + place.segment;
  const alias = worn[place.segment] || "";
  const known = everySensor(me.sensors);
  return h("li", { class: "assign-row" },
    h("label", { for: id, class: "assign-name" }, h("b", segmentName(place.segment)), place.required ? null : h("span", { class: "quiet-text small" }, " ", t("(better with it)"))),
    h("select", { id, value: alias, on: { change: (event) => tried(me, () => assign(me, place.segment, event.target.value)) } },
      alias ? null : h("option", { value: "" }, t("no sensor")), known.map((sensor) => h("option", { value: sensor.alias }, label(sensor)))),
    h("span", { class: "assign-state small" }, stateOf(me, place, known.find((sensor) => sensor.alias === alias))),
    place.required ? null : also(me, place));
}

function also(me, place) {
  return h("label", { class: "tick-small small", for: "also-" + place.segment },
    h("input", { type: "checkbox", id: "also-" + place.segment, checked: me.also.has(place.segment),
      on: { change: (event) => (event.target.checked ? me.also.add(place.segment) : me.also.delete(place.segment)) } }),
    h("span", t("Wear this one too")));
}

function stateOf(me, place, sensor) {
  if (!sensor) return me.status.mode === "radio" || !place.required ? "" : t("is found by itself");
  if (sensor.rssi_dbm === null || sensor.rssi_dbm === undefined) return sensor.seen ? t("remembered") : t("remembered, not heard yet");
  return t("✓ heard, signal {dbm} dBm", { dbm: num(sensor.rssi_dbm) });
}

/** A segment without a sensor, whose like on the other leg has one that this test does not need: it goes across. */
function movesOf({ placements }, worn) {
  const needed = new Set(placements.filter((place) => place.required).map((place) => place.segment));
  return [...needed].filter((segment) => !worn[segment]).map((segment) => ({ segment, from: otherLeg(segment) }))
    .filter(({ from }) => from && worn[from] && !needed.has(from)).map(({ segment, from }) => ({ segment, from, alias: worn[from] }));
}

const otherLeg = (segment) => (segment.endsWith("_left") ? segment.replace("_left", "_right") : segment.endsWith("_right") ? segment.replace("_right", "_left") : null);

function changed(me, moves) {
  const assignments = Object.fromEntries(moves.map(({ segment, alias }) => [segment, alias]));
  return h("div", { class: "notice info" },
    h("p", t("The other leg: strap over {from}, then say so.", { from: moves.map(({ from }) => segmentName(from)).join(", ") })),
    button({ label: t("They are on {to} now", { to: moves.map(({ segment }) => segmentName(segment)).join(", ") }), kind: "primary",
      action: () => tried(me, () => worn(me, assignments)) }));
}

async function worn(me, assignments) {
  try {
    await api.put("sensors/assignments", { assignments });
  } finally {
    await load(me); // what is chosen is what the computer remembers, also after a refusal
  }
}

const label = (sensor) => [sensor.name || sensor.family, sensor.short].filter(Boolean).join(" · ");

/** Every sensor once: what is heard wins over what is remembered. */
function everySensor({ found, assigned }) {
  const all = new Map(assigned.map((sensor) => [sensor.alias, sensor]));
  for (const sensor of found) all.set(sensor.alias, { ...all.get(sensor.alias), ...sensor });
  return [...all.values()];
}

function wornNow({ found, assigned }) {
  const heard = found.filter((sensor) => sensor.segment).map((sensor) => [sensor.segment, sensor.alias]);
  return Object.fromEntries([...heard, ...assigned.map((sensor) => [sensor.segment, sensor.alias])]);
}

async function assign(me, segment, alias) {
  try {
    await worn(me, { [segment]: alias });
  } finally {
    document.getElementById("worn-" + segment)?.focus();
  }
}

async function scan(me) {
  me.asked = true;
  accept(await api.post("sensors/scan", { seconds: SEARCH_S, ...forTest(me) }));
}

async function identify(me) {
  const segments = me.test.placements.filter((place) => place.required || me.also.has(place.segment)).map((place) => place.segment);
  accept(await api.post("sensors/identify", { segments, ...forTest(me) }));
}

const forTest = ({ where, test }) => ({ test: test.id, side: where.side === "both" ? null : where.side });

async function connect(me) {
  if (me.missing?.length) { announce(me.why.textContent, { assertive: true }); return; }
  await tried(me, () => hold(me.where, me.test, [...me.also]));
}

async function tried(me, action) {
  note(me, null);
  try { await action(); } catch (error) {
    note(me, "bad", [error.message, ...Object.values(error.fields || {}).filter((each) => each !== error.message)].join(" "));
  }
}

function note(me, kind, text) {
  replace(me.said, kind ? notice(kind, text) : null);
}
