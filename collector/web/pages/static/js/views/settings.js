// Language, sounds, keys, the tablet, and what this program is.
import * as api from "../api.js";
import { h, replace } from "../dom.js";
import { change } from "../frame.js";
import { back, button, card, notice } from "../parts.js";
import { title } from "../router.js";
import { get, set } from "../settings.js";
import { canSpeak, speak, tone } from "../sound.js";
import { language, languages, say, t } from "../texts.js";

const RENEW_MS = 4000;

/** The pages of this module. */
export function routes(route) {
  route("/settings", settings);
}

async function settings(params, main) {
  title(t("Settings"));
  const status = await api.get("status");
  const shared = await api.get("share").catch(() => null);
  const tablet = h("div", tabletCard(shared));
  const renewed = shared ? setInterval(() => renew(tablet), RENEW_MS) : 0;
  replace(main, back("/", t("Subjects")), h("h1", t("Settings")),
    h("div", { class: "columns" }, languageCard(), soundCard(), keyCard(), tablet, aboutCard(status)));
  return () => clearInterval(renewed);
}

function languageCard() {
  return card(t("Language"), choices(t("Language"), {
    name: "language", value: language(), options: languages(), pick: (code) => change(code),
  }));
}

function soundCard() {
  const options = [["off", t("Off")], ["tones", t("Tones")]];
  if (canSpeak()) options.push(["speech", t("Tones and speech")]);
  return card(t("Sounds"), choices(t("Sounds"), { name: "sound", value: get("sound", "tones"), options, pick: (mode) => set("sound", mode) }),
    h("p", { class: "field-help" }, t("Sounded while a leg moves: the pelvis moves, a repetition counts, the set is done, a sensor is lost.")),
    h("div", { class: "row" },
      button({ label: t("Try: repetition"), action: () => { tone("count"); speak(t("3 of 5")); } }),
      button({ label: t("Try: pelvis"), action: () => { tone("pelvis"); speak(t("The pelvis is moving.")); } })));
}

function keyCard() {
  const keys = [
    [t("Space bar or foot pedal"), t("marks the moment, in a running trial")],
    [t("Tab and Shift+Tab"), t("go through all that can be pressed")],
    [t("Enter"), t("presses what has the frame around it")],
    [t("Escape"), t("closes a question without doing anything")],
  ];
  return card(t("Keys"), h("dl", { class: "pairs" }, keys.map(([key, does]) => [h("dt", h("kbd", key)), h("dd", does)])));
}

/** A code lets one tablet in: the next is shown as soon as there is one. */
async function renew(node) {
  const shared = await api.get("share").catch(() => null);
  const shown = node.querySelector(".share-code")?.textContent.replace(/\D/g, "");
  if (shared && shared.code !== shown) replace(node, tabletCard(shared));
}

function tabletCard(shared) {
  if (!shared) {
    return card(t("A tablet"), h("p", t("To use a tablet in the same network, start hipgonio with \"hipgonio serve --share\" and open this page on the computer.")));
  }
  return card(t("A tablet"), h("div", { class: "share" }, code(shared), h("dl", { class: "pairs" },
    h("dt", t("Address")), h("dd", { class: "code" }, shared.address),
    h("dt", t("Six-digit code")), h("dd", { class: "share-code" }, String(shared.code).replace(/^(\d{3})(\d{3})$/, "$1\u00a0$2")),
    h("dt", t("Fingerprint of the certificate")), h("dd", { class: "code small" }, shared.fingerprint))),
  h("p", { class: "field-help" }, t("The tablet warns once about the certificate. Go on only if it shows this fingerprint.")));
}

/** The QR code as a picture: an SVG from the server is shown, never run. */
function code(shared) {
  if (!shared.qr_svg) return null;
  const source = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(shared.qr_svg);
  return h("img", { class: "qr", src: source, alt: t("QR code of the address"), width: "200", height: "200" });
}

function aboutCard(status) {
  const modes = { radio: t("real sensors"), virtual: t("virtual sensors"), replay: t("a replayed trace") };
  return card(t("About"), h("dl", { class: "pairs" },
    h("dt", t("Version")), h("dd", status.version),
    h("dt", t("Sensors")), h("dd", modes[status.mode] || status.mode, status.scenario ? " (" + status.scenario + ")" : ""),
    h("dt", t("Database")), h("dd", { class: "code small" }, status.database)),
  status.mode === "radio" ? null : notice("warn", t("What is measured now comes from no real person.")),
  h("h3", t("What it is for")),
  String(status.intended_use ?? "").split("\n").map((line) => h("p", say(line))));
}

function choices(legend, { name, value, options, pick }) {
  return h("fieldset", { class: "field choices" }, h("legend", { class: "hidden" }, legend),
    h("div", { class: "choice-row" }, options.map(([key, label]) => h("label", { class: "choice", for: name + "-" + key },
      h("input", { type: "radio", id: name + "-" + key, name, value: key, checked: key === value, on: { change: () => pick(key) } }), h("span", label)))));
}
