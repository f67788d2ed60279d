"use strict";

// Moving from step to step.

const SECONDS = 1.4;
const slider = byId("slider");
let timer = null;
let settled = null;

function go(number) {
  const next = Math.min(Math.max(number, 0), steps.length - 1);
  if (next === current) return;
  current = next;
  const step = steps[current];
  document.body.dataset.pass = isReverse(step) ? "reverse" : "forward";
  document.body.dataset.step = String(current);
  showMarks();
  byId("phase").textContent = phaseOf(step, current);
  byId("title").textContent = step.title;
  byId("detail").replaceChildren(...detailOf(step));
  byId("step").scrollTop = 0;
  slider.value = String(current);
  slider.setAttribute("aria-valuetext", `${phaseOf(step, current)}: ${step.title}`);
  byId("count").textContent = `${current} / ${steps.length - 1}`;
  for (const id of ["first", "back"]) byId(id).disabled = current === 0;
  for (const id of ["next", "last"]) byId(id).disabled = current === steps.length - 1;
  follow();
  clearTimeout(settled);
  settled = setTimeout(remember, 250);
}

/** The step that the address names: `page.html#step=8`. */
function addressed() {
  return Number(/^#step=(\d+)$/.exec(location.hash)?.[1] ?? 0);
}

/** Have the address name the step; browsers refuse that to frames, and to those who ask often. */
function remember() {
  if (addressed() === current) return;
  try {
    history.replaceState(null, "", `#step=${current}`);
  } catch {
    // The page works without.
  }
}

function play(on) {
  clearInterval(timer);
  timer = null;
  if (on && current === steps.length - 1) go(0);
  if (on) {
    timer = setInterval(() => {
      go(current + 1);
      if (current === steps.length - 1) play(false);
    }, SECONDS * 1000);
  }
  byId("play").textContent = on ? "Pause" : "Play";
  byId("play").setAttribute("aria-pressed", String(on));
}

/** The forward pass begins at step 0, the reverse pass at `turn`. */
function jump(by) {
  if (turn < 0) return by > 0 ? steps.length - 1 : 0;
  if (by > 0) return current < turn ? turn : steps.length - 1;
  return current > turn ? turn : 0;
}

const KEYS = {
  ArrowRight: () => current + 1,
  ArrowLeft: () => current - 1,
  Home: () => 0,
  End: () => steps.length - 1,
  PageDown: () => jump(1),
  PageUp: () => jump(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.tagName !== "BUTTON") {
    event.preventDefault();
    play(timer === null);
  } else if (KEYS[event.key]) {
    event.preventDefault();
    play(false);
    go(KEYS[event.key]());
  }
});

for (const [id, key] of [["first", "Home"], ["back", "ArrowLeft"], ["next", "ArrowRight"], ["last", "End"]]) {
  onClick(id, () => { play(false); go(KEYS[key]()); });
}
onClick("play", () => play(timer === null));
slider.addEventListener("input", () => { play(false); go(Number(slider.value)); });

function warn({ step, kind, name }) {
  const button = make("button", { type: "button" }, `Go to step ${step}`);
  button.addEventListener("click", () => { play(false); go(step); });
  const { phase, title } = steps[step];
  const where = phase === "start" ? `${name} holds ${kind} from the start.` : `Step ${step}, ${title}, makes the first ${kind}: in ${name}.`;
  byId("fault").replaceChildren(make("span", {}, where), button);
  byId("fault").hidden = false;
}

slider.max = String(steps.length - 1);
byId("onwards").style.flexGrow = String(turn < 0 ? steps.length : turn);
byId("backwards").style.flexGrow = String(turn < 0 ? 0 : steps.length - turn);
byId("backwards").hidden = turn < 0;
if (fault) warn(fault);
addEventListener("hashchange", () => { play(false); go(addressed()); });
go(addressed());
