// How a server's English sentence becomes one of the page's language. The measure, step by step,
// is collector/web/texts/saying.py: what is changed there is changed here.

const DEEPEST = 8;
const NUMBER = /^([+\-\u2212]?\d+)\.(\d+)( ?(?:%|\u00b0|s|ms|Hz))?$/;
const DEGREES = /^([+\-\u2212]?\d+)(?:\.(\d+))? degrees$/;
const SENTENCES = /(?<=[.!?:]) /;
const LISTS = ["; ", ", ", " and "];
const MOST_REMEMBERED = 2000; // frames carry sentences too: never grow for hours

/** A translator over {messages, patterns: [[regex, replacement]]}: `text` is exact, `sentence` looks further. */
export function translator({ messages = {}, patterns = [] } = {}, lang = "en") {
  const book = {
    message: (key) => (Object.hasOwn(messages, key) ? messages[key] : null),
    rules: patterns.map(compiled).filter(Boolean),
    sign: decimalSign(lang),
  };
  const remembered = new Map();
  const empty = Object.keys(messages).length === 0;

  function sentence(given) {
    const said = String(given);
    if (empty) return said;
    if (!remembered.has(said)) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(said, known(book, said, DEEPEST) ?? said);
    }
    return remembered.get(said);
  }

  return { text: (english) => book.message(english) ?? english, sentence };
}

/** What is known of a sentence in the other language, or null. */
function known(book, said, depth) {
  const exact = book.message(said);
  if (exact !== null || depth === 0) return exact;
  return byPattern(book, said, depth) ?? number(book, said) ?? fullStop(book, said)
    ?? bySentence(book, said, depth) ?? list(book, said, depth);
}

function byPattern(book, said, depth) {
  for (const [regex, replacement] of book.rules) {
    const found = regex.exec(said);
    if (found) return replacement.replace(/\{(\d+)\}/g, (hole, n) => part(book, found[Number(n)] ?? hole, depth - 1));
  }
  return null;
}

function part(book, said, depth) {
  return known(book, said, depth) ?? said;
}

function number(book, said) {
  const found = NUMBER.exec(said);
  if (found) return found[1] + book.sign + found[2] + (found[3] ?? "");
  const turned = DEGREES.exec(said);
  if (!turned) return null;
  return turned[1] + (turned[2] ? book.sign + turned[2] : "") + " " + (book.message("degrees") ?? "degrees");
}

function fullStop(book, said) {
  const stem = said.endsWith(".") ? book.message(said.slice(0, -1)) : null;
  return stem === null ? null : stem + ".";
}

function bySentence(book, said, depth) {
  const parts = said.split(SENTENCES);
  if (parts.length < 2) return null;
  const found = parts.map((each) => known(book, each, depth - 1));
  if (found.every((each) => each === null)) return null;
  return found.map((each, at) => each ?? parts[at]).join(" ");
}

function list(book, said, depth) {
  const cut = LISTS.find((each) => said.includes(each));
  if (!cut) return null;
  const found = said.split(cut).map((each) => (/^\d+$/.test(each) ? each : known(book, each, depth - 1)));
  return found.includes(null) ? null : found.join(book.message(cut) ?? cut);
}

function compiled([regex, replacement]) {
  try {
    return [new RegExp(regex, "s"), replacement];
  } catch {
    return null; // one bad pattern must not take the others with it
  }
}

function decimalSign(lang) {
  return new Intl.NumberFormat(lang).formatToParts(1.5).find((each) => each.type === "decimal")?.value ?? ".";
}
