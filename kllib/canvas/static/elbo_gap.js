// The evidence lower bound in a linear-Gaussian model: its parts end to end always reach log p(x).
import { CARD, EDGE, HALO, P, Q, controls, h, row, s, strong, sym, text } from "./core/dom.js";
import { button, slider } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { bell, cents, even, hold, number, plain, rounded } from "./core/numbers.js";
import { GRIP, disc, drag, mark, move, path, plot, rect } from "./core/plot.js";
import { elbo } from "./twins/vae.js";

const at = (mean, std, rest) => ({ x: 1, weight: 1, noise: 1, mean, std, beta: 1, ...rest });
const PRESETS = [
  ["the posterior", at(0.5, Math.SQRT1_2)],
  ["the prior: collapsed", at(0, 1)],
  ["too sure", at(0.5, 0.15)],
  ["β = 4: its optimum", at(0.2, Math.sqrt(0.8), { beta: 4 })],
  ["little noise", at(0, 1, { noise: 0.3 })],
  ["w = 0: x tells nothing of z", at(0.8, 0.6, { weight: 0 })],
];
const LINE = even(-5, 5, 401);
const SIZES = [2, 4, 8, 20, 40, 80, 200, 400, 800, 2000, 4000];
const ROWS = 6;
const signed = (v) => (v < 0 ? `− ${number(-v)}` : `+ ${number(v)}`);
const normal = ([m, sd]) => `N(${rounded(m, 3)}, ${rounded(sd, 3)}²)`;

function measure(view) {
  const state = view.state();
  const { x, weight: w, noise, mean, std, beta } = state;
  const bound = elbo(x, mean, std, w, noise);
  // The best q for a weighted term is the posterior of a model with noise² multiplied by beta.
  const spread = w * w + beta * noise * noise;
  const best = spread > 0 ? [(w * x) / spread, Math.sqrt((beta / spread) * noise * noise)] : [0, 1];
  return { ...state, ...bound, objective: bound.reconstruction - beta * bound.kl, best };
}

// Prior, posterior and q over z; q's peak moves, the bar at one width widens.
function densities(chart, view) {
  const curves = chart.layer("kl-lines", true);
  const names = chart.layer("kl-names");
  const handles = chart.layer("kl-handles");
  const [peak, grip] = [disc(8), GRIP].map((d) => mark(handles, "kl-point", d));
  drag(peak, chart, (z) => view.set({ mean: cents(view.range("mean"), z) }));
  drag(grip, chart, (z) =>
    view.set({ std: cents(view.range("std"), Math.abs(z - view.get("mean"))) }),
  );
  return ({ mean, std, posterior }) => {
    const [tall, own] = [Math.max(bell(0, 0, 1), bell(0, 0, posterior[1])), bell(0, 0, std)];
    chart.y = [0, (chart.width < 420 ? 1.5 : 1.15) * Math.max(tall, Math.min(own, 2 * tall))];
    chart.layout();
    const draw = (m, sd, attrs) =>
      path(
        chart,
        LINE.map((z) => [z, bell(z, m, sd)]),
        { "stroke-width": 3, ...attrs },
      );
    curves.replaceChildren(
      draw(0, 1, { stroke: EDGE, "stroke-width": 2, "stroke-dasharray": "2 3" }),
      draw(...posterior, { stroke: P }),
      draw(mean, std, { stroke: Q, "stroke-dasharray": "9 5" }),
    );
    const left = Math.min(mean, posterior[0]) >= -1.5;
    const aside = left ? 16 : chart.width - 16;
    names.replaceChildren(
      ...[
        ["", "┄ prior p(z)"],
        ["kl-name-p", "━ posterior p(z∣x)"],
        ["kl-name-q", "╍ q(z∣x)"],
      ].map(([cls, words], i) =>
        text(aside, 16 + 18 * i, words, { class: cls, "text-anchor": left ? "start" : "end" }),
      ),
    );
    // Where q rises above the frame the two handles still stand apart.
    const seat = (node, z, roof) =>
      move(node, chart.sx(hold(chart.x, z)), chart.sy(Math.min(roof, bell(z, mean, std))));
    seat(peak, mean, chart.y[1]);
    seat(grip, mean + std, 0.6 * chart.y[1]);
  };
}

// One row a part, each bar beginning where the last ended; the line at log p(x) does not move
// with q.
function waterfall(chart) {
  const [axes, bars, names] = ["kl-axes", "kl-bars", "kl-names"].map((cls) => chart.layer(cls));
  const dashed = (value, from, to, attrs) =>
    s("line", {
      x1: chart.sx(value),
      x2: chart.sx(value),
      y1: chart.sy(ROWS - from),
      y2: chart.sy(ROWS - to),
      "stroke-dasharray": "2 3",
      stroke: EDGE,
      ...attrs,
    });
  return (m) => {
    const { reconstruction: r, kl, elbo: bound, gap, logEvidence: total, beta, objective } = m;
    const size = SIZES.find((v) => v >= 1.02 * Math.max(-r, -bound, -total, -objective));
    chart.x = [-size, 0.18 * size];
    chart.layout();
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((k) => -k * size);
    axes.replaceChildren(
      ...ticks.flatMap((t) => [
        s("line", {
          class: t ? "kl-grid" : "kl-base",
          x1: chart.sx(t),
          x2: chart.sx(t),
          y1: chart.sy(ROWS),
          y2: chart.sy(0),
        }),
        text(chart.sx(t), chart.sy(0) + 18, plain(t), { "text-anchor": "middle" }),
      ]),
      text(chart.width - 14, chart.sy(0) + 36, "nats", { "text-anchor": "end" }),
    );
    const slim = chart.width < 420;
    const hatch = { fill: chart.hatch, stroke: Q, "stroke-width": 1.5 };
    const open = { fill: CARD, stroke: P, "stroke-width": 2, "stroke-dasharray": "5 3" };
    const rows = [
      [
        0,
        r,
        slim ? "reconstruction" : "reconstruction: mean of log p(x∣z) over q",
        number(r),
        { class: "kl-plus" },
      ],
      [r, bound, `− KL(q‖prior), the term`, signed(-kl), hatch],
      [0, bound, "= ELBO", number(bound), { class: "kl-sum" }],
      [bound, total, "+ KL(q‖posterior), the gap", signed(gap), open],
      [0, total, "= log p(x), whatever q is", number(total), { class: "kl-bar-p" }],
      [
        0,
        objective,
        beta === 1
          ? "objective: the ELBO (β = 1)"
          : `objective, ${slim ? "" : "the same with "}KL(q‖prior) × ${plain(beta)}`,
        number(objective),
        { class: "kl-minus" },
      ],
    ];
    bars.replaceChildren(
      ...rows.map(([a, b, , , attrs], i) =>
        rect(chart, [Math.min(a, b), Math.max(a, b)], [ROWS - i - 0.93, ROWS - i - 0.52], attrs),
      ),
      dashed(r, 0.5, 1.95),
      dashed(bound, 1.5, 3.95),
      dashed(total, 0, 5, { stroke: P, "stroke-width": 2, "stroke-dasharray": "6 4" }),
    );
    names.replaceChildren(
      ...rows.flatMap(([, , name, value], i) => {
        const y = chart.sy(ROWS - i - 0.38);
        return [
          text(14, y, name, HALO),
          text(chart.width - 14, y, value, { class: "kl-strong", "text-anchor": "end", ...HALO }),
        ];
      }),
    );
  };
}

function remark({ kl, gap, std, weight, posterior, beta, objective, best }) {
  if (beta === 0)
    return weight > 0
      ? `With β = 0 nothing holds q wide: its best shrinks to the point z = ${rounded(best[0], 3)}.`
      : "With w = 0 and β = 0 every q does equally well.";
  if (beta !== 1)
    return (
      `With β = ${plain(beta)} the objective is ${number(objective)}; its best q is ` +
      `${normal(best)}, ${weight > 0 ? "not" : "still"} the posterior ${normal(posterior)}.`
    );
  const [told, exact] = [kl > 1e-9, gap > 1e-9];
  if (!told)
    return (
      "q is the prior: it pays nothing and says nothing about " +
      `x.${exact ? "" : " Here the posterior is the prior too."}`
    );
  if (!exact) return "q is the posterior: no gap, and the ELBO is log p(x).";
  const ratio = std / posterior[1];
  if (ratio < 1 - 1e-9) return "q is narrower than the posterior: too sure.";
  return ratio > 1 + 1e-9
    ? "q is wider than the posterior."
    : "q is as wide as the posterior, elsewhere.";
}

function formula(m) {
  const total = strong(number(m.logEvidence));
  const q = () => sym("q");
  return [
    h(
      "p",
      {},
      "z ~ N(0, 1), x∣z ~ N(wz, s²), ",
      q(),
      " = N(μ, σ²); posterior ",
      sym("p", normal(m.posterior)),
    ),
    h(
      "p",
      {},
      "E",
      h("sub", {}, q()),
      " log p(x∣z) − KL(",
      q(),
      "‖prior) = ",
      number(m.reconstruction),
      " − ",
      sym("q", number(m.kl)),
      " = ",
      strong(`${number(m.elbo)} nats`),
      ", the ELBO",
    ),
    h(
      "p",
      {},
      "ELBO + KL(",
      q(),
      "‖",
      sym("p", "posterior"),
      ") = ",
      number(m.elbo),
      " + ",
      sym("q", number(m.gap)),
      " = ",
      total,
      " = log ",
      sym("p"),
      "(x)",
    ),
    h("p", { class: "kl-second" }, remark(m)),
  ];
}

function render(context) {
  const above = plot({
    x: [-5, 5],
    y: [0, 1],
    xTicks: [-4, -2, 0, 2, 4],
    height: 210,
    bottom: 40,
    left: 14,
    xName: "z",
    label:
      "Densities over z: the prior, dotted; the posterior, solid; " +
      "q, dashed, with handles at its peak and at one width",
  });
  const below = plot({
    x: [-2, 0.4],
    y: [0, ROWS],
    height: 288,
    left: 14,
    label:
      "Bars end to end on one axis in nats: reconstruction, " +
      "minus the divergence to the prior, is the " +
      "bound; plus the divergence to the posterior, it " +
      "is log p(x), a line that does not move with q",
  });
  const view = canvas(context, { name: "ElboGap", plots: [above, below] });
  const make = (trait, name, symbol, hue) =>
    slider({
      name,
      symbol,
      hue,
      step: 0.05,
      ...view.trait(trait),
      says: (v) => {
        const m = measure(view);
        return `${name} ${plain(v)}; ELBO ${number(m.elbo)}, gap ${number(m.gap)} nats`;
      },
    });
  const sliders = [
    make("mean", "mean of q", "μ", "q"),
    make("std", "width of q", "σ", "q"),
    make("x", "x", "x", "p"),
    make("weight", "weight", "w", "p"),
    make("noise", "noise", "s", "p"),
    make("beta", "beta", "β", "edge"),
  ];
  const best = button("Best q for this β", () => {
    const [m, sd] = measure(view).best;
    view.set({ mean: hold(view.range("mean"), m), std: hold(view.range("std"), sd) });
  });
  const [show, add] = [densities(above, view), waterfall(below)];
  view.compose(
    above.svg,
    below.svg,
    controls(...sliders.map((c) => c.el), row(best)),
    view.formula,
    view.presets(PRESETS),
  );
  return view.run(() => {
    const m = measure(view);
    sliders.forEach((c) => c.update());
    show(m);
    add(m);
    view.formula.replaceChildren(...formula(m));
    const {
      posterior,
      logEvidence,
      best: [bestMean, bestStd],
      ...rest
    } = m;
    view.show(
      {
        ...rest,
        log_evidence: logEvidence,
        posterior_mean: posterior[0],
        posterior_std: posterior[1],
        best_mean: bestMean,
        best_std: bestStd,
      },
      `Reconstruction ${number(m.reconstruction)}, divergence to ` +
        `the prior ${number(m.kl)}, ELBO ${number(m.elbo)}; gap, ` +
        `the divergence to the posterior, ${number(m.gap)}; together ` +
        `log p of x, ${number(logEvidence)} nats. ${remark(m)}`,
    );
  });
}

export default { render, refuses };
