import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eigenSymmetric } from "../../src/math/eigen.ts";
import { norm } from "../../src/math/linalg.ts";
import { fillNormal, key } from "../../src/math/rng.ts";

const EPSILON = 2 ** -52;

type Eigen = { readonly values: Float64Array; readonly vectors: Float64Array };

function eigen(a: Float64Array, n: number): Eigen {
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  expect(eigenSymmetric(a, n, values, vectors)).toBe(true);
  return { values, vectors };
}

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      a[i * n + j] = entry(i, j);
      a[j * n + i] = a[i * n + j];
    }
  return a;
}

function random(n: number, seed: number): Float64Array {
  const g = new Float64Array(n * n);
  fillNormal(key(seed), g);
  return symmetric(n, (i, j) => g[i * n + j]);
}

/** Vᵀ diag(spectrum) V with V the eigenvectors of a random matrix. */
function withSpectrum(spectrum: readonly number[], seed: number): Float64Array {
  const n = spectrum.length;
  const { vectors } = eigen(random(n, seed), n);
  return symmetric(n, (i, j) => spectrum.reduce((s, l, k) => s + l * vectors[k * n + i] * vectors[k * n + j], 0));
}

/**
 * Orthonormality to a few n ε, residual to a few n ε ‖A‖ (Frobenius), and order; returns the decomposition. Below the
 * normal range rounding no longer scales with ‖A‖: each of the residual's products is off by up to half of 2⁻¹⁰⁷⁴.
 */
function expectEigen(a: Float64Array, n: number): Eigen {
  const found = eigen(a, n);
  const { values, vectors } = found;
  const scale = norm(a);
  for (let k = 0; k < n; k++) {
    if (k > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
    for (let i = 0; i < n; i++) {
      let residual = -values[k] * vectors[k * n + i];
      let overlap = i === k ? -1 : 0;
      for (let j = 0; j < n; j++) {
        residual += a[i * n + j] * vectors[k * n + j];
        overlap += vectors[i * n + j] * vectors[k * n + j];
      }
      expect(Math.abs(overlap)).toBeLessThanOrEqual(4 * n * EPSILON);
      expect(Math.abs(residual)).toBeLessThanOrEqual(4 * n * EPSILON * scale + 4 * n * Number.MIN_VALUE);
    }
  }
  return found;
}

function expectSpectrum(a: Float64Array, spectrum: readonly number[]): void {
  const n = spectrum.length;
  const { values } = expectEigen(a, n);
  const top = Math.max(...spectrum.map(Math.abs));
  const sorted = [...spectrum].sort((x, y) => x - y);
  for (let k = 0; k < n; k++) expect(Math.abs(values[k] - sorted[k])).toBeLessThanOrEqual(8 * n * EPSILON * top);
}

const range = (n: number) => [...Array(n).keys()];

describe("known spectra", () => {
  test("one and two dimensions", () => {
    expectSpectrum(Float64Array.of(-3), [-3]);
    expectSpectrum(Float64Array.of(2, 1, 1, 2), [1, 3]);
    expectSpectrum(Float64Array.of(1, 2, 2, -2), [-3, 2]);
  });

  test.each([3, 10, 100])("the chain of %i: 2 − 2 cos(kπ / (n + 1))", (n) => {
    const chain = symmetric(n, (i, j) => (i === j ? 2 : i === j + 1 ? -1 : 0));
    expectSpectrum(
      chain,
      range(n).map((k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))),
    );
  });

  test("the ring of 12, every level but two twice: 2 − 2 cos(2πk / n)", () => {
    const n = 12;
    const ring = symmetric(n, (i, j) => (i === j ? 2 : i === j + 1 || (i === n - 1 && j === 0) ? -1 : 0));
    expectSpectrum(
      ring,
      range(n).map((k) => 2 - 2 * Math.cos((2 * Math.PI * k) / n)),
    );
  });

  test("Wilkinson's W21+, whose greatest pair agrees to fourteen digits", () => {
    const w = symmetric(21, (i, j) => (i === j ? Math.abs(i - 10) : i === j + 1 ? 1 : 0));
    const { values } = expectEigen(w, 21);
    // Wilkinson, The Algebraic Eigenvalue Problem, 1965, p. 309
    expect(values[20]).toBeCloseTo(10.746194182903393, 12);
    expect(values[19]).toBeCloseTo(10.746194182903322, 12);
  });

  test("diagonal, in any order, exactly", () => {
    const d = [3, -1, 7, 0, -1, 1e-9];
    const { values, vectors } = expectEigen(
      symmetric(6, (i, j) => (i === j ? d[i] : 0)),
      6,
    );
    expect([...values]).toEqual([-1, -1, 0, 1e-9, 3, 7]);
    expect([...vectors].filter((x) => x !== 0)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test.each([1, 2, 9])("zero of size %i", (n) => {
    const { values } = expectEigen(new Float64Array(n * n), n);
    expect([...values]).toEqual(Array(n).fill(0));
  });

  test("rank one: |x|² along x, and nothing else", () => {
    const n = 25;
    const x = new Float64Array(n);
    fillNormal(key(3), x);
    const square = x.reduce((s, v) => s + v * v, 0);
    const a = symmetric(n, (i, j) => x[i] * x[j]);
    expectSpectrum(a, [...Array(n - 1).fill(0), square]);
    const top = eigen(a, n).vectors.subarray((n - 1) * n);
    const overlap = top.reduce((s, v, i) => s + v * x[i], 0) / Math.sqrt(square);
    expect(Math.abs(overlap)).toBeCloseTo(1, 13);
  });

  test("all equal entries, and a cluster a few ε wide", () => {
    expectSpectrum(
      symmetric(16, () => 1),
      [...Array(15).fill(0), 16],
    );
    const cluster = [...range(10).map((k) => 1 + k * 3 * EPSILON), 5, 5, 5];
    expectSpectrum(withSpectrum(cluster, 4), cluster);
  });

  test("condition 1e14, as a search distribution grows in CMA-ES", () => {
    const spectrum = range(40).map((k) => 10 ** ((-14 * k) / 39));
    expectSpectrum(withSpectrum(spectrum, 5), spectrum);
  });

  test("a graded matrix keeps small levels to high relative accuracy", () => {
    // entries fall off toward the upper left, the order in which the reduction works
    const n = 12;
    const a = symmetric(n, (i, j) => 10 ** (i + j - 2 * n + 2) * (i === j ? 2 : 0.5));
    const { values } = expectEigen(a, n);
    let logDeterminant = 0;
    for (const v of values) logDeterminant += Math.log(v);
    // D (1.5 I + ½ 1 1ᵀ) D with D = diag 10^(i − n + 1): determinant 1.5^n (1 + n/3) times that of D²
    const exact = n * Math.log(1.5) + Math.log(1 + n / 3) - n * (n - 1) * Math.LN10;
    expect(logDeterminant).toBeCloseTo(exact, 10);
  });
});

describe("range of numbers", () => {
  test.each([1e150, 1e-150, 1e300, 1e-290])("scale %d", (scale) => {
    const n = 8;
    const a = random(n, 6);
    const plain = eigen(a, n).values;
    const { values } = expectEigen(
      a.map((x) => x * scale),
      n,
    );
    for (let k = 0; k < n; k++)
      expect(Math.abs(values[k] / scale - plain[k])).toBeLessThanOrEqual(16 * n * EPSILON * Math.abs(plain[n - 1]));
  });

  test("tiny off-diagonal entries beside large ones leave the vectors orthonormal", () => {
    for (const tiny of [1e-100, 1e-139, 1e-160, 1e-300, 5e-324])
      expectEigen(
        symmetric(5, (i, j) => (i === j ? 1 + (i % 2) : tiny * (1 + i + j))),
        5,
      );
  });

  test("entries of every magnitude at once, whose rotations underflow", () => {
    const rows = [[5e-260], [1e-160, 1e-140], [9e-300, 2e-120, 1e-120], [7e-40, 5e-80, 9e-40, 1e-140]];
    expectEigen(
      symmetric(4, (i, j) => rows[i][j]),
      4,
    );
  });

  test.each([Number.NaN, Infinity, Number.NEGATIVE_INFINITY])("refuses a matrix that holds %d", (bad) => {
    for (const at of [0, 3, 8]) {
      const a = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
      a[at] = bad;
      expect(eigenSymmetric(a, 3, new Float64Array(3), new Float64Array(9))).toBe(false);
    }
  });
});

describe("any symmetric matrix", () => {
  const entry = fc.oneof(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1e100, max: 1e100, noNaN: true }),
    fc.constantFrom(0, 1, -1, 1e-8),
    // squares of these leave the range on their way through the rotations
    fc
      .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -300, max: 0 }))
      .map(([x, p]) => x * 10 ** p),
  );
  const matrix = fc
    .integer({ min: 1, max: 8 })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(entry, { minLength: n * n, maxLength: n * n })));

  test("is diagonalized", () => {
    fc.assert(
      fc.property(matrix, ([n, entries]) => {
        expectEigen(
          symmetric(n, (i, j) => entries[i * n + j]),
          n,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test.each([20, 40])("keeps trace and Frobenius norm at n = %i", (n) => {
    const a = random(n, n);
    const { values } = expectEigen(a, n);
    let trace = 0;
    for (let i = 0; i < n; i++) trace += a[i * n + i];
    const squares = (x: Float64Array) => x.reduce((s, v) => s + v * v, 0);
    expect(values.reduce((s, v) => s + v, 0)).toBeCloseTo(trace, 11);
    expect(squares(values) / squares(a)).toBeCloseTo(1, 13);
  });

  test("reads the lower triangle only, and may work in place", () => {
    const n = 9;
    const a = random(n, 8);
    const { values, vectors } = eigen(a, n);
    const lower = a.slice();
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) lower[i * n + j] = Number.NaN;
    const levels = new Float64Array(n);
    expect(eigenSymmetric(lower, n, levels, lower, new Float64Array(n).fill(Number.NaN))).toBe(true);
    expect(levels).toEqual(values);
    expect(lower).toEqual(vectors);
  });
});
