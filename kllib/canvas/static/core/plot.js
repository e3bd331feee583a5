// Framed plots in data coordinates, and what is drawn and dragged in them.
import { put, s, text, unique } from "./dom.js";
import { hold } from "./numbers.js";

const minus = (t) => String(t).replace("-", "\u2212");

// A framed plot in CSS pixels. It is laid out anew for each width, so that text keeps its size.
export function plot({
  x,
  y,
  xTicks = [],
  yTicks = [],
  xName = "",
  yName = "",
  label,
  height = 250,
  left = 44,
  bottom = 40,
  base = y[0],
}) {
  const m = { l: left, r: 14, t: yName ? 26 : 14, b: bottom };
  const [clip, hatch] = [unique("clip"), unique("hatch")];
  const frame = s("rect", { x: m.l, y: m.t });
  const axes = s("g", { class: "kl-axes", "aria-hidden": "true" });
  const stripes = {
    id: hatch,
    width: 6,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  };
  const svg = s(
    "svg",
    {
      class: "kl-plot",
      role: "graphics-document",
      "aria-roledescription": "figure",
      "aria-label": label,
      height,
    },
    s(
      "defs",
      {},
      s("clipPath", { id: clip }, frame),
      s("pattern", stripes, s("line", { class: "kl-hatch", y2: 6 })),
    ),
    axes,
  );
  const chart = {
    svg,
    x,
    y,
    yTicks,
    yName,
    width: 0,
    hatch: `url(#${hatch})`,
    sx: (v) => m.l + ((v - chart.x[0]) / (chart.x[1] - chart.x[0])) * (chart.width - m.l - m.r),
    sy: (v) => height - m.b - ((v - chart.y[0]) / (chart.y[1] - chart.y[0])) * (height - m.t - m.b),
    layer: (cls, clipped = false) =>
      svg.appendChild(s("g", { class: cls, "clip-path": clipped ? `url(#${clip})` : null })),
    // The pointer's place in data coordinates.
    at(event) {
      const box = svg.getBoundingClientRect();
      const u = (event.clientX - box.left - m.l) / (chart.width - m.l - m.r);
      const v = (height - m.b - (event.clientY - box.top)) / (height - m.t - m.b);
      return [
        chart.x[0] + u * (chart.x[1] - chart.x[0]),
        chart.y[0] + v * (chart.y[1] - chart.y[0]),
      ];
    },
    layout(width = chart.width) {
      chart.width = Math.max(width, 200);
      svg.setAttribute("viewBox", `0 0 ${chart.width} ${height}`);
      put(frame, { width: chart.width - m.l - m.r, height: height - m.t - m.b });
      const [x1, x2, y0] = [m.l, chart.width - m.r, height - m.b];
      const level = (v, attrs) => s("line", { ...attrs, x1, x2, y1: chart.sy(v), y2: chart.sy(v) });
      axes.replaceChildren(
        ...chart.yTicks.flatMap((t) => [
          level(t, { class: "kl-grid" }),
          text(x1 - 8, chart.sy(t) + 4, minus(t), { "text-anchor": "end" }),
        ]),
        ...xTicks.map((t) => text(chart.sx(t), y0 + 18, minus(t), { "text-anchor": "middle" })),
        level(base, { class: "kl-base" }),
        text(x2, height - 4, xName, { "text-anchor": "end" }),
        text(4, 12, chart.yName),
      );
    },
  };
  return chart;
}

// A rectangle between data coordinates, clipped to the frame; `attrs` may hold a class or a fill.
export function rect(chart, [x0, x1], [y0, y1], attrs = {}) {
  const [a, b] = [Math.max(y0, y1), Math.min(y0, y1)].map((v) => chart.sy(hold(chart.y, v)));
  const width = Math.max(0, chart.sx(x1) - chart.sx(x0));
  return s("rect", { x: chart.sx(x0), y: a, width, height: Math.max(0, b - a), ...attrs });
}

// An SVG path through data points; a point at infinity is drawn beyond the frame, which clips it.
export function path(chart, points, attrs = {}) {
  const far = chart.y[1] + 2 * (chart.y[1] - chart.y[0]);
  const d = points.map(
    ([u, v], i) =>
      `${i ? "L" : "M"}${chart.sx(u).toFixed(1)} ${chart.sy(Math.min(v, far)).toFixed(1)}`,
  );
  return s("path", { fill: "none", ...attrs, d: d.join("") });
}

// Lines through the frame, at a place on one axis.
export const upright = (chart, x, attrs) =>
  s("line", {
    x1: chart.sx(x),
    x2: chart.sx(x),
    y1: chart.sy(chart.y[0]),
    y2: chart.sy(chart.y[1]),
    ...attrs,
  });
export const level = (chart, y, attrs) =>
  s("line", {
    x1: chart.sx(chart.x[0]),
    x2: chart.sx(chart.x[1]),
    y1: chart.sy(y),
    y2: chart.sy(y),
    ...attrs,
  });

// Numbers under the frame.
export const xLabels = (chart, ticks, says) =>
  ticks.map((t) =>
    text(chart.sx(t), chart.sy(chart.y[0]) + 18, says(t), { "text-anchor": "middle" }),
  );

// The two distributions' names, top right, in the colours and fills of their marks.
export const legend = (chart, p, q) =>
  [
    ["p", `▮ ${p}`],
    ["q", `▨ ${q}`],
  ].map(([which, words], i) =>
    text(chart.width - 14, 16 + 18 * i, words, { class: `kl-name-${which}`, "text-anchor": "end" }),
  );

// Marks around a place, and a mark with what a finger needs around it; the place is set later.
export const disc = (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
export const GRIP = "M-3 -10H3V10H-3Z";
export const mark = (layer, cls, d, reach = 15) =>
  layer.appendChild(
    s("g", { class: cls }, s("circle", { class: "kl-reach", r: reach }), s("path", { d })),
  );
export const move = (node, x, y) => node.setAttribute("transform", `translate(${x} ${y})`);

// Let a pointer drag `node`; `to` gets data coordinates. Keyboards use the slider beside it.
export function drag(node, chart, to) {
  node.classList.add("kl-handle");
  node.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    to(...chart.at(event), true);
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) to(...chart.at(event), false);
  });
}
