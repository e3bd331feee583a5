// Numerics of the canvases: pure functions, each the twin of the kllib function named beside it.

// log(1 + x) - x without cancellation near 0; the series in s = x / (2 + x) is log1p's own.
export function log1pmx(x) {
  if (Math.abs(x) > 0.35) return Math.log1p(x) - x;
  const s = x / (2 + x);
  const y = s * s;
  let tail = 0;
  for (let k = 23; k >= 3; k -= 2) tail = tail * y + 2 / k;
  return s * (tail * y - x);
}

// p log(p/q): 0 where p is 0, infinite where only q is 0. kl_contributions
export function term(p, q) {
  if (p === 0) return 0;
  if (q === 0) return Infinity;
  const ratio = p / q;
  if (ratio > 0.5 && ratio < 2) return p * Math.log1p((p - q) / q);
  return ratio > 0 && ratio < Infinity ? p * Math.log(ratio) : p * (Math.log(p) - Math.log(q));
}

// p log(p/q) - p + q, never negative: these sum to the divergence without cancellation.
function excess(p, q, d = q - p) {
  if (p === 0) return q;
  return Math.abs(d) < 0.5 * p ? -p * log1pmx(d / p) : term(p, q) + d;
}

export const sum = (values) => values.reduce((a, b) => a + b, 0);

// sum of p log(p/q). kl_divergence
export const klDivergence = (p, q) =>
  sum(p.map((v, i) => excess(v, q[i]))) + sum(p.map((v, i) => v - q[i]));

// kl_bernoulli: the two excesses share one difference, so nothing is left to add.
export function klBernoulli(p, q) {
  const plain = term(p, q) + term(1 - p, 1 - q);
  return plain > 0.01 ? plain : excess(p, q, q - p) + excess(1 - p, 1 - q, p - q);
}

// Divergence of one uniform interval [left, left + width] from another. kl_between
export function klUniform(pLeft, pWidth, qLeft, qWidth) {
  const covered = qLeft <= pLeft && pLeft + pWidth <= qLeft + qWidth;
  return covered ? Math.log(qWidth / pWidth) : Infinity;
}

// The distribution with entry i set to v and the others in their old proportions.
export function withShare(p, i, v) {
  const rest = 1 - p[i];
  const others = p.length - 1;
  return p.map((w, j) => (j === i ? v : rest > 0 ? (w / rest) * (1 - v) : (1 - v) / others));
}

// Where each canonical codeword's share of [0, 1) begins. prefix_code
export const codeStarts = (lengths) =>
  lengths.map((n, i) => sum(lengths.map((m, j) => (m < n || (m === n && j < i) ? 2 ** -m : 0))));

// klBernoulli's derivative by q, or by q's logit. LossLandscape.gradient
export function slope(p, q, logit, size = 1) {
  if (logit) return (q - p) / size;
  // With p at an end only one term is left, and the other's 0/0 must not enter.
  const [top, room] = p === 0 ? [1, 1 - q] : p === 1 ? [-1, q] : [q - p, q * (1 - q)];
  return room > 0 ? top / room / size : Math.sign(top) * Infinity;
}

export const logitOf = (q) => Math.log(q / (1 - q));
export const sigmoid = (t) => (t < 0 ? Math.exp(t) / (1 + Math.exp(t)) : 1 / (1 + Math.exp(-t)));

// One step of gradient descent from the parameter theta, which is q or its logit.
export function descend(p, theta, rate, logit, size = 1) {
  const next = theta - rate * slope(p, logit ? sigmoid(theta) : theta, logit, size);
  return { next, q: logit ? sigmoid(next) : next, ok: Number.isFinite(next) && (logit || (next >= 0 && next <= 1)) };
}

// q at the start and after each step that stays in [0, 1]. LossLandscape.path
export function descent(p, start, rate, logit, steps, size = 1) {
  const path = [start];
  let theta = logit ? logitOf(start) : start;
  for (let i = 0; i < steps; i++) {
    const step = descend(p, theta, rate, logit, size);
    if (!step.ok) break;
    theta = step.next;
    path.push(step.q);
  }
  return { path, theta };
}

// Divergence of one normal from another. kl_normal
export function klNormal(meanP, stdP, meanQ, stdQ) {
  const t = ((stdP - stdQ) / stdQ) * ((stdP + stdQ) / stdQ);
  const scales = Math.abs(t) > 0.35 ? t - 2 * Math.log(stdP / stdQ) : -log1pmx(t);
  return 0.5 * (scales + ((meanP - meanQ) / stdQ) ** 2);
}

// The bound on log p(x) for z ~ N(0, 1), x | z ~ N(weight z, noise^2), q = N(mean, std^2). vae.elbo
export function elbo(x, mean, std, weight, noise) {
  const logNormal = (square, std) => -0.5 * Math.log(2 * Math.PI) - Math.log(std) - square / (2 * std * std);
  const total = Math.hypot(weight, noise);
  const posterior = [(weight / total) * (x / total), noise / total];
  const reconstruction = logNormal((x - weight * mean) ** 2 + (weight * std) ** 2, noise);
  const kl = klNormal(mean, std, 0, 1);
  return { posterior, reconstruction, kl, elbo: reconstruction - kl, gap: klNormal(mean, std, ...posterior), logEvidence: logNormal(x * x, total) };
}
