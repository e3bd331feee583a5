// log x under x − 1: each outcome stands at q/p, and the gaps, weighted by p, add up to D.
import { h, put, row, s, strong, sym, text } from "./core/dom.js";
import { choice, slider } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { cents, number, plain, sum, withShare } from "./core/numbers.js";
import { disc, drag, mark, move, path, plot, rect } from "./core/plot.js";
import { klContributions, klDivergence } from "./twins/discrete.js";

const NAMES = ["A", "B", "C"];
const BASES = { natural: 1, "base 2": Math.LN2 };
const PRESETS = [
  ["A halved, B doubled", { p: [0.5, 0.3, 0.2], q: [0.25, 0.6, 0.15] }],
  ["all gaps vanish", { p: [0.5, 0.3, 0.2], q: [0.5, 0.3, 0.2] }],
  ["mass lost: p of C is 0", { p: [0.6, 0.4, 0], q: [0.4, 0.3, 0.3] }],
  ["q of C is 0", { p: [0.5, 0.3, 0.2], q: [0.6, 0.4, 0] }],
  ["base 2 fails", { p: [0.5, 0.3, 0.2], q: [0.6, 0.25, 0.15], log: "base 2" }],
];
const [RIGHT, FLOOR] = [3, -2];
const GRID = Array.from({ length: 241 }, (_, i) => RIGHT * (i / 240) ** 2);

function measure(view) {
  const { p, q, log } = view.state();
  const scale = BASES[log];
  const terms = klContributions(p, q);
  const gaps = p.map((v, i) => (v > 0 ? terms[i] / scale + q[i] - v : 0));
  return {
    p,
    q,
    log,
    scale,
    gaps,
    lost: sum(q.filter((_, i) => p[i] === 0)),
    kl: klDivergence(p, q) / scale,
    unit: scale === 1 ? "nats" : "bits",
  };
}

function shareSliders(view) {
  const sliders = ["p", "q"].map((which) =>
    NAMES.map((name, i) =>
      slider({
        name: `${which} of ${name}`,
        hue: which,
        tight: true,
        get: () => view.get(which)[i],
        set: (v) => view.set({ [which]: withShare(view.get(which), i, v) }),
        says: (v) =>
          `${which} of ${name} = ${plain(v)}; weighted gap ${number(measure(view).gaps[i])}`,
      }),
    ),
  );
  const shares = NAMES.map(() => h("span", {}));
  const line = (kids, end) =>
    h(
      "div",
      { class: "kl-columns", style: "grid-template-columns: repeat(3, 1fr) 1.4em" },
      ...kids,
      h("span", {}, end),
    );
  return {
    sliders,
    shares,
    rows: [
      line(shares, ""),
      line(
        sliders[0].map((c) => c.el),
        sym("p"),
      ),
      line(
        sliders[1].map((c) => c.el),
        sym("q"),
      ),
    ],
  };
}

// The three points, each with its gap to the line; a pointer moves a point along the curve.
function points(chart, layer, view) {
  const groups = NAMES.map((name, i) => {
    const gap = layer.appendChild(s("line", { class: "kl-gap" }));
    const dot = mark(layer, "kl-point", "");
    dot.append(s("text", { class: "kl-strong", y: 14 }, name));
    drag(dot, chart, (x) =>
      view.set({ q: withShare(view.get("q"), i, cents([0, 1], x * view.get("p")[i])) }),
    );
    return { dot, gap };
  });
  return ({ p, q, scale }) =>
    groups.forEach(({ dot, gap }, i) => {
      const ratio = q[i] / p[i];
      for (const node of [dot, gap])
        node.setAttribute("visibility", p[i] > 0 ? "visible" : "hidden");
      if (!(p[i] > 0)) return;
      const [x, low] = [Math.min(ratio, RIGHT), Math.max(Math.log(ratio) / scale, FLOOR)];
      const r = 3 + 4 * Math.sqrt(p[i]);
      put(gap, { x1: chart.sx(x), x2: chart.sx(x), y1: chart.sy(x - 1), y2: chart.sy(low) });
      move(dot, chart.sx(x), chart.sy(low));
      dot.children[1].setAttribute("d", disc(r));
      dot.lastChild.setAttribute("x", ratio > RIGHT ? -r - 16 : r + 4);
      dot.lastChild.textContent =
        ratio > RIGHT ? `${NAMES[i]} →` : ratio === 0 ? `${NAMES[i]}: ∞` : NAMES[i];
    });
}

function strip(chart, layer, { gaps, lost, kl }) {
  const parts = [
    ...gaps.map((v, i) => [NAMES[i], v, "kl-sum"]),
    ["lost mass", lost, "kl-bar-q"],
  ].filter(([, v]) => v !== 0);
  const size = [0.5, 1, 2, 4, 8].find((k) => kl < 0.9 * k) ?? 8;
  chart.x = [0, size];
  chart.yName = "p × gap, and lost mass of q";
  chart.layout();
  let at = 0;
  layer.replaceChildren(
    ...parts.flatMap(([name, v, cls]) => {
      const from = at;
      at = Math.min(at + v, size);
      const width = Math.abs(chart.sx(at) - chart.sx(from));
      return [
        rect(chart, [Math.min(from, at), Math.max(from, at)], [0.1, 0.9], {
          class: v < 0 ? "kl-minus" : cls,
          stroke: "var(--kl-card)",
        }),
        ...(width > 60 || (width > 16 && name.length < 2)
          ? [
              text(chart.sx((from + at) / 2), chart.sy(0.5) + 5, name, {
                class: cls === "kl-sum" ? "kl-on" : "kl-strong",
                "text-anchor": "middle",
              }),
            ]
          : []),
      ];
    }),
    text(
      Math.min(chart.sx(at) + 8, chart.width - 60),
      chart.sy(0.5) + 5,
      kl === Infinity ? "∞" : "",
      { class: "kl-strong" },
    ),
  );
}

function formula({ p, q, gaps, lost, kl, unit, log }) {
  const total =
    kl === Infinity
      ? [
          strong("∞"),
          ": q gives probability 0 to " +
            `${NAMES.filter((_, i) => p[i] > 0 && q[i] === 0).join(" and ")}, which p produces.`,
        ]
      : [strong(`${number(kl)} ${unit}`)];
  const low = gaps.some((v) => v < -1e-15);
  return [
    h(
      "p",
      {},
      "D(",
      sym("p"),
      "‖",
      sym("q"),
      ") = Σ ",
      sym("p"),
      " (",
      sym("q"),
      "/",
      sym("p"),
      " − 1 − log ",
      sym("q"),
      "/",
      sym("p"),
      ")",
      lost ? ` + ${number(lost)} lost` : "",
      " = ",
      gaps
        .map((v, i) => `${i || v < 0 ? (v < 0 ? " − " : " + ") : ""}${number(Math.abs(v))}`)
        .join(""),
      lost ? ` + ${number(lost)}` : "",
      " = ",
      ...total,
    ),
    h(
      "p",
      { class: "kl-second" },
      low
        ? "A gap is negative: between 1 and 2 the base-2 " +
            "logarithm lies above the line, and nothing is proved."
        : log === "natural"
          ? "No gap can be negative, so neither can their sum."
          : "With base 2 a gap is negative wherever q/p lies between 1 and 2.",
    ),
  ];
}

function render(context) {
  const chart = plot({
    x: [0, RIGHT],
    y: [FLOOR, 2],
    xTicks: [0, 1, 2, 3],
    yTicks: [-1, 0, 1],
    base: 0,
    height: 300,
    xName: "x = q/p",
    label:
      "The logarithm and the line x minus 1, which touch at 1; " +
      "three points on the curve with their gaps up to the line",
  });
  const bar = plot({
    x: [0, 1],
    y: [0, 1],
    height: 74,
    bottom: 6,
    left: 14,
    yName: " ",
    label: "The weighted gaps of the outcomes laid end to end; together they are the divergence",
  });
  const view = canvas(context, { name: "TangentBound", plots: [chart, bar] });
  const { sliders, shares, rows } = shareSliders(view);
  const base = choice({
    name: "logarithm",
    options: [
      ["natural", "natural log"],
      ["base 2", "base 2"],
    ],
    ...view.trait("log"),
  });
  const curves = chart.layer("kl-curves", true);
  const place = points(chart, chart.layer("kl-points"), view);
  const parts = bar.layer("kl-parts");
  view.compose(
    chart.svg,
    ...rows,
    bar.svg,
    view.formula,
    row(base.el),
    view.presets(PRESETS.map(([name, state]) => [name, { log: "natural", ...state }])),
  );

  return view.run(() => {
    const m = measure(view);
    [...sliders.flat(), base].forEach((c) => c.update());
    shares.forEach((el, i) =>
      el.replaceChildren(`${NAMES[i]}: q/p = `, m.p[i] > 0 ? plain(m.q[i] / m.p[i]) : "none"),
    );
    curves.replaceChildren(
      path(
        chart,
        [
          [0, -1],
          [RIGHT, RIGHT - 1],
        ],
        { class: "kl-reverse" },
      ),
      path(
        chart,
        GRID.filter((x) => x > 0.001).map((x) => [x, Math.log(x) / m.scale]),
        { class: "kl-ink" },
      ),
      text(chart.sx(2.45), chart.sy(1.65), "x − 1", { "text-anchor": "end" }),
      text(
        chart.sx(2.75),
        chart.sy(Math.log(2.75) / m.scale) + 22,
        m.scale === 1 ? "ln x" : "log₂ x",
        { "text-anchor": "middle" },
      ),
    );
    place(m);
    strip(bar, parts, m);
    view.formula.replaceChildren(...formula(m));
    const ratios = NAMES.map((n, i) => `${n} ${m.p[i] > 0 ? plain(m.q[i] / m.p[i]) : "none"}`);
    const said = m.kl === Infinity ? "infinite" : `${number(m.kl)} ${m.unit}`;
    view.show(
      { p: m.p, q: m.q, log: m.log, weighted_gaps: m.gaps, lost: m.lost, kl: m.kl },
      `q over p: ${ratios.join(", ")}. Divergence ${said}`,
    );
  });
}

const shares3 = (v) =>
  Array.isArray(v) &&
  v.length === 3 &&
  v.every((x) => within(x, 0, 1)) &&
  Math.abs(sum(v) - 1) < 1e-8;
export default { render, refuses };
