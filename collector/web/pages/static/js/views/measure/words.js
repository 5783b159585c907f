// The words of the measuring pages for what the server names by a code.
import { capital, say, segmentName, sideName, t } from "../../texts.js";

const POSITIONS = { supine: "Lying on the back", prone: "Lying face down", sitting: "Sitting", standing: "Standing", side_lying: "Lying on the side" };
const CONDITIONS = { active: "the person moves", passive: "you move the leg" };
const SITES = {
  iliac_crest: "iliac crest", sacrum: "sacrum", lateral_thigh: "outer side of the thigh", anterior_thigh: "front of the thigh",
  lateral_shank: "outer side of the shank", anterior_shank: "front of the shank", t12_l1: "spine at T12/L1", sternum: "breast bone",
};
const END_POINTS = {
  max_active: "as far as the person can", firm_resistance: "firm resistance", apprehension: "the person tenses for fear", fixed_target: "the set angle",
  pain: "pain", knee_bends: "the knee bends", pelvis_moves: "the pelvis moves",
};

/** The positions in the order in which they are offered. */
export const POSITION_ORDER = Object.keys(POSITIONS);

/** A position in words. */
export const positionName = (position) => t(POSITIONS[position] || spelled(position));

/** Who moves: "the person moves" or "you move the leg". */
export const conditionName = (condition) => t(CONDITIONS[condition] || spelled(condition));

/** Where on a segment a sensor sits. */
export const siteName = (site) => t(SITES[site] || spelled(site));

/** Why a movement ended. */
export const endPointName = (code) => t(END_POINTS[code] || spelled(code));

/** Segments as a list: "pelvis, left thigh". */
export const segmentNames = (segments) => segments.map(segmentName).join(", ");

/** The side with its test: "Passive straight leg raise, left". */
export const testAndSide = (title, side) => (side && side !== "both" ? say(title) + ", " + sideName(side) : t(title));

/** What the trial says, in the page's language and with the names of segments. */
export const told = (sentence) => capital(say(sentence).replace(/\b(thigh|shank)_(left|right|other)\b/g, (segment) => segmentName(segment)));

const spelled = (code) => String(code ?? "").replaceAll("_", " ");
