// What the canvases of a coin share: p as a flag and q as a point over a curve in q.
import { put, s } from "../core/dom.js";
import { disc, mark, move } from "../core/plot.js";
import { number, plain } from "../core/numbers.js";

// What q excludes and p produces, where the divergence is infinite.
export const lost = (p, q) =>
  `${q === 0 ? "a one" : "a zero"}, which p produces ` +
  `with probability ${plain(q === 0 ? p : 1 - p)}`;

const SHAPES = { inside: disc(8), above: "M-9 10 L0 -6 L9 10Z" };

export function pins(layer) {
  const truth = mark(layer, "kl-true", "M-8 -11 L8 -11 L0 2Z", 16);
  truth.prepend(s("line"));
  truth.append(s("text", { y: 2 }, "p"));
  const point = mark(layer, "kl-point", "", 18);
  return { truth, point, value: layer.appendChild(s("text", { class: "kl-value" })) };
}

// The flag at `flag`, drawn from the roof to the floor; the point at (x, y), in pixels, with the
// divergence beside it: to the left of it, and `drop` pixels lower where it is near the roof.
export function pin({ truth, point, value }, chart, { flag, x, y, kl, left, drop }) {
  const [low, roof] = chart.y;
  move(truth, chart.sx(flag), chart.sy(roof));
  truth.firstChild.setAttribute("y2", chart.sy(low) - chart.sy(roof));
  truth.lastChild.setAttribute("x", flag > 0.9 * chart.x[1] ? -20 : 12);
  move(point, x, y);
  point.lastChild.setAttribute("d", kl > roof ? SHAPES.above : SHAPES.inside);
  put(value, {
    x: x + (left ? -14 : 14),
    y: kl > roof * 0.9 ? y + drop : y - 10,
    "text-anchor": left ? "end" : "start",
  });
  value.textContent = kl > roof && kl < Infinity ? `${number(kl)}, above the frame` : number(kl);
}
