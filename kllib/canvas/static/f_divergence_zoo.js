// Eight measures of how far q is from p: what they share, where they part.
import { CARD, EDGE, HALO, INK, P, Q, controls, h, row, s, strong, sym, text } from "./core/dom.js";
import { choice, slider, toggle, unitChoice } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { UNITS, even, number, plain } from "./core/numbers.js";
import { disc, legend, path, plot, rect, upright, xLabels } from "./core/plot.js";
import { shareBars, shareSliders } from "./parts/shares.js";
import { fDivergence, hockeyStick } from "./twins/divergences.js";
import { blurred, curvature, terms, testingCurve } from "./twins/f_divergence_zoo.js";

const NAMES = ["A", "B", "C", "D", "E"];
// By the trait's value: the generator, how it is written, f″(1), whether it has a unit.
const ZOO = {
  KL: ["kl", "KL(p‖q)", 1, true],
  "reverse KL": ["reverse_kl", "KL(q‖p)", 1, true],
  chi2: ["chi2", "χ²(p‖q)", 2, false],
  "reverse chi2": ["reverse_chi2", "χ²(q‖p)", 2, false],
  JS: ["js", "JS", 0.25, true],
  "Le Cam": ["le_cam", "Le Cam", 0.5, false],
  Hellinger: ["hellinger", "He²", 0.25, false],
  TV: ["tv", "TV", 1, false],
};
const RECIPES = {
  KL: "−log r",
  "reverse KL": "r log r",
  chi2: "(1 − r)²/r",
  "reverse chi2": "(r − 1)²",
  JS: "½[r log r − (1 + r) log (1 + r)/2]",
  "Le Cam": "(r − 1)²/(2(1 + r))",
  Hellinger: "1 − √r",
  TV: "½|r − 1|",
};
const calm = { noise: 0, merged: false };
const coins = (a, b) => ({ p: [a, 1 - a, 0, 0, 0], q: [b, 1 - b, 0, 0, 0], ...calm });
const RIDGE = [0.4, 0.2, 0.2, 0.1, 0.1];
const PRESETS = [
  ["ridge and coast", { p: RIDGE, q: [0.5, 0.2, 0.1, 0.1, 0.1], ...calm }],
  ["nearly equal", { p: RIDGE, q: [0.41, 0.2, 0.19, 0.1, 0.1], ...calm }],
  ["coin A: .05, .001", coins(0.05, 0.001)],
  ["coin B: .5, .7", coins(0.5, 0.7)],
  ["coin C: .1, .01", coins(0.1, 0.01)],
  ["disjoint", { p: [0.5, 0.5, 0, 0, 0], q: [0, 0, 0.4, 0.3, 0.3], ...calm }],
  ["TV as of C, other KL: .5, .59", coins(0.5, 0.59)],
];
const LOGS = even(-6, 6, 241); // of t, to base 2

function measure(view) {
  const setting = view.state();
  const { noise, merged, weight, unit } = setting;
  const [p, q] = [setting.p, setting.q].map((each) => blurred(each, noise, merged));
  const scale = (name) => (ZOO[name][3] ? UNITS[unit] : 1);
  const values = Object.fromEntries(
    Object.keys(ZOO).map((name) => [name, fDivergence(p, q, ZOO[name][0]) / scale(name)]),
  );
  const parts = terms(p, q, ZOO[weight][0]).map((v) => v / scale(weight));
  return {
    ...setting,
    setting,
    noisy: [p, q],
    values,
    terms: parts,
    scale,
    value: values[weight],
    curve: testingCurve(p, q),
  };
}

const shown = (name, { unit }) => (ZOO[name][3] ? ` ${unit}` : "");

// The test curve, an edge for each outcome; straight where the two agree.
function tests(chart) {
  const [lines, dots] = [chart.layer("kl-lines", true), chart.layer("kl-marks")];
  return ({ curve }) => {
    lines.replaceChildren(
      path(
        chart,
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: EDGE, "stroke-dasharray": "2 4" },
      ),
      path(chart, curve, { stroke: INK, "stroke-width": 2.5 }),
    );
    dots.replaceChildren(
      ...curve.map(([x, y]) =>
        s("path", {
          d: disc(4),
          fill: Q,
          stroke: CARD,
          transform: `translate(${chart.sx(x)} ${chart.sy(y)})`,
        }),
      ),
    );
  };
}

// f″(t) E_t over log t: the shaded area is the measure. TV is the height of E_t at 1.
function weights(chart) {
  const [areas, names] = [chart.layer("kl-lines", true), chart.layer("kl-names")];
  return ({ noisy: [p, q], weight, scale }) => {
    const spike = weight === "TV";
    const height = (u) => {
      const t = 2 ** u;
      const e = hockeyStick(p, q, t);
      return spike ? e : (curvature(ZOO[weight][0], t) * e * t * Math.LN2) / scale(weight);
    };
    const points = LOGS.map((u) => [u, height(u)]);
    const top = Math.max(...points.map(([, v]) => v));
    chart.y = [0, 1.15 * (top || 1)];
    chart.yName = spike
      ? "E at t: TV is its height at 1"
      : "t f″(t) E at t: the area is the measure";
    chart.layout();
    const closed = [[-6, 0], ...points, [6, 0]];
    areas.replaceChildren(
      path(chart, closed, { fill: spike ? "none" : chart.hatch, stroke: Q, "stroke-width": 2 }),
      spike
        ? upright(chart, 0, { stroke: P, "stroke-width": 3, y2: chart.sy(height(0)) })
        : upright(chart, 0, { stroke: EDGE, "stroke-dasharray": "2 4" }),
    );
    names.replaceChildren(
      ...xLabels(chart, [-6, -4, -2, 0, 2, 4, 6], (u) => (u < 0 ? `1/${2 ** -u}` : String(2 ** u))),
    );
  };
}

// All eight, divided by f″(1): near p = q they are equal; TV has none, and stands apart.
function zoo(chart, view) {
  const [bars, names] = [chart.layer("kl-bars"), chart.layer("kl-names")];
  return (m) => {
    const scaled = Object.entries(ZOO).map(
      ([name, [, , bend]]) => (m.values[name] * m.scale(name)) / bend,
    );
    const largest = Math.max(...scaled.filter(Number.isFinite));
    chart.x = [0, largest || 1];
    chart.layout();
    const [left, right] = [118, chart.width - 92];
    const width = (v) => (v === Infinity ? right - left : ((right - left) * v) / chart.x[1]);
    bars.replaceChildren(
      ...scaled.map((v, k) =>
        s("rect", {
          x: left,
          y: 8 + 24 * k,
          height: 15,
          width: Math.max(0, width(v)),
          "stroke-width": 1.5,
          ...(v === Infinity
            ? { fill: chart.hatch, stroke: Q }
            : k === 7
              ? { fill: CARD, stroke: EDGE, "stroke-dasharray": "4 3" }
              : { fill: Object.keys(ZOO)[k] === m.weight ? P : EDGE }),
        }),
      ),
    );
    names.replaceChildren(
      ...Object.entries(ZOO).flatMap(([name, [, label]], k) => [
        text(
          6,
          20 + 24 * k,
          `${label}${k === 7 ? ", apart" : ZOO[name][2] === 1 ? "" : ` / ${plain(ZOO[name][2])}`}`,
          { class: name === m.weight ? "kl-strong" : "" },
        ),
        text(chart.width - 6, 20 + 24 * k, scaled[k] === Infinity ? "∞" : number(scaled[k]), {
          class: "kl-strong",
          "text-anchor": "end",
          ...HALO,
        }),
      ]),
    );
  };
}

function why({ noisy: [p, q], values }) {
  const infinite = Object.keys(values).filter((name) => values[name] === Infinity);
  if (!infinite.length) return "";
  const lost = p.some((v, i) => v > 0 && q[i] === 0);
  const free = p.some((v, i) => v === 0 && q[i] > 0);
  const reason = [
    lost ? "q gives 0 to something p produces" : "",
    free ? "p gives 0 to something q produces" : "",
  ];
  return (
    `Infinite: ${infinite.map((name) => ZOO[name][1]).join(", ")}, ` +
    `because ${reason.filter(Boolean).join(" and ")}.`
  );
}

function formula(m) {
  const { weight, value, terms: parts } = m;
  const bill = parts
    .map((t, i) => `${i ? (t < 0 ? " − " : " + ") : t < 0 ? "−" : ""}${number(Math.abs(t))}`)
    .join("");
  return [
    h(
      "p",
      {},
      `${ZOO[weight][1]} = Σ `,
      sym("p"),
      ` f(r), r = `,
      sym("q"),
      "/",
      sym("p"),
      `, f = ${RECIPES[weight]}`,
    ),
    h(
      "p",
      {},
      `= ${bill} = `,
      strong(value === Infinity ? "∞" : `${number(value)}${shown(weight, m)}`),
    ),
    h(
      "p",
      { class: "kl-second" },
      why(m) ||
        "The bars are divided by f″(1): near p = q they agree. The unit is " +
          "that of the logarithmic ones, KL and JS; the others have none.",
    ),
  ];
}

function render(context) {
  const shares = plot({
    x: [-0.5, 5.5],
    y: [0, 1],
    yTicks: [0, 0.5, 1],
    height: 170,
    bottom: 22,
    yName: "probability",
    label: "Probabilities of five outcomes under p, solid bars, and q, hatched bars",
  });
  const curve = plot({
    x: [0, 1],
    y: [0, 1],
    xTicks: [0, 0.5, 1],
    yTicks: [0, 0.5, 1],
    height: 230,
    xName: "mass of p",
    yName: "mass of q",
    label:
      "The test curve: outcomes sorted by q over p, their " +
      "masses under p and q added up; a diagonal where p is q",
  });
  const area = plot({
    x: [-6, 6],
    y: [0, 1],
    height: 230,
    xName: "t = q/p",
    yName: " ",
    label:
      "The chosen measure as an area: its weight times the hockey-stick " +
      "divergence, over the logarithm of the likelihood ratio",
  });
  const eight = plot({
    x: [0, 1],
    y: [0, 1],
    height: 212,
    bottom: 4,
    left: 14,
    label:
      "Eight measures as bars, each divided by the curvature " +
      "of its generator at 1; total variation apart",
  });
  const view = canvas(context, { name: "FDivergenceZoo", plots: [shares, curve, area, eight] });
  const said = () => {
    const m = measure(view);
    return `${ZOO[m.weight][1]} ${m.value === Infinity ? "infinite" : number(m.value)}`;
  };
  const { rows, sliders } = shareSliders(view, NAMES, { says: said });
  const noise = slider({
    name: "noise",
    symbol: "noise",
    hue: "edge",
    ...view.trait("noise"),
    says: (v) => `noise ${plain(v)}; ${said()}`,
  });
  const merged = toggle({ name: "merge D and E", ...view.trait("merged") });
  const unit = unitChoice(view);
  const weight = choice({
    name: "measure",
    options: Object.entries(ZOO).map(([name, [, label]]) => [name, label]),
    ...view.trait("weight"),
  });
  weight.el.style.flexWrap = "wrap";
  const bars = ["p", "q"].map((which, k) => shareBars(shares, view, which, sliders[k][0].snap));
  const names = shares.layer("kl-names");
  const shows = [tests(curve), weights(area), zoo(eight, view)];
  view.compose(
    shares.svg,
    ...rows,
    row(weight.el),
    controls(curve.svg, area.svg),
    eight.svg,
    controls(noise.el, row(merged.el, unit.el)),
    view.formula,
    view.presets(PRESETS),
  );
  return view.run(() => {
    const m = measure(view);
    [...sliders.flat(), noise, merged, unit, weight].forEach((c) => c.update());
    bars.forEach((place) => place());
    names.replaceChildren(
      ...NAMES.map((n, i) =>
        text(shares.sx(i), shares.sy(0) + 17, n, { "text-anchor": "middle", class: "kl-strong" }),
      ),
      ...legend(shares, "p", "q"),
    );
    shows.forEach((show) => show(m));
    view.formula.replaceChildren(...formula(m));
    const finite = Object.keys(m.values).filter((name) => m.values[name] < Infinity);
    const largest = finite.reduce((a, b) => (m.values[b] > m.values[a] ? b : a));
    view.show(
      { ...m.setting, values: m.values, terms: m.terms, value: m.value, curve: m.curve },
      `${said()}. Largest finite: ${ZOO[largest][1]} ${number(m.values[largest])}. ${why(m)}`,
    );
  });
}

export default { render, refuses };
