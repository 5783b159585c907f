// The beginning: texts, routes, the running trial, then the page that the address names.
import * as api from "./api.js";
import { h, replace } from "./dom.js";
import * as live from "./live.js";
import { route, start } from "./router.js";
import { frame, signedOut } from "./frame.js";
import { load, t } from "./texts.js";

const VIEWS = ["home", "settings", "measure", "sensors", "safety", "live", "subject", "trial", "progress", "compare", "report", "certificate"];

async function begin() {
  window.addEventListener("signed-out", signedOut);
  await load();
  frame();
  const missing = await views();
  await known();
  live.connect();
  await start();
  if (missing.length) tellMissing(missing);
}

/** A view that does not load takes only its own pages with it. */
async function views() {
  const missing = [];
  const loaded = await Promise.allSettled(VIEWS.map((name) => import("./views/" + name + ".js")));
  loaded.forEach((result, at) => {
    if (result.status === "fulfilled") result.value.routes(route);
    else { missing.push(VIEWS[at]); console.error(VIEWS[at], result.reason); }
  });
  return missing;
}

/** What runs now has to be known before the first view: a reload in mid-trial goes to the trial. */
async function known() {
  try {
    live.accept((await api.get("status")).run);
  } catch { /* the socket tells it later, or the page says why not */ }
}

function tellMissing(names) {
  const text = t("Some parts of this page did not load ({names}). Reload the page; if that does not help, install hipgonio again.", { names: names.join(", ") });
  replace(document.getElementById("page-notice"), h("p", { class: "notice warn", role: "status" }, text));
}

begin();
