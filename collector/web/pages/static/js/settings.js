// What this browser remembers about how a person likes the page; never anything about a subject.

const PREFIX = "hipgonio.";

/** The remembered value of a setting, or the fallback. */
export function get(name, fallback = null) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback; // private windows refuse storage; the page works without
  }
}

/** Remember a setting; null forgets it. */
export function set(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // as above: it holds until the page is closed
  }
}
