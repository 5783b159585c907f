// Addresses behind the "#": one view at a time, with the focus at its heading.
import { focusHeading, h, replace } from "./dom.js";
import { t } from "./texts.js";

const routes = [];
let visit = 0;
let leave = null;
let moved = false;

/** Show `view(params, main)` at "/trials/:id"; it may return (a promise of) a cleanup function. */
export function route(pattern, view) {
  const names = [...pattern.matchAll(/:(\w+)/g)].map((found) => found[1]);
  const source = pattern.replace(/:(\w+)/g, "([^/]+)");
  routes.push({ regex: new RegExp("^" + source + "$"), names, view });
}

/** Go to a path; `replace` leaves no entry in the browser's history. */
export function go(path, { replace: instead = false } = {}) {
  if (here() === path) { show(); return; }
  if (instead) { history.replaceState(null, "", "#" + path); show(); } else { location.hash = path; }
}

/** The path now shown, without the "#". */
export const here = () => location.hash.replace(/^#/, "") || "/";

/** Name the view in the window's title. */
export function title(text) {
  document.title = text ? text + " - hipgonio" : "hipgonio";
}

/** Draw the present path again. */
export const refresh = () => show();

/** Begin to follow the address. */
export function start() {
  window.addEventListener("hashchange", show);
  return show();
}

async function show() {
  const mine = ++visit;
  const main = document.getElementById("main");
  await finish();
  if (mine !== visit) return;
  const page = h("div", { class: "view" });
  replace(main, page);
  main.setAttribute("aria-busy", "true");
  const cleanup = await drawn(page);
  // somebody left while this view was still loading: it must let go at once
  if (mine !== visit) { await quietly(cleanup); return; }
  leave = cleanup;
  main.removeAttribute("aria-busy");
  if (moved) { window.scrollTo(0, 0); focusHeading(page); }
  moved = true;
}

async function drawn(page) {
  const path = here().split("?")[0];
  for (const { regex, names, view } of routes) {
    const found = regex.exec(path);
    if (!found) continue;
    try {
      const params = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1])]));
      return await view(params, page);
    } catch (error) {
      failed(page, error);
      return null;
    }
  }
  unknown(page, path);
  return null;
}

function failed(page, error) {
  if (error.name !== "ApiError") console.error(error);
  title(t("This page could not be shown"));
  replace(page, h("h1", t("This page could not be shown")),
    h("p", { class: "notice bad", role: "alert" }, error.name === "ApiError" ? error.message : t("A part of this page has a defect. What was recorded is safe.")),
    h("p", { class: "row" },
      h("button", { type: "button", class: "primary", on: { click: show } }, t("Try again")),
      h("a", { class: "button", href: "#/" }, t("To the start page"))));
}

function unknown(page, path) {
  title(t("No such page"));
  replace(page, h("h1", t("No such page")), h("p", t("There is no page at {path}.", { path })),
    h("p", h("a", { class: "button", href: "#/" }, t("To the start page"))));
}

async function finish() {
  const before = leave;
  leave = null;
  await quietly(before);
}

async function quietly(cleanup) {
  try { if (typeof cleanup === "function") await cleanup(); } catch (error) { console.error(error); }
}
