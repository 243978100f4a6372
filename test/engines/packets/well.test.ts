import { describe, expect, it } from "vitest";
import {
  bend,
  blankWell,
  groundOn,
  makeDiagonal,
  reshape,
  soften,
  type Well,
} from "../../../src/engines/packets/well.ts";
import { cholesky, dot, matMat, matVec, solveCholesky } from "../../../src/math/linalg.ts";
import { fillNormal, fold, key, uniform } from "../../../src/math/rng.ts";

const dim = 6;
const normals = (seed: number, n: number): Float64Array => {
  const v = new Float64Array(dim);
  fillNormal(fold(key(seed), n), v);
  return v;
};

/** A symmetric matrix with eigenvalues of both signs, or positive ones. */
function symmetric(seed: number, positive: boolean): Float64Array {
  const a = new Float64Array(dim * dim);
  fillNormal(key(seed), a);
  const out = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < dim; j++)
      for (let k = 0; k < dim; k++)
        out[i * dim + j] += positive
          ? a[i * dim + k] * a[j * dim + k] + (i === j && k === 0 ? 0.1 : 0)
          : (a[i * dim + j] + a[j * dim + i]) / 2 / dim;
  return out;
}

function times(a: Float64Array, v: Float64Array): Float64Array {
  const out = new Float64Array(dim);
  matVec(a, dim, dim, v, out);
  return out;
}

function bent(well: Well, s: Float64Array, y: Float64Array, damped: boolean): void {
  bend(well, s, y, damped, new Float64Array(dim), new Float64Array(dim));
}

function round(k = 2): Well {
  const well = blankWell(dim);
  makeDiagonal(well, () => k, dim);
  return well;
}

function expectInverse({ stiffness, inverse }: Well, within: number): void {
  const product = new Float64Array(dim * dim);
  matMat(stiffness, inverse, product, dim, dim, dim);
  product.forEach((v, e) => {
    expect(Math.abs(v - (e % (dim + 1) === 0 ? 1 : 0))).toBeLessThan(within);
  });
}

describe("a well", () => {
  it("begins as a diagonal one with its inverse", () => {
    const well = blankWell(dim);
    well.stiffness.fill(3);
    makeDiagonal(well, (i) => i + 1, dim);
    expect([...times(well.stiffness, new Float64Array(dim).fill(1))]).toEqual([1, 2, 3, 4, 5, 6]);
    expectInverse(well, 1e-15);
  });

  it.each([true, false])("bent by a step holds its secant: K s = y and P y = s (damped: %s)", (damped) => {
    const well = round();
    const truth = symmetric(3, true);
    for (let n = 0; n < 30; n++) {
      const s = normals(1, n);
      const y = times(truth, s);
      bent(well, s, y, damped);
      // damping may have changed y: what it took in holds
      const [ks, py] = [times(well.stiffness, s), times(well.inverse, y)];
      for (let i = 0; i < dim; i++) {
        expect(Math.abs(ks[i] - y[i])).toBeLessThan(1e-9 * (1 + Math.abs(y[i])));
        expect(Math.abs(py[i] - s[i])).toBeLessThan(1e-9 * (1 + Math.abs(s[i])));
      }
      expectInverse(well, 1e-8);
    }
  });

  it("becomes the quadratic itself after d conjugate steps", () => {
    const truth = symmetric(5, true);
    const well = round(1);
    const steps: Float64Array[] = [];
    for (let n = 0; n < dim; n++) {
      const s = normals(8, n);
      for (const other of steps) {
        const share = dot(s, times(truth, other)) / dot(other, times(truth, other));
        for (let i = 0; i < dim; i++) s[i] -= share * other[i];
      }
      steps.push(s.slice());
      bent(well, s, times(truth, s), false);
    }
    well.stiffness.forEach((k, e) => {
      expect(Math.abs(k - truth[e])).toBeLessThan(1e-7);
    });
  });

  it("stays positive definite, symmetric and the inverse of P under damping, whatever slopes it is shown", () => {
    const saddle = symmetric(7, false);
    // paths short enough that a tenth a step does not make K singular in doubles
    for (let path = 0; path < 80; path++) {
      const well = round();
      for (let n = 8 * path; n < 8 * (path + 1); n++) {
        const s = normals(2, n);
        const noise = normals(3, n);
        const strength = 10 ** (2 * uniform(key(4), n) - 1);
        const y = times(saddle, s).map((v, i) => strength * (v + 0.3 * noise[i]));
        const before = dot(s, times(well.stiffness, s));
        bent(well, s, y, true);
        // it counts for a tenth of what was believed at least
        expect(dot(s, y)).toBeGreaterThanOrEqual(0.1 * before * (1 - 1e-6));
        expect(cholesky(well.stiffness.slice(), dim)).toBe(true);
        expect(cholesky(well.inverse.slice(), dim)).toBe(true);
      }
      const { stiffness: k } = well;
      for (let i = 0; i < dim; i++)
        for (let j = 0; j < i; j++) {
          const size = Math.sqrt(k[i * (dim + 1)] * k[j * (dim + 1)]);
          expect(Math.abs(k[i * dim + j] - k[j * dim + i]) / size).toBeLessThan(1e-9);
        }
    }
  });

  it.each([
    [3, 1],
    [0.6, 1],
    [0.4, 0.4],
    [2e-3, 2e-3],
    [1e-4, 1e-3],
    [0, 1],
    [-2, 1],
    [Number.NaN, 1],
  ])("that proves %f times as stiff along a step is softened to %f as a whole, and never stiffened", (saw, share) => {
    const well = round(2);
    const s = normals(1, 0);
    bent(well, s, times(symmetric(3, true), s), false);
    const { stiffness, inverse } = structuredClone(well);
    const along = normals(1, 1);
    soften(
      well,
      along,
      times(stiffness, along).map((v) => saw * v),
      new Float64Array(dim),
    );
    stiffness.forEach((k, e) => {
      expect(well.stiffness[e]).toBeCloseTo(share * k, 12);
      expect(well.inverse[e] * share).toBeCloseTo(inverse[e], 12);
    });
  });

  it("takes no notice of a step that saw no positive curvature, undamped, nor of what is no number", () => {
    for (const [y, damped] of [
      [(s: Float64Array) => s.map((v) => -v), false],
      [(s: Float64Array) => s.map(() => 0), false],
      [(s: Float64Array) => s.map(() => Number.NaN), false],
      [(s: Float64Array) => s.map(() => Number.NaN), true],
      [(s: Float64Array) => s.map(() => Infinity), true],
    ] as const) {
      const well = round();
      const s = normals(6, 0);
      bent(well, s, y(s), damped);
      expect(well).toEqual(round());
    }
  });

  it.each([[[]], [[0]], [[1, 4]], [[0, 1, 2, 3, 4]], [[0, 1, 2, 3, 4, 5]]] as [number[]][])(
    "has its ground state where the slope vanishes on the axes that are free: %j held",
    (axes) => {
      const k = symmetric(9, true);
      const well = blankWell(dim);
      well.stiffness.set(k);
      const root = new Float64Array(dim * dim);
      cholesky(k, dim, root);
      for (let c = 0; c < dim; c++) {
        const unit = new Float64Array(dim);
        unit[c] = 1;
        solveCholesky(root, dim, unit);
        for (let i = 0; i < dim; i++) well.inverse[i * dim + c] = unit[i];
      }
      const held = Uint8Array.from({ length: dim }, (_, i) => (axes.includes(i) ? 1 : 0));
      const gradient = normals(3, 0);
      const s = new Float64Array(dim).fill(7);
      groundOn(well, held, gradient, s);
      const after = times(k, s);
      for (let i = 0; i < dim; i++)
        if (held[i] === 1) expect(s[i]).toBe(0);
        else expect(gradient[i] + after[i]).toBeCloseTo(0, 9);
    },
  );

  it("is as stiff along the columns of its root as was seen there, by a factor of ten at most", () => {
    const well = blankWell(dim);
    well.inverse.set(symmetric(5, true));
    const root = new Float64Array(dim * dim);
    cholesky(well.inverse, dim, root);
    const column = (c: number): Float64Array => Float64Array.from({ length: dim }, (_, i) => root[i * dim + c]);
    // K = L⁻ᵀ L⁻¹, column by column
    for (let c = 0; c < dim; c++) {
      const unit = new Float64Array(dim);
      unit[c] = 1;
      solveCholesky(root, dim, unit);
      for (let i = 0; i < dim; i++) well.stiffness[i * dim + c] = unit[i];
    }
    reshape(
      well,
      Array.from(root.subarray(0, dim), (_, c) => column(c)),
      Float64Array.of(1, 2, 0.5, 100, -3, 9),
    );
    [1, 2, 0.5, 10, 0.1, 9].forEach((k, c) => {
      expect(dot(column(c), times(well.stiffness, column(c)))).toBeCloseTo(k, 9);
    });
    expectInverse(well, 1e-10);
  });
});
