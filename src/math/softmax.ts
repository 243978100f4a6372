/**
 * Softmax and log-sum-exp, safe at any magnitude: w_i = exp(l_i − log Z), log Z = log Σ exp(l_i). On a cloud with
 * l_i = −ζ(x_i) Δτ this is the weigh-and-normalise step of the potential factor. Equal logits get equal weights, at
 * the infinities too: logits that are all −∞ give 1/n each and log Z = −∞, and those at +∞ share everything.
 */
import { BLOCK, sum, sumProducts } from "./sum.ts";

/** log Σ exp(l_i) over the first n logits; −∞ where there are none. */
export function logSumExp(logits: Float64Array, n = logits.length): number {
  const top = greatest(logits, n);
  let total = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    let partial = 0;
    for (let i = start; i < end; i++) partial += relative(logits[i], top);
    total += partial;
  }
  return top + Math.log(total);
}

/** Writes the weights of the first n logits to `out` (which may be `logits` itself) and returns log Z. */
export function softmax(logits: Float64Array, out: Float64Array = logits, n = logits.length): number {
  const top = greatest(logits, n);
  for (let i = 0; i < n; i++) out[i] = relative(logits[i], top);
  const total = sum(out, n);
  for (let i = 0; i < n; i++) out[i] /= total;
  return top + Math.log(total);
}

/** How many equal weights would be worth as much: (Σ w)² / Σ w², which is 1 / Σ w² where Σ w = 1 (Kish). */
export function effectiveSize(weights: Float64Array, n = weights.length): number {
  const total = sum(weights, n);
  return (total * total) / sumProducts(weights, weights, n);
}

function greatest(values: Float64Array, n: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) if (values[i] > top) top = values[i];
  return top;
}

/** exp(l − top); the comparison spares ∞ − ∞. */
function relative(logit: number, top: number): number {
  return logit === top ? 1 : Math.exp(logit - top);
}
