// The choice of test and side: what is measured, with a picture, and where each sensor goes.
import * as api from "../api.js";
import { h, replace } from "../dom.js";
import { back, button, notice, steps } from "../parts.js";
import { go, here, title } from "../router.js";
import { capital, say, sideName, t } from "../texts.js";
import { choices, hidden, path } from "./measure/choices.js";
import { examinerField, precautions, stillSitField } from "./measure/options.js";
import { drawing, howTo, placements } from "./measure/placement.js";
import { conditionName, POSITION_ORDER, positionName, segmentNames } from "./measure/words.js";

/** The pages of this module. */
export function routes(route) {
  route("/measure/:code", measure);
}

async function measure({ code }, main) {
  const wanted = new URLSearchParams(here().split("?")[1] || "").get("test");
  if (wanted) await oneTest({ code, wanted }, main);
  else await allTests(code, main);
}

async function allTests(code, main) {
  title(t("Choose a test"));
  const [{ tests, unusable = [] }, status] = await Promise.all([api.get("tests"), api.get("status")]);
  const recording = status.mode === "replay" ? status.recording : null;
  const offered = recording ? tests.filter((test) => test.id === recording.test) : tests;
  const list = h("div", { class: "test-groups" });
  const search = h("input", { type: "search", id: "test-search", autocomplete: "off", spellcheck: "false", on: { input: () => show() } });
  const show = () => draw(list, offered, { code, text: search.value, status });
  replace(main, back("/", t("Subjects")), steps("test"),
    h("header", { class: "page-head" }, h("h1", t("Which test?")), h("p", { class: "lead" }, t("Subject {code}", { code }))),
    recording ? notice("info", t("A recording is replayed: its own test is the only one on offer.")) : null,
    unusable.map((sentence) => notice("warn", say(sentence))),
    h("div", { class: "test-tools" },
      h("div", { class: "field search" }, h("label", { for: "test-search" }, t("Find a test")), search),
      precautions(code, show)),
    list);
  show();
}

function draw(list, tests, { code, text, status }) {
  const chosen = choices(code);
  const shown = tests.filter((test) => !hidden(test, chosen) && matches(test, text));
  const groups = [...new Set([...POSITION_ORDER, ...shown.map((test) => test.position)])]
    .map((position) => [position, shown.filter((test) => test.position === position)])
    .filter(([, members]) => members.length);
  const hiddenHere = tests.filter((test) => hidden(test, chosen));
  replace(list,
    hiddenHere.length ? notice("warn", t("Hidden because of the limits on hip movement: {tests}.", { tests: hiddenHere.map((test) => say(test.title)).join(", ") })) : null,
    groups.map(([position, members]) => group(position, members, { code, status })),
    groups.length ? null : notice("info", t("No test is called \"{text}\".", { text: text.trim() })));
}

function matches(test, text) {
  const wanted = text.trim().toLowerCase();
  return [test.id, test.title, say(test.title), test.target, say(test.target)].some((each) => each.toLowerCase().includes(wanted));
}

function group(position, members, { code, status }) {
  return h("section", { class: "test-group" }, h("h2", positionName(position)),
    h("ul", { class: "test-list" }, members.map((test) => h("li", entry(test, { code, status })))));
}

function entry(test, { code, status }) {
  const unsimulated = status.mode === "virtual" && !test.simulated;
  return h("a", { class: "test-card", href: "#/measure/" + encodeURIComponent(code) + "?test=" + test.id },
    drawing(test, { small: true }),
    h("span", { class: "test-words" },
      h("b", { class: "test-name" }, say(test.title)),
      h("span", say(test.target)),
      h("span", { class: "quiet-text small" }, conditionName(test.condition) + " · " + t("sensors: {segments}", { segments: segmentNames(test.required) })),
      unsimulated ? h("span", { class: "small warn-text" }, t("The virtual person does not do this one.")) : null));
}

async function oneTest({ code, wanted }, main) {
  const [test, status] = await Promise.all([api.get("tests/" + encodeURIComponent(wanted)), api.get("status")]);
  if (hidden(test, choices(code))) { go("/measure/" + encodeURIComponent(code), { replace: true }); return; }
  title(say(test.title));
  replace(main, back("/measure/" + encodeURIComponent(code), t("All tests")), steps("test"),
    h("header", { class: "page-head" }, h("h1", say(test.title)),
      h("p", { class: "lead" }, say(test.target) + " · " + positionName(test.position) + " · " + conditionName(test.condition))),
    h("div", { class: "test-choice" },
      h("section", { class: "card side-card", "aria-labelledby": "side-title" },
        h("h2", { id: "side-title" }, test.sided ? t("Which side of {code}?", { code }) : t("Subject {code}", { code })),
        sides(code, test, status), examinerField(), stillSitField(code)),
      h("section", { class: "card picture-card" }, drawing(test))),
    h("div", { class: "split" },
      h("section", { class: "card" }, h("h2", t("Where the sensors go")), placements(test, { code, sided: false })),
      howTo(test)));
}

function sides(code, test, status) {
  const on = (side) => go(path({ code, test: test.id, side }, "sensors"));
  if (!test.sided) return h("div", { class: "sides" }, button({ label: t("Go on to the sensors"), kind: "primary side-button", action: () => on("both") }));
  const recorded = status.mode === "replay" ? status.recording?.side : null; // the other side is not in the recording
  return h("div", { class: "sides" }, (recorded ? [recorded] : ["left", "right"]).map((side) => h("button", {
    type: "button", class: "primary side-button", "data-side": side, on: { click: () => on(side) },
  }, h("span", { class: "side-sign", "aria-hidden": "true" }, side === "left" ? "◀" : "▶"), h("span", capital(sideName(side))))));
}
