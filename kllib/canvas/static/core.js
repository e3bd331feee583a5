// Drawing and control vocabulary shared by every canvas. A canvas is a story told in these words;
// the numerics stand in kl.js.
const SVG = "http://www.w3.org/2000/svg";
const MINUS = "\u2212";
let ids = 0;
// Names in a page must differ between canvases, each of which carries its own copy of this file.
export const unique = (what) => `kl-${what}-${COPY}-${++ids}`;
const COPY = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);

function fill(node, attrs, kids) {
  for (const [key, value] of Object.entries(attrs)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...kids);
  return node;
}
export const h = (tag, attrs = {}, ...kids) => fill(document.createElement(tag), attrs, kids);
export const s = (tag, attrs = {}, ...kids) => fill(document.createElementNS(SVG, tag), attrs, kids);

// Three decimals, three significant digits when small, a true minus, ∞ for infinity.
export function number(x, digits = 3) {
  const size = Math.abs(x);
  const sign = x < 0 ? MINUS : "";
  if (size === Infinity) return `${sign}∞`;
  if (size < 1e-12) return (0).toFixed(digits); // rounding of shares that sum to 1
  if (size >= 0.1) return `${sign}${size.toFixed(digits)}`;
  if (size >= 1e-4) return `${sign}${size.toPrecision(digits)}`;
  return `${sign}${size.toExponential(digits - 1).replace("e-", `e${MINUS}`)}`;
}
export const plain = (x) => String(Number(x.toPrecision(4))).replace("-", MINUS);
export const UNITS = { nats: 1, bits: Math.LN2 };
// A variable's letter in its colour; upright around it, so that colour is never the only sign.
export const sym = (which, text = which) => h("i", { class: `kl-${which}` }, text);

// A framed plot in CSS pixels. It is laid out anew for each width, so that text keeps its size.
export function plot({ x, y, xTicks, yTicks, xName, yName, label, height = 250, left = 44, bottom = 40, base = y[0] }) {
  const m = { l: left, r: 14, t: yName ? 26 : 14, b: bottom };
  const clip = unique("clip");
  const hatch = unique("hatch");
  const frame = s("rect", { x: m.l, y: m.t });
  const axes = s("g", { class: "kl-axes", "aria-hidden": "true" });
  const svg = s("svg", { class: "kl-plot", role: "graphics-document", "aria-roledescription": "figure", "aria-label": label, height },
    s("defs", {}, s("clipPath", { id: clip }, frame),
      s("pattern", { id: hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("line", { class: "kl-hatch", y2: 6 }))), axes);
  const chart = {
    svg, x, y, yTicks, yName, width: 0, hatch: `url(#${hatch})`,
    sx: (v) => m.l + ((v - chart.x[0]) / (chart.x[1] - chart.x[0])) * (chart.width - m.l - m.r),
    sy: (v) => height - m.b - ((v - chart.y[0]) / (chart.y[1] - chart.y[0])) * (height - m.t - m.b),
    layer: (cls, clipped = false) => svg.appendChild(s("g", { class: cls, "clip-path": clipped ? `url(#${clip})` : null })),
    // The pointer's place in data coordinates.
    at(event) {
      const box = svg.getBoundingClientRect();
      const u = (event.clientX - box.left - m.l) / (chart.width - m.l - m.r);
      const v = (height - m.b - (event.clientY - box.top)) / (height - m.t - m.b);
      return [chart.x[0] + u * (chart.x[1] - chart.x[0]), chart.y[0] + v * (chart.y[1] - chart.y[0])];
    },
    layout(width = chart.width) {
      chart.width = Math.max(width, 200);
      svg.setAttribute("viewBox", `0 0 ${chart.width} ${height}`);
      frame.setAttribute("width", chart.width - m.l - m.r);
      frame.setAttribute("height", height - m.t - m.b);
      const [x0, x1, y0] = [m.l, chart.width - m.r, height - m.b];
      axes.replaceChildren(
        ...(chart.yTicks ?? []).flatMap((t) => [s("line", { class: "kl-grid", x1: x0, x2: x1, y1: chart.sy(t), y2: chart.sy(t) }),
          s("text", { x: x0 - 8, y: chart.sy(t) + 4, "text-anchor": "end" }, String(t).replace("-", MINUS))]),
        ...(xTicks ?? []).map((t) => s("text", { x: chart.sx(t), y: y0 + 18, "text-anchor": "middle" }, String(t).replace("-", MINUS))),
        s("line", { class: "kl-base", x1: x0, x2: x1, y1: chart.sy(base), y2: chart.sy(base) }),
        s("text", { x: x1, y: height - 4, "text-anchor": "end" }, xName ?? ""),
        s("text", { x: 4, y: 12 }, chart.yName ?? ""));
    },
  };
  return chart;
}

// A rectangle between data coordinates, clipped to the frame; `attrs` may hold a class or a fill.
export function rect(chart, [x0, x1], [y0, y1], attrs = {}) {
  const hold = (v) => Math.min(chart.y[1], Math.max(chart.y[0], v));
  const [a, b] = [chart.sy(hold(Math.max(y0, y1))), chart.sy(hold(Math.min(y0, y1)))];
  return s("rect", { x: chart.sx(x0), y: a, width: Math.max(0, chart.sx(x1) - chart.sx(x0)), height: Math.max(0, b - a), ...attrs });
}

// An SVG path through data points; a point at infinity is drawn beyond the frame, which clips it.
export function path(chart, points, attrs = {}) {
  const far = chart.y[1] + 2 * (chart.y[1] - chart.y[0]);
  const d = points.map(([u, v], i) => `${i ? "L" : "M"}${chart.sx(u).toFixed(1)} ${chart.sy(Math.min(v, far)).toFixed(1)}`);
  return s("path", { fill: "none", ...attrs, d: d.join("") });
}

// Let a pointer drag `node`; `move` gets data coordinates. Keyboards use the slider beside it.
export function drag(node, chart, move) {
  node.classList.add("kl-handle");
  node.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    move(...chart.at(event), true);
  });
  node.addEventListener("pointermove", (event) => { if (node.hasPointerCapture(event.pointerId)) move(...chart.at(event), false); });
}

const steps = (v, { min, max, step }) => {
  const snapped = Math.round((Math.min(max, Math.max(min, v)) - min) / step) * step + min;
  return Math.min(max, Number(snapped.toFixed(10)));
};

// A range input on one number, and beside it a box for an exact value unless `tight`.
// `get`, `set` reach the number; `says(v)` is what a screen reader hears.
export function slider({ name, hue, tight = false, min = 0, max = 1, step = 0.01, get, set, says, symbol = name }) {
  const range = h("input", { type: "range", min, max, step, "aria-label": name, oninput: () => set(Number(range.value)) });
  const exact = !tight && h("input", {
    type: "number", min, max, step: "any", "aria-label": `${name}, exact value`,
    onchange: () => {
      const v = Number(exact.value);
      const ok = exact.value !== "" && v >= min && v <= max;
      exact.setAttribute("aria-invalid", String(!ok));
      exact.setCustomValidity(ok ? "" : `${name} lies between ${min} and ${max}`);
      if (ok) set(v); else exact.reportValidity();
    },
  });
  const update = () => {
    const v = get();
    range.value = v;
    range.setAttribute("aria-valuetext", says(v));
    if (exact && document.activeElement !== exact) { exact.value = Number(v.toPrecision(6)); exact.setCustomValidity(""); exact.removeAttribute("aria-invalid"); }
  };
  const el = h("label", { class: `kl-slider kl-hue-${hue ?? "ink"}${tight ? " kl-tight" : ""}` }, h("span", { class: "kl-symbol" }, symbol), range, ...(exact ? [exact] : []));
  return { el, range, update, snap: (v) => steps(v, { min, max, step }) };
}

// One of several, as a radio group drawn as a segmented control.
export function choice({ name, options, get, set }) {
  const group = unique("choice");
  const radios = options.map(([value, text]) => ({ value, text, input: h("input", { type: "radio", name: group, value, onchange: () => set(value) }) }));
  const el = h("fieldset", { class: "kl-choice" }, h("legend", {}, name), ...radios.map((r) => h("label", {}, r.input, h("span", {}, r.text))));
  return { el, update: () => radios.forEach((r) => { r.input.checked = r.value === get(); }) };
}
export function toggle({ name, get, set }) {
  const input = h("input", { type: "checkbox", onchange: () => set(input.checked) });
  return { el: h("label", { class: "kl-toggle" }, input, h("span", {}, name)), update: () => { input.checked = get(); } };
}
export const button = (text, onclick) => h("button", { type: "button", class: "kl-button", onclick }, text);

// Keys pressed in a canvas are the canvas's: JupyterLab would take arrows for moves between cells.
export const ownKeys = (el) => el.addEventListener("keydown", (event) => { if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); });

// A polite announcement after half a second of rest; silent until the reader has changed something.
function announcer() {
  const el = h("p", { class: "kl-status", role: "status" });
  let timer, last = null;
  return { el, say(text) {
    const first = last === null;
    if (text === last) return;
    last = text;
    clearTimeout(timer);
    if (!first) timer = setTimeout(() => { el.textContent = text; }, 500);
  } };
}

function copyLink(link, status) {
  const field = h("input", { class: "kl-link", readonly: true, hidden: true, "aria-label": "Link to this situation" });
  return [button("Copy link", async () => {
    const url = link();
    history.replaceState(null, "", url);
    try { await navigator.clipboard.writeText(url); status.say("Link copied"); } catch { field.hidden = false; field.value = url; field.select(); status.say("Copy the link from the field"); }
  }), field];
}

// The frame around every canvas: starting values, presets, Reset, copy link, announcements,
// `data-canvas` and `data-values`, one redraw a frame, layout by width, an end with the view.
export function canvas({ model, el, signal, host }, { name, traits, plots }) {
  const start = Object.fromEntries(traits.map((t) => [t, model.get(t)]));
  const status = announcer();
  const formula = h("div", { class: "kl-formula" });
  const set = (values) => { for (const [k, v] of Object.entries(values)) model.set(k, v); model.save_changes(); };
  const frame = {
    formula, set,
    get: (trait) => model.get(trait),
    trait: (t) => ({ get: () => model.get(t), set: (v) => set({ [t]: v }) }),
    presets: (list) => h("div", { class: "kl-presets", role: "group", "aria-label": "Situations" },
      ...list.map(([text, values]) => button(text, () => set(values))), button("Reset", () => set(start)),
      ...(host?.link ? copyLink(() => host.link(traits), status) : [])),
    compose(...nodes) { el.classList.add("kl-canvas"); el.dataset.canvas = name; ownKeys(el); el.replaceChildren(...nodes, status.el); },
    show(values, sentence) {
      el.dataset.values = JSON.stringify(values, (_, v) => (v === Infinity ? "Infinity" : v === -Infinity ? "-Infinity" : v));
      status.say(sentence);
    },
    run(draw) {
      let due = 0;
      const ask = () => { due ||= requestAnimationFrame(() => { due = 0; if (!signal?.aborted) draw(); }); };
      const lay = () => { plots.forEach((p) => p.layout(p.svg.clientWidth || el.clientWidth || 640)); draw(); };
      const sizes = new ResizeObserver(() => { if (plots.some((p) => p.svg.clientWidth && Math.abs(p.svg.clientWidth - p.width) > 1)) lay(); });
      traits.forEach((t) => model.on(`change:${t}`, ask));
      plots.forEach((p) => sizes.observe(p.svg));
      lay();
      const end = () => { sizes.disconnect(); cancelAnimationFrame(due); traits.forEach((t) => model.off(`change:${t}`, ask)); };
      signal?.addEventListener("abort", end);
      return end;
    },
  };
  return frame;
}
// The two distributions' names, top right, in the colours and fills of their marks.
export const legend = (chart, p, q) => [["p", `▮ ${p}`], ["q", `▨ ${q}`]].map(([which, text], i) =>
  s("text", { class: `kl-name-${which}`, x: chart.width - 14, y: 16 + 18 * i, "text-anchor": "end" }, text));
export const UNIT_CHOICE = [["nats", "nats"], ["bits", "bits"]];
export const within = (v, lo, hi) => typeof v === "number" && v >= lo && v <= hi;
