import { describe, expect, it } from "vitest";
import { cholesky, dot, solveCholesky } from "../../src/math/linalg.ts";
import { solveQuadratic } from "../../src/math/quadratic-program.ts";
import { fillNormal, fold, key, uniform } from "../../src/math/rng.ts";

const normals = (n: number, seed: number, part: number): Float64Array => {
  const v = new Float64Array(n);
  fillNormal(fold(key(seed), part), v);
  return v;
};

const box = (dim: number, half: number) => ({
  lower: new Float64Array(dim).fill(-half),
  upper: new Float64Array(dim).fill(half),
});

/** A positive definite K and its inverse. */
function matrix(dim: number, seed: number): { k: Float64Array; inverse: Float64Array } {
  const a = normals(dim * dim, seed, 0);
  const k = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < dim; j++) {
      for (let l = 0; l < dim; l++) k[i * dim + j] += a[i * dim + l] * a[j * dim + l];
      if (i === j) k[i * dim + j] += 0.1;
    }
  const root = new Float64Array(dim * dim);
  cholesky(k, dim, root);
  const inverse = new Float64Array(dim * dim);
  for (let c = 0; c < dim; c++) {
    const unit = new Float64Array(dim);
    unit[c] = 1;
    solveCholesky(root, dim, unit);
    for (let i = 0; i < dim; i++) inverse[i * dim + c] = unit[i];
  }
  return { k, inverse };
}

describe("a convex quadratic program", () => {
  it.each([1, 2, 3, 6, 10])("is solved: Karush's, Kuhn's and Tucker's conditions hold, d = %i", (dim) => {
    for (let seed = 0; seed < 60; seed++) {
      const m = 1 + (seed % (2 * dim + 3));
      const { k, inverse } = matrix(dim, seed);
      const b = normals(dim, seed, 1).map((v) => 3 * v);
      // all constraints hold at `inside`
      const inside = normals(dim, seed, 2);
      const rows = Array.from({ length: m }, (_, i) => normals(dim, seed, 10 + i));
      const bounds = rows.map((n, i) => dot(n, inside) + (i % 3 === 0 ? 0 : uniform(fold(key(seed), 5), i)));
      const found = solveQuadratic({ inverse, b, normals: rows, bounds, ...box(dim, 1e6) });
      if (found === undefined) throw new Error("a point keeps all constraints");
      const { s, multipliers } = found;
      const size = 1 + Math.max(...multipliers);
      for (let j = 0; j < dim; j++) {
        let slope = b[j];
        for (let l = 0; l < dim; l++) slope += k[j * dim + l] * s[l];
        for (let i = 0; i < m; i++) slope += multipliers[i] * rows[i][j];
        expect(Math.abs(slope) / size).toBeLessThan(1e-7);
      }
      rows.forEach((n, i) => {
        expect(dot(n, s) - bounds[i]).toBeLessThan(1e-9);
        expect(multipliers[i]).toBeGreaterThanOrEqual(0);
        if (multipliers[i] > 0) expect(Math.abs(dot(n, s) - bounds[i])).toBeLessThan(1e-8);
      });
    }
  });

  it("keeps in its box as among so many constraints", () => {
    for (let seed = 0; seed < 40; seed++) {
      const dim = 1 + (seed % 6);
      const { inverse } = matrix(dim, seed);
      const b = normals(dim, seed, 1).map((v) => 5 * v);
      const rows = [normals(dim, seed, 10), normals(dim, seed, 11)];
      const half = Float64Array.from({ length: dim }, (_, j) => 0.1 + uniform(key(seed), j));
      const walls = Array.from(half, (_, j) =>
        [1, -1].map((side) => Float64Array.from(half, (_, k) => (k === j ? side : 0))),
      ).flat();
      const found = solveQuadratic({
        inverse,
        b,
        normals: rows,
        bounds: [0.1, 0],
        lower: half.map((v) => -v),
        upper: half,
      });
      const bounds = [0.1, 0, ...Array.from(half, (v) => [v, v]).flat()];
      const same = solveQuadratic({ inverse, b, normals: [...rows, ...walls], bounds, ...box(dim, 1e6) });
      if (found === undefined || same === undefined) throw new Error("0 keeps all constraints");
      found.s.forEach((v, j) => {
        expect(v).toBeCloseTo(same.s[j], 9);
        expect(Math.abs(v)).toBeLessThanOrEqual(half[j] + 1e-12);
      });
    }
  });

  it("is the free minimum where nothing is in the way, and nothing where nothing keeps all", () => {
    const inverse = Float64Array.of(2, 0, 0, 0.5);
    const b = Float64Array.of(1, 4);
    expect(solveQuadratic({ inverse, b, normals: [], bounds: [], ...box(2, 9) })?.s).toEqual(Float64Array.of(-2, -2));
    const apart = [Float64Array.of(1, 0), Float64Array.of(-1, 0)];
    expect(solveQuadratic({ inverse, b, normals: apart, bounds: [-1, -1], ...box(2, 9) })).toBe(undefined);
    expect(solveQuadratic({ inverse, b, normals: apart, bounds: [0, 0], ...box(2, 9) })?.s[0]).toBeCloseTo(0, 12);
  });

  it("holds what is told twice once", () => {
    const inverse = Float64Array.of(1, 0, 0, 1);
    const rows = [Float64Array.of(1, 1), Float64Array.of(1, 1), Float64Array.of(2, 2)];
    const found = solveQuadratic({
      inverse,
      b: Float64Array.of(-3, -1),
      normals: rows,
      bounds: [1, 1, 2],
      ...box(2, 9),
    });
    expect(found?.s[0]).toBeCloseTo(1.5, 12);
    expect(found?.s[1]).toBeCloseTo(-0.5, 12);
  });
});
