"use strict";

// What the other scripts share.

const { steps, values, operations, inputs, results, edges, fault } = JSON.parse(
  document.getElementById("data").textContent,
);
const byId = (id) => document.getElementById(id);
const onClick = (id, action) => byId(id).addEventListener("click", action);

const REVERSE = new Set(["seed", "reverse", "collect", "done"]);
const isReverse = (step) => REVERSE.has(step.phase);

/** The step at which the reverse pass begins; -1 where there is none. */
const turn = steps.findIndex(isReverse);

/** The step that is shown. */
let current = -1;

/** An element with text or children; text is never read as HTML. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function svg(tag, properties, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}
