import { describe, expect, it } from "vitest";
import { packets } from "../../../src/engines/packets/index.ts";
import { blankThin, learnPair, makeRound, type Thin, thinGroundOn } from "../../../src/engines/packets/thin.ts";
import { bend, blankWell, groundOn, makeDiagonal } from "../../../src/engines/packets/well.ts";
import { dot } from "../../../src/math/linalg.ts";
import { fillNormal, fold, key } from "../../../src/math/rng.ts";
import { minimized, rosenbrock, steps, well } from "./ground.ts";

const dim = 8;
const normals = (seed: number, n: number): Float64Array => {
  const v = new Float64Array(dim);
  fillNormal(fold(key(seed), n), v);
  return v;
};
/** Steps and the changes of the slope of Σ (1 + i) x_i² / 2 along them. */
const pairs = (n: number): [Float64Array, Float64Array][] =>
  Array.from({ length: n }, (_, k) => {
    const s = normals(1, k);
    return [s, s.map((v, i) => (1 + i) * v)];
  });
const cut = (v: Float64Array, held: Uint8Array): Float64Array => v.map((x, i) => (held[i] === 0 ? x : 0));

function ground(thin: Thin, held: Uint8Array, gradient: Float64Array): Float64Array {
  const s = new Float64Array(dim).fill(7);
  thinGroundOn(thin, held, gradient, s);
  return s;
}

describe("a thin well", () => {
  it.each([
    [0, 0],
    [1, 0],
    [5, 0],
    [30, 0],
    [5, 3],
    [30, 3],
  ])("is the dense one of its %i pairs, cut to what is not held (%i axes)", (n, walls) => {
    const held = Uint8Array.from({ length: dim }, (_, i) => (i < walls ? 1 : 0));
    const thin = blankThin(dim);
    const dense = blankWell(dim);
    makeRound(thin, 4);
    const known = pairs(n);
    for (const [s, y] of known) learnPair(thin, s, y);
    const [s, y] = known.at(-1)?.map((v) => cut(v, held)) ?? [];
    makeDiagonal(dense, () => (s === undefined ? 4 : dot(y, y) / dot(s, y)), dim);
    for (const [s, y] of known)
      bend(dense, cut(s, held), cut(y, held), false, new Float64Array(dim), new Float64Array(dim));
    const gradient = normals(2, 0);
    const expected = new Float64Array(dim);
    groundOn(dense, new Uint8Array(dim), cut(gradient, held), expected);
    ground(thin, held, gradient).forEach((v, i) => {
      expect(v).toBeCloseTo(held[i] === 0 ? expected[i] : 0, 10);
    });
  });

  it("forgets what is thirty steps old, and all where it is made round", () => {
    const [thin, late] = [blankThin(dim), blankThin(dim)];
    pairs(77).forEach(([s, y], k) => {
      learnPair(thin, s, y);
      if (k >= 47) learnPair(late, s, y);
    });
    const gradient = normals(2, 0);
    const free = new Uint8Array(dim);
    expect([...ground(thin, free, gradient)]).toEqual([...ground(late, free, gradient)]);
    makeRound(thin, 5);
    ground(thin, free, gradient).forEach((v, i) => {
      expect(v).toBeCloseTo(-gradient[i] / 5, 15);
    });
  });

  it("takes no notice of a step that saw no positive curvature, nor of what is no number", () => {
    const thin = blankThin(dim);
    const s = normals(1, 0);
    for (const y of [s.map((v) => -v), s.map(() => 0), s.map(() => Number.NaN)]) learnPair(thin, s, y);
    expect(thin.count).toBe(0);
  });

  it("takes Rosenbrock in 2000 dimensions down by slopes, and holds no matrix of d² numbers", async () => {
    const slope = (x: Float64Array, out: Float64Array): number => {
      out.fill(0);
      for (let i = 0; i + 1 < x.length; i++) {
        const a = x[i + 1] - x[i] ** 2;
        out[i] += -400 * a * x[i] - 2 * (1 - x[i]);
        out[i + 1] += 200 * a;
      }
      return rosenbrock(x);
    };
    const at = well(rosenbrock, 2000, slope);
    const { stop } = await minimized(at, 0, { budget: 1000, target: 1e-8 }, { gradients: true });
    expect(stop).toBe("target reached");
    const { harmonic } = steps(packets({ gradients: true }), at, 0, 3);
    expect(harmonic?.well.stiffness.length).toBe(0);
    expect(harmonic?.well.thin?.s.length).toBe(30 * 2000);
  });
});
