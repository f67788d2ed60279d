"use strict";

// The picture's size, and light and dark.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const picture = byId("graph").querySelector("svg");
const natural = picture && {
  width: (picture.viewBox.baseVal.width * 4) / 3,
  height: (picture.viewBox.baseVal.height * 4) / 3,
};

let zoom = 1;

/** Bring what is current into the middle of the picture. */
function follow() {
  if (current < 0) return;
  const onList = !byId("list").hidden;
  const { operation, phase } = steps[current];
  const item = operations[operation] ?? (phase === "seed" ? results[0] : inputs[0]);
  const element = onList ? rows[operation ?? 0] : item && byId(item.id);
  if (!element) return;
  const frame = byId(onList ? "list" : "graph");
  const jump = still.matches || onList || document.readyState === "loading";
  const box = element.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  frame.scrollBy({
    left: box.left + box.width / 2 - around.left - around.width / 2,
    top: box.top + box.height / 2 - around.top - around.height / 2,
    behavior: jump ? "auto" : "smooth",
  });
}

function resize(factor) {
  zoom = Math.min(Math.max(factor, 0.1), 3);
  picture.setAttribute("width", natural.width * zoom);
  picture.setAttribute("height", natural.height * zoom);
  follow();
}

/** The whole graph; or with `readable`, as much of it as leaves its text readable. */
function fit(readable) {
  const { clientWidth, clientHeight } = byId("graph");
  const across = (clientWidth - 24) / natural.width;
  const whole = Math.min(across, (clientHeight - 24) / natural.height, 1);
  resize(readable ? Math.max(whole, Math.min(across, 1), 0.7) : whole);
}

function show(list) {
  byId("list").hidden = !list;
  byId("graph").hidden = list;
  byId("zoom").hidden = list;
  byId("as-list").setAttribute("aria-pressed", String(list));
  byId("as-graph").setAttribute("aria-pressed", String(!list));
  follow();
}

/** Put the texts of a node in its middle: the font is seldom quite the one that dot measured. */
function centre(node) {
  const lines = new Map();
  for (const text of node.querySelectorAll("text")) {
    const line = text.getAttribute("y");
    lines.set(line, [...(lines.get(line) ?? []), text]);
  }
  const shape = node.querySelector("path, polygon").getBBox();
  for (const texts of lines.values()) {
    const widths = texts.map((text) => text.getComputedTextLength());
    let left = shape.x + (shape.width - widths.reduce((a, b) => a + b)) / 2;
    texts.forEach((text, place) => {
      text.setAttribute("x", left);
      left += widths[place];
    });
  }
}

onClick("as-list", () => show(true));
onClick("as-graph", () => show(false));
show(!picture);
if (picture) {
  // Edges are drawn later than boxes, and would strike their titles through.
  for (const title of picture.querySelectorAll(".cluster > text")) {
    title.setAttribute("class", "module-title");
    title.closest(".graph").append(title);
  }
  picture.querySelectorAll(".node").forEach(centre);
  fit(true);
} else {
  document.querySelector(".tools").hidden = true;
}

onClick("smaller", () => resize(zoom / 1.25));
onClick("larger", () => resize(zoom * 1.25));
onClick("fit", () => fit(false));

const THEMES = ["auto", "light", "dark"];
onClick("theme", () => {
  const root = document.documentElement;
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme || "auto") + 1) % THEMES.length];
  root.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme}`;
});
