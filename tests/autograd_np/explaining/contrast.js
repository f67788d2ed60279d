// The texts that are seen with less contrast than 4.5 to 1, as WCAG 2 has it, and what that is.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** The colour that is seen where colours lie upon each other. */
function seen(colours) {
  canvas.fillStyle = "white";
  canvas.fillRect(0, 0, 1, 1);
  for (const colour of colours) {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
  }
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function luminance(colour) {
  const [r, g, b] = colour.map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** What lies behind an element, the farthest first. */
function behind(element) {
  const colours = [];
  for (let each = element; each; each = each.parentElement) {
    colours.unshift(getComputedStyle(each).backgroundColor);
  }
  const shape = element.closest(".node")?.querySelector("path, polygon");
  if (shape) colours.push(getComputedStyle(shape).fill);
  return colours;
}

const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let count = 0;
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  const isShown = element.checkVisibility() && texts.currentNode.textContent.trim();
  if (!isShown || element.closest("script, style, :disabled")) continue;
  count += 1;
  const style = getComputedStyle(element);
  const back = behind(element);
  const front = seen([...back, element.closest("svg") ? style.fill : style.color]);
  const ratio = contrast(front, seen(back));
  if (ratio < 4.5) found.push(`${texts.currentNode.textContent.trim()}: ${ratio.toFixed(2)}`);
}
return [count, found];
