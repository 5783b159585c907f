// The words of the page. English text is the key; other languages come from /api/texts/{lang}.
import { get, set } from "./settings.js";
import { translator } from "./sentences.js";

const NAMES = { en: "English", de: "Deutsch" };
const SEXES = { female: "female", male: "male", other: "other" };
const SEGMENTS = {
  pelvis: "pelvis", trunk: "trunk", thigh: "thigh", shank: "shank",
  thigh_left: "left thigh", thigh_right: "right thigh", shank_left: "left shank", shank_right: "right shank",
  thigh_other: "other thigh", shank_other: "other shank",
};

let current = first();
let translate = translator({});

/** The page's language, "en" or "de". */
export const language = () => current;

/** The languages there are, as [code, name in that language]. */
export const languages = () => Object.entries(NAMES);

/** Change the language and load its catalogue; the caller draws the page anew. */
export async function setLanguage(lang) {
  current = lang in NAMES ? lang : "en";
  set("language", current);
  await load();
}

/** Load the catalogue of the current language; without it the page stays English. */
export async function load() {
  let catalogue = {};
  if (current !== "en") {
    try {
      const response = await fetch("/api/texts/" + current, { credentials: "same-origin" });
      if (response.ok) catalogue = await response.json();
    } catch { /* English then: a missing catalogue never stops a measurement */ }
  }
  use(current, catalogue);
}

/** Take a catalogue {messages, patterns} as given: what `load` does once it is here. */
export function use(lang, catalogue) {
  current = lang;
  translate = translator(catalogue, lang);
  document.documentElement.lang = lang;
}

/** A text of the page in its language; `{name}` is filled from values. */
export function t(english, values = {}) {
  return translate.text(english).replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}

/** A sentence of the server in the page's language; English where there is no translation. */
export const say = (sentence) => translate.sentence(sentence ?? "");

/** A number with the language's decimal sign; "--" for none. */
export function num(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "--";
  const shown = new Intl.NumberFormat(current, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  return /^[-\u2212]0([.,]0+)?$/.test(shown) ? shown.slice(1) : shown; // never "-0"
}

/** An angle in degrees: "67°". */
export const deg = (value, digits = 0) => (missing(value) ? "--" : num(value, digits) + "°");

/** A share in percent, given as percent: "74 %". */
export const pct = (value, digits = 0) => (missing(value) ? "--" : num(value, digits) + "\u00a0%");

/** A value with its unit: deg, pct, s, or 1 for a plain number. */
export function amount(value, unit, digits = null) {
  if (unit === "deg") return deg(value, digits ?? 0);
  if (unit === "pct" || unit === "%") return pct(value, digits ?? 0);
  if (missing(value)) return "--";
  if (unit === "s") return num(value, digits ?? 1) + "\u00a0s";
  const plain = num(value, digits ?? (Number.isInteger(value) ? 0 : 2));
  return !unit || unit === "1" ? plain : plain + "\u00a0" + unit;
}

/** A day: "22 Nov 2026". */
export const date = (utc) => time(utc, { dateStyle: "medium" });

/** A day and the time of day, of this computer's clock. */
export const dateTime = (utc) => time(utc, { dateStyle: "medium", timeStyle: "short" });

/** Seconds as minutes and seconds: "1:05". */
export function clock(seconds) {
  if (missing(seconds)) return "--";
  const whole = Math.max(0, Math.floor(seconds));
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
}

/** The number in what a person typed ("2,5" or "2.5"); null when it is none. */
export function parseNumber(text) {
  const plain = String(text ?? "").trim().replace("\u2212", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

/** The name of a body segment. */
export const segmentName = (segment) => t(SEGMENTS[segment] || String(segment ?? "").replaceAll("_", " "));

/** The name of a side; tests without sides have "both". */
export function sideName(side) {
  if (side === "left") return t("left");
  if (side === "right") return t("right");
  return t("both sides");
}

/** A person's sex. */
export const sexName = (sex) => t(SEXES[sex] || String(sex));

/** A name at the beginning of a line: "Left". */
export const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

const missing = (value) => value === null || value === undefined || Number.isNaN(value);

function time(utc, style) {
  const at = utc ? new Date(utc) : null;
  if (!at || Number.isNaN(at.getTime())) return "--";
  return new Intl.DateTimeFormat(current === "en" ? "en-GB" : current, style).format(at);
}

function first() {
  const chosen = get("language");
  if (chosen in NAMES) return chosen;
  return "en"; // English is the default even where the browser speaks otherwise
}
