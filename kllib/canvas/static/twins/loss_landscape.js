// kllib.canvas.loss_landscape: D(Bern(p)‖Bern(q)) as a loss over q, or over its logit.

export const logit = (q) => Math.log(q / (1 - q));
export const expit = (t) => (t < 0 ? Math.exp(t) / (1 + Math.exp(t)) : 1 / (1 + Math.exp(-t)));

// The derivative by the parameter; `size` is the unit's length in nats.
export function slope(p, q, scale, size = 1) {
  if (scale === "logit") return (q - p) / size;
  // With p at an end only one term is left, and the other's 0/0 must not enter.
  const [top, room] = p === 0 ? [1, 1 - q] : p === 1 ? [-1, q] : [q - p, q * (1 - q)];
  return room > 0 ? top / room / size : Math.sign(top) * Infinity;
}

// Gradient descent: q at the start and after each step that stays in [0, 1]; the parameter there,
// and where the next step would lead.
export function descent(p, start, rate, scale, steps, size = 1) {
  const [of, back] = scale === "logit" ? [logit, expit] : [(q) => q, (q) => q];
  const path = [start];
  let theta = of(start);
  const ahead = () => {
    const next = theta - rate * slope(p, path.at(-1), scale, size);
    const q = back(next);
    return { next, q, ok: Number.isFinite(next) && q >= 0 && q <= 1 };
  };
  for (let i = 0; i < steps; i++) {
    const { next, q, ok } = ahead();
    if (!ok) break;
    theta = next;
    path.push(q);
  }
  return { path, theta, ahead: ahead() };
}
