// kllib.divergences: f-divergences, in nats, by the names of its generators.
import { sum } from "../core/numbers.js";
import { logExcess } from "./convex.js";
import { klContributions } from "./discrete.js";

// p log(p/q) − p + q, never negative.
function excess(p, q) {
  if (p === 0) return q;
  const d = q - p;
  return Math.abs(d) < 0.5 * p ? p * logExcess(d / p) : klContributions([p], [q])[0] + d;
}
const squareOver = (p, q, whole) => (p === 0 && q === 0 ? 0 : (q - p) * ((q - p) / whole));

// p (f(r) − f′(1)(r − 1)), never negative, from differences.
const TERMS = {
  kl: excess,
  reverse_kl: (p, q) => excess(q, p),
  chi2: (p, q) => squareOver(p, q, q),
  reverse_chi2: (p, q) => squareOver(p, q, p),
  hellinger: (p, q) => squareOver(p, q, 2 * (Math.sqrt(p) + Math.sqrt(q)) ** 2),
  js: (p, q) => (excess(p, p + (q - p) / 2) + excess(q, p + (q - p) / 2)) / 2,
  le_cam: (p, q) => squareOver(p, q, 2 * (p + q)),
  tv: (p, q) => Math.abs(q - p) / 2,
};

export const fDivergence = (p, q, f) => sum(p.map((v, i) => TERMS[f](v, q[i])));

// E_t, of which every f-divergence is the integral with the weight f″(t).
export const hockeyStick = (p, q, t) =>
  sum(p.map((v, i) => Math.max(0, t >= 1 ? q[i] - t * v : t * v - q[i])));
