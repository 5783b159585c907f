// Forms that never lose what was typed and say what is wrong beside the field.
import { announce, h, replace } from "./dom.js";
import { control } from "./fields.js";
import { t } from "./texts.js";

/**
 * A form. fields: [{name, label, kind, help, value, required, min, max, whole, choices, check}];
 * submit: {label, action: async (values)}; action may reject with an ApiError that names fields.
 */
export function form({ name, fields, submit, draft = true, cancel = null }) {
  const kept = draft ? drafts(name) : null;
  const saved = kept?.read() ?? {};
  const controls = fields.map((field) => control(field, { id: name + "-" + field.name, value: saved[field.name] ?? field.value }));
  const summary = h("div", { class: "form-summary", tabindex: "-1" });
  const go = h("button", { type: "submit", class: "primary" }, submit.label);
  const node = h("form", { class: "form", novalidate: true, name, autocomplete: "off" },
    summary, controls.map((each) => each.node), h("div", { class: "row" }, go, cancel));
  node.addEventListener("input", () => kept?.write(typed(controls)));
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    if (go.getAttribute("aria-disabled") !== "true") send({ controls, summary, go, submit, kept });
  });
  return node;
}

/**
 * Ask before something is done: resolves null when refused, else true, or the field's text.
 * `action(value)` is done while the question stands, so a refusal loses nothing that was typed.
 */
export function confirmDialog({ title, text = "", field = null, yes, no = null, danger = false, action = null }) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    let answer = null;
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" });
    const asked = field ? control({ kind: "area", ...field }, { id: "dialog-field", value: field.value }) : null;
    const wrong = h("div", { class: "form-summary" });
    const agree = h("button", { type: "submit", class: danger ? "danger" : "primary" }, yes);
    const refuse = h("button", { type: "button", class: "plain", on: { click: () => dialog.close() } }, no || t("Cancel"));
    const accept = async (event) => {
      event.preventDefault();
      const value = asked ? asked.take() : { ok: true, value: true };
      if (!value.ok) { asked.focus(); return; }
      if (action && !(await tried(() => action(value.value), { go: agree, wrong, asked, field }))) return;
      answer = asked ? value.value : true;
      dialog.close();
    };
    dialog.append(h("form", { class: "form", novalidate: true, on: { submit: accept } },
      h("h2", { id: "dialog-title" }, title), [text].flat().filter(Boolean).map((each) => (each instanceof Node ? each : h("p", each))),
      wrong, asked?.node, h("div", { class: "row" }, agree, refuse)));
    dialog.addEventListener("close", () => { dialog.remove(); opener?.focus?.(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
    (asked ? asked : refuse).focus();
  });
}

/** Forget a form's draft: after what it held has been stored by another way. */
export const forgetDraft = (name) => drafts(name).forget();

async function send({ controls, summary, go, submit, kept }) {
  replace(summary);
  const taken = controls.map((each) => [each, each.take()]);
  const bad = taken.filter(([, result]) => !result.ok);
  if (bad.length) { complain(summary, bad.map(([each]) => each)); return; }
  const values = Object.fromEntries(taken.map(([each, result]) => [each.name, result.value]));
  busy(go, true);
  try {
    await submit.action(values);
    kept?.forget();
  } catch (error) {
    refused(error, { controls, summary });
  } finally {
    busy(go, false);
  }
}

async function tried(action, { go, wrong, asked, field }) {
  busy(go, true);
  try {
    await action();
    return true;
  } catch (error) {
    const own = asked && error.fields?.[field.name];
    if (own) { asked.complain(own); asked.focus(); } else { replace(wrong, alertBox(error.message)); }
    return false;
  } finally {
    busy(go, false);
  }
}

function refused(error, { controls, summary }) {
  const named = controls.filter((each) => error.fields?.[each.name]);
  for (const each of named) each.complain(error.fields[each.name]);
  if (named.length) { complain(summary, named); return; }
  if (error.name !== "ApiError") console.error(error);
  replace(summary, alertBox(error.name === "ApiError" ? error.message : t("A part of this page has a defect. What you typed is still here.")));
  summary.focus();
}

function complain(summary, bad) {
  const items = bad.map((each) => h("li", h("a", { href: "#" + each.id, on: { click: (event) => { event.preventDefault(); each.focus(); } } }, each.message())));
  const words = bad.length === 1 ? t("One entry needs another look:") : t("{count} entries need another look:", { count: bad.length });
  replace(summary, h("div", { class: "notice bad" }, h("div", { class: "notice-text" }, h("p", words), h("ul", items))));
  announce(words + " " + bad.map((each) => each.message()).join(" "), { assertive: true });
  bad[0].focus();
}

const alertBox = (text) => h("div", { class: "notice bad", role: "alert" }, h("div", { class: "notice-text" }, text));

function busy(go, now) {
  if (now) go.setAttribute("aria-disabled", "true"); else go.removeAttribute("aria-disabled");
}

const typed = (controls) => Object.fromEntries(controls.map((each) => [each.name, each.raw()]));

function drafts(name) {
  const key = "draft." + name;
  return {
    read() { try { return JSON.parse(sessionStorage.getItem(key)) || {}; } catch { return {}; } },
    write(values) { try { sessionStorage.setItem(key, JSON.stringify(values)); } catch { /* private window */ } },
    forget() { try { sessionStorage.removeItem(key); } catch { /* private window */ } },
  };
}
