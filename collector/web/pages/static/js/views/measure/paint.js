// Writing to the page thirty times a second: only what changed, and only when the screen is drawn.

/** A setter for a node's text. */
export function textOf(node) {
  const text = node.appendChild(document.createTextNode(""));
  let last = "";
  return (value) => {
    if (value === last) return;
    last = value;
    text.data = value;
  };
}

/** A setter for a CSS variable of a node. */
export function varOf(node, name) {
  let last = null;
  return (value) => {
    if (value === last) return;
    last = value;
    node.style.setProperty(name, value);
  };
}

/** A setter that gives a node a class, or takes it away. */
export function classOf(node, name) {
  let last = false;
  return (on) => {
    if (on === last) return;
    last = on;
    node.classList.toggle(name, on);
  };
}

/** A setter that hides a node where it is given nothing to say, else makes it say that. */
export function sayOf(node) {
  const text = textOf(node);
  node.hidden = true;
  return (value) => {
    node.hidden = !value;
    text(value || "");
  };
}

/** Draws the newest value at the next screen; older ones are left out. */
export function painter(draw) {
  let newest = null;
  let asked = 0;
  const paint = () => { asked = 0; if (newest !== null) draw(newest); };
  return {
    take(value) { newest = value; asked ||= requestAnimationFrame(paint); },
    close() { cancelAnimationFrame(asked); newest = null; },
  };
}
