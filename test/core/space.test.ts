import { describe, expect, test } from "vitest";
import {
  boundsOf,
  boxOf,
  checkPoint,
  decode,
  decodeGradient,
  decodeMoments,
  encode,
  isSmooth,
  pointAt,
  readSpace,
  type Space,
  sizeOf,
  spaceOfAxes,
  valuesAt,
} from "../../src/core/space.ts";
import { fold, key, uniform } from "../../src/math/rng.ts";

const mixed = readSpace("variables", {
  x: [-5, 5],
  lr: { log: [1e-5, 1] },
  layers: { integer: [1, 6] },
  kind: { choice: ["a", "b", "c"] },
  on: { choice: [false, true] },
  seed: { fixed: 3 },
  name: "run",
});

/** A point drawn uniformly in the box. */
function drawn(space: Space, k: number): Float64Array {
  const { lower, upper } = boxOf(space, "open");
  const u = lower.map((low, j) => low + (upper[j] - low) * uniform(fold(key(1), k), j));
  return decode(space, u, new Float64Array(space.variables.length));
}

describe("a space", () => {
  test("has a box with the coordinates of each variable", () => {
    const { lower, upper } = boxOf(mixed, "open");
    const [low, high] = [Math.log(1e-5), 0];
    expect([...lower]).toEqual([-5, low, 0.5, 0, 0, 0, 0]);
    expect([...upper]).toEqual([5, high, 6.5, 1, 1, 1, 1]);
    expect([...boundsOf(mixed).lower]).toEqual([-5, 1e-5, 1, 0, 0, 3, 0]);
    expect([...boundsOf(mixed).upper]).toEqual([5, 1, 6, 2, 1, 3, 0]);
  });

  test("gives each integer and each option the same measure, and a decade of a logarithm too", () => {
    const n = 6000;
    const seen = Array.from({ length: n }, (_, k) => drawn(mixed, k));
    const share = (is: (x: Float64Array) => boolean): number => seen.filter(is).length / n;
    // five standard errors of a share
    const near = (p: number) => (q: number) => Math.abs(p - q) < 5 * Math.sqrt((p * (1 - p)) / n);
    for (const layers of [1, 2, 3, 4, 5, 6]) expect(share((x) => x[2] === layers)).toSatisfy(near(1 / 6));
    for (const kind of [0, 1, 2]) expect(share((x) => x[3] === kind)).toSatisfy(near(1 / 3));
    expect(share((x) => x[4] === 1)).toSatisfy(near(1 / 2));
    expect(share((x) => x[1] < 1e-3)).toSatisfy(near(2 / 5));
  });

  test("takes points back and forth", () => {
    for (let k = 0; k < 200; k++) {
      const x = drawn(mixed, k);
      expect(() => checkPoint("x", mixed, x)).not.toThrow();
      const back = decode(mixed, encode(mixed, x), new Float64Array(x.length));
      back.forEach((v, j) => {
        if (j === 1) expect(v).toBeCloseTo(x[j], 14);
        else expect(v).toBe(x[j]);
      });
      expect([...pointAt("x", mixed, valuesAt(mixed, x))]).toEqual([...x]);
    }
  });

  test("keeps the bounds to the last bit", () => {
    const space = readSpace("variables", { lr: { log: [1e-5, 0.3] }, n: { integer: [-2, 7] } });
    const { lower, upper } = boxOf(space, "open");
    expect([...decode(space, lower, new Float64Array(2))]).toEqual([1e-5, -2]);
    expect([...decode(space, upper, new Float64Array(2))]).toEqual([0.3, 7]);
  });

  test("hands out values by name", () => {
    expect(valuesAt(mixed, [1, 0.1, 2, 1, 1, 3, 0])).toEqual({
      ...{ x: 1, lr: 0.1, layers: 2, kind: "b", on: true, seed: 3, name: "run" },
    });
  });

  test("carries gradients by the chain rule and moments to first order", () => {
    const space = readSpace("variables", { x: [-1, 1], c: 2, lr: { log: [1e-3, 1] } });
    expect(isSmooth(space)).toBe(true);
    expect(decodeGradient(space, [0.5, 2, 0.1], [3, 9, 7])).toEqual([3, expect.closeTo(0.7, 15)]);
    const { mean, deviation } = decodeMoments(space, [0.5, Math.log(0.1)], [0.2, 0.3]);
    expect([...mean]).toEqual([0.5, 2, expect.closeTo(0.1, 15)]);
    expect([...deviation]).toEqual([0.2, 0, expect.closeTo(0.03, 15)]);
    expect(isSmooth(mixed)).toBe(false);
    expect(isSmooth(readSpace("variables", { c: 2 }))).toBe(false);
  });

  test("counts its points", () => {
    expect(sizeOf(mixed)).toBe(Number.POSITIVE_INFINITY);
    expect(sizeOf(readSpace("v", { a: { choice: ["x", "y"] }, n: { integer: [1, 10] }, c: 1 }))).toBe(20);
    expect(sizeOf(readSpace("v", { c: "alone" }))).toBe(1);
  });

  test("is made of axes where one has no width", () => {
    expect(spaceOfAxes([0, 1], [1, 2], undefined)).toBeUndefined();
    expect(spaceOfAxes([0, 1], [1, 1], ["a", "b"])?.variables[1]).toEqual({ name: "b", kind: "fixed", worth: 1 });
  });
});

describe("refused, saying which", () => {
  test.each([
    [{}, "variables: has no variable"],
    [[1], "is no record of variables"],
    [{ x: [1] }, "variables.x: is no pair of bounds"],
    [{ x: [3, 1] }, "variables.x: lower 3 is not below upper 1; swap them"],
    [{ x: [0, Number.NaN] }, "bounds 0:NaN are not finite numbers"],
    [{ lr: { log: [0, 1] } }, "lower 0 is not above 0"],
    [{ lr: { log: [-1, 1] } }, "a logarithmic variable needs positive bounds"],
    [{ n: { integer: [0.5, 2] } }, "bounds 0.5:2 are not whole numbers"],
    [{ k: { choice: [] } }, "variables.k: is no list of options"],
    [{ k: { choice: ["a", "b", "a"] } }, "has 'a' twice"],
    [{ k: { choise: ["a"] } }, "did you mean 'choice'?"],
    [{ k: { choice: ["a"], log: [1, 2] } }, "is no variable"],
    [{ k: { fixed: Number.NaN } }, "is fixed at NaN"],
    [{ k: null }, "is no variable; write"],
    [{ constructor: [0, 1] }, "can be no name"],
  ])("%j", (given, message) => {
    expect(() => readSpace("variables", given)).toThrow(message);
  });

  test.each([
    [{ x: 0 }, "says nothing of lr"],
    [{ x: 9, lr: 0.1 }, "x is 9; it lies in -5:5"],
    [{ x: "", lr: 0.1 }, "x is empty; it lies in -5:5"],
    [{ x: 0, lr: 0.1, layers: 2.5 }, "not a whole number"],
    [{ x: 0, lr: 0.1, layers: 2, kind: "d" }, "it is one of a, b, c"],
    [{ x: 0, lr: 0.1, layers: 2, kind: "a", on: true, seed: 4 }, "fixed at 3"],
    [{ y: 0 }, "has 'y', which is no variable"],
  ])("a point %j", (values, message) => {
    expect(() => pointAt("point 1", mixed, values)).toThrow(message);
  });

  test("a list of numbers outside", () => {
    const space = readSpace("v", { k: { choice: ["a", "b", "c"] }, x: [0, 1] });
    expect(() => checkPoint("point 1", space, [3, 0])).toThrow("options are numbered 0 to 2");
    const still = readSpace("variables", { seed: 3, name: "a" });
    expect(() => checkPoint("point 1", still, [3, 0])).not.toThrow();
    expect(() => checkPoint("point 1", still, [4, 0])).toThrow("seed is 4 where it is fixed at 3");
    expect(() => checkPoint("point 1", space, [1])).toThrow("has 1 coordinates where there are 2 variables");
  });
});
