// Five symbols share one budget: every codeword of n bits spends 2^-n of it. What fits, and what
// does it cost?
import { h, s, strong, sym, text } from "./core/dom.js";
import { slider } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { hold, number, plain } from "./core/numbers.js";
import { drag, move, plot, rect } from "./core/plot.js";
import { codeStarts, expectedLength, kraftSum, prefixCode } from "./twins/coding.js";
import { entropy } from "./twins/discrete.js";

const NAMES = ["A", "B", "C", "D", "E"];
const SKIES = ["clear", "cloudy", "rainy", "snowy", "stormy"];
const RIDGE = [0.4, 0.2, 0.2, 0.1, 0.1];
const BAR = [-8, -7.4]; // the budget, drawn under the tree
const ridge = (...lengths) => ({ p: RIDGE, lengths });
const PRESETS = [
  ["Shannon", ridge(2, 3, 3, 4, 4)],
  ["Huffman", ridge(2, 2, 2, 3, 3)],
  ["3 bits each", ridge(3, 3, 3, 3, 3)],
  ["built for Q, p reversed", ridge(3, 3, 2, 2, 2)],
  ["overspent", ridge(1, 2, 2, 3, 3)],
  ["a dyadic source", { p: [0.5, 0.25, 0.125, 0.0625, 0.0625], lengths: [1, 2, 3, 4, 4] }],
];

function measure(view) {
  const { p, lengths } = view.state();
  const starts = codeStarts(lengths);
  const shares = lengths.map((n) => 2 ** -n);
  const words = prefixCode(lengths);
  const fits = words.map((word) => word !== null);
  return {
    p,
    lengths,
    starts,
    shares,
    kraft: kraftSum(lengths),
    fits,
    words,
    length: expectedLength(p, lengths),
    entropy: entropy(p) / Math.LN2,
  };
}

const spent = (kraft) =>
  kraft > 1
    ? `overspent by ${plain(kraft - 1)}`
    : kraft < 1
      ? `${plain(1 - kraft)} unspent`
      : "all spent";

function symbol(view, i) {
  const share = sym("p", "");
  const word = h("span", { class: "kl-word", style: "font-family: ui-monospace, monospace" });
  const control = slider({
    name: `length of ${NAMES[i]}, ${SKIES[i]}`,
    hue: "p",
    tight: true,
    step: 1,
    ...view.entry("lengths", i),
    says: (n) => {
      const { words, kraft } = measure(view);
      return (
        `${n} bits, ${words[i] ? `codeword ${words[i].split("").join(" ")}` : "no room"}; ` +
        `budget ${spent(kraft)}`
      );
    },
  });
  return {
    cells: [h("span", {}, h("b", {}, NAMES[i]), ` ${SKIES[i]} `, share), control.el, word],
    update(m) {
      share.textContent = plain(m.p[i]);
      word.textContent = m.words[i] ?? "no room";
      control.update();
    },
  };
}

// A leaf that a pointer can pull up and down the tree.
function leaf(chart, view, i) {
  const name = s("text", { class: "kl-strong", "text-anchor": "middle" }, NAMES[i]);
  const dot = s("circle", { r: 6 });
  const el = s("g", {}, s("circle", { class: "kl-reach", r: 14 }), dot, name);
  const length = view.entry("lengths", i);
  drag(el, chart, (_, y) => length.set(hold(view.range("lengths"), Math.round(-y))));
  return {
    el,
    place(m) {
      // Equal leaves too close for their letters carry every second one lower.
      const low =
        chart.sx(m.shares[i]) - chart.sx(0) < 14 &&
        m.lengths.slice(0, i).filter((n) => n === m.lengths[i]).length % 2;
      move(el, chart.sx(m.starts[i] + m.shares[i] / 2), chart.sy(-m.lengths[i]));
      dot.setAttribute("class", m.fits[i] ? "kl-bar-p" : "kl-alarm");
      name.setAttribute("y", low ? 33 : 20);
    },
  };
}

// The branches from the root to the leaves that fit, each once; 0 leads left and 1 right.
function branches(chart, m) {
  const drawn = {};
  m.lengths.forEach((n, i) => {
    for (let d = 1; d <= n && m.fits[i]; d++) {
      const k = Math.floor(m.starts[i] * 2 ** d);
      drawn[2 ** d + k] = [d, k];
    }
  });
  const middle = (d, k) => chart.sx((k + 0.5) / 2 ** d);
  return Object.values(drawn).flatMap(([d, k]) => {
    const [x0, x1] = [middle(d - 1, k >> 1), middle(d, k)];
    const line = s("line", {
      class: "kl-base",
      x1: x0,
      x2: x1,
      y1: chart.sy(1 - d),
      y2: chart.sy(-d),
    });
    const bit = text((x0 + x1) / 2 + (k % 2 ? 8 : -8), chart.sy(0.5 - d), k % 2, {
      "text-anchor": "middle",
    });
    return Math.abs(x1 - x0) > 9 ? [line, bit] : [line];
  });
}

// What each codeword spends: all that hangs below its leaf, down to its block of the budget.
function blocks(chart, m) {
  const frame = rect(chart, [0, 1], BAR, { fill: "none", stroke: "var(--kl-edge)" });
  const below = NAMES.flatMap((_, i) => {
    const span = [m.starts[i], m.starts[i] + m.shares[i]];
    const block = rect(
      chart,
      span,
      BAR,
      m.fits[i]
        ? { class: "kl-bar-p", stroke: "var(--kl-card)", "stroke-width": 2 }
        : { fill: chart.hatch, stroke: "var(--kl-q)" },
    );
    return [rect(chart, span, [BAR[1], -m.lengths[i]], { class: "kl-lit" }), block];
  });
  const end = chart.sx(1);
  return [
    ...below,
    frame,
    ...(m.kraft > 1 ? [dash(end, end, chart.sy(0), chart.sy(BAR[0]), "ink")] : []),
  ];
}

const dash = (x1, x2, y1, y2, hue) =>
  s("line", {
    x1,
    x2,
    y1,
    y2,
    stroke: `var(--kl-${hue})`,
    "stroke-width": 2,
    "stroke-dasharray": hue === "p" ? null : "4 3",
  });

// The scale of depths, and on it the entropy H beside the average depth L.
function depths(chart, m) {
  const mark = (name, v, x, hue, cls) => [
    dash(x - 3, x + 14, chart.sy(-v), chart.sy(-v), hue),
    text(x, chart.sy(-v) - 4, name, { class: cls }),
  ];
  return [
    ...[1, 2, 3, 4, 5, 6].map((d) => text(6, chart.sy(-d) + 4, d)),
    ...mark("H", m.entropy, 24, "ink", "kl-strong"),
    ...mark("L", m.length, 46, "p", "kl-name-p"),
  ];
}

function formula(m) {
  const bill = m.p.flatMap((v, i) => [i ? " + " : "", sym("p", plain(v)), `·${m.lengths[i]}`]);
  const bits = (v) => strong(`${number(v)} bits`);
  const lines = [
    h(
      "p",
      {},
      `Spent: ${m.lengths.map((n) => `1/${2 ** n}`).join(" + ")} = `,
      strong(number(m.kraft)),
      ` of the budget, ${spent(m.kraft)}.`,
    ),
  ];
  if (m.kraft > 1) {
    lines.push(
      h(
        "p",
        {},
        "No prefix code has these lengths: words that do not begin one another " +
          "own separate shares of the segment, and these do not fit side by side.",
      ),
      h(
        "p",
        { class: "kl-second" },
        "Cost if there were one: ",
        bits(m.length),
        "; entropy H = ",
        bits(m.entropy),
        ".",
      ),
    );
  } else
    lines.push(
      h("p", {}, "L = ", ...bill, " = ", bits(m.length)),
      h("p", {}, "H = ", bits(m.entropy), ", redundancy L − H = ", bits(m.length - m.entropy)),
    );
  return lines;
}

function render(context) {
  const chart = plot({
    x: [0, 1],
    y: [BAR[0], 0.3],
    xTicks: [0, 0.25, 0.5, 0.75, 1],
    xName: "share of the budget",
    yName: "length, bits",
    height: 310,
    left: 64,
    label:
      "A binary tree whose leaves are the codewords of A to E; under " +
      "it the budget, a bar in which every codeword occupies its share",
  });
  const view = canvas(context, { name: "CodeBudget", plots: [chart] });
  const rows = NAMES.map((_, i) => symbol(view, i));
  const under = chart.layer("kl-tree");
  const leaves = NAMES.map((_, i) => leaf(chart, view, i));
  chart.layer("kl-leaves").append(...leaves.map((l) => l.el));
  const table = h(
    "div",
    {
      class: "kl-columns",
      style:
        "grid-template-columns: auto minmax(0, 1fr) 4.4em; column-gap: 10px; align-items: center",
    },
    ...rows.flatMap((r) => r.cells),
  );
  view.compose(chart.svg, table, view.formula, view.presets(PRESETS));

  function draw() {
    const m = measure(view);
    chart.x = [0, Math.max(1, m.kraft)];
    chart.layout();
    rows.forEach((r) => r.update(m));
    under.replaceChildren(...blocks(chart, m), ...depths(chart, m), ...branches(chart, m));
    leaves.forEach((l) => l.place(m));
    view.formula.replaceChildren(...formula(m));
    const { p, lengths, kraft, length, entropy } = m;
    const codewords = kraft > 1 ? [] : m.words;
    view.show(
      { p, lengths, kraft, length, entropy, redundancy: length - entropy, codewords },
      `Budget ${spent(kraft)}. ` +
        `${kraft > 1 ? "No prefix code" : `Expected length ${number(length)} bits`}, ` +
        `entropy ${number(entropy)}`,
    );
  }
  return view.run(draw);
}

const five = (v, good) => Array.isArray(v) && v.length === 5 && v.every(good);
export default { render, refuses };
