// How a server's English sentence becomes a sentence of the page's language.

const END = /(?<=[.!?;:])\s+(?=\S)/; // where one sentence stops and another begins
const NUMBER = /(?<![\w.])([-\u2212]?\d+)\.(\d+)(?![\w]|\.\d)/g;

/** A translator over {messages, patterns: [[regex, replacement]]}; `text` is exact, `sentence` looks further. */
export function translator({ messages = {}, patterns = [] } = {}, lang = "en") {
  const rules = lang === "en" ? [] : patterns.map(compiled).filter(Boolean);
  const known = new Map();
  const own = (key) => (Object.hasOwn(messages, key) && messages[key] ? messages[key] : null);

  function look(sentence, depth) {
    if (sentence === "" || depth > 4) return numbers(sentence, lang);
    return own(sentence) ?? matched(sentence, depth) ?? split(sentence, depth) ?? numbers(sentence, lang);
  }

  function matched(sentence, depth) {
    for (const [regex, replacement] of rules) {
      const found = regex.exec(sentence);
      if (found) return filled(replacement, found, (part) => look(part, depth + 1));
    }
    return null;
  }

  function split(sentence, depth) {
    const parts = sentence.split(END);
    return parts.length > 1 ? parts.map((part) => look(part, depth + 1)).join(" ") : null;
  }

  function remembered(sentence) {
    if (lang === "en") return sentence;
    if (!known.has(sentence)) {
      if (known.size > 2000) known.clear(); // frames carry sentences too: never grow for hours
      known.set(sentence, look(sentence, 0));
    }
    return known.get(sentence);
  }

  return { text: (english) => own(english) ?? english, sentence: (given) => remembered(String(given)) };
}

function compiled([regex, replacement]) {
  try {
    const whole = (regex.startsWith("^") ? regex : "^(?:" + regex + ")$").replaceAll("(?P<", "(?<");
    return [new RegExp(whole, "su"), replacement];
  } catch {
    return null; // one bad pattern must not take the others with it
  }
}

function filled(replacement, found, look) {
  return replacement.replace(/\{(\w+)\}/g, (hole, name) => {
    const part = /^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name];
    return part === undefined ? hole : look(part);
  });
}

function numbers(text, lang) {
  const sign = new Intl.NumberFormat(lang).formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";
  return sign === "." ? text : text.replace(NUMBER, "$1" + sign + "$2");
}
