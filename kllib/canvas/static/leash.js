// E r − beta D(π‖reference): the tilted optimum, and training with the true gradient or with k3 in
// the loss.
import { CARD, EDGE, HALO, INK, P, Q, controls, h, s, strong, sym, text } from "./core/dom.js";
import { button, choice, slider } from "./core/controls.js";
import { canvas, refuses } from "./core/frame.js";
import {
  cents,
  hold,
  number,
  plain,
  replaced,
  roundNumbers,
  sum,
  withShare,
} from "./core/numbers.js";
import { disc, drag, move, path, plot, rect, xLabels } from "./core/plot.js";
import { player } from "./parts/play.js";
import { klDivergence } from "./twins/discrete.js";
import { ascend, cover, tilt } from "./twins/policy.js";

const NAMES = ["A", "B", "C"];
const RARE = [0.6, 0.39, 0.01];
const PENALTIES = { exact: "true gradient", k3: "k3 in the loss" };
const at = (beta, penalty = "exact", reference = [0.5, 0.3, 0.2]) => ({
  reference,
  rewards: [0, 1, 2],
  beta,
  start: reference,
  penalty,
  steps: 0,
});
const PRESETS = [
  ["loose", at(0.3)],
  ["tight", at(5)],
  ["β → 0: argmax", at(0.05)],
  ["C is rare", at(0.5, "exact", RARE)],
  ["k3 in the loss", at(0.5, "k3", RARE)],
];
const BETAS = Array.from({ length: 121 }, (_, i) => 0.05 * 400 ** (i / 120));
const triple = (values) => `(${values.map((v) => number(v)).join(", ")})`;
const times = (beta, v) => `${plain(beta)} · ${number(v)}`;

// All steps are taken once for a setting; `steps` says how far along them the policy is.
function measure(view) {
  const setting = view.state();
  const { reference, rewards, beta, start, penalty, steps } = setting;
  const limit = view.range("steps")[1];
  const stand = (policy) => {
    const [reward, kl] = [
      sum(policy.map((v, i) => v * rewards[i])),
      klDivergence(policy, reference),
    ];
    return { policy, reward, kl, objective: reward - beta * kl };
  };
  const { policy: best, logZ } = tilt(reference, rewards, beta);
  const key = JSON.stringify([reference, rewards, beta, start, penalty]);
  if (view.key !== key)
    Object.assign(view, {
      key,
      visited: ascend(reference, rewards, beta, penalty, start, limit + 1),
    });
  const { visited } = view;
  const taken = Math.min(steps, visited.length - 1);
  const policy = visited[taken];
  const next = visited[taken + 1];
  const state = !next
    ? "stopped"
    : next.every((v, i) => Math.abs(v - policy[i]) < 1e-7)
      ? "arrived"
      : "moving";
  return {
    ...setting,
    setting,
    limit,
    stand,
    logZ,
    state,
    bound: beta * logZ,
    tilted: stand(best),
    end: stand(cover(reference, rewards, beta)),
    now: stand(policy),
    path: visited.slice(0, taken + 1).map(stand),
  };
}

const grip = (layer, mark) =>
  layer.appendChild(s("g", {}, s("circle", { class: "kl-reach", r: 14 }), mark));

// Per answer the reference, π*, where k3 ends, and the policy, which is dragged like the reference.
function bars(chart, view) {
  const [solid, names, handles] = [
    chart.layer("kl-bars"),
    chart.layer("kl-names"),
    chart.layer("kl-handles"),
  ];
  const marks = NAMES.map((_, i) => {
    const [ref, own] = [
      grip(handles, s("rect", { class: "kl-grip", x: -9, y: -3.5, width: 18, height: 7, rx: 3 })),
      grip(handles, s("circle", { r: 8, fill: INK, stroke: CARD, "stroke-width": 2 })),
    ];
    drag(ref, chart, (_, y) => view.refer(withShare(view.get("reference"), i, cents([0, 1], y))));
    drag(own, chart, (_, y) => view.put(withShare(view.m.now.policy, i, cents([0, 1], y))));
    return [ref, own];
  });
  const name = (cls, words) => s("tspan", { class: cls, dx: 9 }, words);
  return (m) => {
    solid.replaceChildren(
      ...NAMES.flatMap((_, i) => [
        ...[
          [m.reference, { fill: chart.hatch, stroke: Q }],
          [m.tilted.policy, { fill: P }],
          [m.end.policy, { fill: CARD, stroke: EDGE, "stroke-dasharray": "3 2" }],
        ].map(([shares, attrs], k) =>
          rect(chart, [i + 0.06 + 0.24 * k, i + 0.28 + 0.24 * k], [0, shares[i]], {
            "stroke-width": 1.5,
            ...attrs,
          }),
        ),
        s("line", {
          x1: chart.sx(i + 0.87),
          x2: chart.sx(i + 0.87),
          y1: chart.sy(0),
          y2: chart.sy(m.now.policy[i]),
          stroke: INK,
          "stroke-width": 3,
        }),
      ]),
    );
    names.replaceChildren(
      s(
        "text",
        { x: 5, y: 12 },
        name("kl-name-q", "▨ reference"),
        name("kl-name-p", "▮ π*"),
        name("", "▯ k3's end"),
        name("kl-strong", "● π"),
      ),
      ...NAMES.map((letter, i) =>
        text(chart.sx(i + 0.41), chart.sy(0) + 18, letter, {
          class: "kl-strong",
          "text-anchor": "middle",
        }),
      ),
    );
    marks.forEach(([ref, own], i) => {
      move(ref, chart.sx(i + 0.17), chart.sy(m.reference[i]));
      move(own, chart.sx(i + 0.87), chart.sy(m.now.policy[i]));
    });
  };
}

function rewards(chart, view) {
  const [stems, handles] = [chart.layer("kl-bars"), chart.layer("kl-handles")];
  const marks = NAMES.map((_, i) => {
    const mark = grip(
      handles,
      s("rect", { class: "kl-grip", x: -9, y: -4, width: 18, height: 8, rx: 3 }),
    );
    drag(mark, chart, (_, y) =>
      view.reward(i, hold(view.range("rewards"), Math.round(10 * y) / 10)),
    );
    return mark;
  });
  return (m) => {
    stems.replaceChildren(
      ...m.rewards.flatMap((r, i) => [
        s("line", {
          x1: chart.sx(i + 0.41),
          x2: chart.sx(i + 0.41),
          y1: chart.sy(0),
          y2: chart.sy(r),
          stroke: EDGE,
          "stroke-width": 3,
        }),
        text(chart.sx(i + 0.41) + 15, chart.sy(r) + 5, plain(r), { class: "kl-strong" }),
      ]),
    );
    marks.forEach((mark, i) => move(mark, chart.sx(i + 0.41), chart.sy(m.rewards[i])));
  };
}

// Reward over divergence: what π* reaches for every beta, where k3 ends, and the way of the policy.
function frontier(chart) {
  const [axes, lines, marks] = [
    chart.layer("kl-axes"),
    chart.layer("kl-lines", true),
    chart.layer("kl-marks"),
  ];
  return (m) => {
    const { reference, tilted, end, now, beta, stand } = m;
    const finite = (list) => list.filter(({ kl }) => kl < Infinity);
    const [best, other] = [
      (b) => tilt(reference, m.rewards, b).policy,
      (b) => cover(reference, m.rewards, b),
    ].map((rule) => finite(BETAS.map((b) => stand(rule(b)))));
    const [seen, base] = [finite(m.path), stand(reference)];
    const heights = [...best, ...seen, base].map((each) => each.reward);
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    const size = 1.4 * (high - low) || 1;
    const [up, back] = [(v) => (v - low) / size + 0.2, (y) => low + (y - 0.2) * size];
    chart.x = [0, Math.max(0.3, ...[...best, ...seen].map(({ kl }) => 1.12 * kl))];
    chart.layout();
    axes.replaceChildren(
      ...xLabels(chart, roundNumbers(chart.x, 5), plain),
      ...roundNumbers([back(0), back(1)], 5).map((t) =>
        text(40, chart.sy(up(t)) + 4, plain(t), { "text-anchor": "end" }),
      ),
    );
    // Policies of equal objective lie on a line of slope beta; π*'s just touches the curve.
    const level = [0, 1].map((y) => {
      const kl = hold(chart.x, tilted.kl + (back(y) - tilted.reward) / beta);
      return { kl, reward: tilted.reward + beta * (kl - tilted.kl) };
    });
    const curve = (points, stroke, attrs) =>
      path(
        chart,
        points.map(({ kl, reward }) => [kl, up(reward)]),
        { stroke, "stroke-width": 1.5, ...attrs },
      );
    lines.replaceChildren(
      curve(level, INK, { "stroke-dasharray": "2 3" }),
      curve(other, EDGE, { "stroke-width": 2, "stroke-dasharray": "7 4" }),
      curve(best, P, { "stroke-width": 3 }),
    );
    const dot = ({ kl, reward }, d, fill, stroke = CARD, words = "", cls = "", dy = 20) => {
      if (kl === Infinity) return [];
      const [x, y, left] = [chart.sx(kl), chart.sy(up(reward)), kl > 0.7 * chart.x[1]];
      return [
        s("path", { d, fill, stroke, "stroke-width": 2, transform: `translate(${x} ${y})` }),
        text(x + (left ? -8 : 8), y + dy, words, {
          class: cls,
          "text-anchor": left ? "end" : "start",
          ...HALO,
        }),
      ];
    };
    const trail = seen.map(
      ({ kl, reward }) => `M${chart.sx(kl)} ${chart.sy(up(reward))}m${disc(3).slice(1)}`,
    );
    marks.replaceChildren(
      s("path", { d: trail.join(""), fill: INK }),
      ...dot(base, "M-6 -6H6V6H-6Z", CARD, Q, "reference", "kl-name-q"),
      ...dot(tilted, disc(8), P, CARD, "π*", "kl-name-p", -12),
      ...dot(end, "M0 -8L8 0L0 8L-8 0Z", CARD, EDGE, "k3's end"),
      ...dot(now, disc(6), INK),
      now.kl < Infinity
        ? ""
        : text(chart.width - 16, chart.sy(0.9), "π: D = ∞ →", {
            class: "kl-strong",
            "text-anchor": "end",
            ...HALO,
          }),
    );
  };
}

function remark({ now, end, bound, reference, penalty, state, steps, limit }) {
  const some = (test) => NAMES.filter((_, i) => test(now.policy[i], reference[i])).join(" and ");
  const [free, still, loss] = [
    some((p, q) => p > 0 && q === 0),
    some((p) => p === 0),
    number(bound - end.objective),
  ];
  const said = [];
  if (free)
    said.push(
      `π gives ${free} a probability, the reference none: D(π‖ref) = ∞. ` +
        `${penalty === "exact" ? "No step can be taken." : "k3's gradient does not notice."}`,
    );
  if (still) said.push(`No gradient moves a logit from −∞: ${still} keeps probability 0.`);
  else if (state === "arrived") said.push(`Arrived after ${steps} steps.`);
  else if (steps >= limit)
    said.push(
      `${limit} steps: the count ends here. A logit's gradient ` +
        "carries its probability: rare answers are slow.",
    );
  if (penalty === "k3" && !still)
    said.push(
      "k3 in the loss pulls with the gradient of D(ref‖π), and " +
        `ends at ${triple(end.policy)}: ${loss} below the best.`,
    );
  else if (state === "moving" && !still)
    said.push(`The true gradient leads to π*; k3 in the loss would end ${loss} below it.`);
  return said.join(" ");
}

function formula(m) {
  const { tilted, now, beta, logZ, bound } = m;
  const [star, own, ref] = [
    ["p", "π*"],
    ["ink", "π"],
    ["q", "ref"],
  ].map((a) => () => sym(...a));
  return [
    h("p", {}, star(), " ∝ ", ref(), " · exp(r/β) = ", sym("p", triple(tilted.policy))),
    h(
      "p",
      {},
      "E r − β D(",
      star(),
      "‖",
      ref(),
      ") = ",
      `${number(tilted.reward)} − ${times(beta, tilted.kl)} = `,
      strong(number(bound)),
      ` = β log Z = ${times(beta, logZ)}`,
    ),
    h(
      "p",
      {},
      "E r − β D(",
      own(),
      "‖",
      ref(),
      ") = ",
      `${number(now.reward)} − ${times(beta, now.kl)} = `,
      strong(number(now.objective)),
      ", which is β D(",
      own(),
      "‖",
      star(),
      `) = ${number(bound - now.objective)} less`,
    ),
    h("p", {}, remark(m)),
  ];
}

// Rows of three: what the reference, the rewards and the policy are at A, B and C.
function rowsOfThree(view) {
  const said = () => {
    const { m } = view;
    return `best ${number(m.bound)}, the policy's ${number(m.now.objective)}`;
  };
  const make = (name, hue, [min, max], step, get, set) =>
    NAMES.map((letter, i) =>
      slider({
        name: `${name} of ${letter}`,
        hue,
        tight: true,
        min,
        max,
        step,
        get: () => get()[i],
        set: (v) => set(i, v),
        says: (v) => `${name} of ${letter} ${plain(v)}; ${said()}`,
      }),
    );
  const policy = () => view.m.now.policy;
  const sets = [
    [
      sym("q", "ref"),
      make(
        "reference",
        "q",
        [0, 1],
        0.01,
        () => view.get("reference"),
        (i, v) => view.refer(withShare(view.get("reference"), i, v)),
      ),
    ],
    [
      "r",
      make("reward", "edge", view.range("rewards"), 0.1, () => view.get("rewards"), view.reward),
    ],
    [
      "π",
      make("policy", "edge", [0, 1], 0.01, policy, (i, v) => view.put(withShare(policy(), i, v))),
    ],
  ];
  const rows = sets.map(([end, list]) =>
    h(
      "div",
      {
        class: "kl-columns",
        style: "grid-template-columns: repeat(3, 1fr) 1.7em; align-items: center",
      },
      ...list.map((c) => c.el),
      h("span", {}, end),
    ),
  );
  // The range is logarithmic, and the box beside it takes beta itself.
  const [low, high] = view.range("beta");
  const beta = slider({
    name: "beta",
    symbol: "β",
    ...view.trait("beta"),
    set: (v) => view.set({ beta: v, steps: 0 }),
    says: plain,
  });
  const log = slider({
    name: "beta",
    hue: "edge",
    tight: true,
    min: Math.log10(low),
    max: Math.log10(high),
    step: 0.02,
    get: () => Math.log10(view.get("beta")),
    set: (v) => view.set({ beta: hold([low, high], Number((10 ** v).toPrecision(3))), steps: 0 }),
    says: (v) => `beta ${plain(10 ** v)}; ${said()}`,
  });
  beta.range.replaceWith(log.range);
  return { rows, beta: beta.el, all: [...sets.flatMap(([, list]) => list), beta, log] };
}

function render(context) {
  const prize = plot({
    x: [0, 3],
    y: [-3, 3],
    yTicks: [-3, 0, 3],
    base: 0,
    height: 110,
    bottom: 10,
    yName: "reward r",
    label: "Rewards of A, B and C, as stems with handles",
  });
  const shares = plot({
    x: [0, 3],
    y: [0, 1],
    yTicks: [0, 0.5, 1],
    height: 200,
    bottom: 26,
    yName: " ",
    label: "Probabilities: reference, hatched; optimum, solid; k3's end, open; policy, a stem",
  });
  const plane = plot({
    x: [0, 1],
    y: [0, 1],
    height: 230,
    left: 48,
    yName: "E r",
    xName: "D(π‖ref), nats",
    label:
      "Reward over divergence from the reference: best for " +
      "every beta, solid; k3's ends, dashed; the policy's way",
  });
  const view = canvas(context, { name: "Leash", plots: [prize, shares, plane] });
  // A policy that stands at the reference goes with it.
  view.put = (start) => view.set({ start, steps: 0 });
  view.refer = (reference) =>
    view.set({
      reference,
      steps: 0,
      ...(String(view.get("start")) === String(view.get("reference")) ? { start: reference } : {}),
    });
  view.reward = (i, v) => view.set({ rewards: replaced(view.get("rewards"), i, v), steps: 0 });
  const { rows, beta, all } = rowsOfThree(view);
  const penalty = choice({
    name: "penalty",
    options: Object.entries(PENALTIES),
    ...view.trait("penalty"),
    set: (v) => view.set({ penalty: v, steps: 0 }),
  });
  const step = () => {
    const { state, steps, limit } = measure(view);
    if (state !== "moving" || steps >= limit) return false;
    view.set({ steps: steps + 1 });
    return true;
  };
  const walk = player({ step, limit: view.range("steps")[1], pace: 3, signal: context.signal });
  walk.el.append(
    button("Back", () => view.set({ steps: 0 })),
    button("π = reference", () => view.put(view.get("reference"))),
  );
  const shows = [rewards(prize, view), bars(shares, view), frontier(plane)];
  view.compose(
    prize.svg,
    shares.svg,
    ...rows,
    plane.svg,
    controls(beta, penalty.el, walk.el),
    view.formula,
    view.presets(PRESETS),
  );
  let taken = 0;
  return view.run(() => {
    const m = (view.m = measure(view));
    if (m.steps < taken) walk.stop();
    taken = m.steps;
    [...all, penalty].forEach((c) => c.update());
    shows.forEach((show) => show(m));
    view.formula.replaceChildren(...formula(m));
    const { tilted, end, now } = m;
    view.show(
      {
        ...m.setting,
        log_z: m.logZ,
        bound: m.bound,
        tilted: tilted.policy,
        reward: tilted.reward,
        kl: tilted.kl,
        pulled: end.policy,
        policy: now.policy,
        policy_reward: now.reward,
        policy_kl: now.kl,
        objective: now.objective,
        state: m.state,
      },
      `Best ${number(m.bound)}: reward ${number(tilted.reward)}, ` +
        `divergence ${number(tilted.kl)}. Policy: reward ` +
        `${number(now.reward)}, divergence ` +
        `${now.kl === Infinity ? "infinite" : number(now.kl)}. ${remark(m)}`,
    );
  });
}

const three = (v, range) =>
  Array.isArray(v) && v.length === 3 && v.every((x) => within(x, ...range));
const shares3 = (v) => three(v, [0, 1]) && Math.abs(sum(v) - 1) < 1e-8;
export default { render, refuses };
