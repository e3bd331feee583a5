// kllib._convex: convex functions less their tangents, which keep the digits of near arguments.

// t − log(1 + t); the series in s = t / (2 + t) is log1p's own.
export function logExcess(t) {
  if (Math.abs(t) > 0.35) return t - Math.log1p(t);
  const s = t / (2 + t);
  const y = s * s;
  let tail = 0;
  for (let k = 23; k >= 3; k -= 2) tail = tail * y + 2 / k;
  return s * (t - tail * y);
}
