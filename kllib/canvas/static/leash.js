// E r - beta D(π‖reference): the tilted optimum, and training with the true gradient or with k3 in the loss.
import { klDivergence, sum, withShare } from "./kl.js";
import { pulled, tilt, train } from "./tilt.js";
import { player } from "./play.js";
import { button, canvas, choice, drag, h, number, path, plain, plot, rect, s, slider, sym, within } from "./core.js";

const TRAITS = ["reference", "rewards", "beta", "start", "penalty", "steps"];
const NAMES = ["A", "B", "C"];
const [BETA, REWARD, LIMIT, RARE] = [[0.05, 20], [-3, 3], 400, [0.6, 0.39, 0.01]];
const PENALTIES = { exact: "true gradient", k3: "k3 in the loss" };
const at = (beta, penalty = "exact", reference = [0.5, 0.3, 0.2]) => ({ reference, rewards: [0, 1, 2], beta, start: reference, penalty, steps: 0 });
const PRESETS = [["loose", at(0.3)], ["tight", at(5)], ["β → 0: argmax", at(0.05)], ["C is rare", at(0.5, "exact", RARE)], ["k3 in the loss", at(0.5, "k3", RARE)]];
const BETAS = Array.from({ length: 121 }, (_, i) => BETA[0] * (BETA[1] / BETA[0]) ** (i / 120));
const [INK, EDGE, P, Q, CARD] = ["ink", "edge", "p", "q", "card"].map((name) => `var(--kl-${name})`);
const HALO = { "paint-order": "stroke", stroke: CARD, "stroke-width": 4, "stroke-linejoin": "round" };
const hold = ([a, b], v) => Math.min(b, Math.max(a, v));
const cents = (range, v) => hold(range, Math.round(v * 100) / 100);
const text = (x, y, words, attrs = {}) => s("text", { x, y, ...attrs }, words);
function ticks(a, b) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 20, 100].find((k) => (b - a) / k < 5) ?? 500;
  return Array.from({ length: Math.floor(b / step) - Math.ceil(a / step) + 1 }, (_, i) => (Math.ceil(a / step) + i) * step);
}
const triple = (values) => `(${values.map((v) => number(v)).join(", ")})`;
const times = (beta, v) => `${plain(beta)} · ${number(v)}`;

// All steps are taken once for a setting; `steps` says how far along them the policy is.
function measure(view) {
  const [reference, rewards, beta, start, penalty, steps] = TRAITS.map(view.get);
  const stand = (policy) => {
    const [reward, kl] = [sum(policy.map((v, i) => v * rewards[i])), klDivergence(policy, reference)];
    return { policy, reward, kl, objective: reward - beta * kl };
  };
  const { policy: best, logZ } = tilt(reference, rewards, beta);
  const key = JSON.stringify([reference, rewards, beta, start, penalty]);
  if (view.key !== key) Object.assign(view, { key, visited: train(reference, rewards, beta, penalty, start, LIMIT + 1) });
  const { visited } = view;
  const taken = Math.min(steps, visited.length - 1);
  const policy = visited[taken];
  const next = visited[taken + 1];
  const state = !next ? "stopped" : next.every((v, i) => Math.abs(v - policy[i]) < 1e-7) ? "arrived" : "moving";
  return { reference, rewards, beta, start, penalty, steps, stand, logZ, state, bound: beta * logZ, tilted: stand(best), end: stand(pulled(reference, rewards, beta)), now: stand(policy), path: visited.slice(0, taken + 1).map(stand) };
}

const square = (node, x, y) => node.setAttribute("transform", `translate(${x} ${y})`);
const grip = (layer, mark, cls = "") => layer.appendChild(s("g", { class: cls }, s("circle", { class: "kl-reach", r: 14 }), mark));

// Per answer the reference, π*, where k3 ends, and the policy, which is dragged like the reference.
function bars(chart, view) {
  const [solid, names, handles] = [chart.layer("kl-bars"), chart.layer("kl-names"), chart.layer("kl-handles")];
  const marks = NAMES.map((_, i) => {
    const [ref, own] = [grip(handles, s("rect", { class: "kl-grip", x: -9, y: -3.5, width: 18, height: 7, rx: 3 })), grip(handles, s("circle", { r: 8, fill: INK, stroke: CARD, "stroke-width": 2 }))];
    drag(ref, chart, (_, y) => view.refer(withShare(view.get("reference"), i, cents([0, 1], y))));
    drag(own, chart, (_, y) => view.put(withShare(view.m.now.policy, i, cents([0, 1], y))));
    return [ref, own];
  });
  const name = (cls, words) => s("tspan", { class: cls, dx: 9 }, words);
  return (m) => {
    solid.replaceChildren(...NAMES.flatMap((_, i) => [
      ...[[m.reference, { fill: chart.hatch, stroke: Q }], [m.tilted.policy, { fill: P }], [m.end.policy, { fill: CARD, stroke: EDGE, "stroke-dasharray": "3 2" }]].map(([shares, attrs], k) =>
        rect(chart, [i + 0.06 + 0.24 * k, i + 0.28 + 0.24 * k], [0, shares[i]], { "stroke-width": 1.5, ...attrs })),
      s("line", { x1: chart.sx(i + 0.87), x2: chart.sx(i + 0.87), y1: chart.sy(0), y2: chart.sy(m.now.policy[i]), stroke: INK, "stroke-width": 3 })]));
    names.replaceChildren(s("text", { x: 5, y: 12 }, name("kl-name-q", "▨ reference"), name("kl-name-p", "▮ π*"), name("", "▯ k3's end"), name("kl-strong", "● π")),
      ...NAMES.map((letter, i) => text(chart.sx(i + 0.41), chart.sy(0) + 18, letter, { class: "kl-strong", "text-anchor": "middle" })));
    marks.forEach(([ref, own], i) => { square(ref, chart.sx(i + 0.17), chart.sy(m.reference[i])); square(own, chart.sx(i + 0.87), chart.sy(m.now.policy[i])); });
  };
}

function rewards(chart, view) {
  const [stems, handles] = [chart.layer("kl-bars"), chart.layer("kl-handles")];
  const marks = NAMES.map((_, i) => {
    const mark = grip(handles, s("rect", { class: "kl-grip", x: -9, y: -4, width: 18, height: 8, rx: 3 }));
    drag(mark, chart, (_, y) => view.set({ rewards: view.get("rewards").map((r, j) => (j === i ? hold(REWARD, Math.round(10 * y) / 10) : r)), steps: 0 }));
    return mark;
  });
  return (m) => {
    stems.replaceChildren(...m.rewards.flatMap((r, i) => [s("line", { x1: chart.sx(i + 0.41), x2: chart.sx(i + 0.41), y1: chart.sy(0), y2: chart.sy(r), stroke: EDGE, "stroke-width": 3 }),
      text(chart.sx(i + 0.41) + 15, chart.sy(r) + 5, plain(r), { class: "kl-strong" })]));
    marks.forEach((mark, i) => square(mark, chart.sx(i + 0.41), chart.sy(m.rewards[i])));
  };
}

// Reward over divergence: what π* reaches for every beta, where k3 ends, and the way of the policy.
function frontier(chart) {
  const [axes, lines, marks] = [chart.layer("kl-axes"), chart.layer("kl-lines", true), chart.layer("kl-marks")];
  const disc = (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  return (m) => {
    const { reference, tilted, end, now, beta, stand } = m;
    const finite = (list) => list.filter(({ kl }) => kl < Infinity);
    const [best, other] = [(b) => tilt(reference, m.rewards, b).policy, (b) => pulled(reference, m.rewards, b)].map((rule) => finite(BETAS.map((b) => stand(rule(b)))));
    const [seen, base] = [finite(m.path), stand(reference)];
    const heights = [...best, ...seen, base].map((each) => each.reward);
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    const size = 1.4 * (high - low) || 1;
    const [up, back] = [(v) => (v - low) / size + 0.2, (y) => low + (y - 0.2) * size];
    chart.x = [0, Math.max(0.3, ...[...best, ...seen].map(({ kl }) => 1.12 * kl))];
    chart.layout();
    axes.replaceChildren(...ticks(...chart.x).map((t) => text(chart.sx(t), chart.sy(0) + 18, plain(t), { "text-anchor": "middle" })),
      ...ticks(back(0), back(1)).map((t) => text(40, chart.sy(up(t)) + 4, plain(t), { "text-anchor": "end" })));
    // Policies of equal objective lie on a line of slope beta; π*'s just touches the curve.
    const level = [0, 1].map((y) => { const kl = hold(chart.x, tilted.kl + (back(y) - tilted.reward) / beta); return { kl, reward: tilted.reward + beta * (kl - tilted.kl) }; });
    const curve = (points, stroke, attrs) => path(chart, points.map(({ kl, reward }) => [kl, up(reward)]), { stroke, "stroke-width": 1.5, ...attrs });
    lines.replaceChildren(curve(level, INK, { "stroke-dasharray": "2 3" }), curve(other, EDGE, { "stroke-width": 2, "stroke-dasharray": "7 4" }), curve(best, P, { "stroke-width": 3 }));
    const dot = ({ kl, reward }, d, fill, stroke = CARD, words = "", cls = "", dy = 20) => {
      if (kl === Infinity) return [];
      const [x, y, left] = [chart.sx(kl), chart.sy(up(reward)), kl > 0.7 * chart.x[1]];
      return [s("path", { d, fill, stroke, "stroke-width": 2, transform: `translate(${x} ${y})` }), text(x + (left ? -8 : 8), y + dy, words, { class: cls, "text-anchor": left ? "end" : "start", ...HALO })];
    };
    const trail = seen.map(({ kl, reward }) => `M${chart.sx(kl)} ${chart.sy(up(reward))}m${disc(3).slice(1)}`);
    marks.replaceChildren(s("path", { d: trail.join(""), fill: INK }), ...dot(base, "M-6 -6H6V6H-6Z", CARD, Q, "reference", "kl-name-q"), ...dot(tilted, disc(8), P, CARD, "π*", "kl-name-p", -12), ...dot(end, "M0 -8L8 0L0 8L-8 0Z", CARD, EDGE, "k3's end"), ...dot(now, disc(6), INK),
      now.kl < Infinity ? "" : text(chart.width - 16, chart.sy(0.9), "π: D = ∞ →", { class: "kl-strong", "text-anchor": "end", ...HALO }));
  };
}

function remark({ now, end, bound, reference, penalty, state, steps }) {
  const some = (test) => NAMES.filter((_, i) => test(now.policy[i], reference[i])).join(" and ");
  const [free, still, loss] = [some((p, q) => p > 0 && q === 0), some((p) => p === 0), number(bound - end.objective)];
  const said = [];
  if (free) said.push(`π gives ${free} a probability, the reference none: D(π‖ref) = ∞. ${penalty === "exact" ? "No step can be taken." : "k3's gradient does not notice."}`);
  if (still) said.push(`No gradient moves a logit from −∞: ${still} keeps probability 0.`);
  else if (state === "arrived") said.push(`Arrived after ${steps} steps.`);
  else if (steps >= LIMIT) said.push(`${LIMIT} steps: the count ends here. A logit's gradient carries its probability: rare answers are slow.`);
  if (penalty === "k3" && !still) said.push(`k3 in the loss pulls with the gradient of D(ref‖π), and ends at ${triple(end.policy)}: ${loss} below the best.`);
  else if (state === "moving" && !still) said.push(`The true gradient leads to π*; k3 in the loss would end ${loss} below it.`);
  return said.join(" ");
}

function formula(m) {
  const { tilted, now, beta, logZ, bound } = m;
  const [star, own, ref] = [["p", "π*"], ["ink", "π"], ["q", "ref"]].map((a) => () => sym(...a));
  return [
    h("p", {}, star(), " ∝ ", ref(), " · exp(r/β) = ", sym("p", triple(tilted.policy))),
    h("p", {}, "E r − β D(", star(), "‖", ref(), ") = ", `${number(tilted.reward)} − ${times(beta, tilted.kl)} = `, h("strong", {}, number(bound)), ` = β log Z = ${times(beta, logZ)}`),
    h("p", {}, "E r − β D(", own(), "‖", ref(), ") = ", `${number(now.reward)} − ${times(beta, now.kl)} = `, h("strong", {}, number(now.objective)), ", which is β D(", own(), "‖", star(), `) = ${number(bound - now.objective)} less`),
    h("p", {}, remark(m)),
  ];
}

// Rows of three: what the reference, the rewards and the policy are at A, B and C.
function controls(view) {
  const said = () => { const { m } = view; return `best ${number(m.bound)}, the policy's ${number(m.now.objective)}`; };
  const make = (name, hue, [min, max], step, get, set) => NAMES.map((letter, i) => slider({ name: `${name} of ${letter}`, hue, tight: true, min, max, step, get: () => get()[i], set: (v) => set(i, v), says: (v) => `${name} of ${letter} ${plain(v)}; ${said()}` }));
  const swap = (i, v) => view.set({ rewards: view.get("rewards").map((r, j) => (j === i ? v : r)), steps: 0 });
  const policy = () => view.m.now.policy;
  const sets = [
    [sym("q", "ref"), make("reference", "q", [0, 1], 0.01, () => view.get("reference"), (i, v) => view.refer(withShare(view.get("reference"), i, v)))],
    ["r", make("reward", null, REWARD, 0.1, () => view.get("rewards"), swap)],
    ["π", make("policy", null, [0, 1], 0.01, policy, (i, v) => view.put(withShare(policy(), i, v)))],
  ];
  [...sets[1][1], ...sets[2][1]].forEach((c) => { c.range.style.accentColor = EDGE; });
  const rows = sets.map(([end, list]) => h("div", { class: "kl-columns", style: "grid-template-columns: repeat(3, 1fr) 1.7em; align-items: center" }, ...list.map((c) => c.el), h("span", {}, end)));
  // The range is logarithmic, and the box beside it takes beta itself.
  const beta = slider({ name: "beta", symbol: "β", min: BETA[0], max: BETA[1], get: () => view.get("beta"), set: (v) => view.set({ beta: v, steps: 0 }), says: plain });
  const log = slider({ name: "beta", tight: true, min: Math.log10(BETA[0]), max: Math.log10(BETA[1]), step: 0.02, get: () => Math.log10(view.get("beta")), set: (v) => view.set({ beta: hold(BETA, Number((10 ** v).toPrecision(3))), steps: 0 }), says: (v) => `beta ${plain(10 ** v)}; ${said()}` });
  log.range.style.accentColor = EDGE;
  beta.range.replaceWith(log.range);
  return { rows, beta: beta.el, all: [...sets.flatMap(([, list]) => list), beta, log] };
}

function render(context) {
  const prize = plot({ x: [0, 3], y: REWARD, yTicks: [-3, 0, 3], base: 0, height: 110, bottom: 10, yName: "reward r", label: "Rewards of A, B and C, as stems with handles" });
  const shares = plot({ x: [0, 3], y: [0, 1], yTicks: [0, 0.5, 1], height: 200, bottom: 26, yName: " ", label: "Probabilities: reference, hatched; optimum, solid; k3's end, open; policy, a stem" });
  const plane = plot({ x: [0, 1], y: [0, 1], height: 230, left: 48, yName: "E r", xName: "D(π‖ref), nats", label: "Reward over divergence from the reference: best for every beta, solid; k3's ends, dashed; the policy's way" });
  const view = canvas(context, { name: "Leash", traits: TRAITS, plots: [prize, shares, plane] });
  // A policy that stands at the reference goes with it.
  view.put = (start) => view.set({ start, steps: 0 });
  view.refer = (reference) => view.set({ reference, steps: 0, ...(String(view.get("start")) === String(view.get("reference")) ? { start: reference } : {}) });
  const { rows, beta, all } = controls(view);
  const penalty = choice({ name: "penalty", options: Object.entries(PENALTIES), get: () => view.get("penalty"), set: (v) => view.set({ penalty: v, steps: 0 }) });
  const step = () => {
    const { state, steps } = measure(view);
    if (state !== "moving" || steps >= LIMIT) return false;
    view.set({ steps: steps + 1 });
    return true;
  };
  const walk = player({ step, limit: LIMIT, pace: 3, signal: context.signal });
  walk.el.append(button("Back", () => view.set({ steps: 0 })), button("π = reference", () => view.put(view.get("reference"))));
  const shows = [rewards(prize, view), bars(shares, view), frontier(plane)];
  view.compose(prize.svg, shares.svg, ...rows, plane.svg, h("div", { class: "kl-controls" }, beta, penalty.el, walk.el), view.formula, view.presets(PRESETS));
  let taken = 0;
  return view.run(() => {
    const m = (view.m = measure(view));
    if (m.steps < taken) walk.stop();
    taken = m.steps;
    [...all, penalty].forEach((c) => c.update());
    shows.forEach((show) => show(m));
    view.formula.replaceChildren(...formula(m));
    const { tilted, end, now } = m;
    view.show({ ...Object.fromEntries(TRAITS.map((t) => [t, m[t]])), log_z: m.logZ, bound: m.bound, tilted: tilted.policy, reward: tilted.reward, kl: tilted.kl, pulled: end.policy, policy: now.policy, policy_reward: now.reward, policy_kl: now.kl, objective: now.objective, state: m.state },
      `Best ${number(m.bound)}: reward ${number(tilted.reward)}, divergence ${number(tilted.kl)}. Policy: reward ${number(now.reward)}, divergence ${now.kl === Infinity ? "infinite" : number(now.kl)}. ${remark(m)}`);
  });
}

const three = (v, range) => Array.isArray(v) && v.length === 3 && v.every((x) => within(x, ...range));
const shares3 = (v) => three(v, [0, 1]) && Math.abs(sum(v) - 1) < 1e-8;
const refuses = ({ reference = [1, 0, 0], rewards: r = [0, 0, 0], beta = 1, start = reference, penalty = "k3", steps = 0 }) =>
  (!(shares3(reference) && shares3(start)) && "reference, start: three with sum 1")
  || (!three(r, REWARD) && "rewards: three from −3 to 3") || (!within(beta, ...BETA) && "beta: from 0.05 to 20")
  || (!(penalty in PENALTIES) && "penalty: exact or k3") || (!(within(steps, 0, LIMIT) && Number.isInteger(steps)) && "steps: 0 to 400");
export default { render, refuses };
