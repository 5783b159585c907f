// One control of a form: its label, its help, and its message when what was typed is wrong.
import { h, replace } from "./dom.js";
import { num, parseNumber, t } from "./texts.js";

/** A control of kind text, number, choice, select, area or check, with what it needs to be read and to complain. */
export function control(field, { id, value }) {
  const parts = { field, id, error: h("p", { class: "field-error", id: id + "-error", hidden: true }), said: "" };
  parts.inputs = inputs(field, id, value ?? "");
  parts.node = framed(parts);
  describe(parts);
  parts.node.addEventListener("input", () => complain(parts, "")); // a message is gone once it is worked on
  return {
    name: field.name, id: parts.inputs[0].id, node: parts.node,
    raw: () => raw(parts), take: () => take(parts), message: () => parts.said,
    complain: (text) => complain(parts, text), focus: () => focus(parts),
  };
}

function inputs(field, id, value) {
  const common = { id, name: field.name, required: field.required || null };
  if (field.kind === "choice") return field.choices.map((choice, at) => radio(field, choice, { id: id + "-" + at, value }));
  if (field.kind === "select") {
    return [h("select", { ...common, value }, field.choices.map((choice) => h("option", { value: choice.value ?? "" }, choice.label)))];
  }
  if (field.kind === "area") return [h("textarea", { ...common, rows: field.rows || 3, maxlength: field.longest || null, value })];
  if (field.kind === "check") return [h("input", { ...common, type: "checkbox", checked: value === true })];
  // never type=number: it throws away "2,5" before anyone can say why
  const mode = field.kind === "number" ? (field.whole ? "numeric" : "decimal") : null;
  const shown = field.kind === "number" && typeof value === "number" ? num(value, Number.isInteger(value) ? 0 : 1) : value;
  return [h("input", { ...common, type: "text", inputmode: mode, maxlength: field.longest || null, size: field.size || null,
    autocapitalize: "off", spellcheck: "false", value: shown })];
}

function radio(field, choice, { id, value }) {
  return h("input", { type: "radio", id, name: field.name, value: choice.value ?? "", checked: String(choice.value ?? "") === String(value) });
}

function framed({ field, id, inputs: [first, ...others], error }) {
  const help = field.help ? h("p", { class: "field-help", id: id + "-help" }, field.help) : null;
  const mark = field.required ? null : h("span", { class: "optional" }, " ", t("(optional)"));
  if (field.kind === "choice") {
    return h("fieldset", { class: "field choices" }, h("legend", field.label, mark), help,
      h("div", { class: "choice-row" }, [first, ...others].map((input, at) => h("label", { class: "choice", for: input.id }, input, h("span", field.choices[at].label)))), error);
  }
  if (field.kind === "check") {
    return h("div", { class: "field" }, h("label", { class: "choice", for: id }, first, h("span", field.label)), help, error);
  }
  return h("div", { class: "field" }, h("label", { for: id }, field.label, mark), help, first, error);
}

function describe({ field, id, inputs: all, node, said }) {
  const ids = [field.help && id + "-help", said && id + "-error"].filter(Boolean).join(" ");
  for (const input of field.kind === "choice" ? [node] : all) {
    if (ids) input.setAttribute("aria-describedby", ids); else input.removeAttribute("aria-describedby");
  }
  for (const input of all) {
    if (said) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  }
}

function complain(parts, text) {
  if (parts.said === text) return;
  parts.said = text;
  replace(parts.error, text);
  parts.error.hidden = !text;
  parts.node.classList.toggle("wrong", Boolean(text));
  describe(parts);
}

function raw({ field, inputs: all }) {
  if (field.kind === "choice") return all.find((input) => input.checked)?.value ?? "";
  if (field.kind === "check") return all[0].checked;
  return all[0].value;
}

function take(parts) {
  const { field } = parts;
  const given = raw(parts);
  const result = field.kind === "number" ? numeric(field, given) : plain(field, given);
  const own = result.wrong || field.check?.(result.value) || "";
  complain(parts, own);
  return { ok: !own, value: result.value };
}

function plain(field, given) {
  const value = typeof given === "string" ? given.trim() : given;
  if (field.required && (value === "" || value === false)) return { value: null, wrong: needed(field) };
  return { value: value === "" ? null : value };
}

function numeric(field, given) {
  if (given.trim() === "") return field.required ? { value: null, wrong: needed(field) } : { value: null };
  const value = parseNumber(given);
  if (value === null || (field.whole && !Number.isInteger(value))) {
    const kind = field.whole ? t("Expected a whole number, got \"{given}\".", { given }) : t("Expected a number, got \"{given}\".", { given });
    return { value: null, wrong: kind };
  }
  if (value < (field.min ?? -Infinity) || value > (field.max ?? Infinity)) return { value, wrong: outside(field, given) };
  return { value };
}

function needed(field) {
  if (field.needed) return field.needed;
  return field.choices ? t("Choose one of these.") : t("Fill this in: {label}.", { label: field.label });
}

function outside({ min, max }, given) {
  if (min !== undefined && max !== undefined) return t("Expected {min} to {max}, got {given}.", { min, max, given });
  return max === undefined ? t("Expected {min} or more, got {given}.", { min, given }) : t("Expected {max} or less, got {given}.", { max, given });
}

function focus({ inputs: all }) {
  (all.find((input) => input.checked) || all[0]).focus();
}
