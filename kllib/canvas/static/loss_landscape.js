// D(Bern(p) ‖ Bern(q)) as a loss over q or over its logit: slopes, the tangent, descent by steps.
import { descend, descent, klBernoulli, logitOf, sigmoid, slope, term } from "./kl.js";
import { player } from "./play.js";
import { UNITS, UNIT_CHOICE, button, canvas, choice, drag, h, number, path, plain, plot, s, slider, sym, within } from "./core.js";

const TRAITS = ["p", "start", "rate", "scale", "unit", "steps"];
const [TOP, STEEP, LIMIT] = [2, 3, 400];
const RATE = [0.01, 2];
const at = (p, start, rate, scale = "probability") => ({ p, start, rate, scale, steps: 0 });
const PRESETS = [
  ["calm", at(0.2, 0.5, 0.05)], ["cliff at q → 0", at(0.2, 0.01, 0.04)], ["to and fro", at(0.5, 0.75, 0.35)],
  ["too large a step", at(0.2, 0.9, 0.15)], ["the same in the logit", at(0.2, 0.9, 0.15, "logit")],
  ["p = 0: no least logit", at(0, 0.5, 2, "logit")],
];
const even = (a, b, n) => Array.from({ length: n }, (_, i) => a + ((b - a) * i) / (n - 1));
const SCALES = {
  probability: {
    letter: "q", name: "q, what the model believes", range: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], of: (q) => q, back: (q) => q,
    grid: even(0, Math.PI / 2, 301).map((v) => Math.sin(v) ** 2), places: [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98],
  },
  logit: { letter: "θ", name: "θ = log q/(1 − q)", range: [-7, 7], ticks: [-6, -4, -2, 0, 2, 4, 6], of: logitOf, back: sigmoid, grid: even(-7, 7, 281), places: even(-6, 6, 13) },
};
const hold = ([a, b], v) => Math.min(b, Math.max(a, v));
const short = (v) => (Math.abs(v) === Infinity ? number(v) : plain(Number(v.toPrecision(3))));
const cents = (v) => hold([0, 1], Math.round(v * 100) / 100);

function measure(view) {
  const [p, start, rate, scale, unit, steps] = TRAITS.map(view.get);
  const [logit, size, map] = [scale === "logit", UNITS[unit], SCALES[scale]];
  const { path: visited, theta } = descent(p, start, rate, logit, steps, size);
  const q = visited.at(-1);
  const next = descend(p, theta, rate, logit, size);
  const g = slope(p, q, logit, size);
  const state = steps >= visited.length || Math.abs(theta) === Infinity || Math.abs(g) === Infinity ? "stopped" : Math.abs(next.next - theta) < 1e-6 ? "arrived" : "moving";
  return { p, start, rate, scale, unit, steps, logit, size, map, visited, theta, q, next, g, state, kl: klBernoulli(p, q) / size };
}

// Why no step can be taken or the last one failed, in words.
function halt({ q, logit, next, g, steps, visited }) {
  if (logit) return `q = ${q} has no finite logit: no step leads away from it.`;
  if (Math.abs(g) === Infinity) return `At q = ${q} the slope is infinite: no step can be taken.`;
  return steps >= visited.length ? `Step ${visited.length} landed at q = ${short(next.next)}, no probability: descent stops.` : "";
}

function formula(m) {
  const { p, q, kl, unit, map: { letter }, logit, g, rate, theta, next, steps } = m;
  const P = (v) => sym("p", plain(v));
  const Q = (v) => sym("q", plain(v));
  const terms = [term(p, q), term(1 - p, 1 - q)].map((t) => t / m.size);
  const lost = q === 0 ? `a one, which p produces with probability ${plain(p)}` : `a zero, which p produces with probability ${plain(1 - p)}`;
  const total = kl === Infinity ? [h("strong", {}, "∞"), `: q gives probability 0 to ${lost}.`]
    : [P(p), " log ", P(p), "/", Q(q), " + ", P(1 - p), " log ", P(1 - p), "/", Q(1 - q), ` = ${number(terms[0])}${terms[1] < 0 ? " − " : " + "}${number(Math.abs(terms[1]))} = `, h("strong", {}, `${number(kl)} ${unit}`)];
  const bits = m.size === 1 ? "" : " / log 2";
  const rule = (b, a, rest) => (logit ? [b(), " − ", a()] : p === 0 ? ["1/", rest()] : p === 1 ? ["−1/", b()] : ["(", b(), " − ", a(), ") / (", b(), " · ", rest(), ")"]);
  const by = ["slope dD/d", sym("q", letter), " = ", ...rule(() => sym("q"), () => sym("p"), () => h("span", {}, "(1 − ", sym("q"), ")")), bits, " = ",
    ...(Math.abs(g) === Infinity ? [] : [...rule(() => Q(q), () => P(p), () => Q(1 - q)), bits, " = "]), h("strong", {}, short(g))];
  const moved = m.state === "stopped" ? halt(m) : m.state === "arrived" ? `Arrived after ${m.visited.length - 1} steps: the next would be shorter than 0.000001.`
    : [`step ${m.visited.length}: next `, sym("q", letter), " = ", sym("q", letter), " − η · slope = ", Q(theta), ` − ${plain(rate)} · ${g < 0 ? `(${short(g)})` : short(g)} = `, h("strong", {}, short(next.next)), logit ? `, which is q = ${short(next.q)}.` : next.ok ? "" : ", outside [0, 1].",
      logit && (p === 0 || p === 1) ? " No finite θ is the least: each step lowers D, and none is the last." : "", steps >= LIMIT ? ` ${LIMIT} steps are taken; the count ends here.` : ""];
  return [h("p", {}, "D(", sym("p"), "‖", sym("q"), ") = ", ...total), h("p", {}, ...by), h("p", {}, ...[moved].flat())];
}

const line = (d, attrs) => s("path", { fill: "none", stroke: "var(--kl-edge)", "stroke-width": 1.8, ...attrs, d });
// An arrow between points in pixels along one axis; two heads where it goes on beyond the frame.
function arrow([x, y], [u, v], beyond, attrs) {
  const [dx, dy] = [Math.sign(u - x), Math.sign(v - y)];
  const size = Math.min(5, Math.hypot(u - x, v - y));
  const head = (back) => { const [a, b] = [u - dx * back, v - dy * back]; return `M${a - size * (dx + dy)} ${b - size * (dy + dx)}L${a} ${b}L${a - size * (dx - dy)} ${b - size * (dy - dx)}`; };
  return line(`M${x} ${y}L${u} ${v}${head(0)}${beyond ? head(6) : ""}`, attrs);
}

function axis(chart, layer, { ticks, name }, named) {
  const foot = chart.sy(chart.y[0]);
  layer.replaceChildren(...ticks.map((t) => s("text", { x: chart.sx(t), y: foot + 18, "text-anchor": "middle" }, plain(t))),
    named ? s("text", { x: chart.width - 14, y: foot + 36, "text-anchor": "end" }, name) : "");
}

// The valley: curve, tangent, what was visited, the next step, and p and q as handles.
function valley(chart, view) {
  const [axes, curves, trail] = [chart.layer("kl-axes"), chart.layer("kl-lines", true), chart.layer("kl-trail")];
  const marks = chart.layer("kl-marks");
  const truth = s("g", { class: "kl-true" }, s("line", {}), s("circle", { class: "kl-reach", r: 16 }), s("path", { d: "M-8 -11 L8 -11 L0 2Z" }), s("text", { y: 2 }, "p"));
  const point = s("g", { class: "kl-point" }, s("circle", { class: "kl-reach", r: 18 }), s("path", {}));
  const value = s("text", { class: "kl-value" });
  marks.append(truth, point, value);
  const to = (x) => SCALES[view.get("scale")].back(hold(chart.x, x));
  drag(truth, chart, (x) => view.set({ p: cents(to(x)) }));
  drag(point, chart, (x) => view.put(view.get("scale") === "logit" ? Number(to(x).toPrecision(3)) : cents(x)));
  return (m) => {
    const { map, kl, g, size } = m;
    Object.assign(chart, { x: map.range, yName: `D(p‖q), ${m.unit}` });
    chart.layout();
    axis(chart, axes, map, false);
    const loss = (q) => Math.min(TOP, klBernoulli(m.p, q) / size);
    const spot = (q) => [chart.sx(hold(chart.x, map.of(q))), chart.sy(loss(q))];
    const here = hold(chart.x, m.theta);
    const far = Math.min(14, 3 / Math.abs(g)); // path() would bend a line that leaves the frame by far
    const flat = kl <= TOP && Number.isFinite(g) && here === m.theta;
    curves.replaceChildren(path(chart, map.grid.map((v) => [v, klBernoulli(m.p, map.back(v)) / size]), { class: "kl-forward" }),
      flat ? path(chart, [-far, far].map((d) => [here + d, kl + g * d]), { class: "kl-reverse" }) : "");
    const seen = m.visited.map(spot);
    const [x, y] = seen.at(-1);
    const goal = Number.isNaN(m.next.next) ? here : m.next.next;
    const end = hold(chart.x, goal);
    trail.replaceChildren(line(`M${seen.join("L")}`, { stroke: "var(--kl-q)", "stroke-width": 1.4 }),
      ...seen.slice(1, -1).map(([cx, cy]) => s("circle", { cx, cy, r: 3.5, fill: "var(--kl-q)" })),
      seen.length < 2 ? "" : s("circle", { cx: seen[0][0], cy: seen[0][1], r: 5, fill: "var(--kl-card)", stroke: "var(--kl-q)", "stroke-width": 2 }),
      Number.isFinite(goal) && Math.abs(chart.sx(end) - x) > 1 ? arrow([x, y], [chart.sx(end), y], end !== goal, { stroke: "var(--kl-ink)", "stroke-width": 2.2 }) : "",
      end !== goal && Number.isFinite(goal) ? s("text", { class: "kl-strong", x: chart.sx(end) + (goal > end ? -6 : 6), y: y + 20, "text-anchor": goal > end ? "end" : "start" }, `to ${map.letter} = ${short(goal)}`) : "");
    seat(chart, { truth, point, value }, m, [x, y]);
  };
}

function seat(chart, { truth, point, value }, { p, q, kl, map }, [x, y]) {
  const [roof, foot, place] = [chart.sy(TOP), chart.sy(0), hold(chart.x, map.of(p))];
  truth.setAttribute("transform", `translate(${chart.sx(place)} ${roof})`);
  truth.firstChild.setAttribute("y2", foot - roof);
  truth.lastChild.setAttribute("x", place > chart.x[1] * 0.9 ? -20 : 12);
  point.setAttribute("transform", `translate(${x} ${y})`);
  point.lastChild.setAttribute("d", kl > TOP ? "M-9 10 L0 -6 L9 10Z" : "M-8 0 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0Z");
  const left = q > p ? x > 140 : x > chart.width - 90; // over the inside of the valley
  for (const [k, v] of Object.entries({ x: x + (left ? -14 : 14), y: kl > TOP * 0.9 ? y + 40 : y - 10, "text-anchor": left ? "end" : "start" })) value.setAttribute(k, v);
  value.textContent = kl === Infinity ? "∞" : kl > TOP ? `${number(kl)}, above the frame` : number(kl);
}

// The slopes, all on one scale: in q they grow without bound, in the logit they are q − p.
function slopes(chart) {
  const [axes, curves, arrows] = [chart.layer("kl-axes"), chart.layer("kl-lines", true), chart.layer("kl-arrows")];
  return ({ p, map, logit, size, theta, g }) => {
    Object.assign(chart, { x: map.range, yName: `slope dD/d${map.letter}` });
    chart.layout();
    axis(chart, axes, map, true);
    const f = (v) => slope(p, map.back(v), logit, size);
    const draw = (v, value, attrs) => { const x = chart.sx(hold(chart.x, v)); return arrow([x, chart.sy(0)], [x, chart.sy(hold([-STEEP, STEEP], value))], Math.abs(value) > STEEP, attrs); };
    curves.replaceChildren(path(chart, map.grid.map((v) => [v, hold([-9, 9], f(v))]), { stroke: "var(--kl-edge)", "stroke-dasharray": "2 3" }));
    const edge = (v, anchor, x) => s("text", { x, y: chart.sy(0) + (f(v) < 0 ? -8 : 18), "text-anchor": anchor }, short(f(v)) + (chart.width < 420 ? "" : ` at ${map.letter} = ${plain(v)}`));
    arrows.replaceChildren(...map.places.map((v) => draw(v, f(v))), draw(theta, g, { stroke: "var(--kl-q)", "stroke-width": 3.4 }),
      edge(map.places[0], "start", chart.sx(chart.x[0]) + 2), edge(map.places.at(-1), "end", chart.width - 14));
  };
}

function render(context) {
  const above = plot({ x: [0, 1], y: [0, TOP], yTicks: [0, 1, 2], height: 230, bottom: 24, yName: " ", label: "Divergence of Bernoulli p from Bernoulli q over q or its logit: a valley with its floor at p, the tangent at q, the points visited and where the next step leads" });
  const below = plot({ x: [0, 1], y: [-STEEP, STEEP], yTicks: [-3, 0, 3], base: 0, height: 190, yName: " ", label: "The slope of the divergence as arrows at thirteen places, and in colour at q; two heads where an arrow goes on beyond the frame" });
  const view = canvas(context, { name: "LossLandscape", traits: TRAITS, plots: [above, below] });
  const spoken = (name) => (v) => { const m = measure(view); return `${name} = ${plain(v)}; divergence ${m.kl === Infinity ? "infinite" : `${number(m.kl)} ${m.unit}`}, slope ${m.g === Infinity || m.g === -Infinity ? "infinite" : short(m.g)}`; };
  view.put = (start) => view.set({ start, steps: 0 });
  const sliders = [
    slider({ name: "p", hue: "p", ...view.trait("p"), says: spoken("p") }),
    slider({ name: "q", hue: "q", get: () => measure(view).q, set: view.put, says: spoken("q") }),
    slider({ name: "rate", symbol: "η", min: RATE[0], max: RATE[1], ...view.trait("rate"), says: spoken("rate") }),
  ];
  sliders[2].range.style.accentColor = "var(--kl-edge)"; // neither p's colour nor q's
  const scale = choice({ name: "parameter", options: [["probability", "in q"], ["logit", "in its logit"]], ...view.trait("scale") });
  const unit = choice({ name: "unit", options: UNIT_CHOICE, ...view.trait("unit") });
  const step = () => {
    const { state, steps, next } = measure(view);
    if (state !== "moving" || steps >= LIMIT) return false;
    view.set({ steps: steps + 1 });
    return next.ok;
  };
  const walk = player({ step, limit: LIMIT, pace: 5, signal: context.signal });
  walk.el.append(button("Back", () => { walk.stop(); view.set({ steps: 0 }); }));
  const [show, field] = [valley(above, view), slopes(below)];
  view.compose(above.svg, below.svg, h("div", { class: "kl-controls" }, h("div", { class: "kl-row" }, scale.el, unit.el, walk.el), ...sliders.map((c) => c.el)), view.formula, view.presets(PRESETS));

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
    view.show({ ...Object.fromEntries(TRAITS.map((t) => [t, m[t]])), q: m.q, theta: m.theta, kl: m.kl, gradient: m.g, path: m.visited, state: m.state },
      `q ${plain(m.q)} after ${m.visited.length - 1} steps. Divergence ${m.kl === Infinity ? "infinite" : `${number(m.kl)} ${m.unit}`}, slope ${short(m.g)}. ${m.state === "stopped" ? halt(m) : ""}`);
  });
}

const refuses = ({ p = 0, start = 0, rate = 1, scale = "logit", unit = "nats", steps = 0 }) =>
  (!within(p, 0, 1) && "p lies in [0, 1]") || (!within(start, 0, 1) && "start lies in [0, 1]") || (!within(rate, ...RATE) && "rate lies in [0.01, 2]")
  || (!(scale in SCALES) && "the scale is probability or logit") || (!(unit in UNITS) && "the unit is nats or bits") || (!(within(steps, 0, LIMIT) && Number.isInteger(steps)) && "steps: 0 to 400");
export default { render, refuses };
