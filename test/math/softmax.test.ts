import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectiveSize, logSumExp, softmax } from "../../src/math/softmax.ts";
import { BLOCK, sum, sumProducts } from "../../src/math/sum.ts";

const EPSILON = 2 ** -52;
const of = (...values: number[]) => Float64Array.from(values);

describe("log-sum-exp and softmax", () => {
  test("closed forms", () => {
    expect(logSumExp(of(0, 0))).toBeCloseTo(Math.LN2, 15);
    expect(logSumExp(of(Math.log(1), Math.log(2), Math.log(3)))).toBeCloseTo(Math.log(6), 15);
    const w = of(Math.log(1), Math.log(2), Math.log(5));
    expect(softmax(w)).toBeCloseTo(Math.log(8), 15);
    expect([...w].map((x) => x * 8)).toEqual([1, 2, 5].map((x) => expect.closeTo(x, 14)));
  });

  test.each([
    ["one overwhelming", [1e308, 0, -1e308], [1, 0, 0], 1e308],
    ["all huge", [1e308, 1e308], [0.5, 0.5], 1e308],
    ["all at the bottom", [-1.7e308, -1.7e308, -1.7e308, -1.7e308], [0.25, 0.25, 0.25, 0.25], -1.7e308],
    ["−∞ beside a number", [Number.NEGATIVE_INFINITY, 3], [0, 1], 3],
    ["all −∞", [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], [0.5, 0.5], Number.NEGATIVE_INFINITY],
    ["+∞ takes all", [Infinity, 1e308, Infinity, 0], [0.5, 0, 0.5, 0], Infinity],
    ["a single one", [-745], [1], -745],
  ])("%s", (_, logits, weights, logZ) => {
    const given = Float64Array.from(logits);
    const out = new Float64Array(logits.length);
    expect(softmax(given, out)).toBe(logZ);
    expect([...out]).toEqual(weights);
    expect(logSumExp(given)).toBe(logZ);
    expect([...given]).toEqual(logits);
  });

  test("nothing sums to nothing, and NaN is not hidden", () => {
    expect(logSumExp(of())).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp(of(0, Number.NaN, 1))).toBeNaN();
    expect(softmax(of(0, Number.NaN, 1))).toBeNaN();
  });

  const logits = fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1, maxLength: 60 });

  test("weights sum to 1, ignore a common shift and invert to the logits", () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
        const l = Float64Array.from(values, (x) => Math.round(x * 1024) / 1024); // shifts are then exact
        const w = new Float64Array(l.length);
        const moved = new Float64Array(l.length);
        const logZ = softmax(l, w);
        softmax(
          l.map((x) => x + shift),
          moved,
        );
        expect(moved).toEqual(w);
        expect(Math.abs(sum(w) - 1)).toBeLessThan(l.length * EPSILON);
        expect(logSumExp(l)).toBe(logZ);
        for (let i = 0; i < l.length; i++)
          if (w[i] > 1e-300) expect(Math.abs(Math.log(w[i]) - (l[i] - logZ))).toBeLessThan(4e-13);
      }),
    );
  });

  test("only the first n count", () => {
    const l = of(0, 0, 1000);
    expect(logSumExp(l, 2)).toBeCloseTo(Math.LN2, 15);
    softmax(l, l, 2);
    expect([...l]).toEqual([0.5, 0.5, 1000]);
  });
});

describe("effective size", () => {
  test("n for equal weights, 1 for a single one, whatever the scale", () => {
    expect(effectiveSize(new Float64Array(10).fill(0.1))).toBeCloseTo(10, 12);
    expect(effectiveSize(new Float64Array(10).fill(7))).toBe(10);
    expect(effectiveSize(of(0, 1, 0))).toBe(1);
    expect(effectiveSize(of(0.75, 0.25))).toBeCloseTo(1 / (0.75 ** 2 + 0.25 ** 2), 14);
    expect(effectiveSize(of(0.5, 0.5, 99), 2)).toBe(2);
  });
});

describe("sums in fixed blocks", () => {
  const values = Float64Array.from({ length: 3 * BLOCK + 17 }, (_, i) => Math.sin(i) * 10 ** (i % 12));

  test("whoever adds the blocks, the sum is the same bit for bit", () => {
    const partials: number[] = [];
    for (let start = 0; start < values.length; start += BLOCK)
      partials.push(sum(values.subarray(start, start + BLOCK)));
    expect(partials.reduce((a, b) => a + b, 0)).toBe(sum(values));
    expect(sumProducts(values, new Float64Array(values.length).fill(1))).toBe(sum(values));
  });

  test("exact for whole numbers, and over the first n only", () => {
    const whole = Float64Array.from({ length: 5000 }, (_, i) => i);
    expect(sum(whole)).toBe((5000 * 4999) / 2);
    expect(sum(whole, 1025)).toBe((1025 * 1024) / 2);
    expect(sumProducts(whole, whole, 100)).toBe((99 * 100 * 199) / 6);
    expect(sum(whole, 0)).toBe(0);
  });
});
