import { describe, expect, test } from "vitest";
import { conflicts, freshFeasibility, penalize, unknowns } from "../../src/core/feasible.ts";
import { points } from "../../src/core/problem.ts";
import { minimize } from "../../src/index.ts";

const at = points([[0], [1], [2], [3]]);

describe("penalized values", () => {
  test("leave alone what is allowed, and grow with the violation, whatever its unit", () => {
    for (const unit of [1, 1e-9, 1e9]) {
      const value = Float64Array.of(5, 4, 3, 2);
      const allowed = penalize(
        freshFeasibility(1),
        at,
        value,
        Float64Array.of(-1, 0, 1, 2).map((g) => g * unit),
      );
      expect(allowed).toEqual([true, true, false, false]);
      // the range of ζ is 3 and the largest violation 2 units
      expect([...value]).toEqual([5, 4, 3 + 1.5, 2 + 3]);
    }
  });

  test("change with ζ → aζ + b as ζ does", () => {
    const g = Float64Array.of(-1, 0.5, 1, 2);
    const plain = Float64Array.of(5, 4, 3, 2);
    const scaled = plain.map((v) => 7 * v + 11);
    penalize(freshFeasibility(1), at, plain, g);
    penalize(freshFeasibility(1), at, scaled, g);
    for (let i = 0; i < 4; i++) expect(scaled[i]).toBeCloseTo(7 * plain[i] + 11, 12);
  });

  test("stand for values that a model does not have where it is not allowed", () => {
    const value = Float64Array.of(5, 4, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(penalize(freshFeasibility(1), at, value, Float64Array.of(-1, 0, 1, 2))).toEqual([true, true, false, false]);
    expect([...value]).toEqual([5, 4, 5.5, 6]);
  });

  test("stay numbers that tell violations apart, however long nothing is allowed", () => {
    const f = freshFeasibility(1);
    const value = new Float64Array(4);
    for (let n = 0; n < 10_000; n++) {
      value.set([5, 4, 3, 2]);
      penalize(f, at, value, Float64Array.of(1, 2, 3, 4));
    }
    expect(value.every(Number.isFinite)).toBe(true);
    expect([...value].sort((a, b) => a - b)).toEqual([...value]);
  });

  test("a point without known constraints is not allowed", () => {
    const value = Float64Array.of(1, 1, 1, Number.POSITIVE_INFINITY);
    const g = Float64Array.of(-1, -1, Number.NaN, Number.NaN);
    expect(penalize(freshFeasibility(1), at, value, g)).toEqual([true, true, false, false]);
  });
});

test("what stands in the way: constraints that never held, else pairs that never held together", () => {
  const never = freshFeasibility(2);
  penalize(never, at, new Float64Array(4), Float64Array.of(-1, 1, -1, 2, 1, 1, 1, 2));
  expect(conflicts(never)).toEqual([[1]]);
  expect(never.nearest?.x).toEqual(Float64Array.of(0));
  const apart = freshFeasibility(3);
  penalize(apart, at, new Float64Array(4), Float64Array.of(-1, 1, -1, 1, -1, -1, -1, 1, -1, 1, -1, -1));
  expect(conflicts(apart)).toEqual([[0, 1]]);
  expect(conflicts(freshFeasibility(2))).toEqual([]);
});

test("an answer without known constraints does not count as one whose best is allowed", () => {
  const f = freshFeasibility(1);
  for (let i = 0; i < 4; i++) penalize(f, at, Float64Array.of(5, 4, 3, 2), Float64Array.of(1, 2, 3, 4));
  expect(f.outside).toBe(4);
  penalize(f, at, new Float64Array(4).fill(Number.POSITIVE_INFINITY), new Float64Array(4).fill(Number.NaN));
  expect(f.outside).toBe(4);
});

test("constraints that are a number nowhere are known, also beside others", () => {
  const f = freshFeasibility(2);
  penalize(f, at, new Float64Array(4), Float64Array.of(-1, Number.NaN, 1, Number.NaN, 1, Number.NaN, -1, Number.NaN));
  expect(unknowns(f)).toEqual([1]);
  expect(f.nearest).toBeNull();
  penalize(f, at, new Float64Array(4), new Float64Array(8));
  expect(unknowns(f)).toEqual([]);
});

describe.each(["packets", "random", "metropolis", "walkers", "mqhoa"])("%s under constraints", (engine) => {
  test("finds allowed points only, at an active constraint too", async () => {
    const { best, nearest } = await minimize(([x, y]) => x + y, {
      domain: [-5, 5],
      dim: 2,
      engine,
      budget: 4000,
      constraints: ([x, y]) => [x * x + y * y - 1],
    });
    expect(nearest).toBeUndefined();
    expect(best.x[0] ** 2 + best.x[1] ** 2).toBeLessThanOrEqual(1);
    expect(best.value).toBeLessThan(engine === "random" ? -1.2 : -1.35);
    expect(best.value).toBeGreaterThanOrEqual(-Math.SQRT2 - 1e-12);
  });

  test("says that nothing is allowed, where that came nearest, and what never held", async () => {
    const result = await minimize(([x, y]) => x + y, {
      domain: [-5, 5],
      dim: 2,
      engine,
      budget: 600,
      constraints: ["x1^2 + x2^2 <= 1", "x1 >= 2", "x2 <= 4"],
    });
    expect(result.best).toEqual({ value: Number.POSITIVE_INFINITY, x: [] });
    const { nearest } = result;
    expect(nearest?.conflicts).toEqual([["x1^2 + x2^2 <= 1", "x1 >= 2"]]);
    expect(nearest?.violations.length).toBeGreaterThan(0);
    for (const { by } of nearest?.violations ?? []) expect(by).toBeGreaterThan(0);
    // the constraints pull apart: nearest lies between them
    expect(nearest?.x[0]).toBeGreaterThan(0.5);
  });
});

test("a target is reached by an allowed point only", async () => {
  const { stop, best } = await minimize(([x]) => x, {
    domain: [[-5, 5]],
    target: -1,
    budget: 3000,
    constraints: ["x1^2 <= 2"],
  });
  expect(stop).toBe("target reached");
  expect(best.value).toBeLessThanOrEqual(-1);
  expect(best.value).toBeGreaterThanOrEqual(-Math.SQRT2);
});

test("gradients are left aside where there are constraints", async () => {
  const { gradients, best } = await minimize(
    { formula: "x^2 + y^2" },
    { domain: [-5, 5], budget: 3000, constraints: ["x + y >= 2"] },
  );
  expect(gradients).toBe(0);
  expect(best.value).toBeCloseTo(2, 8);
});

test("a feasible region is found after thousands of answers outside it", async () => {
  const g = (x: readonly number[]): number =>
    x.reduce((sum, v) => sum + (v - 1.3) ** 2 + 4 * (1 - Math.cos(2 * Math.PI * (v - 1.3))), -1e-3);
  const { best } = await minimize((x) => x.reduce((sum, v) => sum + v, 0), {
    ...{ domain: [-5, 5], dim: 6, budget: 5000, seed: 1, outstanding: 2 },
    constraints: (x) => [g(x)],
  });
  expect(g(best.x)).toBeLessThanOrEqual(0);
});
