// kllib.vae: the bound on log p(x) of a linear-Gaussian model, in nats.
import { klNormal } from "./families.js";

const logNormal = (square, std) =>
  -0.5 * Math.log(2 * Math.PI) - Math.log(std) - square / (2 * std * std);

// For z ~ N(0, 1), x | z ~ N(slope z, noise²) and q = N(mean, std²).
export function elbo(x, mean, std, slope, noise) {
  const total = Math.hypot(slope, noise);
  const posterior = [(slope / total) * (x / total), noise / total];
  const reconstruction = logNormal((x - slope * mean) ** 2 + (slope * std) ** 2, noise);
  const kl = klNormal(mean, std, 0, 1);
  const gap = klNormal(mean, std, ...posterior);
  const logEvidence = logNormal(x * x, total);
  return { reconstruction, kl, elbo: reconstruction - kl, logEvidence, gap, posterior };
}
