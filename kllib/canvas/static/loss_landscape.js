// D(Bern(p) ‖ Bern(q)) as a loss over q or over its logit: slopes, the tangent, descent by steps.
import { CARD, EDGE, INK, Q, controls, h, row, s, strong, sym, text } from "./core/dom.js";
import { button, choice, slider, unitChoice } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import { UNITS, cents, even, hold, number, plain } from "./core/numbers.js";
import { drag, path, plot, xLabels } from "./core/plot.js";
import { lost, pin, pins } from "./parts/coin.js";
import { player } from "./parts/play.js";
import { klContributions } from "./twins/discrete.js";
import { klBernoulli } from "./twins/families.js";
import { descent, expit, logit, slope } from "./twins/loss_landscape.js";

const [TOP, STEEP] = [2, 3];
const at = (p, start, rate, scale = "probability") => ({ p, start, rate, scale, steps: 0 });
const PRESETS = [
  ["calm", at(0.2, 0.5, 0.05)],
  ["cliff at q → 0", at(0.2, 0.01, 0.04)],
  ["to and fro", at(0.5, 0.75, 0.35)],
  ["too large a step", at(0.2, 0.9, 0.15)],
  ["the same in the logit", at(0.2, 0.9, 0.15, "logit")],
  ["p = 0: no least logit", at(0, 0.5, 2, "logit")],
];
const SCALES = {
  probability: {
    letter: "q",
    name: "q, what the model believes",
    range: [0, 1],
    ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    of: (q) => q,
    back: (q) => q,
    grid: even(0, Math.PI / 2, 301).map((v) => Math.sin(v) ** 2),
    places: [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98],
  },
  logit: {
    letter: "θ",
    name: "θ = log q/(1 − q)",
    range: [-7, 7],
    ticks: [-6, -4, -2, 0, 2, 4, 6],
    of: logit,
    back: expit,
    grid: even(-7, 7, 281),
    places: even(-6, 6, 13),
  },
};
const short = (v) => (Math.abs(v) === Infinity ? number(v) : plain(Number(v.toPrecision(3))));

function measure(view) {
  const setting = view.state();
  const { p, start, rate, scale, unit, steps } = setting;
  const size = UNITS[unit];
  const { path: visited, theta, ahead } = descent(p, start, rate, scale, steps, size);
  const q = visited.at(-1);
  const g = slope(p, q, scale, size);
  const stuck = steps >= visited.length || Math.abs(theta) === Infinity || Math.abs(g) === Infinity;
  const state = stuck ? "stopped" : Math.abs(ahead.next - theta) < 1e-6 ? "arrived" : "moving";
  return {
    ...setting,
    setting,
    limit: view.range("steps")[1],
    isLogit: scale === "logit",
    size,
    map: SCALES[scale],
    visited,
    theta,
    q,
    next: ahead,
    g,
    state,
    kl: klBernoulli(p, q) / size,
  };
}

// Why no step can be taken or the last one failed, in words.
function halt({ q, isLogit, next, g, steps, visited }) {
  if (isLogit) return `q = ${q} has no finite logit: no step leads away from it.`;
  if (Math.abs(g) === Infinity) return `At q = ${q} the slope is infinite: no step can be taken.`;
  return steps >= visited.length
    ? `Step ${visited.length} landed at q = ${short(next.next)}, no probability: descent stops.`
    : "";
}

function formula(m) {
  const {
    p,
    q,
    kl,
    unit,
    map: { letter },
    isLogit,
    g,
    rate,
    theta,
    next,
    steps,
  } = m;
  const P = (v) => sym("p", plain(v));
  const Q = (v) => sym("q", plain(v));
  const terms = klContributions([p, 1 - p], [q, 1 - q]).map((t) => t / m.size);
  const total =
    kl === Infinity
      ? [strong("∞"), `: q gives probability 0 to ${lost(p, q)}.`]
      : [
          P(p),
          " log ",
          P(p),
          "/",
          Q(q),
          " + ",
          P(1 - p),
          " log ",
          P(1 - p),
          "/",
          Q(1 - q),
          ` = ${number(terms[0])}${terms[1] < 0 ? " − " : " + "}${number(Math.abs(terms[1]))} = `,
          strong(`${number(kl)} ${unit}`),
        ];
  const bits = m.size === 1 ? "" : " / log 2";
  const rule = (b, a, rest) =>
    isLogit
      ? [b(), " − ", a()]
      : p === 0
        ? ["1/", rest()]
        : p === 1
          ? ["−1/", b()]
          : ["(", b(), " − ", a(), ") / (", b(), " · ", rest(), ")"];
  const by = [
    "slope dD/d",
    sym("q", letter),
    " = ",
    ...rule(
      () => sym("q"),
      () => sym("p"),
      () => h("span", {}, "(1 − ", sym("q"), ")"),
    ),
    bits,
    " = ",
    ...(Math.abs(g) === Infinity
      ? []
      : [
          ...rule(
            () => Q(q),
            () => P(p),
            () => Q(1 - q),
          ),
          bits,
          " = ",
        ]),
    strong(short(g)),
  ];
  const moved =
    m.state === "stopped"
      ? halt(m)
      : m.state === "arrived"
        ? `Arrived after ${m.visited.length - 1} steps: the next would be shorter than 0.000001.`
        : [
            `step ${m.visited.length}: next `,
            sym("q", letter),
            " = ",
            sym("q", letter),
            " − η · slope = ",
            Q(theta),
            ` − ${plain(rate)} · ${g < 0 ? `(${short(g)})` : short(g)} = `,
            strong(short(next.next)),
            isLogit ? `, which is q = ${short(next.q)}.` : next.ok ? "" : ", outside [0, 1].",
            isLogit && (p === 0 || p === 1)
              ? " No finite θ is the least: each step lowers D, and none is the last."
              : "",
            steps >= m.limit ? ` ${m.limit} steps are taken; the count ends here.` : "",
          ];
  return [
    h("p", {}, "D(", sym("p"), "‖", sym("q"), ") = ", ...total),
    h("p", {}, ...by),
    h("p", {}, ...[moved].flat()),
  ];
}

const line = (d, attrs) =>
  s("path", { fill: "none", stroke: EDGE, "stroke-width": 1.8, ...attrs, d });
// An arrow between points in pixels along one axis; two heads where it goes on beyond the frame.
function arrow([x, y], [u, v], beyond, attrs) {
  const [dx, dy] = [Math.sign(u - x), Math.sign(v - y)];
  const size = Math.min(5, Math.hypot(u - x, v - y));
  const head = (back) => {
    const [a, b] = [u - dx * back, v - dy * back];
    return (
      `M${a - size * (dx + dy)} ${b - size * (dy + dx)}L${a} ` +
      `${b}L${a - size * (dx - dy)} ${b - size * (dy - dx)}`
    );
  };
  return line(`M${x} ${y}L${u} ${v}${head(0)}${beyond ? head(6) : ""}`, attrs);
}

function axis(chart, layer, { ticks, name }, named) {
  const foot = chart.sy(chart.y[0]);
  layer.replaceChildren(
    ...xLabels(chart, ticks, plain),
    named ? text(chart.width - 14, foot + 36, name, { "text-anchor": "end" }) : "",
  );
}

// The valley: curve, tangent, what was visited, the next step, and p and q as handles.
function valley(chart, view) {
  const [axes, curves, trail] = [
    chart.layer("kl-axes"),
    chart.layer("kl-lines", true),
    chart.layer("kl-trail"),
  ];
  const handles = pins(chart.layer("kl-marks"));
  const to = (x) => SCALES[view.get("scale")].back(hold(chart.x, x));
  drag(handles.truth, chart, (x) => view.set({ p: cents([0, 1], to(x)) }));
  drag(handles.point, chart, (x) =>
    view.put(view.get("scale") === "logit" ? Number(to(x).toPrecision(3)) : cents([0, 1], x)),
  );
  return (m) => {
    const { map, kl, g, size } = m;
    Object.assign(chart, { x: map.range, yName: `D(p‖q), ${m.unit}` });
    chart.layout();
    axis(chart, axes, map, false);
    const loss = (q) => Math.min(TOP, klBernoulli(m.p, q) / size);
    const spot = (q) => [chart.sx(hold(chart.x, map.of(q))), chart.sy(loss(q))];
    const here = hold(chart.x, m.theta);
    // path() would bend a line that leaves the frame by far.
    const far = Math.min(14, 3 / Math.abs(g));
    const flat = kl <= TOP && Number.isFinite(g) && here === m.theta;
    curves.replaceChildren(
      path(
        chart,
        map.grid.map((v) => [v, klBernoulli(m.p, map.back(v)) / size]),
        { class: "kl-forward" },
      ),
      flat
        ? path(
            chart,
            [-far, far].map((d) => [here + d, kl + g * d]),
            { class: "kl-reverse" },
          )
        : "",
    );
    const seen = m.visited.map(spot);
    const [x, y] = seen.at(-1);
    const goal = Number.isNaN(m.next.next) ? here : m.next.next;
    const end = hold(chart.x, goal);
    trail.replaceChildren(
      line(`M${seen.join("L")}`, { stroke: Q, "stroke-width": 1.4 }),
      ...seen.slice(1, -1).map(([cx, cy]) => s("circle", { cx, cy, r: 3.5, fill: Q })),
      seen.length < 2
        ? ""
        : s("circle", {
            cx: seen[0][0],
            cy: seen[0][1],
            r: 5,
            fill: CARD,
            stroke: Q,
            "stroke-width": 2,
          }),
      Number.isFinite(goal) && Math.abs(chart.sx(end) - x) > 1
        ? arrow([x, y], [chart.sx(end), y], end !== goal, { stroke: INK, "stroke-width": 2.2 })
        : "",
      end !== goal && Number.isFinite(goal)
        ? text(chart.sx(end) + (goal > end ? -6 : 6), y + 20, `to ${map.letter} = ${short(goal)}`, {
            class: "kl-strong",
            "text-anchor": goal > end ? "end" : "start",
          })
        : "",
    );
    const left = m.q > m.p ? x > 140 : x > chart.width - 90; // over the inside of the valley
    pin(handles, chart, { flag: hold(chart.x, map.of(m.p)), x, y, kl, left, drop: 40 });
  };
}

// The slopes, all on one scale: in q they grow without bound, in the logit they are q − p.
function slopes(chart) {
  const [axes, curves, arrows] = [
    chart.layer("kl-axes"),
    chart.layer("kl-lines", true),
    chart.layer("kl-arrows"),
  ];
  return ({ p, scale, map, size, theta, g }) => {
    Object.assign(chart, { x: map.range, yName: `slope dD/d${map.letter}` });
    chart.layout();
    axis(chart, axes, map, true);
    const f = (v) => slope(p, map.back(v), scale, size);
    const draw = (v, value, attrs) => {
      const x = chart.sx(hold(chart.x, v));
      return arrow(
        [x, chart.sy(0)],
        [x, chart.sy(hold([-STEEP, STEEP], value))],
        Math.abs(value) > STEEP,
        attrs,
      );
    };
    curves.replaceChildren(
      path(
        chart,
        map.grid.map((v) => [v, hold([-9, 9], f(v))]),
        { stroke: EDGE, "stroke-dasharray": "2 3" },
      ),
    );
    const edge = (v, anchor, x) =>
      text(
        x,
        chart.sy(0) + (f(v) < 0 ? -8 : 18),
        short(f(v)) + (chart.width < 420 ? "" : ` at ${map.letter} = ${plain(v)}`),
        { "text-anchor": anchor },
      );
    arrows.replaceChildren(
      ...map.places.map((v) => draw(v, f(v))),
      draw(theta, g, { stroke: Q, "stroke-width": 3.4 }),
      edge(map.places[0], "start", chart.sx(chart.x[0]) + 2),
      edge(map.places.at(-1), "end", chart.width - 14),
    );
  };
}

function render(context) {
  const above = plot({
    x: [0, 1],
    y: [0, TOP],
    yTicks: [0, 1, 2],
    height: 230,
    bottom: 24,
    yName: " ",
    label:
      "Divergence of Bernoulli p from Bernoulli q over q or its logit: a valley with its " +
      "floor at p, the tangent at q, the points visited and where the next step leads",
  });
  const below = plot({
    x: [0, 1],
    y: [-STEEP, STEEP],
    yTicks: [-3, 0, 3],
    base: 0,
    height: 190,
    yName: " ",
    label:
      "The slope of the divergence as arrows at thirteen places, and in " +
      "colour at q; two heads where an arrow goes on beyond the frame",
  });
  const view = canvas(context, { name: "LossLandscape", plots: [above, below] });
  const spoken = (name) => (v) => {
    const m = measure(view);
    return (
      `${name} = ${plain(v)}; divergence ` +
      `${m.kl === Infinity ? "infinite" : `${number(m.kl)} ${m.unit}`}, ` +
      `slope ${m.g === Infinity || m.g === -Infinity ? "infinite" : short(m.g)}`
    );
  };
  view.put = (start) => view.set({ start, steps: 0 });
  const sliders = [
    slider({ name: "p", hue: "p", ...view.trait("p"), says: spoken("p") }),
    slider({
      name: "q",
      hue: "q",
      ...view.trait("start"),
      get: () => measure(view).q,
      set: view.put,
      says: spoken("q"),
    }),
    slider({ name: "rate", symbol: "η", hue: "edge", ...view.trait("rate"), says: spoken("rate") }),
  ];
  const scale = choice({
    name: "parameter",
    options: [
      ["probability", "in q"],
      ["logit", "in its logit"],
    ],
    ...view.trait("scale"),
  });
  const unit = unitChoice(view);
  const step = () => {
    const { state, steps, next, limit } = measure(view);
    if (state !== "moving" || steps >= limit) return false;
    view.set({ steps: steps + 1 });
    return next.ok;
  };
  const walk = player({ step, limit: view.range("steps")[1], pace: 5, signal: context.signal });
  walk.el.append(
    button("Back", () => {
      walk.stop();
      view.set({ steps: 0 });
    }),
  );
  const [show, field] = [valley(above, view), slopes(below)];
  view.compose(
    above.svg,
    below.svg,
    controls(row(scale.el, unit.el, walk.el), ...sliders.map((c) => c.el)),
    view.formula,
    view.presets(PRESETS),
  );

  let [origin, taken] = ["", 0];
  return view.run(() => {
    const m = measure(view);
    const now = JSON.stringify([m.p, m.start, m.scale]);
    if (now !== origin || m.steps < taken) walk.stop();
    [origin, taken] = [now, m.steps];
    [...sliders, scale, unit].forEach((c) => c.update());
    show(m);
    field(m);
    view.formula.replaceChildren(...formula(m));
    view.show(
      {
        ...m.setting,
        q: m.q,
        theta: m.theta,
        kl: m.kl,
        gradient: m.g,
        path: m.visited,
        state: m.state,
      },
      `q ${plain(m.q)} after ${m.visited.length - 1} steps. Divergence ` +
        `${m.kl === Infinity ? "infinite" : `${number(m.kl)} ${m.unit}`}, ` +
        `slope ${short(m.g)}. ${m.state === "stopped" ? halt(m) : ""}`,
    );
  });
}

export default { render, refuses };
