// D(Bern(p) ‖ Bern(q)) as a curve in q: hold p, move q, and watch which side explodes faster.
import { controls, h, put, row, s, strong, sym, text } from "./core/dom.js";
import { slider, toggle, unitChoice } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { UNITS, number, plain } from "./core/numbers.js";
import { drag, path, plot } from "./core/plot.js";
import { lost, pin, pins } from "./parts/coin.js";
import { klBernoulli } from "./twins/families.js";
import { klContributions } from "./twins/discrete.js";

const PRESETS = [
  ["q → 0", { p: 0.2, q: 0.01 }],
  ["q → 1", { p: 0.2, q: 0.99 }],
  ["q = 0", { p: 0.2, q: 0 }],
  ["a fair coin, believed .99", { p: 0.5, q: 0.99 }],
  ["equal", { p: 0.3, q: 0.3 }],
];
const TOP = 4;
// Denser at the cliffs.
const GRID = Array.from({ length: 301 }, (_, i) => Math.sin((Math.PI * i) / 600) ** 2);

const why = (p, q) => `q gives probability 0 to ${lost(p, q)}`;

function formula(p, q, unit, [a, b], total) {
  const D = () => ["D(", sym("p"), "‖", sym("q"), ") = "];
  if (total === Infinity) return h("p", {}, ...D(), strong("∞"), `: ${why(p, q)}.`);
  const term = (u, v) => [sym("p", plain(u)), " log ", sym("p", plain(u)), "/", sym("q", plain(v))];
  const value = `${number(a)}${b < 0 ? " − " : " + "}${number(Math.abs(b))}`;
  return h(
    "p",
    {},
    ...D(),
    ...term(p, q),
    " + ",
    ...term(1 - p, 1 - q),
    ` = ${value} = `,
    strong(`${number(total)} ${unit}`),
  );
}

function render(context) {
  const chart = plot({
    x: [0, 1],
    y: [0, TOP],
    xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    yTicks: [0, 1, 2, 3, 4],
    xName: "q, what the model believes",
    yName: "D(p‖q)",
    label:
      "Divergence of Bernoulli p from Bernoulli q as a curve in q: " +
      "zero at q = p, infinite at the end or ends that p contradicts",
  });
  const view = canvas(context, { name: "BernoulliKL", plots: [chart] });
  const spoken = (letter) => (v) => {
    const d = klBernoulli(view.get("p"), view.get("q")) / UNITS[view.get("unit")];
    return `${letter} = ${plain(v)}; divergence ${number(d)} ${view.get("unit")}`;
  };
  const p = slider({ name: "p", hue: "p", ...view.trait("p"), says: spoken("p") });
  const q = slider({ name: "q", hue: "q", ...view.trait("q"), says: spoken("q") });
  const unit = unitChoice(view);
  const reverse = toggle({ name: "show D(q‖p) too", ...view.trait("reverse") });
  const curves = chart.layer("kl-curves", true);
  const marks = chart.layer("kl-marks");
  const drop = marks.appendChild(s("line", { class: "kl-drop" }));
  const handles = pins(marks);
  drag(handles.truth, chart, (x) => view.set({ p: p.snap(x) }));
  drag(handles.point, chart, (x) => view.set({ q: q.snap(x) }));
  view.compose(
    chart.svg,
    controls(p.el, q.el, row(unit.el, reverse.el)),
    view.formula,
    view.presets(PRESETS),
  );

  function draw() {
    const { p: P, q: Q, unit: u, reverse: both } = view.state();
    const scale = UNITS[u];
    const [forward, back] = [klBernoulli(P, Q) / scale, klBernoulli(Q, P) / scale];
    const terms = klContributions([P, 1 - P], [Q, 1 - Q]).map((t) => t / scale);
    [p, q, unit, reverse].forEach((c) => c.update());
    chart.yName = `D(p‖q), ${u}`;
    chart.layout();
    const curve = (cls, f) =>
      path(
        chart,
        GRID.map((v) => [v, f(v) / scale]),
        { class: cls },
      );
    curves.replaceChildren(
      ...(both ? [curve("kl-reverse", (v) => klBernoulli(v, P))] : []),
      curve("kl-forward", (v) => klBernoulli(P, v)),
    );
    if (both) curves.append(label(chart, P, scale));
    place(chart, handles, drop, P, Q, forward);
    const lines = [formula(P, Q, u, terms, forward)];
    if (both)
      lines.push(
        h(
          "p",
          { class: "kl-second" },
          "D(",
          sym("q"),
          "‖",
          sym("p"),
          ") = ",
          strong(back === Infinity ? "∞" : `${number(back)} ${u}`),
          back === Infinity ? ": p gives probability 0 to something that q produces." : "",
        ),
      );
    view.formula.replaceChildren(...lines);
    const said =
      forward === Infinity
        ? `Divergence infinite: ${why(P, Q)}`
        : `Divergence ${number(forward)} ${u}`;
    view.show(
      { p: P, q: Q, unit: u, kl: forward, reverse_kl: back, terms },
      `p ${plain(P)}, q ${plain(Q)}. ${said}`,
    );
  }
  return view.run(draw);
}

// The dashed reverse curve carries its name where it is highest inside the frame.
function label(chart, p, scale) {
  const x = p < 0.5 ? 0.97 : 0.03;
  const y = Math.min(klBernoulli(x, p) / scale, TOP * 0.8);
  const anchor = p < 0.5 ? "end" : "start";
  return text(chart.sx(x), chart.sy(y) + 22, "D(q‖p)", { class: "kl-name", "text-anchor": anchor });
}

function place(chart, handles, drop, p, q, kl) {
  const [x, y] = [chart.sx(q), chart.sy(Math.min(kl, TOP))];
  put(drop, { x1: x, x2: x, y1: chart.sy(0), y2: y });
  pin(handles, chart, { flag: p, x, y, kl, left: q > 0.75, drop: 20 });
}

export default { render, refuses };
