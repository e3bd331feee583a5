// kllib.canvas.f_divergence_zoo: what the canvas of f-divergences draws.

// f″(t); total variation's is a spike at 1.
const CURVATURES = {
  kl: (t) => t ** -2,
  reverse_kl: (t) => 1 / t,
  chi2: (t) => 2 * t ** -3,
  reverse_chi2: () => 2,
  hellinger: (t) => t ** -1.5 / 4,
  js: (t) => 1 / (2 * t * (1 + t)),
  le_cam: (t) => 4 * (1 + t) ** -3,
  tv: () => 0,
};
export const curvature = (f, t) => CURVATURES[f](t);

// What q/p makes of p: the terms p f(q/p), zeros by their limits.
const TERMS = {
  kl: (p, q) => (p ? -p * Math.log(q / p) : 0),
  reverse_kl: (p, q) => (q ? q * Math.log(q / p) : 0),
  chi2: (p, q) => (p || q ? (p - q) * ((p - q) / q) : 0),
  reverse_chi2: (p, q) => (p || q ? (q - p) * ((q - p) / p) : 0),
  hellinger: (p, q) => p - Math.sqrt(p * q),
  js: (p, q) =>
    ((p ? p * Math.log((2 * p) / (p + q)) : 0) + (q ? q * Math.log((2 * q) / (p + q)) : 0)) / 2,
  le_cam: (p, q) => (p || q ? (q - p) * ((q - p) / (2 * (p + q))) : 0),
  tv: (p, q) => Math.abs(q - p) / 2,
};
export const terms = (p, q, f) => p.map((v, i) => TERMS[f](v, q[i]));

// Both with a share of random reports, and the last two outcomes told apart no more.
export function blurred(p, noise, merged) {
  const mixed = p.map((v) => (1 - noise) * v + noise / p.length);
  return merged ? [...mixed.slice(0, -2), mixed.at(-2) + mixed.at(-1)] : mixed;
}

// Vertices of the test curve: outcomes by falling q/p, their masses under p and q added up.
export function testingCurve(p, q) {
  const order = p
    .map((_, i) => i)
    .filter((i) => p[i] > 0 || q[i] > 0)
    .sort((i, j) => q[j] * p[i] - q[i] * p[j] || i - j);
  const curve = [[0, 0]];
  for (const i of order) curve.push([curve.at(-1)[0] + p[i], curve.at(-1)[1] + q[i]]);
  return curve;
}
