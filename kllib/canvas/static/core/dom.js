// Elements of a page and of a drawing.
const SVG = "http://www.w3.org/2000/svg";
// Names in a page must differ between canvases, each of which carries its own copy of this file.
const COPY = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
let ids = 0;
export const unique = (what) => `kl-${what}-${COPY}-${++ids}`;

// Set attributes; `onclick` and its like take a handler, true stands without a value.
export function put(node, attrs) {
  for (const [key, value] of Object.entries(attrs)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  return node;
}
function fill(node, attrs, kids) {
  put(node, attrs).append(...kids);
  return node;
}
export const h = (tag, attrs = {}, ...kids) => fill(document.createElement(tag), attrs, kids);
export const s = (tag, attrs = {}, ...kids) =>
  fill(document.createElementNS(SVG, tag), attrs, kids);
export const strong = (...words) => h("strong", {}, ...words);
export const row = (...nodes) => h("div", { class: "kl-row" }, ...nodes);
export const controls = (...nodes) => h("div", { class: "kl-controls" }, ...nodes);
// A variable's letter in its colour; upright around it, so that colour is never the only sign.
export const sym = (which, text = which) => h("i", { class: `kl-${which}` }, text);
// Words in a drawing, and what keeps them legible over lines.
export const text = (x, y, words, attrs = {}) => s("text", { x, y, ...attrs }, words);
export const HALO = {
  "paint-order": "stroke",
  stroke: "var(--kl-card)",
  "stroke-width": 4,
  "stroke-linejoin": "round",
};
export const [INK, EDGE, P, Q, CARD, PAPER] = ["ink", "edge", "p", "q", "card", "paper"].map(
  (name) => `var(--kl-${name})`,
);

// Keys pressed in a canvas are the canvas's: JupyterLab would take arrows for moves between cells.
export const ownKeys = (el) =>
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
