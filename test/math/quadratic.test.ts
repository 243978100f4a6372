import { expect, test } from "vitest";
import {
  fitQuadratic,
  type Normal,
  normalEquations,
  quadraticAt,
  quadraticChange,
  quadraticSize,
} from "../../src/math/quadratic.ts";
import { key, normal } from "../../src/math/rng.ts";
import { ranks } from "../../src/math/stats.ts";

const point = (i: number, dim: number): Float64Array =>
  Float64Array.from({ length: dim }, (_, j) => normal(key(5), i * dim + j));
const points = (n: number, dim: number): Float64Array[] => Array.from({ length: n }, (_, i) => point(i, dim));

const truth = (u: Float64Array): number => 3 - 2 * u[0] + u[2] + 0.5 * u[1] * u[1] - u[2] * u[2] + 4 * u[0] * u[2];

test("a quadratic is found again, mixed terms and all", () => {
  const u = points(60, 3);
  const fit = fitQuadratic([normalEquations(u, u.map(truth), true)], [1], 3, true, 1e-13);
  expect(fit?.coefficients.length).toBe(quadraticSize(3, true));
  if (fit === null) return;
  for (const at of points(20, 3)) expect(quadraticAt(fit, at)).toBeCloseTo(truth(at), 8);
});

test("the change in one coordinate is the difference of two values", () => {
  const u = points(60, 4);
  for (const mixed of [true, false]) {
    const fit = fitQuadratic([normalEquations(u, u.map(truth), mixed)], [1], 4, mixed, 1e-3);
    if (fit === null) throw new Error("no fit");
    for (let j = 0; j < 4; j++) {
      const moved = u[7].slice();
      moved[j] = 1.7;
      const difference = quadraticAt(fit, moved) - quadraticAt(fit, u[7]);
      expect(quadraticChange(fit, u[7], j, 1.7)).toBeCloseTo(difference, 12);
    }
  }
});

test("a block counted twice is its points written twice, one counted 0 times is not there", () => {
  const [a, b] = [points(15, 2), points(45, 2).slice(20)];
  const y = (u: readonly Float64Array[]): number[] => u.map((v, i) => v[0] + Math.sin(i));
  const normalOf = (u: readonly Float64Array[]): Normal => normalEquations(u, y(u), true);
  const twice = normalEquations([...a, ...a], [...y(a), ...y(a)], true);
  const one = fitQuadratic([normalOf(a), normalOf(b)], [2, 0], 2, true, 0.1);
  const other = fitQuadratic([twice], [1], 2, true, 0.1);
  one?.coefficients.forEach((c, i) => {
    expect(c).toBeCloseTo(other?.coefficients[i] ?? Number.NaN, 12);
  });
});

test("the ridge draws all coefficients but the constant to 0, and nothing makes no fit", () => {
  const u = points(50, 2);
  const fit = fitQuadratic(
    [
      normalEquations(
        u,
        u.map(() => 7),
        true,
      ),
    ],
    [1],
    2,
    true,
    1e6,
  );
  expect(fit?.coefficients[0]).toBeCloseTo(7, 4);
  expect(Math.max(...(fit?.coefficients.slice(1) ?? []).map(Math.abs))).toBeLessThan(1e-4);
  expect(fitQuadratic([], [], 2, true, 1)).toBeNull();
});

test("ranks run from 0 to 1, equal values share theirs, infinite ones are the last", () => {
  expect([...ranks([30, 10, 20])]).toEqual([1, 0, 0.5]);
  expect([...ranks([5, 5, 1, 9, 9])]).toEqual([0.375, 0.375, 0, 0.875, 0.875]);
  const infinite = Number.POSITIVE_INFINITY;
  expect([...ranks([infinite, 3, infinite, 2, 1])]).toEqual([0.875, 0.5, 0.875, 0.25, 0]);
  expect([...ranks([4])]).toEqual([0]);
});
