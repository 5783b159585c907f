// What is said of a trial afterwards: note, pain, examiner, end point. Added, never overwritten.
import * as api from "../../api.js";
import { announce, h } from "../../dom.js";
import { forgetDraft, form } from "../../forms.js";
import { card } from "../../parts.js";
import { dateTime, t } from "../../texts.js";
import { endPointName } from "../measure/words.js";
import { LONGEST_NOTE, painWords } from "./words.js";

const KINDS = { note: "Note", pain_nrs: "Pain", examiner: "Examiner", end_point: "Why it ended" };

/** What was said of a trial, and the form to say more; `done()` draws the page anew. */
export function remarksCard(body, done) {
  const place = h("div", { class: "remark-form no-print" });
  offer(body.trial, { place, done });
  return card(t("Notes"), now(body.trial), before(body.remarks), place);
}

function now(trial) {
  const said = [
    ["note", trial.note], ["pain_nrs", trial.pain_nrs === null ? "" : painWords(trial.pain_nrs)],
    ["examiner", trial.examiner], ["end_point", trial.end_point ? endPointName(trial.end_point) : ""],
  ];
  return h("dl", { class: "pairs remarks-now", tabindex: "-1" }, said.map(([kind, value]) => [h("dt", t(KINDS[kind])),
    h("dd", { class: kind === "note" && "written" }, value || h("span", { class: "quiet-text" }, t("not given")))]));
}

/** Everything that was ever said, with its time, the newest first. */
function before(remarks) {
  if (!remarks.length) return null;
  return h("details", { class: "remarks-before" }, h("summary", t("All that was said ({count})", { count: remarks.length })),
    h("ol", { class: "remark-list", reversed: true }, [...remarks].reverse().map(({ utc, kind, text }) => h("li",
      h("span", { class: "small quiet-text" }, dateTime(utc), " · ", t(KINDS[kind] || kind)),
      h("span", { class: "written" }, spelled(kind, text))))));
}

function spelled(kind, text) {
  if (kind === "pain_nrs" && text !== "" && !Number.isNaN(Number(text))) return painWords(Number(text));
  return kind === "end_point" ? endPointName(text) : text;
}

async function offer(trial, { place, done }) {
  const ends = trial.protocol ? await endPoints(trial.protocol) : [];
  place.append(form({
    name: "remarks-" + trial.id,
    fields: [
      { name: "note", label: t("Add a note"), kind: "area", longest: LONGEST_NOTE, rows: 3 },
      { name: "pain_nrs", label: t("Pain at the end"), kind: "number", min: 0, max: 10, size: 5, help: t("0 is none, 10 the worst there is."), check: halfStep },
      { name: "examiner", label: t("Examiner"), kind: "text", longest: 64, help: t("A code, never a name.") },
      ends.length ? { name: "end_point", label: t("Why it ended"), kind: "select", choices: [{ value: "", label: t("no change") }, ...ends.map((value) => ({ value, label: endPointName(value) }))] } : null,
    ].filter(Boolean),
    submit: { label: t("Add"), action: (values) => add(trial, values, done) },
  }));
}

async function endPoints(protocol) {
  try {
    return (await api.get("tests/" + encodeURIComponent(protocol))).end_points;
  } catch {
    return []; // a test that is no longer there: the other fields still work
  }
}

function halfStep(value) {
  if (value === null || Number.isInteger(value * 2)) return "";
  return t("Expected steps of a half, such as 3 or {half}.", { half: (3.5).toLocaleString(document.documentElement.lang) });
}

async function add(trial, values, done) {
  const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ""));
  const none = t("Write a note, or give pain, examiner or why it ended.");
  if (!Object.keys(said).length) throw new api.ApiError(0, "nothing_said", none, { note: none });
  await api.post("trials/" + trial.id + "/remarks", said);
  forgetDraft("remarks-" + trial.id); // before the page is drawn anew, with an empty form
  await done();
  document.querySelector(".remarks-now")?.focus({ preventScroll: true }); // the button that was pressed is gone
  announce(t("Added to trial {id}.", { id: trial.id }));
}
