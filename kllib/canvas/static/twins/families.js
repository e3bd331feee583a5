// kllib.families and kllib.between: divergences of one member of a family from another, in nats.
import { sum } from "../core/numbers.js";
import { logExcess } from "./convex.js";
import { klContributions } from "./discrete.js";

// From 0.01 down the two excesses share one difference, so that nothing is left to add.
export function klBernoulli(p, q) {
  const terms = klContributions([p, 1 - p], [q, 1 - q]);
  const plain = sum(terms);
  if (plain > 0.01) return plain;
  const excess = (a, d, term) =>
    a === 0 ? d : Math.abs(d) < 0.5 * a ? a * logExcess(d / a) : term + d;
  return excess(p, q - p, terms[0]) + excess(1 - p, p - q, terms[1]);
}

export function klNormal(meanP, stdP, meanQ, stdQ) {
  const t = ((stdP - stdQ) / stdQ) * ((stdP + stdQ) / stdQ);
  const scales = Math.abs(t) > 0.35 ? t - 2 * Math.log(stdP / stdQ) : logExcess(t);
  return 0.5 * (scales + ((meanP - meanQ) / stdQ) ** 2);
}

// Of one uniform interval [left, left + width] from another: what kl_between says of two uniforms.
export function klUniform(leftP, widthP, leftQ, widthQ) {
  const covered = leftQ <= leftP && leftP + widthP <= leftQ + widthQ;
  return covered ? Math.log(widthQ / widthP) : Infinity;
}
