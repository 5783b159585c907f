// Elements without markup strings: whatever a person or a server wrote stays text.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: `h("p", {class: "lead", on: {click}}, "text", node, [more], null)`. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element, built like `h`. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** Remove all children of a node. */
export function clear(node) {
  node.replaceChildren();
  return node;
}

/** Put other children into a node. */
export function replace(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/** Have a screen reader say a sentence; `assertive` interrupts what it is saying. */
export function announce(text, { assertive = false } = {}) {
  const region = document.getElementById(assertive ? "say-now" : "say");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60); // a changed text is read, a repeated one is not
}

/** Move the focus to the first heading in `main`, so that a new view is read from its start. */
export function focusHeading(main) {
  const heading = main.querySelector("h1") || main;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  return heading;
}

function fill(node, props, children) {
  const isProps = props && typeof props === "object" && !Array.isArray(props) && !(props instanceof Node);
  const parts = isProps || props === null || props === undefined ? children : [props, ...children];
  if (isProps) for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...flat(parts));
  // a <select>'s value means nothing before its options are there
  if (isProps && "value" in props && node.tagName === "SELECT") node.value = props.value ?? "";
  return node;
}

function set(node, name, value) {
  if (name === "on") {
    for (const [kind, fn] of Object.entries(value || {})) if (fn) node.addEventListener(kind, fn);
  } else if (name === "text") {
    node.append(String(value ?? ""));
  } else if (name === "class") {
    const words = [value].flat(Infinity).filter(Boolean).join(" ");
    if (words) node.setAttribute("class", words);
  } else if (name === "vars" || name === "style") {
    for (const [key, size] of Object.entries(value || {})) node.style.setProperty(key, String(size));
  } else {
    attribute(node, name, value);
  }
}

function attribute(node, name, value) {
  if (value === null || value === undefined) return;
  const spelled = name.startsWith("aria-") || name.startsWith("data-"); // "false" is a value there
  if (!spelled && value === false) return;
  if (name === "value" && "value" in node) node.value = value;
  node.setAttribute(name, !spelled && value === true ? "" : String(value));
}

function flat(children) {
  return children.flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== true)
    .map((child) => (child instanceof Node ? child : String(child)));
}
