"use strict";

// Values as cards: all numbers of small ones, statistics of large ones.

function isBad(text) {
  return /nan|inf/i.test(text);
}

function cellsOf({ shape, cells }) {
  if (!shape.length) {
    return make("div", { class: "cells number" }, tableOf([cells], 1));
  }
  const width = shape.length === 1 ? cells.length : shape[shape.length - 1];
  const lines = [];
  for (let at = 0; at < cells.length; at += width) lines.push(cells.slice(at, at + width));
  return tableOf(lines, shape.length > 2 ? shape[shape.length - 2] : lines.length);
}

/** Rows of numbers, each the darker the larger it is; a gap after every `block` of them. */
function tableOf(lines, block) {
  const sizes = lines.flat().map((text) => Math.abs(Number(text))).filter(Number.isFinite);
  const largest = Math.max(...sizes, 0);
  const table = make("table", { class: "cells", role: "presentation" });
  lines.forEach((line, number) => {
    if (number && number % block === 0) table.append(make("tr", {}, make("td", { class: "gap" })));
    const row = make("tr");
    for (const text of line) {
      const cell = make("td", isBad(text) ? { class: "bad" } : {}, text);
      const size = Number(text);
      if (Number.isFinite(size) && size && largest && sizes.length > 1) {
        cell.style.setProperty("--hue", size > 0 ? "var(--positive)" : "var(--negative)");
        cell.style.setProperty("--share", `${Math.round((Math.abs(size) / largest) * 38)}%`);
      }
      row.append(cell);
    }
    table.append(row);
  });
  return table;
}

function histogramOf({ low, high, counts }) {
  const most = Math.max(...counts);
  const picture = svg("svg", { class: "histogram", viewBox: "0 0 194 62", role: "img" });
  picture.setAttribute("aria-label", `Histogram from ${low} to ${high}`);
  counts.forEach((count, place) => {
    const height = count ? Math.max(1, (count / most) * 46) : 0;
    const width = 194 / counts.length;
    picture.append(svg("rect", { x: place * width, y: 48 - height, width: width - 1, height }));
  });
  picture.append(svg("text", { x: 0, y: 60 }, low));
  picture.append(svg("text", { x: 194, y: 60, "text-anchor": "end" }, high));
  return picture;
}

function numbersOf(numbers) {
  if (!numbers) return [make("p", { class: "unknown" }, "not kept")];
  if (numbers.cells) {
    const shown = numbers.cells.length ? cellsOf(numbers) : make("p", { class: "unknown" }, "empty");
    return [make("div", { class: "scroll" }, shown)];
  }
  const list = make("dl", { class: "statistics" });
  for (const [name, text] of numbers.statistics) {
    const bad = (name === "NaN" || name === "inf") && text !== "0";
    list.append(make("dt", {}, name), make("dd", bad ? { class: "bad" } : {}, text));
  }
  const histogram = numbers.histogram && histogramOf(numbers.histogram);
  const first = make("p", { class: "first cells" }, "first:");
  for (const text of numbers.first) first.append(" ", make("span", {}, text));
  first.append(" …");
  return [make("div", { class: "summarised" }, list, histogram, first)];
}

function cardOf(shown) {
  const value = values[shown.value];
  const gradient = (shown.as || "").includes("gradient of");
  return make(
    "div",
    { class: gradient ? "card gradient" : "card" },
    make("span", { class: "name" }, shown.name || value.name),
    make("span", { class: "type" }, value.type),
    make("span", { class: "as" }, shown.as || ""),
    ...numbersOf(value.numbers),
  );
}
