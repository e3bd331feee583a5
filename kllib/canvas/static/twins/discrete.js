// kllib.discrete: entropies and divergences of distributions given as lists, in nats.
import { sum } from "../core/numbers.js";
import { logExcess } from "./convex.js";

// 0 where p is 0, infinite where only q is 0.
function term(p, q) {
  if (p === 0) return 0;
  if (q === 0) return Infinity;
  const ratio = p / q;
  if (ratio > 0.5 && ratio < 2) return p * Math.log1p((p - q) / q);
  return ratio > 0 && ratio < Infinity ? p * Math.log(ratio) : p * (Math.log(p) - Math.log(q));
}

// p log(p/q) − p + q, never negative: these sum to the divergence without cancellation.
function excess(p, q) {
  if (p === 0) return q;
  const d = q - p;
  return Math.abs(d) < 0.5 * p ? p * logExcess(d / p) : term(p, q) + d;
}

export const klContributions = (p, q) => p.map((v, i) => term(v, q[i]));

export const klDivergence = (p, q) =>
  sum(p.map((v, i) => excess(v, q[i]))) + sum(p.map((v, i) => v - q[i]));

export const entropy = (p) => -sum(p.map((v) => term(v, 1)));
