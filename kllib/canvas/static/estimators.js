// k1, k2, k3 and −log r + λ(r − 1) on seeded samples of N(0, 1), beside their exact mean and
// spread.
import { CARD, EDGE, HALO, INK, P, Q, controls, h, row, s, strong, sym, text } from "./core/dom.js";
import { button, choice, slider } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { bell, cents, even, hold, number, plain, roundNumbers } from "./core/numbers.js";
import { GRIP, disc, drag, level, mark, move, path, plot, upright, xLabels } from "./core/plot.js";
import { normalCrossing, normalRatio, normalVariances, sampled } from "./twins/estimators.js";
import { normals } from "./twins/random.js";

const at = (shift, spread = 1) => ({ shift, spread, n: 1000, seed: 1, lam: 1 });
const PRESETS = [
  ["δ = 0.1", at(0.1)],
  ["δ = 1", at(1)],
  ["the crossing, 1.12", at(1.1209)],
  ["δ = 2", at(2)],
  ["δ = 3: the sample lies", at(3)],
  ["infinite variance", at(0, Math.SQRT2)],
];
const LOOKS = [
  ["╌ k1", EDGE, "7 4", 2],
  ["┄ k2", EDGE, "2 3", 2],
  ["━ k3", INK, null, 2.2],
  ["╍ λ", P, "10 4", 2.4],
];
const [BINS, POINTS, DECADES] = [72, 120, [0.1, 1, 10, 100]];
const [LINE, SHIFTS] = [even(-4, 9, 261), even(0.02, 4, 120)];
const num = (x) =>
  !(x >= 10 && x < Infinity)
    ? number(x)
    : x < 9999
      ? x.toPrecision(4)
      : x.toExponential(2).replace("e+", "e");
function measurer(view) {
  let [drawn, x] = ["", null];
  return () => {
    const state = view.state();
    const { shift, spread, n, seed, lam } = state;
    if (drawn !== `${seed} ${n}`) [drawn, x] = [`${seed} ${n}`, normals(seed, n)];
    const r = normalRatio(shift, spread);
    const { kl } = r;
    const exact = normalVariances(r, lam).map(Math.sqrt);
    const heavy = spread * spread >= 2;
    return {
      ...state,
      state,
      x,
      kl,
      r,
      heavy,
      peak: heavy ? Infinity : (2 * shift) / (2 - spread * spread),
      crossing: normalCrossing(spread),
      exact,
      exactMeans: [kl, (exact[0] ** 2 + kl * kl) / 2, kl, kl],
      ...sampled(x, r, lam),
    };
  };
}

// The two densities over the samples; q is dragged by its peak, and widened by the bar beside it.
function densities(chart, view) {
  const [curves, names, handles] = [
    chart.layer("kl-lines", true),
    chart.layer("kl-names"),
    chart.layer("kl-handles"),
  ];
  const [peak, grip] = [disc(8), GRIP].map((d) => mark(handles, "kl-point", d));
  drag(peak, chart, (x) => view.set({ shift: cents(view.range("shift"), x) }));
  drag(grip, chart, (x) =>
    view.set({ spread: cents(view.range("spread"), Math.abs(x - view.get("shift"))) }),
  );
  return (m) => {
    // Where q is narrower than p, r is bounded, and q²/p is no source of noise.
    const foot = chart.sy(0);
    const ticks = [...new Set(Array.from(m.x, (v) => Math.round(2 * chart.sx(v)) / 2))].map(
      (u) => `M${u} ${foot}v-9`,
    );
    const draw = (mean, sd, attrs) =>
      path(
        chart,
        LINE.map((x) => [x, bell(x, mean, sd)]),
        { "stroke-width": 3, ...attrs },
      );
    curves.replaceChildren(
      s("path", { d: ticks.join(""), stroke: P }),
      draw(0, 1, { stroke: P }),
      draw(m.shift, m.spread, { stroke: Q, "stroke-dasharray": "9 5" }),
      ...(m.peak > 9 || m.spread < 1
        ? []
        : [
            upright(chart, m.peak, {
              y2: 22,
              stroke: INK,
              "stroke-width": 1.6,
              "stroke-dasharray": "2 3",
            }),
          ]),
    );
    const where =
      m.spread < 1
        ? ""
        : m.heavy
          ? "q²/p is not integrable →"
          : m.peak > 9
            ? `q²/p peaks at ${number(m.peak, 1)} →`
            : "q²/p peaks here";
    names.replaceChildren(
      text(16, 36, "━ p, sampled", { class: "kl-name-p" }),
      text(16, 54, "╍ q", { class: "kl-name-q" }),
      text(m.heavy || m.peak > 6 ? chart.width - 14 : chart.sx(m.peak), 15, where, {
        class: "kl-strong",
        "text-anchor": m.heavy || m.peak > 6 ? "end" : "middle",
        ...HALO,
      }),
    );
    [
      [peak, 0],
      [grip, m.spread],
    ].forEach(([node, off]) =>
      move(node, chart.sx(m.shift + off), chart.sy(bell(off, 0, m.spread))),
    );
  };
}

// One row an estimator: how often each value came, the exact mean as a line, the sample's as a
// wedge.
function strips(chart) {
  const [axes, bars, names] = [
    chart.layer("kl-axes"),
    chart.layer("kl-bars", true),
    chart.layer("kl-names"),
  ];
  return (m) => {
    const wide = m.exact[0] || 0.2;
    chart.x = [Math.min(-0.6 * wide, m.kl - 3 * wide), m.kl + 4 * wide];
    chart.layout();
    axes.replaceChildren(...xLabels(chart, roundNumbers(chart.x), plain));
    const [low, high] = chart.x;
    const pitch = (chart.sx(high) - chart.sx(low)) / BINS;
    bars.replaceChildren(upright(chart, m.kl, { stroke: INK, "stroke-width": 1.2 }));
    names.replaceChildren(
      text(chart.sx(m.kl), 12, "exact D", { class: "kl-strong", "text-anchor": "middle" }),
    );
    m.rows.forEach((row, k) => {
      const [label, ink] = LOOKS[k];
      const [counts, floor] = [new Array(BINS).fill(0), chart.sy(3 - k)];
      let beyond = 0;
      row.forEach((v) => {
        const i = Math.floor(((v - low) / (high - low)) * BINS);
        if (i >= 0 && i < BINS) counts[i]++;
        else beyond++;
      });
      const scale = (chart.sy(0) - chart.sy(0.8)) / Math.max(1, ...counts);
      const d = counts.map((count, i) =>
        count
          ? `M${(chart.sx(low) + i * pitch).toFixed(1)} ` +
            `${floor}v${(-count * scale).toFixed(1)}h${pitch.toFixed(1)}V${floor}Z`
          : "",
      );
      const mean = chart.sx(hold(chart.x, m.means[k]));
      bars.append(
        s("path", { d: d.join(""), fill: ink }),
        level(chart, 3 - k, { stroke: EDGE }),
        s("path", { d: `M${mean} ${floor - 9}l6 9h-12Z`, fill: Q, stroke: CARD }),
        ...(k === 1
          ? [
              s("line", {
                x1: chart.sx(m.exactMeans[1]),
                x2: chart.sx(m.exactMeans[1]),
                y1: floor,
                y2: floor - 22,
                stroke: INK,
                "stroke-width": 1.6,
                "stroke-dasharray": "3 2",
              }),
            ]
          : []),
      );
      names.append(
        text(14, chart.sy(3.55 - k), k === 3 ? `╍ λ = ${plain(m.lam)}` : label, {
          class: k === 3 ? "kl-name-p" : "kl-strong",
          ...HALO,
        }),
        text(
          chart.width - 14,
          chart.sy(3.55 - k),
          beyond
            ? `${chart.width < 420 ? "" : `${beyond} beyond; `}largest ` +
                `${num(row.reduce((a, b) => Math.max(a, b)))}`
            : "",
          { "text-anchor": "end", ...HALO },
        ),
      );
    });
  };
}

// Means of the first i samples, over the last two decades of i.
function running(chart) {
  const [axes, lines] = [chart.layer("kl-axes"), chart.layer("kl-lines", true)];
  return (m) => {
    const first = Math.max(1, m.n / 100);
    const reach = Math.max(
      (2.5 * (m.exact[0] || 0.2)) / Math.sqrt(first),
      1.2 * Math.abs(m.exactMeans[1] - m.kl),
    );
    const scaled = (v) => (v - m.kl) / reach;
    chart.x = [Math.log10(first), Math.log10(m.n)];
    chart.layout();
    axes.replaceChildren(
      ...[0, 1, 2, 3, 4]
        .filter((t) => t >= chart.x[0] && t <= chart.x[1])
        .map((t) =>
          text(chart.sx(t), chart.sy(-1) + 18, String(10 ** t), {
            "text-anchor": t < chart.x[1] ? "middle" : "end",
          }),
        ),
      ...roundNumbers([m.kl - reach, m.kl + reach]).map((t) =>
        text(36, chart.sy(scaled(t)) + 4, plain(t), { "text-anchor": "end" }),
      ),
    );
    const stops = even(...chart.x, POINTS).map((t) => Math.round(10 ** t));
    lines.replaceChildren(
      level(chart, 0, { stroke: INK, "stroke-width": 1.2 }),
      ...m.rows.map((row, k) => {
        let [total, i] = [0, 0];
        const points = stops.map((stop) => {
          while (i < stop) total += row[i++];
          return [Math.log10(stop), Math.max(-3, scaled(total / stop))];
        });
        const [, stroke, dash, width] = LOOKS[k];
        return path(chart, points, { stroke, "stroke-dasharray": dash, "stroke-width": width });
      }),
    );
  };
}

// Exact spread over D for every shift at this width of q; both axes stay, so that curves compare.
function spreads(chart, view) {
  const [axes, lines, names] = [
    chart.layer("kl-axes"),
    chart.layer("kl-lines", true),
    chart.layer("kl-names"),
  ];
  const handle = mark(chart.layer("kl-handles"), "kl-point", "M-8 -4L8 -4L0 8Z");
  handle.prepend(s("line", { stroke: Q, "stroke-width": 1.6 }));
  drag(handle, chart, (x) => view.set({ shift: cents(view.range("shift"), x) }));
  return (m) => {
    axes.replaceChildren(
      ...DECADES.map((t) => text(36, chart.sy(Math.log10(t)) + 4, t, { "text-anchor": "end" })),
    );
    const table = SHIFTS.map((shift) => {
      const r = normalRatio(shift, m.spread);
      return normalVariances(r, m.lam).map((v) => Math.log10(Math.sqrt(v) / r.kl));
    });
    lines.replaceChildren(
      ...LOOKS.map(([, stroke, dash, width], k) =>
        path(
          chart,
          SHIFTS.map((shift, i) => [shift, table[i][k]]),
          { stroke, "stroke-dasharray": dash, "stroke-width": width },
        ),
      ),
      ...(m.crossing
        ? [upright(chart, m.crossing, { stroke: INK, "stroke-dasharray": "2 3" })]
        : []),
    );
    const ends = [
      [0, 110, 18],
      [1, 110, -8],
      [2, 5, 20],
    ].filter(([k, i]) => Math.abs(table[i][k] - 0.5) < 1.4);
    names.replaceChildren(
      ...ends.map(([k, i, off]) =>
        text(chart.sx(SHIFTS[i]), chart.sy(table[i][k]) + off, `k${k + 1}`),
      ),
      text(
        m.crossing ? chart.sx(m.crossing) + 5 : chart.sx(0) + 8,
        chart.sy(-0.9),
        m.crossing
          ? `k3 = k1 at ${number(m.crossing)}`
          : m.heavy
            ? "k3: infinite at every shift"
            : "k3 > k1 at every shift",
        { class: "kl-strong", ...HALO },
      ),
    );
    move(handle, chart.sx(m.shift), chart.sy(2) + 4);
    handle.firstChild.setAttribute("y2", chart.sy(-1) - chart.sy(2) - 4);
  };
}

function remark({ heavy, lam, r, exact, stds, peak, x, kl }) {
  if (kl === 0) return "q is p: r is 1, and every estimator is 0 at every sample.";
  const far = num(Math.max(...x.map(Math.abs)));
  const has = `k3${lam === 0 || lam === 1 ? "" : " and of row λ"}`;
  if (heavy)
    return (
      "E r² = ∫ q²/p is infinite, for σ² ≥ 2: q's tail is too " +
      `heavy for p to sample. So is the variance of ${has}, ` +
      `and the spread ${num(stds[2])} found here is no ` +
      "estimate of it: as n grows, it grows without bound."
    );
  if (exact[2] === Infinity)
    return (
      `The variance of ${has} is finite, but above 10³⁰⁸: q²/p peaks ` +
      `at x = ${num(peak)}, and the largest |x| drawn is ${far}.`
    );
  if (r.bestLam < 0.5 && exact[2] > 2 * stds[2])
    return (
      `The sample lies: k3's spread is ${num(exact[2])}, not ${num(stds[2])}. It is ` +
      `made around x = ${num(peak)}, where q²/p peaks; the largest |x| drawn is ${far}.`
    );
  if (Math.abs(r.bestLam - 0.5) < 1e-3) return "λ* is ½: k3 is as noisy as k1.";
  return r.bestLam < 0.5
    ? "λ* is below ½: k3 is noisier than k1."
    : "λ* is above ½: k3 is less noisy than k1.";
}

function formula(m) {
  const { shift, spread, kl, r } = m;
  const D = (a, b) => h("span", {}, "D(", sym(a), "‖", sym(b), ")");
  const d = () => sym("q", plain(shift));
  const sd = () => sym("q", plain(spread));
  const cell = (v, i) =>
    h(
      i ? "td" : "th",
      {
        style:
          `text-align: ${i ? "right" : "left"}; padding: ` +
          `1px 0 1px ${i ? 6 : 0}px; white-space: nowrap`,
        scope: i ? null : "row",
      },
      v,
    );
  const head = ["nats", "exact mean", "found", "exact spread", "found"].map((v, i) =>
    h(
      "th",
      {
        scope: "col",
        style:
          `text-align: ${i ? "right" : "left"}; padding-left: ` +
          `${i ? 6 : 0}px; line-height: 1.2; overflow-wrap: normal`,
      },
      v,
    ),
  );
  return [
    h(
      "p",
      {},
      D("p", "q"),
      " = log ",
      sym("q", "σ"),
      " + (1 + ",
      sym("q", "δ"),
      "²)/(2",
      sym("q", "σ"),
      "²) − ½ = log ",
      sd(),
      " + (1 + ",
      d(),
      "²)/(2 · ",
      sd(),
      "²) − ½ = ",
      strong(`${number(kl)} nats`),
    ),
    h(
      "table",
      { style: "border-collapse: collapse; margin: 6px 0; font-size: clamp(12px, 4cqi, 15px)" },
      h("thead", {}, h("tr", {}, ...head)),
      h(
        "tbody",
        {},
        ...LOOKS.map(([label], k) =>
          h(
            "tr",
            {},
            ...[
              k === 3 ? `╍ λ = ${plain(m.lam)}` : label,
              ...[m.exactMeans, m.means, m.exact, m.stds].map((list) => num(list[k])),
            ].map(cell),
          ),
        ),
      ),
    ),
    h(
      "p",
      {},
      "λ* = [",
      D("p", "q"),
      " + ",
      D("q", "p"),
      "]/χ² = ",
      num(r.jeffreys),
      " / ",
      num(r.chi2),
      " = ",
      strong(number(r.bestLam)),
      kl === 0 ? ", its limit at q = p" : "",
    ),
    h("p", {}, remark(m)),
  ];
}

function render(context) {
  const above = plot({
    x: [-4, 9],
    y: [0, 0.7],
    xTicks: [-4, -2, 0, 2, 4, 6, 8],
    height: 150,
    bottom: 24,
    left: 14,
    label:
      "Densities of p, solid, over its samples, drawn as ticks, and of q, dashed, " +
      "with handles at its peak and width; and where q squared over p has its peak",
  });
  const rows = plot({
    x: [0, 1],
    y: [0, 4],
    height: 232,
    bottom: 24,
    left: 14,
    yName: " ",
    label:
      "Histograms of what each sample contributes to k1, k2, k3 and the control " +
      "variate; a line at the exact divergence, a wedge at each sampled mean",
  });
  const means = plot({
    x: [0, 1],
    y: [-1, 1],
    height: 190,
    yName: "mean so far",
    xName: "samples",
    label:
      "Running means of the four estimators over the number " +
      "of samples, and the exact divergence as a line",
  });
  const noise = plot({
    x: [0, 4],
    y: [-1, 2],
    base: -1,
    xTicks: [0, 1, 2, 3, 4],
    height: 190,
    yName: "exact spread / D",
    xName: "δ, shift of q",
    label:
      "Exact spread of the four estimators divided by the divergence, over the " +
      "shift of q; the shift at which k3 becomes noisier than k1 is marked",
  });
  const view = canvas(context, { name: "Estimators", plots: [above, rows, means, noise] });
  const measure = measurer(view);
  let m = measure();
  const make = (trait, name, symbol, hue, step, access = {}) =>
    slider({
      name,
      symbol,
      hue,
      step,
      ...view.trait(trait),
      ...access,
      says: (v) =>
        `${name} ${plain(v)}; exact ${number(m.kl)}, k1 ` +
        `${num(m.means[0])}, k3 ${num(m.means[2])} nats`,
    });
  const sow = (seed) => view.set({ seed: Math.round(seed) });
  const sliders = [
    make("shift", "shift of q", "δ", "q", 0.01),
    make("spread", "width of q", "σ", "q", 0.01),
    make("lam", "lambda", "λ", "p", 0.01),
    make("seed", "seed", "seed", "edge", 1, { set: sow }),
  ];
  const size = choice({
    name: "number of samples",
    options: [10, 100, 1000, 10000].map((n) => [n, n]),
    ...view.trait("n"),
  });
  const again = button("Draw again", () =>
    sow((view.get("seed") + 1) % (view.range("seed")[1] + 1)),
  );
  const best = button("λ = λ*", () => view.set({ lam: hold(view.range("lam"), m.r.bestLam) }));
  const below = row(
    h("div", { style: "display: flex; gap: 8px; align-items: center" }, sym("ink", "n"), size.el),
    again,
    best,
  );
  const shows = [densities(above, view), strips(rows), running(means), spreads(noise, view)];
  view.compose(
    above.svg,
    rows.svg,
    controls(means.svg, noise.svg),
    controls(...sliders.map((c) => c.el), below),
    view.formula,
    view.presets(PRESETS),
  );
  return view.run(() => {
    m = measure();
    [...sliders, size].forEach((c) => c.update());
    shows.forEach((show) => show(m));
    view.formula.replaceChildren(...formula(m));
    view.show(
      {
        ...m.state,
        kl: m.kl,
        best_lam: m.r.bestLam,
        crossing: m.crossing,
        exact_means: m.exactMeans,
        exact_stds: m.exact,
        means: m.means,
        stds: m.stds,
      },
      `Exact ${number(m.kl)} nats. Sampled k1 ${num(m.means[0])}, ` +
        `k2 ${num(m.means[1])}, k3 ${num(m.means[2])}. ${remark(m)}`,
    );
  });
}

export default { render, refuses };
