import { describe, expect, test } from "vitest";
import { aloneModule, cloudKernel } from "../../src/kernels/index.ts";
import { type CloudKernel, plainCloud } from "../../src/math/cloud.ts";
import { exp, expNear } from "../../src/math/elementary.ts";
import { fillNormal, key, normal, uniform } from "../../src/math/rng.ts";
import { sum } from "../../src/math/sum.ts";

const wasm = aloneModule() !== undefined;
const backends: readonly (readonly [string, CloudKernel])[] = [
  ["plain", plainCloud],
  ...(wasm ? [["wasm", cloudKernel()] as const] : []),
];

/** Around the sizes of a vector, a block and a chunk. */
const SIZES = [1, 2, 3, 5, 1023, 1024, 1025, 4095, 4096, 4097, 10_001];
const cast = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => uniform(key(seed), i));

function weights(n: number, seed: number): Float64Array {
  const w = cast(n, seed).map((u) => u * u * u);
  const total = sum(w);
  return w.map((x) => x / total);
}

/** max |x_i − expected(i)| */
const farthest = (x: ArrayLike<number>, expected: (i: number) => number): number =>
  Array.from(x).reduce((far, at, i) => Math.max(far, Math.abs(at - expected(i))), 0);

test("the compiled form is chosen where there is one", () => {
  expect(cloudKernel().backend).toBe(wasm ? "wasm" : "plain");
  expect(cloudKernel()).toBe(cloudKernel());
});

describe.each(backends)("%s", (_, kernel) => {
  test.each(SIZES)("%i normals are those of their addresses", (n) => {
    const out = new Float64Array(n);
    kernel.normals(key(7), out, 12_345);
    expect(out).toEqual(Float64Array.from({ length: n }, (_, i) => normal(key(7), 12_345 + i)));
  });

  test("normals go on where the low word of the counter ends, and at the far end of the elements", () => {
    for (const start of [2 ** 32 - 3, 2 ** 32 - 4096, 3 * 2 ** 32 - 1, 2 ** 53 - 9]) {
      const out = new Float64Array(9);
      kernel.normals(key(-5), out, start);
      expect(out).toEqual(Float64Array.from(out, (_, i) => normal(key(-5), start + i)));
    }
  });

  test("a million normals: moments within four standard errors, tails there", () => {
    const z = new Float64Array(1_000_000);
    kernel.normals(key(3), z);
    const moment = (k: number): number => sum(z.map((x) => x ** k)) / z.length;
    // standard errors √(Var(z^k)/n): 1, 2, 15, 96 are the variances of z, z², z³, z⁴
    expect(Math.abs(moment(1))).toBeLessThan(4e-3);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4e-3 * Math.SQRT2);
    expect(Math.abs(moment(3))).toBeLessThan(4e-3 * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4e-3 * Math.sqrt(96));
    expect(z.some((x) => x > 3.66)).toBe(true);
    expect(z.some((x) => x < -3.66)).toBe(true);
  });

  test.each([1, 2, 3, 7])("a kick in %i dimensions moves each axis by its length", (dim) => {
    const n = 1501 * dim;
    const x = cast(n, 1);
    const lengths = Float64Array.from({ length: dim }, (_, j) => 0.5 + j);
    const expected = x.map((at, e) => at + lengths[e % dim] * normal(key(9), e));
    kernel.kick(x, lengths, key(9));
    expect(x).toEqual(expected);
  });

  test.each(SIZES)("branching %i walkers: weights, and marks laid end to end", (n) => {
    const [before, after] = [cast(n, 6), cast(n, 7)].map((at) => at.map((u) => 8 * u - 4));
    if (n > 2) after[2] = Number.POSITIVE_INFINITY;
    if (n > 3) before[3] = -40;
    for (const [dt, survival] of [
      [0.3, undefined],
      [0.3, cast(n, 8)],
      // exponents on both sides of where the short series ends, and all within it
      [0.02, undefined],
      [0.001, cast(n, 8)],
    ] as const) {
      const given = { before, after, survival, dt, trial: 0.2, u: 0.6, weight: new Float64Array(n) };
      const [dead, born] = [new Int32Array(n), new Int32Array(8 * n)];
      const found = kernel.branch({ ...given, dead, born });
      let [end, clipped] = [0, 0];
      const [died, more]: number[][] = [[], []];
      for (let i = 0; i < n; i++) {
        const exponent = dt * (0.2 - 0.5 * (before[i] + after[i]));
        if (exponent > 2) clipped++;
        const w = expNear(Math.min(exponent, 2)) * (survival?.[i] ?? 1);
        expect(given.weight[i]).toBe(w);
        const copies = Math.max(Math.ceil(end + w - 0.6), 0) - Math.max(Math.ceil(end - 0.6), 0);
        end += w;
        if (copies === 0) died.push(i);
        for (let k = 1; k < copies; k++) more.push(i);
      }
      expect(found).toEqual({ total: end, dead: died.length, born: more.length, clipped, dropped: 0 });
      expect(Array.from(dead.subarray(0, found.dead))).toEqual(died);
      expect(Array.from(born.subarray(0, found.born))).toEqual(more);
      expect(kernel.branch({ ...given, weight: undefined, dead, born })).toEqual(found);
      const little = new Int32Array(1);
      const cut = kernel.branch({ ...given, dead, born: little });
      expect(cut.born + cut.dropped).toBe(more.length);
    }
  });

  test.each(SIZES)("weighing %i walkers: w e^{−sζ} / λ", (n) => {
    const [weight, value] = [weights(n, 4), cast(n, 5).map((u) => 30 * u - 10)];
    const before = weight.slice();
    const growth = kernel.weigh(weight, value, 0.7);
    const direct = before.map((w, i) => w * Math.exp(-0.7 * value[i]));
    const lambda = sum(direct);
    expect(growth).toBeCloseTo(Math.log(lambda), 12);
    expect(sum(weight)).toBeCloseTo(1, 13);
    expect(farthest(weight, (i) => direct[i] / lambda)).toBeLessThan(1e-14);
  });

  test("weighing is safe where e^{−sζ} is not, and a walker of no weight stays so", () => {
    const weight = Float64Array.of(0, 0.25, 0.25, 0.5);
    const growth = kernel.weigh(weight, Float64Array.of(-1e9, 1e6, 1e6 + Math.log(2), Number.POSITIVE_INFINITY), 1);
    expect(weight[0]).toBe(0);
    expect(weight[1]).toBeCloseTo(2 / 3, 9);
    expect(weight[2]).toBeCloseTo(1 / 3, 9);
    expect(weight[3]).toBe(0);
    expect(growth).toBeCloseTo(-1e6 + Math.log(0.375), 9);
  });

  test("with ζ = +∞ everywhere there is nothing to choose by", () => {
    const weight = Float64Array.of(0.25, 0.75);
    expect(kernel.weigh(weight, new Float64Array(2).fill(Number.POSITIVE_INFINITY), 1)).toBe(Number.NEGATIVE_INFINITY);
    expect(Array.from(weight)).toEqual([0.25, 0.75]);
  });

  test.each(SIZES)("resampling %i walkers: counts within one of n w, marks in place, survivors stay", (n) => {
    const weight = weights(n, 6);
    const parent = new Int32Array(n);
    kernel.resample(weight, 0.3, parent);
    const offspring = new Int32Array(n);
    for (const p of parent) offspring[p]++;
    expect(farthest(offspring, (i) => n * weight[i])).toBeLessThan(1 + 1e-9);
    expect(offspring.every((copies, i) => (parent[i] === i) === copies > 0)).toBe(true);
    let cumulated = 0;
    let marks = 0;
    const below = weight.map((w, i) => {
      cumulated += n * w;
      marks += offspring[i];
      return marks - (cumulated - 0.3);
    });
    // ⌈c − u⌉ − (c − u), to the rounding of c
    expect(below.every((rest) => rest > -1e-9 && rest < 1 + 1e-9)).toBe(true);
  });

  test("all weight on one walker: all are its copies; equal weights: all stay", () => {
    const parent = new Int32Array(5);
    kernel.resample(Float64Array.of(0, 0, 1, 0, 0), 0.99, parent);
    expect(Array.from(parent)).toEqual([2, 2, 2, 2, 2]);
    kernel.resample(new Float64Array(5).fill(0.2), 0.5, parent);
    expect(Array.from(parent)).toEqual([0, 1, 2, 3, 4]);
  });

  test("the expected number of copies is n w", () => {
    const weight = weights(20, 8);
    const copies = new Float64Array(20);
    const parent = new Int32Array(20);
    const draws = 4000;
    for (let d = 0; d < draws; d++) {
      kernel.resample(weight, uniform(key(11), d), parent);
      for (const p of parent) copies[p]++;
    }
    // a count is one of two neighbors: its variance is at most 1/4
    copies.forEach((c, i) => {
      expect(Math.abs(c / draws - 20 * weight[i])).toBeLessThan((4.5 * 0.5) / Math.sqrt(draws));
    });
  });
});

describe.runIf(wasm)("both have the same bits", () => {
  const compiled = cloudKernel();

  test.each(SIZES)("for %i walkers", (n) => {
    const normals = [new Float64Array(n), new Float64Array(n)];
    compiled.normals(key(2), normals[0], 77);
    fillNormal(key(2), normals[1], 77);
    expect(normals[0]).toEqual(normals[1]);

    const kicked = [cast(n, 1), cast(n, 1)];
    [compiled, plainCloud].forEach((kernel, i) => {
      kernel.kick(kicked[i], Float64Array.of(0.1, 0.3, 1e-3), key(2));
    });
    expect(kicked[0]).toEqual(kicked[1]);

    for (const s of [0.01, 1, 300, -2]) {
      const value = cast(n, 3).map((u, i) => (i % 7 === 3 && s > 0 ? Number.POSITIVE_INFINITY : 40 * u - 20));
      const weight = [weights(n, 4), weights(n, 4)];
      weight.forEach((w) => {
        if (n > 5) w[2] = 0;
      });
      const growth = [compiled, plainCloud].map((kernel, i) => kernel.weigh(weight[i], value, s));
      expect(growth[0]).toBe(growth[1]);
      expect(weight[0]).toEqual(weight[1]);

      const parent = [new Int32Array(n), new Int32Array(n)];
      [compiled, plainCloud].forEach((kernel, i) => {
        kernel.resample(weight[i], 0.123, parent[i]);
      });
      expect(parent[0]).toEqual(parent[1]);
    }
  });

  test("a weighed sum goes in blocks of 1024, one walker after another", () => {
    const value = cast(5000, 3);
    const weight = weights(5000, 4);
    const least = value.reduce((a, b) => Math.min(a, b));
    const expected = weight.map((w, i) => w * exp(least - value[i]));
    const total = sum(expected);
    compiled.weigh(weight, value, 1);
    expect(weight).toEqual(expected.map((w) => w / total));
  });
});
