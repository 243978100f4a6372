import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cholesky, dot, matVec, matVecTransposed, norm, rankOne, solveCholesky } from "../../src/math/linalg.ts";
import { fillNormal, fold, key } from "../../src/math/rng.ts";

const EPSILON = 2 ** -52;

function gaussian(m: number, n: number, seed: number): Float64Array {
  const g = new Float64Array(m * n);
  fillNormal(fold(key(seed), m), g);
  return g;
}

/** G Gᵀ for a Gaussian G: positive definite. */
function gram(n: number, seed: number): Float64Array {
  const g = gaussian(n, n, seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) a[i * n + j] = dot(g.subarray(i * n, i * n + n), g.subarray(j * n, j * n + n));
  return a;
}

const largest = (a: Float64Array) => a.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
const size = fc.integer({ min: 1, max: 30 });
const seed = fc.integer({ min: 0, max: 1_000_000 });

describe("Cholesky", () => {
  test("a matrix worked by hand", () => {
    const a = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
    const l = new Float64Array(9);
    expect(cholesky(a, 3, l)).toBe(true);
    expect([...l]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
  });

  test("L Lᵀ is A again", () => {
    fc.assert(
      fc.property(size, seed, (n, s) => {
        const a = gram(n, s);
        const l = new Float64Array(n * n);
        expect(cholesky(a, n, l)).toBe(true);
        // |A − L Lᵀ| ≤ (n + 1) ε √(a_ii a_jj) (Higham, Accuracy and Stability, theorem 10.3)
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            const product = dot(l.subarray(i * n, i * n + n), l.subarray(j * n, j * n + n));
            const bound = (n + 1) * EPSILON * Math.sqrt(a[i * n + i] * a[j * n + j]);
            expect(Math.abs(product - a[i * n + j])).toBeLessThanOrEqual(bound);
          }
      }),
    );
  });

  test("in place it leaves the upper triangle alone, and it reads none", () => {
    const n = 6;
    const a = gram(n, 3);
    const l = new Float64Array(n * n);
    cholesky(a, n, l);
    const marked = a.slice();
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) marked[i * n + j] = Number.NaN;
    expect(cholesky(marked, n)).toBe(true);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) expect(marked[i * n + j]).toBe(j > i ? Number.NaN : l[i * n + j]);
  });

  test.each([
    ["zero", [0, 0, 0, 0]],
    ["singular", [1, 1, 1, 1]],
    ["indefinite", [1, 2, 2, 1]],
    ["negative", [-1, 0, 0, -1]],
    ["not a number", [1, Number.NaN, Number.NaN, 1]],
    ["infinite", [Infinity, 0, 0, 1]],
  ])("refuses a matrix that is %s", (_, entries) => {
    expect(cholesky(Float64Array.from(entries), 2)).toBe(false);
  });

  test("solves to a small residual, in place too", () => {
    fc.assert(
      fc.property(size, seed, (n, s) => {
        const a = gram(n, s);
        const l = new Float64Array(n * n);
        cholesky(a, n, l);
        const b = gaussian(n, 1, s + 1);
        const x = new Float64Array(n);
        const back = new Float64Array(n);
        solveCholesky(l, n, b, x);
        matVec(a, n, n, x, back);
        // backward stable: |A x − b| ≤ a few n² ε |A| |x|
        const bound = 4 * n * n * EPSILON * largest(a) * largest(x);
        for (let i = 0; i < n; i++) expect(Math.abs(back[i] - b[i])).toBeLessThanOrEqual(bound);
        const inPlace = b.slice();
        solveCholesky(l, n, inPlace);
        expect(inPlace).toEqual(x);
      }),
    );
  });

  test("the normal equations recover a polynomial", () => {
    const coefficients = [0.5, -2, 3];
    const gramian = new Float64Array(9);
    const right = new Float64Array(3);
    for (let t = -5; t <= 5; t++) {
      const row = Float64Array.of(1, t, t * t);
      rankOne(gramian, 3, 1, row);
      for (let j = 0; j < 3; j++) right[j] += row[j] * dot(row, Float64Array.from(coefficients));
    }
    expect(cholesky(gramian, 3)).toBe(true);
    solveCholesky(gramian, 3, right);
    expect([...right]).toEqual(coefficients.map((c) => expect.closeTo(c, 12)));
  });
});

describe("products", () => {
  test("matVec and its transpose on a 2 × 3 matrix", () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 6);
    const two = new Float64Array(2);
    const three = new Float64Array(3);
    matVec(a, 2, 3, Float64Array.of(1, 10, 100), two);
    matVecTransposed(a, 2, 3, Float64Array.of(1, 10), three);
    expect([...two]).toEqual([321, 654]);
    expect([...three]).toEqual([41, 52, 63]);
  });

  test("yᵀ(A x) = (Aᵀy)ᵀx", () => {
    fc.assert(
      fc.property(size, size, seed, (m, n, s) => {
        const a = gaussian(m, n, s);
        const x = gaussian(n, 1, s + 1);
        const y = gaussian(m, 1, s + 2);
        const ax = new Float64Array(m);
        const ay = new Float64Array(n);
        matVec(a, m, n, x, ax);
        matVecTransposed(a, m, n, y, ay);
        const bound = 2 * (m + n) * EPSILON * norm(a) * norm(x) * norm(y);
        expect(Math.abs(dot(y, ax) - dot(ay, x))).toBeLessThanOrEqual(bound);
      }),
    );
  });

  test("rankOne keeps both triangles equal", () => {
    const n = 7;
    const a = gram(n, 5);
    const before = a.slice();
    const x = gaussian(n, 1, 6);
    rankOne(a, n, 0.3, x);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        expect(a[i * n + j]).toBe(a[j * n + i]);
        expect(a[i * n + j]).toBeCloseTo(before[i * n + j] + 0.3 * x[i] * x[j], 13);
      }
  });

  test.each([1, 1e-200, 1e-310, 1e200, 1e307])("norm at scale %d", (scale) => {
    expect(norm(Float64Array.of(3 * scale, -4 * scale)) / (5 * scale)).toBeCloseTo(1, 12);
  });

  test("norm of nothing, of zero, of infinity and of NaN", () => {
    expect(norm(new Float64Array(0))).toBe(0);
    expect(norm(new Float64Array(3))).toBe(0);
    expect(norm(Float64Array.of(1, -Infinity))).toBe(Infinity);
    expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
    expect(norm(Float64Array.of(3, 4, 99), 2)).toBe(5);
  });
});
