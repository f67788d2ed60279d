"use strict";

// What the graph and the list mark: elements, and what happens to them in each step.

// Operations from which on the list leaves out what is done: that would be redrawn at each step.
const MANY = 1000;

// The most current one is shown of an element that several things are folded into.
const RANKS = ["", "done", "back", "made", "read", "taken", "given", "now", "now-back"];

/** What is marked, by element. */
const marks = new Map();
const mark = (element, state, fault) => {
  if (!element) return;
  if (fault) element.setAttribute("data-fault", "");
  if (!marks.has(element)) marks.set(element, { states: [], shown: "" });
  marks.get(element).states.push(state);
};

function stateOf(states, step) {
  let rank = 0;
  for (const state of states) rank = Math.max(rank, RANKS.indexOf(state(step)));
  return RANKS[rank];
}

function showMarks() {
  for (const [element, known] of marks) {
    const state = stateOf(known.states, current);
    if (state === known.shown) continue;
    element.setAttribute("data-state", state);
    known.shown = state;
  }
}

function operationState({ forward, reverse }) {
  return (step) => {
    if (step === forward) return "now";
    if (step === reverse) return "now-back";
    if (reverse !== null && step > reverse) return "back";
    return step > forward ? "done" : "";
  };
}

function inputState({ value, given }) {
  const arrives = given ?? Infinity;
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

/** For each element that is clicked, what tells the steps of all that is folded into it. */
const targets = new Map();

function markInGraph({ id, fault }, state, target) {
  const element = id && byId(id);
  if (!element) return;
  mark(element, state, fault);
  if (!targets.has(element)) {
    targets.set(element, []);
    element.addEventListener("click", () => go(firstOf(targets.get(element))));
  }
  targets.get(element).push(target);
}

/** The first step of what is folded, in this pass if there is one; its inputs have none. */
function firstOf(found) {
  const numbers = found.map((target) => target()).filter((number) => number > 0);
  const inPass = numbers.filter((number) => isReverse(steps[number]) === isReverse(steps[current]));
  const given = inPass.length ? inPass : numbers;
  return given.length ? given.reduce((a, b) => Math.min(a, b)) : 0;
}

const rows = [];
function prepare() {
  for (const item of inputs) {
    const state = inputState(item);
    markInGraph(item, state, () => 0);
    listRow(item, state, `${item.name}  ${item.role}`, () => 0);
  }
  for (const item of operations) {
    const state = operationState(item);
    markInGraph(item, state, () => stepOf(item));
    rows.push(listRow(item, state, item.call, () => stepOf(item)));
  }
  for (const item of results) {
    const state = operationState({ forward: item.forward + 0.5, reverse: item.reverse });
    markInGraph(item, state, () => stepOf(item));
  }
  for (const item of edges) mark(byId(item.id), edgeState(item), item.fault);
}

prepare();
