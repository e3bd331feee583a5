// kllib.policy: the best policy on a leash, and the way to it by gradient.
import { sum } from "../core/numbers.js";

const scale = (values) => {
  const all = sum(values);
  return values.map((v) => v / all);
};
function logTotal(values) {
  const top = Math.max(...values);
  return top + Math.log(sum(values.map((v) => Math.exp(v - top))));
}

// policy ∝ reference exp(rewards/beta); E r − beta D(policy‖reference) is then beta logZ, and
// greatest.
export function tilt(reference, rewards, beta) {
  const height = reference.map((w, i) => Math.log(w) + rewards[i] / beta);
  const top = Math.max(...height);
  return { policy: scale(height.map((v) => Math.exp(v - top))), logZ: logTotal(height) };
}

// The greatest E r - beta D(reference‖policy): beta reference/(level - rewards), with sum 1; an
// answer that the reference excludes takes what is left if its reward is above that level.
export function cover(reference, rewards, beta) {
  const top = Math.max(...rewards.filter((_, i) => reference[i] > 0));
  const share = sum(reference.filter((_, i) => rewards[i] === top));
  const at = (room) =>
    reference.map((w, i) => (w > 0 ? (beta * w) / (room + top - rewards[i]) : 0));
  let [low, high] = [beta * share, beta];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (sum(at(middle)) > 1) low = middle;
    else high = middle;
  }
  const level = Math.max(top + high, ...rewards);
  const policy = at(level - top);
  const rest = rewards.map((r, i) => reference[i] === 0 && r === level);
  const left = Math.max(0, 1 - sum(policy)) / Math.max(1, rest.filter(Boolean).length);
  return scale(policy.map((v, i) => (rest[i] ? left : v)));
}

// The policy before and after each step of gradient ascent in its logits, 1/(1 + beta) long.
export function ascend(reference, rewards, beta, penalty, start, steps) {
  const path = [start];
  let logs = start.map(Math.log);
  for (let step = 0; step < steps; step++) {
    const policy = path[step];
    const mean = (values) => sum(policy.map((v, i) => v * values[i]));
    let gradient;
    if (penalty === "exact") {
      if (policy.some((v, i) => v > 0 && reference[i] === 0)) break;
      const gains = policy.map((v, i) =>
        v > 0 ? rewards[i] - beta * (logs[i] - Math.log(reference[i])) : 0,
      );
      gradient = policy.map((v, i) => v * (gains[i] - mean(gains)));
    } else
      gradient = policy.map((v, i) => v * (rewards[i] - mean(rewards)) - beta * (v - reference[i]));
    logs = logs.map((v, i) => v + gradient[i] / (1 + beta));
    const norm = logTotal(logs);
    logs = logs.map((v) => v - norm);
    path.push(logs.map(Math.exp));
  }
  return path;
}
