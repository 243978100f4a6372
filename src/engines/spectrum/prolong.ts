/** States taken from one grid to another, by the cardinal functions of the first: exact for what it resolves. */
import { type Axis, cardinals, pointWeights, shapeOf } from "../../math/dvr.ts";
import type { Grid } from "./hamiltonian.ts";

/** A block of m states on the kept points of a grid, interleaved, as coefficients: value × √weight. */
export type States = { readonly grid: Grid; readonly m: number; readonly vectors: Float64Array };

/** The square root of a point's weight, for each kept point. */
export function rootWeights({ axes, kept }: Grid): Float64Array {
  const weight = pointWeights(axes);
  return Float64Array.from(kept, (p) => Math.sqrt(weight[p]));
}

/** The same states' coefficients on another grid. */
export function prolong(states: States, to: Grid): Float64Array {
  const { m } = states;
  const values = valuesOn(
    states,
    to.axes.map(({ x }) => x),
  );
  const root = rootWeights(to);
  const out = new Float64Array(to.kept.length * m);
  to.kept.forEach((at, p) => {
    for (let v = 0; v < m; v++) out[p * m + v] = root[p] * values[at * m + v];
  });
  return out;
}

/** The states' values at all points of the product of `at`, interleaved as the states are. */
export function valuesOn({ grid, m, vectors }: States, at: readonly ArrayLike<number>[]): Float64Array {
  const shape = shapeOf(grid.axes);
  const root = rootWeights(grid);
  let values: Float64Array = new Float64Array(shape.reduce((a, b) => a * b) * m);
  grid.kept.forEach((from, p) => {
    for (let v = 0; v < m; v++) values[from * m + v] = vectors[p * m + v] / root[p];
  });
  grid.axes.forEach((axis, j) => {
    const before = at.slice(0, j).reduce((a, { length }) => a * length, 1);
    const after = shape.slice(j + 1).reduce((a, b) => a * b, m);
    values = alongAxis(axis, at[j], values, before, after);
  });
  return values;
}

/** out[b, i, a] = Σ_j ℓ_j(x_i) values[b, j, a] */
function alongAxis(axis: Axis, at: ArrayLike<number>, values: Float64Array, before: number, after: number) {
  const n = axis.x.length;
  const matrix = cardinals(axis, at);
  const out = new Float64Array(before * at.length * after);
  for (let b = 0; b < before; b++)
    for (let i = 0; i < at.length; i++) {
      const to = (b * at.length + i) * after;
      for (let j = 0; j < n; j++) {
        const factor = matrix[i * n + j];
        if (factor === 0) continue;
        const from = (b * n + j) * after;
        for (let a = 0; a < after; a++) out[to + a] += factor * values[from + a];
      }
    }
  return out;
}
