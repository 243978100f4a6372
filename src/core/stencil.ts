/**
 * Derivatives by central differences of fourth order, ∂f ≈ (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h along each axis,
 * for what has to be asked for in one query. Probes stay inside the domain: near a bound the stencil moves
 * inward by up to 2h, on a ring it goes round.
 */
import { confine } from "./bounds.ts";
import type { Domain, Failure, Points } from "./problem.ts";

const OFFSETS = [-2, -1, 1, 2] as const;
const WEIGHTS = [1 / 12, -8 / 12, 8 / 12, -1 / 12] as const;

export type Stencil = {
  /** Probes for each point: 4 · dim. */
  readonly each: number;
  /** The probes of the points, one point's after another's, axis by axis. */
  probes(at: Points): Points;
  /**
   * ∂_j f_c at n points, [n × dim × width], of a field f with `width` components.
   * @param field f at the probes, row-major
   */
  derivative(field: Float64Array, n: number, width: number): Float64Array;
};

/**
 * @param step h as a fraction of the width of the domain along each axis
 * @param margin how many h from a bound the middle of the stencil stays
 */
export function stencil(domain: Domain, step: number, margin: number = 2): Stencil {
  const dim = domain.lower.length;
  const each = OFFSETS.length * dim;
  const h = domain.lower.map((lower, j) => step * (domain.upper[j] - lower));
  return {
    each,
    probes({ n, x }) {
      const probes = new Float64Array(n * each * dim);
      for (let i = 0, e = 0; i < n; i++)
        for (let j = 0; j < dim; j++)
          for (const offset of OFFSETS) {
            for (let k = 0; k < dim; k++) probes[e + k] = x[i * dim + k];
            const middle = inward(domain, j, x[i * dim + j], margin * h[j]);
            probes[e + j] = confineIfRing(domain, j, middle + offset * h[j]);
            e += dim;
          }
      return { n: n * each, dim, x: probes };
    },
    derivative(field, n, width) {
      const slopes = new Float64Array(n * dim * width);
      for (let row = 0; row < n * dim; row++)
        for (let k = 0; k < OFFSETS.length; k++) {
          const weight = WEIGHTS[k] / h[row % dim];
          const probe = (row * OFFSETS.length + k) * width;
          for (let c = 0; c < width; c++) slopes[row * width + c] += weight * field[probe + c];
        }
      return slopes;
    },
  };
}

/** The nearest coordinate that is `room` away from both bounds, for a coordinate inside them. */
function inward({ lower, upper, edge }: Domain, j: number, x: number, room: number): number {
  if (edge === "periodic" || x < lower[j] || x > upper[j]) return x;
  return Math.min(upper[j] - room, Math.max(lower[j] + room, x));
}

function confineIfRing(domain: Domain, j: number, x: number): number {
  return domain.edge === "periodic" ? confine(domain, j, x) : x;
}

/** One failure for each of n points that has any among its `each` probes, which follow one another. */
export function failuresPerPoint(failures: readonly Failure[], each: number, n: number): Failure[] {
  const first = new Map<number, Failure>();
  for (const { index: probe, ...what } of failures) {
    const index = Math.floor(probe / each);
    if (index < n && !first.has(index)) first.set(index, { ...what, index });
  }
  return [...first.values()];
}
