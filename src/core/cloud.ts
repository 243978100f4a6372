/**
 * What is reported of a cloud of points with values of ζ: the first moments that every engine's info has in common.
 */

/** `energy` is the mean of ζ and `scatter` its standard deviation, over points where ζ is finite; `spread` is in units of x. */
export type Moments = { readonly energy: number; readonly spread: number; readonly scatter: number };

/**
 * The weighted moments of a cloud: E = ⟨ζ⟩, scatter = √⟨(ζ − E)²⟩, spread = √(Σ_j Var(x_j) / dim).
 * @param x points, row-major
 * @param value ζ at them, finite or +∞; where none is finite the energy is +∞ and the scatter 0
 * @param weight non-negative weights; equal ones where they are left out
 */
export function moments(x: Float64Array, dim: number, value: Float64Array, weight?: Float64Array): Moments {
  return { ...overValues(value, weight), spread: spread(x, dim, weight) };
}

// the running mean of West (1979): no sum that could overflow, no difference of large numbers
function overValues(value: Float64Array, weight?: Float64Array): { energy: number; scatter: number } {
  let total = 0;
  let mean = 0;
  let square = 0;
  for (let i = 0; i < value.length; i++) {
    const w = weight === undefined ? 1 : weight[i];
    if (w === 0 || value[i] === Number.POSITIVE_INFINITY) continue;
    total += w;
    const from = value[i] - mean;
    mean += (w / total) * from;
    square += w * from * (value[i] - mean);
  }
  if (total === 0) return { energy: Number.POSITIVE_INFINITY, scatter: 0 };
  return { energy: mean, scatter: Math.sqrt(Math.max(0, square / total)) };
}

function spread(x: Float64Array, dim: number, weight?: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < dim; j++) {
    let total = 0;
    let mean = 0;
    let square = 0;
    for (let i = 0, e = j; e < x.length; i++, e += dim) {
      const w = weight === undefined ? 1 : weight[i];
      if (w === 0) continue;
      total += w;
      const from = x[e] - mean;
      mean += (w / total) * from;
      square += w * from * (x[e] - mean);
    }
    if (total > 0) sum += Math.max(0, square / total);
  }
  return Math.sqrt(sum / dim);
}
