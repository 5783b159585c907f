// What was chosen for the measurement of one subject: kept for this tab, never beyond it.
import { get, set } from "../../settings.js";

const EMPTY = { stillSit: false, newHip: false, cleared: false, sites: {}, override: "", read: "" };

/** The choices for a subject: {stillSit, newHip, cleared, sites, override, read}. */
export function choices(code) {
  try {
    return { ...EMPTY, ...JSON.parse(sessionStorage.getItem(key(code)) || "{}") };
  } catch {
    return { ...EMPTY };
  }
}

/** Change some of a subject's choices. */
export function choose(code, some) {
  const now = { ...choices(code), ...some };
  try { sessionStorage.setItem(key(code), JSON.stringify(now)); } catch { /* private window: for this page alone */ }
  return now;
}

/** The examiner's code, which is the same from subject to subject. */
export const examiner = () => get("examiner", "");

/** Remember the examiner's code. */
export const setExaminer = (code) => set("examiner", code.trim() || null);

/** Whether a test moves a hip as a new joint must not be moved: its file says so. */
const isLimited = (test) => (test.not_with ?? []).includes("hip_precautions");

/** Whether a test is hidden because of a new hip joint. */
export const hidden = (test, chosen) => chosen.newHip && !chosen.cleared && isLimited(test);

/** The note that goes into the trial: that somebody cleared it is part of the record. */
function noteFor(test, chosen) {
  const told = chosen.newHip && chosen.cleared && isLimited(test);
  return told ? "Limits on hip movement: cleared for this test by the examiner." : "";
}

/** The body of POST /api/trial. */
export function request({ code, test, side }) {
  const chosen = choices(code);
  const body = { subject: code, test: test.id, side: side === "both" ? null : side };
  const note = noteFor(test, chosen);
  if (examiner()) body.examiner = examiner();
  if (note) body.note = note;
  if (chosen.stillSit) body.calibration = "last";
  const sites = sitesFor(test, chosen);
  if (Object.keys(sites).length) body.sites = sites;
  return body;
}

/** The path of a step: `path(where, "sensors")`. */
export const path = ({ code, test, side }, step) => ["/measure", encodeURIComponent(code), test, side, step].join("/");

function sitesFor(test, chosen) {
  const own = test.placements.filter(({ segment, site, sites }) => {
    const wanted = chosen.sites[segment];
    return wanted && wanted !== site && sites.includes(wanted);
  });
  return Object.fromEntries(own.map(({ segment }) => [segment, chosen.sites[segment]]));
}

const key = (code) => "measure." + code;
