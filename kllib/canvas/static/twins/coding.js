// kllib.coding: budgets and cost of binary prefix codes.
import { sum } from "../core/numbers.js";

export const kraftSum = (lengths) => sum(lengths.map((n) => 2 ** -n));
export const expectedLength = (p, lengths) => sum(p.map((v, i) => v * lengths[i]));

// Where each codeword's share of [0, 1) begins, shorter words first, equal ones in their order;
// beyond 1 where the budget is overspent.
export const codeStarts = (lengths) =>
  lengths.map((n, i) => sum(lengths.map((m, j) => (m < n || (m === n && j < i) ? 2 ** -m : 0))));

// The canonical codewords; null where there is no room left for one.
export const prefixCode = (lengths) =>
  codeStarts(lengths).map((start, i) => {
    const n = lengths[i];
    return start + 2 ** -n <= 1 ? (start * 2 ** n).toString(2).padStart(n, "0") : null;
  });
