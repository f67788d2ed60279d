"use strict";

// What the graph and the list mark: elements, and what happens to them in each step.

// Operations from which on the list leaves out what is done: that would be redrawn at each step.
const MANY = 1000;

const marks = [];
const mark = (element, state, fault) => {
  if (!element) return;
  if (fault) element.setAttribute("data-fault", "");
  marks.push({ element, state, shown: "" });
};

/** The first step that writes a value. */
const madeIn = new Map();
steps.forEach((step, number) => {
  for (const { value } of step.writes) if (!madeIn.has(value)) madeIn.set(value, number);
});

function operationState({ forward, reverse }) {
  return (step) => {
    if (step === forward) return "now";
    if (step === reverse) return "now-back";
    if (reverse !== null && step > reverse) return "back";
    return step > forward ? "done" : "";
  };
}

function inputState({ value, gradient }) {
  const arrives = madeIn.get(gradient) ?? Infinity;
  return (step) => {
    const { phase, reads } = steps[step];
    if (phase === "start") return "read";
    if (step >= arrives) return step === arrives ? "given" : "back";
    return phase === "forward" && reads.some((each) => each.value === value) ? "read" : "";
  };
}

function edgeState({ made, read, given, taken }) {
  return (step) => {
    if (step === given) return "given";
    if (step === taken) return "taken";
    if (given !== null && step > given) return "back";
    if (step === read) return "read";
    if (step === made && made > 0) return "made";
    return step > (read ?? made) ? "done" : "";
  };
}

function nearby(state) {
  return (step) => {
    const found = state(step);
    return found === "done" || found === "back" ? "" : found;
  };
}

function listRow(item, state, text, target) {
  const button = make(
    "button",
    { type: "button" },
    make("span", { class: "text" }, text),
    make("span", { class: "type" }, item.type),
  );
  button.addEventListener("click", () => go(target()));
  mark(button, operations.length > MANY ? nearby(state) : state, item.fault);
  byId("list").append(make("li", {}, button));
  return button;
}

/** The step of an operation in the pass that is being looked at. */
function stepOf({ forward, reverse }) {
  return turn >= 0 && current >= turn && reverse !== null ? reverse : forward;
}

const rows = [];
function prepare() {
  for (const item of inputs) {
    const state = inputState(item);
    const element = item.id && byId(item.id);
    mark(element, state, item.fault);
    if (element) element.addEventListener("click", () => go(0));
    listRow(item, state, `${item.name}  ${item.role}`, () => 0);
  }
  for (const item of operations) {
    const state = operationState(item);
    const element = item.id && byId(item.id);
    mark(element, state, item.fault);
    if (element) element.addEventListener("click", () => go(stepOf(item)));
    rows.push(listRow(item, state, item.call, () => stepOf(item)));
  }
  for (const item of results) {
    const element = byId(item.id);
    const state = operationState({ forward: item.forward + 0.5, reverse: item.reverse });
    mark(element, state, false);
    element.addEventListener("click", () => go(stepOf(item)));
  }
  for (const item of edges) mark(byId(item.id), edgeState(item), false);
}

prepare();
