// kllib.estimators: what k1, k2, k3 and -log r + lam (r - 1) have for x ~ N(0, 1), in nats.
import { klNormal } from "./families.js";

// r = N(shift, spread²)/N(0, 1) and log r = a x² + b x + c; chi2 = Var r and
// jeffreys = D(p‖q) + D(q‖p) = −Cov(k1, r).
export function normalRatio(shift, spread) {
  const square = spread * spread;
  const a = ((spread - 1) * (spread + 1)) / (2 * square);
  const b = shift / square;
  const c = -Math.log(spread) - (b * shift) / 2;
  const jeffreys = ((spread - 1 / spread) ** 2 + shift * shift * (1 + 1 / square)) / 2;
  const chi2 =
    square < 2
      ? Math.expm1((shift * shift) / (2 - square) - Math.log1p(-((1 - square) ** 2)) / 2)
      : Infinity;
  const kl = klNormal(0, 1, shift, spread);
  return { a, b, c, kl, jeffreys, chi2, bestLam: chi2 === 0 ? 1 : jeffreys / chi2 };
}

// Variances of k1, k2, k3 and the control variate at one sample.
export function normalVariances({ a, b, kl, jeffreys, chi2 }, lam) {
  const square = 2 * a * a + b * b; // with v = log r + kl: E v^2, E v^3, E v^4
  const cube = 8 * a ** 3 + 6 * a * b * b;
  const fourth = 60 * a ** 4 + 60 * a * a * b * b + 3 * b ** 4;
  const second = (fourth - 4 * kl * cube + 4 * kl * kl * square - square * square) / 4;
  // Near q = p three terms cancel, and k3 is k2 to the digits shown.
  const near = square < 1e-8;
  const third = near ? second : square - 2 * jeffreys + chi2;
  const joint = near ? -cube / 2 : square - jeffreys;
  const mixed =
    (1 - lam) ** 2 * square + 2 * lam * (1 - lam) * joint + (lam ? lam * lam * third : 0);
  return [square, second, third, mixed].map((v) => Math.max(0, v));
}

// The shift in [0, top] from which k3's spread exceeds k1's; 0 if it always does.
export function normalCrossing(spread, top = 4) {
  const excess = (shift) => {
    const { chi2, jeffreys } = normalRatio(shift, spread);
    return chi2 - 2 * jeffreys;
  };
  let [low, high] = [1e-3, top];
  if (!(excess(low) < 0)) return 0;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}

// What each sample contributes to the four; their means and standard deviations.
export function sampled(x, { a, b, c }, lam) {
  const rows = Array.from({ length: 4 }, () => new Float64Array(x.length));
  x.forEach((v, i) => {
    const u = (a * v + b) * v + c;
    const rise = Math.expm1(u); // r − 1
    [-u, (u * u) / 2, rise - u, rise - u + (lam - 1) * rise].forEach((value, k) => {
      rows[k][i] = value;
    });
  });
  const mean = (row) => row.reduce((t, v) => t + v, 0) / x.length;
  const means = rows.map(mean);
  const stds = rows.map((row, k) =>
    Math.sqrt((mean(row.map((v) => (v - means[k]) ** 2)) * x.length) / (x.length - 1)),
  );
  return { rows, means, stds };
}
