// kllib.projection: a mixture of normals on the line and one normal, in nats. A `point` is
// [mean, log std].
import { sum } from "../core/numbers.js";

const LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2;

const [REACH, FINE, PANEL] = [10, 0.01, 1];

// The standard normal density at z and its derivatives, as kllib's GaussianMixture.quadrature has.
function derivatives(z, density) {
  const total = density.reduce((a, b) => a + b);
  const row = (f) => density.map((w, i) => (w / total) * f(z[i]));
  const polynomials = [() => 1, (v) => v, (v) => v * v - 1, (v) => v ** 3 - 3 * v];
  return { z, rows: [...polynomials, (v) => v ** 4 - 4 * v * v + 1].map(row) };
}
const GRID = (() => {
  const z = Float64Array.from({ length: 2001 }, (_, i) => (i - 1000) * FINE);
  return derivatives(
    z,
    z.map((v) => Math.exp((-v * v) / 2)),
  );
})();

// Nodes and weights of Gauss and Legendre on [-1, 1], by Newton's method.
const GAUSS = Array.from({ length: 12 }, (_, i) => {
  let [x, slope] = [Math.cos((Math.PI * (i + 0.75)) / 12.5), 0];
  for (let k = 0; k < 20; k++) {
    let [low, high] = [1, x];
    for (let n = 2; n <= 12; n++)
      [low, high] = [high, ((2 * n - 1) * x * high - (n - 1) * low) / n];
    slope = (12 * (x * high - low)) / (x * x - 1);
    x -= high / slope;
  }
  return [x, 2 / ((1 - x * x) * slope * slope)];
});

const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c];
const over = (u, [c, d]) => times(u, [c / (c * c + d * d), -d / (c * c + d * d)]);
function rootOf([a, b]) {
  const size = Math.hypot(a, b);
  return [Math.sqrt((size + a) / 2), Math.sign(b || 1) * Math.sqrt(Math.max(0, size - a) / 2)];
}

// In units of std: where the log density turns from one part to another, the complex zeros of the
// sum of two, as [place, distance from the line].
function bends(parts, mean, std) {
  const terms = parts.map(({ w, m, s: sd }) => {
    const [u, v] = [(m - mean) / std, sd / std];
    return [-0.5 / v ** 2, u / v ** 2, Math.log(w) - Math.log(v) - u ** 2 / v ** 2 / 2];
  });
  const found = [];
  const value = ([a, b, c], x) => c + b * x + a * x * x;
  terms.forEach((first, i) =>
    terms.slice(i + 1).forEach((second) => {
      const [a, b, c] = first.map((v, k) => v - second[k]);
      const constant = [c, -Math.PI];
      const root = rootOf([b * b - 4 * a * c, 4 * a * Math.PI]);
      const sign = b < 0 ? -1 : 1;
      const q = [-(b + sign * root[0]) / 2, (-sign * root[1]) / 2];
      for (const [x, y] of [[q[0] / a, q[1] / a], over(constant, q)]) {
        const top = Math.max(...terms.map((term) => value(term, x)));
        const seen = Number.isFinite(x) && Number.isFinite(y) && Math.abs(x) < REACH + 1;
        if (seen && value(first, x) > top - 40) found.push([x, Math.abs(y)]);
      }
    }),
  );
  return found;
}

// Panels that narrow towards each bend; or the grid, where no bend is sharper than it can follow.
function quadrature(parts, mean, std) {
  const sharp = bends(parts, mean, std);
  if (!sharp.some(([, width]) => width < 6 * FINE)) return GRID;
  let panels = Array.from({ length: (2 * REACH) / PANEL }, (_, i) => [
    -REACH + (i + 0.5) * PANEL,
    PANEL / 2,
  ]);
  const done = [];
  while (panels.length) {
    const near = ([middle, half]) =>
      half > 1e-14 &&
      sharp.some(
        ([x, width]) => Math.hypot(Math.max(Math.abs(middle - x) - half, 0), width) < 1.3 * half,
      );
    done.push(...panels.filter((panel) => !near(panel)));
    panels = panels.filter(near).flatMap(([m, half]) => [
      [m - half / 2, half / 2],
      [m + half / 2, half / 2],
    ]);
  }
  const nodes = done.flatMap(([m, half]) => GAUSS.map(([x, w]) => [m + half * x, half * w]));
  const z = Float64Array.from(nodes, ([v]) => v);
  return derivatives(
    z,
    z.map((v, i) => Math.exp((-v * v) / 2) * nodes[i][1]),
  );
}

export function gaussianMixture(weights, means, stds) {
  const parts = weights
    .map((w, i) => ({
      w,
      m: means[i],
      s: stds[i],
      c: Math.log(w) - Math.log(stds[i]) - LOG_SQRT_2PI,
    }))
    .filter((k) => k.w > 0);
  const mean = parts.reduce((t, k) => t + k.w * k.m, 0);
  const std = Math.sqrt(parts.reduce((t, k) => t + k.w * (k.s ** 2 + (k.m - mean) ** 2), 0));
  const target = {
    parts,
    mean,
    std,
    logpdf(x) {
      let top = -Infinity;
      let rest = 0;
      for (let k = 0; k < parts.length; k++) {
        const u = (x - parts[k].m) / parts[k].s;
        const t = parts[k].c - (u * u) / 2;
        // A part that far below the other is lost in rounding.
        if (t > top) {
          rest = t > top + 40 ? 1 : rest * Math.exp(top - t) + 1;
          top = t;
        } else if (t > top - 40) rest += Math.exp(t - top);
      }
      return rest === 1 ? top : top + Math.log(rest);
    },
    grid: (center, width) => quadrature(parts, center, width),
  };
  target.entropy = -sum(
    parts.map(({ w, m, s }) => {
      const { z, rows } = target.grid(m, s);
      return w * z.reduce((total, v, i) => total + rows[0][i] * target.logpdf(m + s * v), 0);
    }),
  );
  return target;
}

// The divergence at a point, its gradient and, for the reverse one, its Hessian.
function objective(target, direction, [mean, logStd]) {
  const std = Math.exp(logStd);
  if (direction === "forward") {
    const off = mean - target.mean;
    const scaled = (target.std ** 2 + off ** 2) / std ** 2;
    return {
      value: LOG_SQRT_2PI + logStd + scaled / 2 - target.entropy,
      gradient: [off / std ** 2, 1 - scaled],
    };
  }
  const {
    z,
    rows: [r0, r1, r2, r3, r4],
  } = target.grid(mean, std);
  let [a, b, c, d, e] = [0, 0, 0, 0, 0];
  for (let i = 0; i < z.length; i++) {
    const l = target.logpdf(mean + std * z[i]);
    a -= r0[i] * l;
    b -= r1[i] * l;
    c -= r2[i] * l;
    d -= r3[i] * l;
    e -= r4[i] * l;
  }
  return {
    value: a - LOG_SQRT_2PI - 0.5 - logStd,
    gradient: [b / std, c - 1],
    hessian: [c / std ** 2, d / std, e],
  };
}

// D(target‖N(mean, std²)), or, reverse, D(N(mean, std²)‖target).
export const projectionKl = (target, mean, std, direction) =>
  objective(target, direction, [mean, Math.log(std)]).value;

// One step of gradient descent, never uphill.
function descentStep(target, direction, point, rate) {
  const {
    value,
    gradient: [g, k],
  } = objective(target, direction, point);
  let length = rate / Math.max(1, rate * Math.abs(k));
  for (let i = 0; i < 60; i++, length /= 2) {
    const trial = [point[0] - length * g, point[1] - length * k];
    const wanted = value - (length / 2) * (g * g + k * k);
    if (objective(target, direction, trial).value <= wanted) return trial;
  }
  return point;
}

// Means and stds of the normals on the way down, the start [mean, std] included.
export function descend(target, start, direction, steps = 200, rate = 0.5) {
  const points = [[start[0], Math.log(start[1])]];
  for (let i = 0; i < steps; i++) points.push(descentStep(target, direction, points.at(-1), rate));
  return { means: points.map(([mean]) => mean), stds: points.map(([, t]) => Math.exp(t)) };
}

// Newton's method, with directions that bend uphill turned down.
function newton(f, mean, logStd) {
  for (let i = 0; i < 200; i++) {
    const { value, gradient, hessian } = f([mean, logStd]);
    const std = Math.exp(logStd);
    const [g, k] = [gradient[0] * std, gradient[1]];
    if (Math.max(Math.abs(g), Math.abs(k)) < 1e-12) break;
    const [a, b, c] = [hessian[0] * std * std, hessian[1] * std, hessian[2]];
    const lift = Math.max(0, 0.1 - (a + c) / 2 + Math.hypot((a - c) / 2, b));
    const det = (a + lift) * (c + lift) - b * b;
    let step = [(b * k - (c + lift) * g) / det, (b * g - (a + lift) * k) / det];
    const size = Math.max(1, Math.abs(step[0]), Math.abs(step[1]));
    step = [(step[0] * std) / size, step[1] / size];
    while (f([mean + step[0], logStd + step[1]]).value > value + 1e-14 * (1 + Math.abs(value)))
      step = [step[0] / 2, step[1] / 2];
    mean += step[0];
    logStd += step[1];
  }
  return { mean, std: Math.exp(logStd), kl: f([mean, logStd]).value };
}

// Moment matching: the one minimum of the forward divergence.
export function projectForward({ mean, std, entropy }) {
  return { mean, std, kl: LOG_SQRT_2PI + Math.log(std) + 0.5 - entropy };
}

// All local minima known of the reverse one, best first, the rightmost first of equals.
export function projectReverse(target) {
  const f = (point) => objective(target, "reverse", point);
  const parts = [...target.parts].sort((a, b) => a.m - b.m);
  const found = [];
  const near = (a, b) => Math.hypot(a.mean - b.mean, a.std - b.std) <= 1e-6 * a.std;
  for (let i = 0; i < parts.length; i++) {
    for (let j = i + 1; j <= parts.length; j++) {
      const run = parts.slice(i, j);
      const total = sum(run.map((k) => k.w));
      const mean = sum(run.map((k) => (k.w / total) * k.m));
      const variance = sum(run.map((k) => (k.w / total) * (k.s ** 2 + (k.m - mean) ** 2)));
      const fit = newton(f, mean, Math.log(variance) / 2);
      if (!found.some((other) => near(fit, other))) found.push(fit);
    }
  }
  const key = (fit) => Math.round(fit.kl * 1e12);
  return found.sort((a, b) => key(a) - key(b) || b.mean - a.mean);
}

// Divergences on a grid, for a picture: three digits, in about a millisecond.
export function landscape(target, direction, means, logStds) {
  if (direction === "forward")
    return logStds.map((t) => means.map((m) => objective(target, direction, [m, t]).value));
  const [far, fine] = [40, 50];
  const table = Float64Array.from({ length: 2 * far * fine + 2 }, (_, i) =>
    target.logpdf(i / fine - far),
  );
  const z = Array.from({ length: 97 }, (_, i) => (i - 48) / 10);
  const weights = z.map((v) => Math.exp((-v * v) / 2) / 10 / Math.sqrt(2 * Math.PI));
  return logStds.map((t) => {
    const std = Math.exp(t);
    return means.map((m) => {
      let value = -LOG_SQRT_2PI - 0.5 - t;
      for (let i = 0; i < z.length; i++) {
        const place = (m + std * z[i] + far) * fine;
        const low = Math.floor(place);
        value -= weights[i] * (table[low] + (place - low) * (table[low + 1] - table[low]));
      }
      return value;
    });
  });
}
