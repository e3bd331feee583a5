// Two uniform intervals on the line: the divergence is finite only where q covers p.
import { controls, h, put, row, s, strong, sym, text } from "./core/dom.js";
import { slider, unitChoice } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { UNITS, number, plain, rounded } from "./core/numbers.js";
import { drag, legend, move, plot, rect } from "./core/plot.js";
import { klUniform } from "./twins/families.js";

const at = (pLeft, pWidth, qLeft, qWidth) => ({
  p_left: pLeft,
  p_width: pWidth,
  q_left: qLeft,
  q_width: qWidth,
});
const PRESETS = [
  ["[0, 1] against [1, 2]", at(0, 1, 1, 1)],
  ["q covers p", at(1.5, 1, 1, 2)],
  ["p covers q", at(1, 2, 1.5, 1)],
  ["half outside", at(1, 1, 1.5, 2)],
  ["the same", at(1, 1.5, 1, 1.5)],
];
// The share of an interval's mass that another leaves uncovered.
const uncovered = ([a, b], [c, d]) =>
  Math.min(1, Math.max(0, 1 - Math.max(0, Math.min(b, d) - Math.max(a, c)) / (b - a)));

function line(p, q, widthP, widthQ, value, bare, unit) {
  const name = [h("span", {}, "D(", sym(p), "‖", sym(q), ") = ")];
  if (value === Infinity)
    return h(
      "p",
      {},
      ...name,
      strong("∞"),
      `: ${rounded(100 * bare, 1)}% of ${p}'s mass lies where ${q} has none.`,
    );
  return h(
    "p",
    {},
    ...name,
    "log (width of ",
    sym(q),
    " / width of ",
    sym(p),
    ") = log ",
    sym(q, plain(widthQ)),
    "/",
    sym(p, plain(widthP)),
    " = ",
    strong(`${number(value)} ${unit}`),
  );
}

// One interval: a body to drag sideways, a right edge to drag wider.
function interval(chart, layer, view, which, snap) {
  const [left, width] = [`${which}_left`, `${which}_width`];
  const block = layer.appendChild(s("g"));
  const body = layer.appendChild(s("rect", { class: "kl-reach" }));
  const edge = layer.appendChild(
    s(
      "g",
      {},
      s("rect", { class: "kl-reach", x: -14, y: -14, width: 28, height: 28 }),
      s("rect", { class: "kl-grip", x: -3, y: -9, width: 6, height: 18, rx: 3 }),
    ),
  );
  let held = 0;
  drag(body, chart, (x, _, first) => {
    if (first) held = x - view.get(left);
    else view.set({ [left]: snap.left(x - held) });
  });
  drag(edge, chart, (x) => view.set({ [width]: snap.width(x - view.get(left)) }));
  return ([a, b]) => {
    const top = 1 / (b - a);
    const attrs =
      which === "p"
        ? { class: "kl-bar-p", opacity: 0.75 }
        : {
            fill: chart.hatch,
            stroke: "var(--kl-q)",
            "stroke-width": 2,
            "stroke-dasharray": "6 4",
          };
    block.replaceChildren(rect(chart, [a, b], [0, top], attrs));
    put(body, {
      x: chart.sx(a),
      y: chart.sy(top),
      width: chart.sx(b) - chart.sx(a),
      height: chart.sy(0) - chart.sy(top),
    });
    move(edge, chart.sx(b), chart.sy(top * (which === "p" ? 0.7 : 0.35)));
  };
}

function render(context) {
  const chart = plot({
    x: [0, 5],
    y: [0, 2.5],
    xTicks: [0, 1, 2, 3, 4, 5],
    yTicks: [0, 1, 2],
    height: 240,
    bottom: 30,
    yName: "density",
    label:
      "Two uniform densities on a line, p solid and q hatched; " +
      "stretches where p has mass and q has none are marked",
  });
  const view = canvas(context, { name: "SupportOverlap", plots: [chart] });
  const spoken = () => {
    const d = measure(view).forward;
    return d === Infinity
      ? "divergence infinite: q leaves part of p uncovered"
      : `divergence ${number(d)} ${view.get("unit")}`;
  };
  const make = (which, part) =>
    slider({
      name: `${which} ${part}`,
      hue: which,
      step: 0.125,
      ...view.trait(`${which}_${part}`),
      says: (v) => `${which} ${part} ${plain(v)}; ${spoken()}`,
    });
  const sliders = ["p", "q"].flatMap((w) => ["left", "width"].map((part) => make(w, part)));
  const unit = unitChoice(view);
  const snap = { left: sliders[0].snap, width: sliders[1].snap };
  const place = Object.fromEntries(
    ["q", "p"].map((w) => [w, interval(chart, chart.layer("kl-bars"), view, w, snap)]),
  );
  const alarms = chart.layer("kl-alarms");
  alarms.setAttribute("pointer-events", "none");
  view.compose(
    chart.svg,
    controls(...sliders.map((c) => c.el), row(unit.el)),
    view.formula,
    view.presets(PRESETS),
  );

  function draw() {
    const m = measure(view);
    [...sliders, unit].forEach((c) => c.update());
    place.p(m.p);
    place.q(m.q);
    const gaps = [
      [m.p[0], Math.min(m.p[1], m.q[0])],
      [Math.max(m.p[0], m.q[1]), m.p[1]],
    ].filter(([a, b]) => b > a);
    const roof = 1 / (m.p[1] - m.p[0]);
    alarms.replaceChildren(
      ...gaps.flatMap(([a, b]) => [
        rect(chart, [a, b], [0, roof], { class: "kl-alarm" }),
        text(chart.sx((a + b) / 2), chart.sy(roof / 2) + 6, "∞", {
          class: "kl-on-alarm",
          "text-anchor": "middle",
        }),
      ]),
      ...[
        ["p", m.p, 6, "start", 0],
        ["q", m.q, -6, "end", 1],
      ].map(([n, [a, b], dx, anchor, end]) =>
        text(chart.sx(end ? b : a) + dx, chart.sy(1 / (b - a)) - 6, n, {
          class: `kl-letter kl-name-${n}`,
          "text-anchor": anchor,
        }),
      ),
      ...legend(chart, "p, the truth", "q, the model"),
    );
    view.formula.replaceChildren(
      line("p", "q", m.p[1] - m.p[0], m.q[1] - m.q[0], m.forward, m.bare, m.unit),
      line("q", "p", m.q[1] - m.q[0], m.p[1] - m.p[0], m.back, m.bareBack, m.unit),
    );
    const says = (d) => (d === Infinity ? "infinite" : `${number(d)} ${m.unit}`);
    view.show(
      { p: m.p, q: m.q, unit: m.unit, kl: m.forward, reverse_kl: m.back, uncovered: m.bare },
      `p on ${m.p.map(plain).join(" to ")}, q on ${m.q.map(plain).join(" to ")}. ` +
        `D of p from q ${says(m.forward)}; D of q from p ${says(m.back)}`,
    );
  }
  return view.run(draw);
}

function measure(view) {
  const { p_left: pl, p_width: pw, q_left: ql, q_width: qw, unit } = view.state();
  const [p, q] = [
    [pl, pl + pw],
    [ql, ql + qw],
  ];
  return {
    p,
    q,
    unit,
    forward: klUniform(pl, pw, ql, qw) / UNITS[unit],
    back: klUniform(ql, qw, pl, pw) / UNITS[unit],
    bare: uncovered(p, q),
    bareBack: uncovered(q, p),
  };
}

export default { render, refuses };
