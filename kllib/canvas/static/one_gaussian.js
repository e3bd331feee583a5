// One normal q against a mixture p: both divergences, their landscapes, and descent from where the
// reader put q.
import { INK, PAPER, P, Q, controls, h, row, s, strong, sym, text } from "./core/dom.js";
import { button, choice, slider } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { bell, cents, even, hold, number, plain, replaced, rounded } from "./core/numbers.js";
import { GRIP, disc, drag, mark, move, path, plot } from "./core/plot.js";
import { heat } from "./parts/heat.js";
import { player } from "./parts/play.js";
import {
  descend,
  gaussianMixture,
  landscape,
  projectForward,
  projectReverse,
  projectionKl,
} from "./twins/projection.js";

const SPAN = [-8, 8];
const LOG_WIDTH = [Math.log(0.2), Math.log(6)];
const ROOT = Math.sqrt(2 * Math.PI);
const [LINE, COLUMNS] = [even(...SPAN, 481), even(...SPAN, 65)];
const at = (weights, means, stds, mean, std, direction = "reverse") => ({
  weights,
  means,
  stds,
  mean,
  std,
  direction,
});
const apart = (a, sd, mean, std) => at([0.5, 0.5], [-a, a], [sd, sd], mean, std);
const PRESETS = [
  ["covering start", apart(2, 0.5, 0.5, 2)],
  ["off-centre start", apart(2, 0.5, 1, 2)],
  ["unequal weights", at([0.6, 0.4], [-2, 2], [0.5, 0.5], 2, 1.2)],
  ["narrow and heavy, wide and light", at([0.7, 0.3], [-5, 5], [0.3, 2], 1, 3)],
  ["half-separation 2.6", apart(2.6, 1, 0.5, 2)],
  ["half-separation 3.0", apart(3, 1, 0.5, 2)],
  ["p is a normal", apart(0, 1, -3, 0.5)],
];
const NAMES = { forward: ["p", "q"], reverse: ["q", "p"] };
const place = (node, chart, x, y) => move(node, chart.sx(x), chart.sy(y));
// Within the range, to so many decimals.
const fine = (range, v, digits) => hold(range, Number(v.toFixed(digits)));
const DIAMOND = "M0 -8L7 0L0 8L-7 0Z";

// What depends on the target alone is kept until the target changes.
function targets() {
  let [key, kept] = [null, null];
  return (weights, means, stds) => {
    const now = JSON.stringify([weights, means, stds]);
    if (now !== key) {
      const target = gaussianMixture(weights, means, stds);
      kept = {
        target,
        forward: [projectForward(target)],
        reverse: projectReverse(target),
        maps: {},
      };
      key = now;
    }
    return kept;
  };
}

function measure(view) {
  const setting = view.state();
  const { weights, means, stds, mean, std } = setting;
  const known = view.known(weights, means, stds);
  const [forward, reverse] = ["forward", "reverse"].map((way) =>
    projectionKl(known.target, mean, std, way),
  );
  return {
    ...known,
    ...setting,
    setting,
    point: [mean, Math.log(std)],
    values: { forward, reverse },
  };
}

function parameters(view) {
  const said = () => {
    const { values: v } = measure(view);
    return `forward ${number(v.forward)}, reverse ${number(v.reverse)} nats`;
  };
  const make = (name, symbol, hue, access) =>
    slider({
      name,
      symbol,
      hue,
      step: 0.05,
      ...access,
      says: (v) => `${name} ${plain(v)}; ${said()}`,
    });
  const part = (trait, name, letter) =>
    [0, 1].map((i) =>
      make(
        `${name} of p, part ${i + 1}`,
        h("span", {}, letter, h("sub", {}, i + 1)),
        "p",
        view.entry(trait, i),
      ),
    );
  const share = { ...view.entry("weights", 0), set: (v) => view.set({ weights: [v, 1 - v] }) };
  return [
    make("mean of q", "μ", "q", view.trait("mean")),
    make("width of q", "σ", "q", view.trait("std")),
    ...part("means", "mean", "μ"),
    ...part("stds", "width", "σ"),
    make("weight of p, part 1", h("span", {}, "w", h("sub", {}, 1)), "p", share),
  ];
}

// The wheel changes q's width where it is turned over a handle of q, and nowhere else.
function wheel(node, view) {
  node.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      view.set({
        std: fine(view.range("std"), view.get("std") * Math.exp(-event.deltaY / 800), 4),
      });
    },
    { passive: false },
  );
}

// The densities with their handles: peaks move, bars widen, and a part's peak pulled up gains
// weight.
function densities(chart, view) {
  const curves = chart.layer("kl-pair", true);
  const handles = chart.layer("kl-handles");
  const parts = [0, 1].map((i) => {
    const [peak, grip] = [DIAMOND, GRIP].map((d) => mark(handles, "kl-true", d, 14));
    let from = null;
    drag(peak, chart, (x, y, first) => {
      if (first) from = [y, view.get("weights")[i]];
      const lift = y - from[0];
      const pull =
        Math.sign(lift) *
        Math.max(0, Math.abs(lift) - 0.06 * chart.y[1]) *
        view.get("stds")[i] *
        ROOT;
      const w = cents([0, 1], from[1] + pull);
      view.set({
        means: replaced(view.get("means"), i, cents(view.range("means"), x)),
        ...(pull ? { weights: i ? [1 - w, w] : [w, 1 - w] } : {}),
      });
    });
    drag(grip, chart, (x) =>
      view.set({
        stds: replaced(
          view.get("stds"),
          i,
          cents(view.range("stds"), Math.abs(x - view.get("means")[i])),
        ),
      }),
    );
    return [peak, grip];
  });
  const [peak, grip] = [disc(7), GRIP].map((d) => mark(handles, "kl-point", d, 14));
  drag(peak, chart, (x) => view.set({ mean: cents(view.range("mean"), x) }));
  drag(grip, chart, (x) =>
    view.set({ std: cents(view.range("std"), Math.abs(x - view.get("mean"))) }),
  );
  [peak, grip].forEach((node) => wheel(node, view));
  return (m) => {
    chart.y = [0, 1.2 / (Math.min(...m.stds) * ROOT)];
    chart.layout();
    const seat = (nodes, w, mean, sd, side) =>
      nodes.forEach((node, k) => {
        const x = cents(SPAN, mean + k * side * sd);
        place(node, chart, x, Math.min(chart.y[1], w * bell(x, mean, sd)));
      });
    parts.forEach((nodes, i) => seat(nodes, m.weights[i], m.means[i], m.stds[i], i ? 1 : -1));
    seat([peak, grip], 1, m.mean, m.std, 1);
    const draw = (f, attrs) =>
      path(
        chart,
        LINE.map((x) => [x, f(x)]),
        attrs,
      );
    curves.replaceChildren(
      draw((x) => Math.exp(m.target.logpdf(x)), { stroke: P }),
      draw((x) => bell(x, m.mean, m.std), { stroke: Q, "stroke-dasharray": "9 5" }),
      ...["forward", "reverse"].flatMap((way) => {
        const { mean, std } = m[way][0];
        return [
          draw((x) => bell(x, mean, std), { class: "kl-ghost" }),
          text(chart.sx(mean), chart.sy(bell(mean, mean, std)) - 8, `least ${way}`, {
            "text-anchor": "middle",
          }),
        ];
      }),
      ...[
        ["p", "p"],
        ["q", "q, one normal"],
      ].map(([c, t], i) => text(50, 26 + 18 * i, t, { class: `kl-name-${c}` })),
    );
  };
}

// The landscape under the densities, on the same line of means: minima, trace, and q as a point.
function ground(chart, view) {
  const map = heat(chart, chart.layer("kl-map"));
  const [ticks, marks] = [chart.layer("kl-axes"), chart.layer("kl-marks", true)];
  const point = mark(chart.layer("kl-handles"), "kl-point", disc(7), 14);
  const to = (x, y) =>
    view.set({ mean: cents(view.range("mean"), x), std: fine(view.range("std"), Math.exp(y), 3) });
  drag(point, chart, to);
  wheel(point, view);
  chart.svg.addEventListener("click", (event) => {
    if (!point.contains(event.target)) to(...chart.at(event));
  });
  let painted = null;
  return (m) => {
    const least = m[m.direction];
    const values = (m.maps[m.direction] ??= landscape(
      m.target,
      m.direction,
      COLUMNS,
      even(...chart.y, 41),
    ));
    if (painted !== values)
      map.paint(values, (v) =>
        Math.min(0.42, 0.025 * Math.round(2 * Math.log2(1 + 12 * Math.max(0, v - least[0].kl)))),
      );
    painted = values;
    map.place();
    ticks.replaceChildren(
      ...[0.2, 0.5, 1, 2, 5].map((t) =>
        text(36, chart.sy(Math.log(t)) + 4, t, { "text-anchor": "end" }),
      ),
    );
    marks.replaceChildren(
      path(chart, view.trace, { stroke: Q, "stroke-width": 2.5 }),
      ...least.map((fit) =>
        s("circle", {
          cx: chart.sx(fit.mean),
          cy: chart.sy(Math.log(fit.std)),
          r: 6,
          fill: fit.kl - least[0].kl < 1e-9 ? INK : PAPER,
          stroke: INK,
          "stroke-width": 2,
        }),
      ),
    );
    place(point, chart, ...m.point);
  };
}

const normal = (fit) => `N(${rounded(fit.mean, 4)}, ${rounded(fit.std, 4)}²)`;
function lines(m) {
  return ["forward", "reverse"].map((way) => {
    const [a, b] = NAMES[way];
    const [best, ...rest] = m[way];
    return h(
      "p",
      { class: way === m.direction ? "" : "kl-second" },
      way === m.direction ? "● " : "○ ",
      `${way} D(`,
      sym(a),
      "‖",
      sym(b),
      ") = ∫ ",
      sym(a),
      " log ",
      sym(a),
      "/",
      sym(b),
      " = ",
      strong(`${number(m.values[way])} nats`),
      `; least ${number(best.kl)} at ${normal(best)}`,
      ...rest.map((fit) => `, ${number(fit.kl)} at ${normal(fit)}`),
      rest.length ? " (local minima)" : "",
    );
  });
}

function render(context) {
  const above = plot({
    x: SPAN,
    y: [0, 1],
    xTicks: [-8, -4, 0, 4, 8],
    height: 210,
    bottom: 24,
    label:
      "Densities of the mixture p, solid, and of the " +
      "normal q, dashed, with handles at peaks and widths",
  });
  const below = plot({
    x: SPAN,
    y: LOG_WIDTH,
    xTicks: [-8, -4, 0, 4, 8],
    height: 230,
    xName: "mean of q",
    yName: "width of q",
    label:
      "The chosen divergence over mean and width of q, darker where larger; " +
      "filled circles: least values; open: other local minima; line: the descent",
  });
  const view = canvas(context, { name: "OneGaussian", plots: [above, below] });
  Object.assign(view, { known: targets(), trace: [], own: null });
  const sliders = parameters(view);
  const direction = choice({
    name: "which divergence to descend",
    options: [
      ["forward", "forward D(p‖q)"],
      ["reverse", "reverse D(q‖p)"],
    ],
    ...view.trait("direction"),
  });
  const step = () => {
    const { target, direction: way, point } = measure(view);
    const { means, stds } = descend(target, [view.get("mean"), view.get("std")], way, 1);
    const [mean, std] = [
      fine(view.range("mean"), means[1], 12),
      fine(view.range("std"), stds[1], 12),
    ];
    if (Math.hypot(mean - point[0], Math.log(std) - point[1]) < 1e-7) return false;
    view.trace.push([mean, Math.log(std)]);
    view.own = String([mean, std]);
    view.set({ mean, std });
    return true;
  };
  const walk = player({ step, signal: context.signal });
  walk.el.append(
    ...["forward", "reverse"].map((way) =>
      button(`Best ${way}`, () => {
        const { mean, std } = measure(view)[way][0];
        view.set({ mean, std, direction: way });
      }),
    ),
  );
  const [show, map] = [densities(above, view), ground(below, view)];
  view.compose(
    above.svg,
    below.svg,
    controls(row(direction.el, walk.el), ...sliders.map((c) => c.el)),
    view.formula,
    view.presets(PRESETS),
  );

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
    view.show(
      {
        ...m.setting,
        forward_kl: values.forward,
        reverse_kl: values.reverse,
        forward_minima: m.forward,
        reverse_minima: m.reverse,
      },
      `q has mean ${plain(mean)} and width ${plain(std)}. ` +
        `Forward ${number(values.forward)}, reverse ` +
        `${number(values.reverse)} nats. ` +
        `${view.trace.length > 1 ? `${view.trace.length - 1} steps` : ""}`,
    );
  });
}

const pair = (v, range) =>
  Array.isArray(v) && v.length === 2 && v.every((x) => within(x, ...range));
export default { render, refuses };
