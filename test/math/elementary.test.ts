import { describe, expect, test } from "vitest";
import { exp, expNear, turn } from "../../src/math/elementary.ts";
import { key, uniform } from "../../src/math/rng.ts";

const out = new Float64Array(3);

describe("elementary functions", () => {
  test("exp is that of the engine to two ulps over its range", () => {
    for (let i = 0; i < 100_000; i++) {
      const x = 1416 * uniform(key(1), i) - 708;
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(2 ** -51);
    }
  });

  test("expNear is that of the engine to two ulps within 1/16, and exp beyond", () => {
    for (let i = 0; i < 100_000; i++) {
      const x = (uniform(key(3), i) - 0.5) / 8;
      expect(Math.abs(expNear(x) / Math.exp(x) - 1)).toBeLessThan(2 ** -51);
    }
    for (const x of [0.0626, -0.0626, 2, -708.1, Number.NEGATIVE_INFINITY]) expect(expNear(x)).toBe(exp(x));
    expect([expNear(0), expNear(1 / 16) > 1, expNear(-1 / 16) < 1]).toEqual([1, true, true]);
    expect(expNear(Number.NaN)).toBeNaN();
  });

  test("exp at its ends", () => {
    expect([exp(0), exp(-0), exp(-708.1), exp(709.1), exp(Number.NEGATIVE_INFINITY)]).toEqual([
      1,
      1,
      0,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    expect(exp(Number.NaN)).toBeNaN();
  });

  test("a turn is the cosine and sine of the engine to two ulps", () => {
    for (let i = 0; i < 100_000; i++) {
      const x = (i % 2 === 0 ? 10 : 2e6) * (uniform(key(2), i) - 0.5);
      turn(x, out);
      expect(Math.abs(out[0] - Math.cos(x))).toBeLessThan(2 ** -51);
      expect(Math.abs(out[1] - Math.sin(x))).toBeLessThan(2 ** -51);
    }
  });

  test("quarter turns, and turns too large to mean anything, lie on the circle", () => {
    turn(0, out);
    expect(Array.from(out)).toEqual([1, 0, 0]);
    turn(2e-5, out);
    expect(out[2]).toBeCloseTo(-2e-10 + 2e-20 / 3, 25);
    for (const x of [1e9, -1e12, 1e300, Number.MAX_VALUE]) {
      turn(x, out);
      expect(Math.hypot(out[0], out[1])).toBeCloseTo(1, 3);
    }
  });
});
