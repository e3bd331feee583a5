// Five outcomes, two distributions: which terms P log(P/Q) make up the divergence?
import { h, row, s, strong, text } from "./core/dom.js";
import { unitChoice } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { UNITS, number, plain } from "./core/numbers.js";
import { legend, plot, rect } from "./core/plot.js";
import { shareBars, shareSliders } from "./parts/shares.js";
import { klContributions, klDivergence } from "./twins/discrete.js";

const NAMES = ["A", "B", "C", "D", "E"];
const EVEN = [0.2, 0.2, 0.2, 0.2, 0.2];
const PRESETS = [
  ["P favours A", { p: [0.6, 0.1, 0.1, 0.1, 0.1], q: EVEN }],
  [
    "Q overrates a rare outcome",
    { p: [0.3, 0.3, 0.2, 0.19, 0.01], q: [0.2, 0.2, 0.15, 0.15, 0.3] },
  ],
  ["Q misses a rare outcome", { p: [0.3, 0.3, 0.2, 0.15, 0.05], q: [0.35, 0.3, 0.2, 0.15, 0] }],
  ["P sure of A", { p: [1, 0, 0, 0, 0], q: EVEN }],
  ["equal", { p: EVEN, q: EVEN }],
];
const SUM = 5; // the column after the outcomes

// The terms as bars up and down, the floor −Q/e below each, and their sum.
function drawTerms(chart, layer, terms, floors, total) {
  const roof = chart.y[1] * 0.84;
  const narrow = chart.width < 420;
  const says = (v) =>
    (narrow && Number.isFinite(v) ? plain(Math.round(v * 100) / 100) : number(v)) +
    (v > roof ? " ↑" : "");
  const bar = (v, i, cls) => [
    rect(chart, [i - 0.32, i + 0.32], [0, Math.min(v, roof)], { class: cls }),
    text(chart.sx(i), v < 0 ? chart.sy(v) + 15 : chart.sy(Math.min(v, roof)) - 5, says(v), {
      class: "kl-strong",
      "text-anchor": "middle",
      "font-size": narrow ? 11 : null,
    }),
  ];
  layer.replaceChildren(
    ...terms.flatMap((v, i) => bar(v, i, v < 0 ? "kl-minus" : "kl-plus")),
    ...floors.map((v, i) =>
      s("line", {
        class: "kl-floor",
        x1: chart.sx(i - 0.4),
        x2: chart.sx(i + 0.4),
        y1: chart.sy(v),
        y2: chart.sy(v),
      }),
    ),
    ...bar(total, SUM, "kl-sum"),
  );
}

// A round scale on which every finite bar fits, so that small divergences stay legible.
function rescale(chart, terms, total, unit) {
  const scale = UNITS[unit];
  const finite = [...terms, total].filter(Number.isFinite).map((v) => v * scale);
  const k =
    [1, 2, 4, 8].find(
      (size) => Math.max(...finite) < 0.4 * size && Math.min(...finite) > -0.16 * size,
    ) ?? 8;
  const tidy = (v) => Number(v.toFixed(2));
  chart.y = [(-0.2 * k) / scale, (0.5 * k) / scale];
  chart.yTicks = scale === 1 ? [0, tidy(0.25 * k), tidy(0.5 * k)] : [0, tidy(0.4 * k)];
  chart.yName = `terms P log(P/Q), ${unit}`;
  chart.layout();
}

function formula(view, lit, terms, total, unit) {
  const { p, q } = view.state();
  const parts = terms.map((t, i) =>
    h(
      "span",
      { class: `kl-term${lit === i ? " kl-on" : ""}`, "data-outcome": i },
      `${i ? (t < 0 ? " − " : " + ") : t < 0 ? "−" : ""}${number(Math.abs(t))}`,
    ),
  );
  const lost = NAMES.filter((_, i) => p[i] > 0 && q[i] === 0);
  const ending =
    total === Infinity
      ? [strong("∞"), `: Q gives probability 0 to ${lost.join(" and ")}, which P produces.`]
      : [strong(`${number(total)} ${unit}`)];
  const line =
    lit === null
      ? "Point at an outcome, or move to its slider, to see its term."
      : `${NAMES[lit]}: ${plain(p[lit])} log ` +
        `${plain(p[lit])}/${plain(q[lit])} = ${number(terms[lit])}; ` +
        `no Q of ${plain(q[lit])} can push it below −Q/e ` +
        `= ${number(-q[lit] / Math.E / UNITS[unit])}.`;
  return [
    h("p", {}, "D(P‖Q) = ", ...parts, " = ", ...ending),
    h("p", { class: "kl-second" }, line),
  ];
}

function render(context) {
  const shares = plot({
    x: [-0.5, 5.5],
    y: [0, 1],
    yTicks: [0, 0.5, 1],
    height: 200,
    bottom: 22,
    yName: "probability",
    label: "Probabilities of five outcomes under P, solid bars, and Q, hatched bars",
  });
  const sums = plot({
    x: [-0.5, 5.5],
    y: [-0.2, 0.5],
    base: 0,
    height: 230,
    bottom: 10,
    yName: "P log(P/Q)",
    label:
      "Terms P log P over Q of each outcome, positive upward and negative downward, and their sum",
  });
  const view = canvas(context, { name: "Contributions", plots: [shares, sums] });
  let lit = null;
  const light = (i) => {
    lit = i;
    draw();
  };
  view.terms = () =>
    klContributions(view.get("p"), view.get("q")).map((t) => t / UNITS[view.get("unit")]);
  const { rows, sliders } = shareSliders(view, NAMES, {
    light,
    says: (i) => `its term ${number(view.terms()[i])} ${view.get("unit")}`,
  });
  const unit = unitChoice(view);
  const beams = [shares, sums].map((chart) => chart.layer("kl-beams"));
  const bars = ["p", "q"].map((which, k) => shareBars(shares, view, which, sliders[k][0].snap));
  const names = shares.layer("kl-names");
  const terms = sums.layer("kl-terms");
  const over = (chart) => (event) => {
    const i = Math.round(chart.at(event)[0]);
    if (i !== lit) light(i >= 0 && i < 5 ? i : null);
  };
  for (const chart of [shares, sums]) {
    chart.svg.addEventListener("pointermove", over(chart));
    chart.svg.addEventListener("pointerleave", () => light(null));
  }
  view.formula.addEventListener("pointerover", (event) => {
    const i = event.target.dataset?.outcome;
    if (i && Number(i) !== lit) light(Number(i));
  });
  view.compose(shares.svg, ...rows, sums.svg, view.formula, row(unit.el), view.presets(PRESETS));

  function draw() {
    const { p, q, unit: u } = view.state();
    const all = view.terms();
    const total = klDivergence(p, q) / UNITS[u];
    [...sliders.flat(), unit].forEach((c) => c.update());
    rescale(sums, all, total, u);
    bars.forEach((place) => place());
    names.replaceChildren(
      ...NAMES.map((n, i) =>
        text(shares.sx(i), shares.sy(0) + 17, n, { "text-anchor": "middle", class: "kl-strong" }),
      ),
      ...legend(shares, "P, the truth", "Q, the model"),
    );
    drawTerms(
      sums,
      terms,
      all,
      q.map((v) => -v / Math.E / UNITS[u]),
      total,
    );
    terms.append(text(sums.sx(SUM), sums.sy(0) + 16, "sum", { "text-anchor": "middle" }));
    beams.forEach((layer, k) =>
      layer.replaceChildren(
        ...(lit === null
          ? []
          : [
              rect([shares, sums][k], [lit - 0.5, lit + 0.5], [shares, sums][k].y, {
                class: "kl-lit",
              }),
            ]),
      ),
    );
    view.formula.replaceChildren(...formula(view, lit, all, total, u));
    view.show(
      { p, q, unit: u, terms: all, kl: total },
      `Divergence ${total === Infinity ? "infinite" : `${number(total)} ${u}`}; largest ` +
        `term ${number(Math.max(...all))} at ${NAMES[all.indexOf(Math.max(...all))]}`,
    );
  }
  return view.run(draw);
}

const shares5 = (v) =>
  Array.isArray(v) &&
  v.length === 5 &&
  v.every((x) => within(x, 0, 1)) &&
  Math.abs(v.reduce((a, b) => a + b, 0) - 1) < 1e-8;
export default { render, refuses };
