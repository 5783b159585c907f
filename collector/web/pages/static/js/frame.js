// What stands around every page: connection, running trial, language, footer.
import { h, replace } from "./dom.js";
import * as live from "./live.js";
import { here, refresh, title } from "./router.js";
import { language, languages, setLanguage, sideName, t } from "./texts.js";

const RUNNING = ["stand", "lean", "still", "move", "asking", "scoring"];
const PATIENCE_MS = 5000;

let everConnected = false;
let out = false;

/** Whether a RUN is a trial under way. */
export const running = (run) => Boolean(run) && RUNNING.includes(run.state);

/** Bring the shell to life; called once. */
export function frame() {
  words();
  languageSwitch();
  live.onConnection(connection);
  live.onRun(bar);
  window.addEventListener("hashchange", () => bar(live.run()));
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // the "#" belongs to the router
    document.getElementById("main").focus();
  });
  connection(live.connected());
  // a first connection that does not come is as bad as one that went
  setTimeout(() => { everConnected = true; connection(live.connected()); }, PATIENCE_MS);
}

/** The page for a browser that is not, or no longer, signed in. */
export function signedOut() {
  out = true;
  live.disconnect();
  connection(false);
  title(t("Not signed in"));
  replace(document.getElementById("main"), h("div", { class: "view narrow" },
    h("h1", { tabindex: "-1" }, t("This browser is not signed in")),
    h("p", t("hipgonio was started again, or this browser never had its key. What was recorded is safe.")),
    h("p", t("On the computer: open the address that \"hipgonio serve\" printed, or start it again.")),
    h("p", t("On a tablet: open the address from Settings on the computer and type the six-digit code.")),
    h("p", h("a", { class: "button primary", href: "/enter" }, t("Type the code")))));
  document.querySelector("#main h1").focus();
}

/** The shell's own words, which the server writes in English. */
function words() {
  for (const node of document.querySelectorAll("[data-t]")) {
    node.dataset.t ||= node.textContent.trim().replace(/\s+/g, " ");
    node.textContent = t(node.dataset.t);
  }
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.dataset.tLabel ||= node.getAttribute("aria-label");
    node.setAttribute("aria-label", t(node.dataset.tLabel));
  }
}

function languageSwitch() {
  const node = document.getElementById("language");
  replace(node, languages().map(([code, name]) => h("button", {
    type: "button", class: "quiet", id: "speak-" + code, lang: code, "aria-pressed": code === language(), "aria-label": name,
    on: { click: () => change(code) },
  }, code.toUpperCase())));
}

/** Change the page's language and draw everything anew. */
export async function change(code) {
  const focused = document.activeElement?.id;
  await setLanguage(code);
  words();
  languageSwitch();
  connection(live.connected());
  bar(live.run());
  await refresh();
  if (focused) document.getElementById(focused)?.focus(); // who chose by key goes on from there
}

function connection(on) {
  everConnected ||= on;
  const node = document.getElementById("connection");
  node.className = "connection " + (on ? "on" : everConnected ? "off" : "wait");
  replace(node, h("span", { class: "sign", "aria-hidden": "true" }, on ? "●" : "○"),
    h("span", on ? t("Connected") : out ? t("Not signed in") : everConnected ? t("Connection lost") : t("Connecting")));
  const lost = document.getElementById("lost");
  lost.hidden = on || out || !everConnected;
  replace(lost, t("The connection to the computer is lost: this page tries again. A recording that runs goes on."),
    " ", t("If the screen was started anew, open the address that it has printed."));
}

function bar(run) {
  const node = document.getElementById("running");
  node.hidden = !running(run) || here() === "/live";
  if (node.hidden) { replace(node); return; }
  const what = [run.subject, run.title && t(run.title), run.side && sideName(run.side)].filter(Boolean).join(", ");
  replace(node, h("span", h("b", t("A trial is running")), what ? ": " + what : ""),
    h("a", { class: "button primary", href: "#/live" }, t("Go to it")));
}
