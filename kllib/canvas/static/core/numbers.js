// Numbers: how a canvas writes them, and the small arithmetic of its controls.
const MINUS = "\u2212";
export const UNITS = { nats: 1, bits: Math.LN2 };

// Three decimals, three significant digits when small, a true minus, ∞ for infinity.
export function number(x, digits = 3) {
  const size = Math.abs(x);
  const sign = x < 0 ? MINUS : "";
  if (size === Infinity) return `${sign}∞`;
  if (size < 1e-12) return (0).toFixed(digits); // rounding of shares that sum to 1
  if (size >= 0.1) return `${sign}${size.toFixed(digits)}`;
  if (size >= 1e-4) return `${sign}${size.toPrecision(digits)}`;
  return `${sign}${size.toExponential(digits - 1).replace("e-", `e${MINUS}`)}`;
}
// Four significant digits and no zeros behind them.
export const plain = (x) => String(Number(x.toPrecision(4))).replace("-", MINUS);
// So many decimals at most.
export const rounded = (x, digits) =>
  String(Math.round(x * 10 ** digits) / 10 ** digits).replace("-", MINUS);

export const sum = (values) => values.reduce((a, b) => a + b, 0);
export const hold = ([low, high], v) => Math.min(high, Math.max(low, v));
// Within the range and on whole hundredths, or on whole multiples of a step from its beginning.
export const cents = (range, v) => hold(range, Math.round(v * 100) / 100);
export const snap = ([low, high], v, step) => {
  const snapped = Math.round((hold([low, high], v) - low) / step) * step + low;
  return Math.min(high, Number(snapped.toFixed(10)));
};
// n numbers from a to b at equal distances.
export const even = (a, b, n) => Array.from({ length: n }, (_, i) => a + ((b - a) * i) / (n - 1));
// About `count` round numbers within a range, as places for ticks.
export function roundNumbers([a, b], count = 4) {
  const rough = (b - a) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((k) => k * unit >= rough);
  const first = Math.ceil(a / step);
  return Array.from({ length: Math.floor(b / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
// The density of N(mean, std²).
export const bell = (x, mean, std) =>
  Math.exp(-(((x - mean) / std) ** 2) / 2) / (std * Math.sqrt(2 * Math.PI));
export const replaced = (list, i, v) => list.map((old, j) => (j === i ? v : old));
// The distribution with entry i set to v and the others in their old proportions.
export function withShare(p, i, v) {
  const rest = 1 - p[i];
  const others = p.length - 1;
  return p.map((w, j) => (j === i ? v : rest > 0 ? (w / rest) * (1 - v) : (1 - v) / others));
}
