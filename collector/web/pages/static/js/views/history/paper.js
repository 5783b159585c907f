// A page of the server made for paper, in a frame: printed, saved as PDF, opened by itself.
import * as api from "../../api.js";
import { announce, h, replace } from "../../dom.js";
import { button, notice } from "../../parts.js";
import { t } from "../../texts.js";

const CHECK_MS = 500; // pictures and letters may still move what is below them

/** A paper: `html` its address, `pdf` that of its PDF where there is one; a `wide` one is never squeezed. */
export function paper({ name, html, pdf = null, wide = false }) {
  const said = h("div", { class: "paper-said" });
  const wait = h("p", { class: "plot-wait" }, t("Loading the page ..."));
  // without scripts of its own; "same-origin" lets this page print it and fit its height
  const frame = h("iframe", { class: ["paper-frame", wide && "wide"], title: name, src: html, sandbox: "allow-same-origin allow-modals allow-popups" });
  const self = { html, pdf, said, frame, sized: null, place: h("div", { class: "paper-place" }, wait, frame) };
  frame.addEventListener("load", () => loaded(self, wait));
  const tools = h("div", { class: "row no-print" },
    button({ label: t("Print"), kind: "primary", action: () => print(self) }),
    pdf ? button({ label: t("Save as PDF"), action: () => save(self) }) : null,
    h("a", { class: "button", href: html, target: "_blank", rel: "noopener" }, t("Open in a new tab")));
  self.tools = tools;
  return { node: h("div", { class: "stack" }, tools, said, self.place), destroy: () => clearInterval(self.sized) };
}

async function loaded(self, wait) {
  wait.remove();
  const inside = self.frame.contentDocument;
  if (inside?.contentType === "text/html" && inside.body) { follow(self); return; }
  await refused(self);
}

/** What came is no page: ask again for the sentence that says why. */
async function refused(self) {
  let message = t("The page could not be shown in this frame. Open it in a new tab.");
  try {
    await api.get(self.html);
  } catch (error) {
    message = error.message;
    self.tools.hidden = true;
  }
  self.place.hidden = true;
  replace(self.said, notice("warn", message));
}

/** The frame is as high as its page: one scroll bar is enough. */
function follow(self) {
  const fit = () => {
    const height = self.frame.contentDocument?.documentElement?.scrollHeight;
    if (height) self.frame.style.setProperty("height", height + "px");
  };
  fit();
  self.sized = setInterval(fit, CHECK_MS);
}

function print({ frame }) {
  frame.contentWindow.focus();
  frame.contentWindow.print();
}

async function save({ pdf, said }) {
  replace(said);
  announce(t("The PDF is being made."));
  try {
    await api.download(pdf);
  } catch (error) {
    const words = error.reason === "no_pdf" ? t("This computer cannot write PDF files by itself. Press \"Print\" and choose \"Save as PDF\" as the printer.") : error.message;
    replace(said, notice("warn", words));
  }
}
