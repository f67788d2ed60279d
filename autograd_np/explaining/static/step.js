"use strict";

// What is told of one step.

// Values that are shown of it: nobody reads more.
const CARDS = 60;

function section(title, ...children) {
  return make("section", {}, make("h3", {}, title), ...children);
}

function cards(title, shown) {
  if (!shown.length) return null;
  const left = shown.length - CARDS;
  const more = left > 0 ? make("p", { class: "unknown" }, `… and ${left} more`) : null;
  return section(title, make("div", { class: "cards" }, ...shown.slice(0, CARDS).map(cardOf)), more);
}

function numbersOfStep(step) {
  const made = { forward: "Makes", reverse: "Hands on" }[step.phase] ?? "Values";
  const parts = [cards("Reads", step.reads), cards(made, step.writes)];
  return make("div", { class: "flow" }, ...parts);
}

function ruleOf(step) {
  if (!step.formulas || !step.formulas.length) return null;
  const list = make("dl", { class: "rule" });
  for (const { of, text, where } of step.formulas) {
    list.append(make("dt", {}, "for ", make("code", {}, of)));
    const line = make("dd", {}, make("code", {}, text));
    if (where.length) {
      const names = where.map(([name, meaning]) => `${name} = ${meaning}`).join(", ");
      line.append(make("span", { class: "names" }, `with ${names}`));
    }
    list.append(line);
  }
  const reverse = step.phase === "reverse";
  return section(reverse ? "The rule" : "Its rule, for the way back (g is the gradient of the result)", list);
}

function placeOf({ module, source }) {
  const place = make("div", { class: "where" });
  if (module) place.append(make("span", {}, "in ", make("code", {}, module)));
  if (source.place) {
    place.append(make("span", { class: "place" }, source.place));
    if (source.text) place.append(make("code", {}, source.text));
  }
  return place.childNodes.length ? place : null;
}

function otherOf(step) {
  if (step.other === undefined || step.other === null) return null;
  const forward = step.phase === "forward";
  const text = forward ? `Its rule: step ${step.other} ↪` : `↩ The operation: step ${step.other}`;
  const button = make("button", { type: "button", class: "other" }, text);
  button.addEventListener("click", () => go(step.other));
  return make("div", {}, button);
}

function detailOf(step) {
  const operation = operations[step.operation];
  const lines = step.lines.length ? make("pre", { tabindex: "0" }, step.lines.join("\n")) : null;
  const parts = [
    operation ? make("p", { class: "call" }, make("code", {}, operation.call)) : null,
    operation ? placeOf(operation) : null,
    step.text ? make("p", {}, step.text) : null,
    lines && section("In NumPy", lines),
    ruleOf(step),
    numbersOfStep(step),
    otherOf(step),
  ];
  return parts.filter((part) => part !== null);
}

function phaseOf(step, number) {
  const forward = turn < 0 ? steps.length - 1 : turn - 1;
  if (step.phase === "start") return "Before the forward pass";
  if (step.phase === "forward") return `Forward pass, ${number} of ${forward}`;
  if (step.phase === "reverse") return `Reverse pass, ${number - turn} of ${steps.length - turn - 2}`;
  return step.phase === "done" ? "After the reverse pass" : "Reverse pass";
}
