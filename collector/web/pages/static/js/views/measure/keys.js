// Space bar and foot pedal: a mark, wherever no control has the focus.

const MARKS = new Set([" ", "Spacebar", "Enter", "PageDown", "PageUp"]);
const CONTROLS = "a[href], button, input, select, textarea, summary, iframe, [contenteditable], [role=button], [tabindex]:not([tabindex='-1'])";

/** Call `mark` for every press of space bar or foot pedal; returns the way to stop. */
export function markKeys(mark) {
  const heard = (event) => {
    if (!isMark(event)) return;
    event.preventDefault(); // neither scroll nor turn the page
    mark();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}

function isMark(event) {
  if (!MARKS.has(event.key) || event.repeat || event.defaultPrevented) return false;
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  return !document.querySelector("dialog[open]") && !document.activeElement?.matches(CONTROLS);
}
