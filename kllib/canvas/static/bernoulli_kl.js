// D(Bern(p) ‖ Bern(q)) as a curve in q: hold p, move q, and watch which side explodes faster.
import { klBernoulli, term } from "./kl.js";
import { UNITS, UNIT_CHOICE, canvas, choice, drag, h, number, path, plain, plot, s, slider, sym, toggle, within } from "./core.js";

const PRESETS = [
  ["q → 0", { p: 0.2, q: 0.01 }], ["q → 1", { p: 0.2, q: 0.99 }], ["q = 0", { p: 0.2, q: 0 }],
  ["a fair coin, believed .99", { p: 0.5, q: 0.99 }], ["equal", { p: 0.3, q: 0.3 }],
];
const TOP = 4;
const GRID = Array.from({ length: 301 }, (_, i) => Math.sin((Math.PI * i) / 600) ** 2); // denser at the cliffs

function why(p, q) {
  const lost = q === 0 ? "a one" : "a zero";
  return `q gives probability 0 to ${lost}, which p produces with probability ${plain(q === 0 ? p : 1 - p)}`;
}

function formula(p, q, unit, [a, b], total) {
  const num = (which, v) => sym(which, plain(v));
  const line = (P, Q, np, nq) => h("p", {}, "D(", P, "‖", Q, ") = ", np, " log ", np.cloneNode(true), "/", nq, " + ",
    sym("p", plain(1 - p)), " log ", sym("p", plain(1 - p)), "/", sym("q", plain(1 - q)),
    " = ", number(a), b < 0 ? " − " : " + ", number(Math.abs(b)), " = ", h("strong", {}, `${number(total)} ${unit}`));
  if (total === Infinity) return h("p", {}, "D(", sym("p"), "‖", sym("q"), ") = ", h("strong", {}, "∞"), `: ${why(p, q)}.`);
  return line(sym("p"), sym("q"), num("p", p), num("q", q));
}

function render(context) {
  const chart = plot({
    x: [0, 1], y: [0, TOP], xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1], yTicks: [0, 1, 2, 3, 4], xName: "q, what the model believes", yName: "D(p‖q)",
    label: "Divergence of Bernoulli p from Bernoulli q as a curve in q: zero at q = p, infinite at the end or ends that p contradicts",
  });
  const view = canvas(context, { name: "BernoulliKL", traits: ["p", "q", "unit", "reverse"], plots: [chart] });
  const bare = (unit) => UNITS[unit];
  const spoken = (letter) => (v) => `${letter} = ${plain(v)}; divergence ${number(klBernoulli(view.get("p"), view.get("q")) / bare(view.get("unit")))} ${view.get("unit")}`;
  const p = slider({ name: "p", hue: "p", ...view.trait("p"), says: spoken("p") });
  const q = slider({ name: "q", hue: "q", ...view.trait("q"), says: spoken("q") });
  const unit = choice({ name: "unit", options: UNIT_CHOICE, ...view.trait("unit") });
  const reverse = toggle({ name: "show D(q‖p) too", ...view.trait("reverse") });
  const curves = chart.layer("kl-curves", true);
  const marks = chart.layer("kl-marks");
  const truth = s("g", { class: "kl-true" }, s("line", {}), s("circle", { class: "kl-reach", r: 16 }), s("path", { d: "M-8 -11 L8 -11 L0 2Z" }), s("text", { y: 2 }, "p"));
  const point = s("g", { class: "kl-point" }, s("circle", { class: "kl-reach", r: 18 }), s("path", {}));
  const value = s("text", { class: "kl-value" });
  const drop = s("line", { class: "kl-drop" });
  marks.append(drop, truth, point, value);
  drag(truth, chart, (x) => view.set({ p: p.snap(x) }));
  drag(point, chart, (x) => view.set({ q: q.snap(x) }));
  view.compose(chart.svg, h("div", { class: "kl-controls" }, p.el, q.el, h("div", { class: "kl-row" }, unit.el, reverse.el)), view.formula, view.presets(PRESETS));


  function draw() {
    const [P, Q, u, both] = ["p", "q", "unit", "reverse"].map(view.get);
    const scale = bare(u);
    const [forward, back] = [klBernoulli(P, Q) / scale, klBernoulli(Q, P) / scale];
    const terms = [term(P, Q), term(1 - P, 1 - Q)].map((t) => t / scale);
    [p, q, unit, reverse].forEach((c) => c.update());
    chart.yName = `D(p‖q), ${u}`;
    chart.layout();
    const curve = (cls, f) => path(chart, GRID.map((v) => [v, f(v) / scale]), { class: cls });
    curves.replaceChildren(...(both ? [curve("kl-reverse", (v) => klBernoulli(v, P))] : []), curve("kl-forward", (v) => klBernoulli(P, v)));
    if (both) curves.append(label(chart, P, scale));
    place(chart, { truth, point, value, drop }, P, Q, forward);
    const lines = [formula(P, Q, u, terms, forward)];
    if (both) lines.push(h("p", { class: "kl-second" }, "D(", sym("q"), "‖", sym("p"), ") = ", h("strong", {}, back === Infinity ? "∞" : `${number(back)} ${u}`), back === Infinity ? ": p gives probability 0 to something that q produces." : ""));
    view.formula.replaceChildren(...lines);
    const said = forward === Infinity ? `Divergence infinite: ${why(P, Q)}` : `Divergence ${number(forward)} ${u}`;
    view.show({ p: P, q: Q, unit: u, kl: forward, reverse_kl: back, terms }, `p ${plain(P)}, q ${plain(Q)}. ${said}`);
  }
  return view.run(draw);
}

// The dashed reverse curve carries its name where it is highest inside the frame.
function label(chart, p, scale) {
  const x = p < 0.5 ? 0.97 : 0.03;
  const y = Math.min(klBernoulli(x, p) / scale, TOP * 0.8);
  return s("text", { class: "kl-name", x: chart.sx(x), y: chart.sy(y) + 22, "text-anchor": p < 0.5 ? "end" : "start" }, "D(q‖p)");
}

function place(chart, { truth, point, value, drop }, p, q, d) {
  const [x, y, foot] = [chart.sx(q), chart.sy(Math.min(d, TOP)), chart.sy(0)];
  const roof = chart.sy(TOP);
  truth.setAttribute("transform", `translate(${chart.sx(p)} ${roof})`);
  truth.firstChild.setAttribute("y2", foot - roof);
  truth.lastChild.setAttribute("x", p > 0.9 ? -20 : 12);
  point.setAttribute("transform", `translate(${x} ${y})`);
  point.lastChild.setAttribute("d", d > TOP ? "M-9 10 L0 -6 L9 10Z" : "M-8 0 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0Z");
  for (const [k, v] of Object.entries({ x1: x, x2: x, y1: foot, y2: y })) drop.setAttribute(k, v);
  const left = q > 0.75;
  value.setAttribute("x", x + (left ? -14 : 14));
  value.setAttribute("y", d > TOP * 0.9 ? y + 20 : y - 10);
  value.setAttribute("text-anchor", left ? "end" : "start");
  value.textContent = d === Infinity ? "∞" : d > TOP ? `${number(d)}, above the frame` : number(d);
}

const refuses = ({ p = 0, q = 0, unit = "nats" }) =>
  (!within(p, 0, 1) && "p lies in [0, 1]") || (!within(q, 0, 1) && "q lies in [0, 1]") || (!(unit in UNITS) && "the unit is nats or bits");
export default { render, refuses };
