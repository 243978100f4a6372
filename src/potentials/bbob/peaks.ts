/**
 * Gallagher's Gaussian peaks, f21 and f22 (INRIA RR-6829):
 * T_osz(10 − max_p w_p exp(−1/(2d) (x − y_p)ᵀ Rᵀ C_p R (x − y_p)))² + f_pen, 101 or 21 peaks that differ in
 * height w, place y and diagonal C. The places are kept rotated, so that a point is rotated once.
 */
import type { Value } from "../../core/problem.ts";
import { rotation, uniforms } from "./random.ts";
import { linear, oscillated, outside, type Vector } from "./transforms.ts";

type Peaks = {
  /** Heights w_p, descending. */
  readonly heights: Vector;
  /** R y_p, a row a peak. */
  readonly places: Vector;
  /** Diagonal of C_p, a row a peak. */
  readonly curvatures: Vector;
};

export type PeaksSpec = {
  readonly count: number;
  /** Condition number of the global peak. */
  readonly condition: number;
  /** Places are drawn uniformly in ±reach, the global one in 0.8 of it. */
  readonly reach: number;
};

/** The landscape of f21 or f22, with its minimizer. */
export function gallagher(dim: number, seed: number, spec: PeaksSpec): { argmin: Vector; value: Value } {
  const rotate = linear(rotation(dim, seed));
  const drawn = uniforms(dim * spec.count, seed).map((u) => 2 * spec.reach * u - spec.reach);
  for (let j = 0; j < dim; j++) drawn[j] *= 0.8;
  const places = new Float64Array(drawn.length);
  for (let p = 0; p < spec.count; p++) {
    const from = drawnAt(p, spec.count) * dim;
    places.set(rotate(drawn.subarray(from, from + dim)), p * dim);
  }
  const peaks = { heights: heights(spec.count), places, curvatures: curvatures(dim, seed, spec) };
  const highest = highestPeak(dim, peaks);
  return {
    argmin: drawn.slice(0, dim),
    value: (x) => {
      const depth = oscillated(10 - highest(rotate(x)));
      return depth * depth + outside(x);
    },
  };
}

/**
 * max_p w_p exp(−q_p/(2d)) at a rotated point. It compares ln w_p − q_p/(2d), hence one exponential in all, and leaves
 * a peak once its q has grown past what could still win; the highest come first, so that most are left early.
 */
function highestPeak(dim: number, { heights, places, curvatures }: Peaks): Value {
  const count = heights.length;
  const logs = heights.map(Math.log);
  return (z) => {
    let best = Number.NEGATIVE_INFINITY;
    let top = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (let p = 0; p < count; p++) {
      const limit = 2 * dim * (logs[p] - best);
      const end = (p + 1) * dim;
      let q = 0;
      for (let at = p * dim, j = 0; at < end && q < limit; at++, j++) {
        const gap = z[j] - places[at];
        q += curvatures[at] * gap * gap;
      }
      if (q < limit) {
        best = logs[p] - q / (2 * dim);
        top = p;
        nearest = q;
      }
    }
    return heights[top] * Math.exp(-nearest / (2 * dim));
  };
}

/** Which draw made the peak that is p-th in height: the global one was drawn first, the lowest next. */
function drawnAt(p: number, count: number): number {
  return p === 0 ? 0 : count - p;
}

/** 10 for the global peak, 9.1 down to 1.1 for the others. */
function heights(count: number): Vector {
  return Float64Array.from({ length: count }, (_, p) => (p === 0 ? 10 : 1.1 + (8 * (count - 1 - p)) / (count - 2)));
}

/** Condition numbers 1000^{k/(count−2)} dealt at random to the lesser peaks, and their exponents to the axes. */
function curvatures(dim: number, seed: number, { count, condition }: PeaksSpec): Vector {
  const dealt = order(uniforms(count - 1, seed));
  const out = new Float64Array(count * dim);
  for (let p = 0; p < count; p++) {
    const draw = drawnAt(p, count);
    const spread = draw === 0 ? condition : 1000 ** (dealt[draw - 1] / (count - 2));
    const axes = order(uniforms(dim, seed + 1000 * draw));
    for (let j = 0; j < dim; j++) out[p * dim + j] = spread ** (axes[j] / (dim - 1) - 0.5);
  }
  return out;
}

/** The indices that sort `keys`, ascending. */
function order(keys: Vector): Uint32Array {
  return Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
}
