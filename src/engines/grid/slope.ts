/**
 * |∇ζ|² on a lattice from the values there, by stencils of nine points: exact for polynomials of degree 8. They go
 * around a ring, and lean inward next to a wall.
 */
import type { Lattice } from "../../core/index.ts";

const POINTS = 9;

/** |∇ζ|² at the points. */
export function squaredSlope({ shape, stride, spacing, size, periodic }: Lattice, value: Float64Array): Float64Array {
  const square = new Float64Array(size);
  shape.forEach((n, axis) => {
    const width = Math.min(POINTS, n - (n % 2 === 0 ? 1 : 0));
    const reach = (width - 1) / 2;
    const step = stride[axis];
    for (let i = 0; i < n; i++) {
      const first = periodic ? i - reach : Math.min(n - width, Math.max(0, i - reach));
      const weights = slopeWeights(width, i - first);
      const places = weights.map((_, k) => ((first + k + n) % n) * step);
      for (let block = 0; block < size; block += n * step)
        for (let c = block; c < block + step; c++) {
          let slope = 0;
          for (let k = 0; k < width; k++) slope += weights[k] * value[c + places[k]];
          square[c + i * step] += (slope / spacing[axis]) ** 2;
        }
    }
  });
  return square;
}

/** Weights of the derivative at node `at` of the polynomial through nodes 0 … n − 1: Lagrange's, differentiated. */
function slopeWeights(n: number, at: number): Float64Array {
  const barycentric = Array.from({ length: n }, (_, k) => {
    let product = 1;
    for (let j = 0; j < n; j++) if (j !== k) product *= k - j;
    return 1 / product;
  });
  const weights = Float64Array.from(barycentric, (b, k) => (k === at ? 0 : b / barycentric[at] / (at - k)));
  weights[at] = -weights.reduce((sum, w) => sum + w, 0);
  return weights;
}
