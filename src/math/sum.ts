/**
 * Sums in fixed blocks: each block of 1024 terms is added up on its own, then the blocks in order. Whoever adds the
 * blocks, one thread or several, the result is the same bit for bit; and its error grows with n / 1024 + 1024, not n.
 */

/** Terms in a block. */
export const BLOCK = 1024;

/** Σ values_i over the first n values. */
export function sum(values: Float64Array, n = values.length): number {
  let total = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    let partial = 0;
    for (let i = start; i < end; i++) partial += values[i];
    total += partial;
  }
  return total;
}

/** Σ a_i b_i over the first n values. */
export function sumProducts(a: Float64Array, b: Float64Array, n = a.length): number {
  let total = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    let partial = 0;
    for (let i = start; i < end; i++) partial += a[i] * b[i];
    total += partial;
  }
  return total;
}
