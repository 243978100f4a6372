import { describe, expect, it } from "vitest";
import { eigenSymmetric } from "../../src/math/eigen.ts";
import { lowestSymmetric } from "../../src/math/lowest.ts";
import { fillNormal, key } from "../../src/math/rng.ts";

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, e) =>
    entry(Math.max(Math.floor(e / n), e % n), Math.min(Math.floor(e / n), e % n)),
  );
}

function random(n: number, seed: number): Float64Array {
  const draws = new Float64Array(n * n);
  fillNormal(key(seed), draws);
  return symmetric(n, (i, j) => draws[i * n + j]);
}

function solve(a: Float64Array, n: number, k: number) {
  const values = new Float64Array(k);
  const vectors = new Float64Array(k * n);
  expect(lowestSymmetric(a, n, k, values, vectors)).toBe(true);
  return { values, vectors };
}

/** A v = λ v and the vectors orthonormal, to a few n ε ‖A‖. */
function expectEigen(a: Float64Array, n: number, { values, vectors }: ReturnType<typeof solve>): void {
  const size = Math.max(1e-300, ...a.map(Math.abs)) * n;
  values.forEach((value, k) => {
    for (let i = 0; i < n; i++) {
      let image = 0;
      for (let j = 0; j < n; j++) image += a[i * n + j] * vectors[k * n + j];
      expect(Math.abs(image - value * vectors[k * n + i])).toBeLessThan(1e-14 * size);
    }
    for (let l = 0; l <= k; l++) {
      let inner = 0;
      for (let j = 0; j < n; j++) inner += vectors[k * n + j] * vectors[l * n + j];
      expect(Math.abs(inner - (k === l ? 1 : 0))).toBeLessThan(1e-12);
    }
  });
}

describe("lowestSymmetric", () => {
  it.each([1, 2, 3, 10, 57])("agrees with the full decomposition, n = %i", (n) => {
    const a = random(n, n);
    const all = new Float64Array(n);
    expect(eigenSymmetric(a, n, all, new Float64Array(n * n))).toBe(true);
    for (const k of [1, Math.ceil(n / 3), n]) {
      const found = solve(a, n, k);
      expectEigen(a, n, found);
      found.values.forEach((value, i) => {
        expect(Math.abs(value - all[i])).toBeLessThan(1e-14 * n * n);
      });
    }
  });

  it("has the closed form of the second difference, 2 − 2cos(πk/(n + 1))", () => {
    const n = 90;
    const a = symmetric(n, (i, j) => (i === j ? 2 : i === j + 1 ? -1 : 0));
    solve(a, n, 12).values.forEach((value, k) => {
      expect(Math.abs(value - (2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1))))).toBeLessThan(1e-14);
    });
  });

  it("counts degenerate values as often as they occur, with orthonormal vectors", () => {
    // the second difference on a ring: all but the first come in pairs
    const n = 40;
    const a = symmetric(n, (i, j) => (i === j ? 2 : i === j + 1 || i - j === n - 1 ? -1 : 0));
    const found = solve(a, n, 9);
    expectEigen(a, n, found);
    found.values.forEach((value, k) => {
      expect(Math.abs(value - (2 - 2 * Math.cos((2 * Math.PI * Math.ceil(k / 2)) / n)))).toBeLessThan(1e-14);
    });
    const same = symmetric(6, (i, j) => (i === j ? 3 : 0));
    const identity = solve(same, 6, 6);
    expectEigen(same, 6, identity);
    for (const value of identity.values) expect(Math.abs(value - 3)).toBeLessThan(1e-15);
  });

  it("tells apart a doublet split by 1e-9 of its size", () => {
    const n = 30;
    const split = 1e-9;
    const rotation = random(n, 5);
    const turn = new Float64Array(n * n);
    expect(eigenSymmetric(rotation, n, new Float64Array(n), turn)).toBe(true);
    const levels = Float64Array.from({ length: n }, (_, k) => (k === 1 ? split : k));
    const a = symmetric(n, (i, j) => levels.reduce((s, value, k) => s + value * turn[k * n + i] * turn[k * n + j], 0));
    const { values } = solve(a, n, 2);
    expect(Math.abs(values[1] - values[0] - split)).toBeLessThan(1e-13);
  });

  it.each([1e-200, 1e200])("does not mind a scale of %f", (scale) => {
    const n = 12;
    const a = random(n, 3);
    const plain = solve(a, n, 3).values;
    solve(
      a.map((v) => v * scale),
      n,
      3,
    ).values.forEach((value, k) => {
      expect(Math.abs(value / scale / plain[k] - 1)).toBeLessThan(1e-12);
    });
  });

  it("says no to a matrix that is not finite", () => {
    const a = random(4, 1);
    a[4] = Number.NaN;
    expect(lowestSymmetric(a, 4, 2, new Float64Array(2), new Float64Array(8))).toBe(false);
  });
});
