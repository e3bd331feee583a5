// One normal q against a mixture p: both divergences, their landscapes, and descent from where the reader put q.
import { descentStep, landscape, minima, mixture, objective } from "./gauss.js";
import { heat } from "./heat.js";
import { player } from "./play.js";
import { button, canvas, choice, drag, h, number, path, plain, plot, s, slider, sym, within } from "./core.js";

const TRAITS = ["weights", "means", "stds", "mean", "std", "direction"];
const MEAN = [-6, 6];
const WIDTH = [0.2, 6];
const PART = [0.3, 3];
const SPAN = [-8, 8];
const LOG_WIDTH = WIDTH.map(Math.log);
const even = ([a, b], n) => Array.from({ length: n }, (_, i) => a + ((b - a) * i) / (n - 1));
const [LINE, COLUMNS, ROWS] = [even(SPAN, 481), even(SPAN, 65), even(LOG_WIDTH, 41)];
const ROOT = Math.sqrt(2 * Math.PI);
const bell = (x, m, sd) => Math.exp(-(((x - m) / sd) ** 2) / 2) / (sd * ROOT);
const hold = ([a, b], v, step = 0.01) => Math.min(b, Math.max(a, Math.round(v / step) * step));
const at = (weights, means, stds, mean, std, direction = "reverse") => ({ weights, means, stds, mean, std, direction });
const apart = (a, sd, mean, std) => at([0.5, 0.5], [-a, a], [sd, sd], mean, std);
const PRESETS = [
  ["covering start", apart(2, 0.5, 0.5, 2)], ["off-centre start", apart(2, 0.5, 1, 2)],
  ["unequal weights", at([0.6, 0.4], [-2, 2], [0.5, 0.5], 2, 1.2)],
  ["narrow and heavy, wide and light", at([0.7, 0.3], [-5, 5], [0.3, 2], 1, 3)],
  ["half-separation 2.6", apart(2.6, 1, 0.5, 2)], ["half-separation 3.0", apart(3, 1, 0.5, 2)],
  ["p is a normal", apart(0, 1, -3, 0.5)],
];
const NAMES = { forward: ["p", "q"], reverse: ["q", "p"] };
const place = (node, chart, x, y) => node.setAttribute("transform", `translate(${chart.sx(x)} ${chart.sy(y)})`);
const mark = (layer, cls, d) => layer.appendChild(s("g", { class: cls }, s("circle", { class: "kl-reach", r: 14 }), s("path", { d })));
const [DISC, DIAMOND, BAR] = ["M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z", "M0 -8L7 0L0 8L-7 0Z", "M-3 -9H3V9H-3Z"];

// What depends on the target alone is kept until the target changes.
function targets() {
  let [key, kept] = [null, null];
  return (weights, means, stds) => {
    const now = JSON.stringify([weights, means, stds]);
    if (now !== key) {
      const target = mixture(weights, means, stds);
      kept = { target, forward: minima(target, "forward"), reverse: minima(target, "reverse"), maps: {} };
      key = now;
    }
    return kept;
  };
}

function measure(view) {
  const [weights, means, stds, mean, std, direction] = TRAITS.map(view.get);
  const known = view.known(weights, means, stds);
  const point = [mean, Math.log(std)];
  const [forward, reverse] = ["forward", "reverse"].map((way) => objective(known.target, way, point).value);
  return { ...known, weights, means, stds, mean, std, direction, point, values: { forward, reverse } };
}

const swap = (pair, i, v) => pair.map((old, j) => (j === i ? v : old));

function controls(view) {
  const said = () => { const { values: v } = measure(view); return `forward ${number(v.forward)}, reverse ${number(v.reverse)} nats`; };
  const make = (name, symbol, hue, [min, max], step, access) => slider({ name, symbol, hue, min, max, step, ...access, says: (v) => `${name} ${plain(v)}; ${said()}` });
  const entry = (trait, i) => ({ get: () => view.get(trait)[i], set: (v) => view.set({ [trait]: swap(view.get(trait), i, v) }) });
  const part = (trait, name, letter, range) => [0, 1].map((i) => make(`${name} of p, part ${i + 1}`, h("span", {}, letter, h("sub", {}, i + 1)), "p", range, 0.05, entry(trait, i)));
  const share = { get: () => view.get("weights")[0], set: (v) => view.set({ weights: [v, 1 - v] }) };
  return [make("mean of q", "μ", "q", MEAN, 0.05, view.trait("mean")), make("width of q", "σ", "q", WIDTH, 0.05, view.trait("std")),
    ...part("means", "mean", "μ", MEAN), ...part("stds", "width", "σ", PART), make("weight of p, part 1", h("span", {}, "w", h("sub", {}, 1)), "p", [0, 1], 0.05, share)];
}

// The wheel changes q's width where it is turned over a handle of q, and nowhere else.
function wheel(node, view) {
  node.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.set({ std: hold(WIDTH, view.get("std") * Math.exp(-event.deltaY / 800), 1e-4) });
  }, { passive: false });
}

// The densities with their handles: peaks move, bars widen, and a part's peak pulled up gains weight.
function densities(chart, view) {
  const curves = chart.layer("kl-pair", true);
  const handles = chart.layer("kl-handles");
  const parts = [0, 1].map((i) => {
    const [peak, grip] = [mark(handles, "kl-true", DIAMOND), mark(handles, "kl-true", BAR)];
    let from = null;
    drag(peak, chart, (x, y, first) => {
      if (first) from = [y, view.get("weights")[i]];
      const lift = y - from[0];
      const pull = Math.sign(lift) * Math.max(0, Math.abs(lift) - 0.06 * chart.y[1]) * view.get("stds")[i] * ROOT;
      const w = hold([0, 1], from[1] + pull);
      view.set({ means: swap(view.get("means"), i, hold(MEAN, x)), ...(pull ? { weights: i ? [1 - w, w] : [w, 1 - w] } : {}) });
    });
    drag(grip, chart, (x) => view.set({ stds: swap(view.get("stds"), i, hold(PART, Math.abs(x - view.get("means")[i]))) }));
    return [peak, grip];
  });
  const [peak, grip] = [mark(handles, "kl-point", DISC), mark(handles, "kl-point", BAR)];
  drag(peak, chart, (x) => view.set({ mean: hold(MEAN, x) }));
  drag(grip, chart, (x) => view.set({ std: hold(WIDTH, Math.abs(x - view.get("mean"))) }));
  [peak, grip].forEach((node) => wheel(node, view));
  return (m) => {
    chart.y = [0, 1.2 / (Math.min(...m.stds) * ROOT)];
    chart.layout();
    const seat = (nodes, w, mean, sd, side) => nodes.forEach((node, k) => {
      const x = hold(SPAN, mean + k * side * sd);
      place(node, chart, x, Math.min(chart.y[1], w * bell(x, mean, sd)));
    });
    parts.forEach((nodes, i) => seat(nodes, m.weights[i], m.means[i], m.stds[i], i ? 1 : -1));
    seat([peak, grip], 1, m.mean, m.std, 1);
    const draw = (f, attrs) => path(chart, LINE.map((x) => [x, f(x)]), attrs);
    curves.replaceChildren(draw((x) => Math.exp(m.target.logpdf(x)), { stroke: "var(--kl-p)" }), draw((x) => bell(x, m.mean, m.std), { stroke: "var(--kl-q)", "stroke-dasharray": "9 5" }),
      ...["forward", "reverse"].flatMap((way) => {
        const { mean, std } = m[way][0];
        return [draw((x) => bell(x, mean, std), { class: "kl-ghost" }), s("text", { x: chart.sx(mean), y: chart.sy(bell(mean, mean, std)) - 8, "text-anchor": "middle" }, `least ${way}`)];
      }),
      ...[["p", "p"], ["q", "q, one normal"]].map(([c, t], i) => s("text", { class: `kl-name-${c}`, x: 50, y: 26 + 18 * i }, t)));
  };
}

// The landscape under the densities, on the same line of means: minima, trace, and q as a point.
function ground(chart, view) {
  const map = heat(chart, chart.layer("kl-map"));
  const [ticks, marks] = [chart.layer("kl-axes"), chart.layer("kl-marks", true)];
  const point = mark(chart.layer("kl-handles"), "kl-point", DISC);
  const to = (x, y) => view.set({ mean: hold(MEAN, x), std: hold(WIDTH, Math.exp(y), 1e-3) });
  drag(point, chart, to);
  wheel(point, view);
  chart.svg.addEventListener("click", (event) => { if (!point.contains(event.target)) to(...chart.at(event)); });
  let painted = null;
  return (m) => {
    const least = m[m.direction];
    const values = m.maps[m.direction] ??= landscape(m.target, m.direction, COLUMNS, ROWS);
    if (painted !== values) map.paint(values, (v) => Math.min(0.42, 0.025 * Math.round(2 * Math.log2(1 + 12 * Math.max(0, v - least[0].kl)))));
    painted = values;
    map.place();
    ticks.replaceChildren(...[0.2, 0.5, 1, 2, 5].map((t) => s("text", { x: 36, y: chart.sy(Math.log(t)) + 4, "text-anchor": "end" }, t)));
    marks.replaceChildren(
      path(chart, view.trace, { stroke: "var(--kl-q)", "stroke-width": 2.5 }),
      ...least.map((fit) => s("circle", { cx: chart.sx(fit.mean), cy: chart.sy(Math.log(fit.std)), r: 6, fill: fit.kl - least[0].kl < 1e-9 ? "var(--kl-ink)" : "var(--kl-paper)", stroke: "var(--kl-ink)", "stroke-width": 2 })));
    place(point, chart, ...m.point);
  };
}

const round = (v) => String(Math.round(v * 1e4) / 1e4).replace("-", MINUS);
const normal = (fit) => `N(${round(fit.mean)}, ${round(fit.std)}²)`;
function lines(m) {
  return ["forward", "reverse"].map((way) => {
    const [a, b] = NAMES[way];
    const [best, ...rest] = m[way];
    return h("p", { class: way === m.direction ? "" : "kl-second" }, way === m.direction ? "● " : "○ ", `${way} D(`, sym(a), "‖", sym(b), ") = ∫ ", sym(a), " log ", sym(a), "/", sym(b), " = ", h("strong", {}, `${number(m.values[way])} nats`),
      `; least ${number(best.kl)} at ${normal(best)}`, ...rest.map((fit) => `, ${number(fit.kl)} at ${normal(fit)}`), rest.length ? " (local minima)" : "");
  });
}

function render(context) {
  const above = plot({ x: SPAN, y: [0, 1], xTicks: [-8, -4, 0, 4, 8], height: 210, bottom: 24, label: "Densities of the mixture p, solid, and of the normal q, dashed, with handles at peaks and widths" });
  const below = plot({ x: SPAN, y: LOG_WIDTH, base: LOG_WIDTH[0], xTicks: [-8, -4, 0, 4, 8], height: 230, xName: "mean of q", yName: "width of q", label: "The chosen divergence over mean and width of q, darker where larger; filled circles: least values; open: other local minima; line: the descent" });
  const view = canvas(context, { name: "OneGaussian", traits: TRAITS, plots: [above, below] });
  Object.assign(view, { known: targets(), trace: [], own: null });
  const sliders = controls(view);
  const direction = choice({ name: "which divergence to descend", options: [["forward", "forward D(p‖q)"], ["reverse", "reverse D(q‖p)"]], ...view.trait("direction") });
  const step = () => {
    const { target, direction: way, point } = measure(view);
    const next = descentStep(target, way, point);
    const [mean, std] = [hold(MEAN, next[0], 1e-12), hold(WIDTH, Math.exp(next[1]), 1e-12)];
    if (Math.hypot(mean - point[0], Math.log(std) - point[1]) < 1e-7) return false;
    view.trace.push([mean, Math.log(std)]);
    view.own = String([mean, std]);
    view.set({ mean, std });
    return true;
  };
  const walk = player({ step, signal: context.signal });
  walk.el.append(...["forward", "reverse"].map((way) => button(`Best ${way}`, () => { const { mean, std } = measure(view)[way][0]; view.set({ mean, std, direction: way }); })));
  const [show, map] = [densities(above, view), ground(below, view)];
  view.compose(above.svg, below.svg, h("div", { class: "kl-controls" }, h("div", { class: "kl-row" }, direction.el, walk.el), ...sliders.map((c) => c.el)), view.formula, view.presets(PRESETS));

  let field = null;
  return view.run(() => {
    const m = measure(view);
    const now = JSON.stringify([m.weights, m.means, m.stds, m.direction]);
    if (now !== field || view.own !== String([m.mean, m.std])) {
      walk.stop();
      view.trace = [m.point];
      view.own = String([m.mean, m.std]);
    }
    field = now;
    [...sliders, direction].forEach((c) => c.update());
    show(m);
    map(m);
    view.formula.replaceChildren(...lines(m));
    const { mean, std, values } = m;
    view.show({ ...Object.fromEntries(TRAITS.map((t) => [t, m[t]])), forward_kl: values.forward, reverse_kl: values.reverse, forward_minima: m.forward, reverse_minima: m.reverse },
      `q has mean ${plain(mean)} and width ${plain(std)}. Forward ${number(values.forward)}, reverse ${number(values.reverse)} nats. ${view.trace.length > 1 ? `${view.trace.length - 1} steps` : ""}`);
  });
}

const pair = (v, range) => Array.isArray(v) && v.length === 2 && v.every((x) => within(x, ...range));
const refuses = ({ weights, means, stds, mean, std, direction }) =>
  (!(pair(weights, [0, 1]) && Math.abs(weights[0] + weights[1] - 1) < 1e-8) && "weights: two, with sum 1")
  || (!pair(means, MEAN) && "means: two from −6 to 6") || (!pair(stds, PART) && "stds: two from 0.3 to 3")
  || (!within(mean, ...MEAN) && "mean: from −6 to 6") || (!within(std, ...WIDTH) && "std: from 0.2 to 6") || (!(direction in NAMES) && "direction: forward or reverse");
export default { render, refuses };
