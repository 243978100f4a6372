/** The parts of diffusion Monte Carlo, each against what is known of it. */
import { describe, expect, test } from "vitest";
import { answerAll } from "../../../src/core/ask.ts";
import { readValues } from "../../../src/core/entry.ts";
import type { Guidance, Guide } from "../../../src/core/guide.ts";
import { box, points, potential } from "../../../src/core/problem.ts";
import { surviveNode, surviveWalls } from "../../../src/engines/dmc/absorb.ts";
import { place } from "../../../src/engines/dmc/branch.ts";
import { limitedDrift } from "../../../src/engines/dmc/drift.ts";
import { gaussianGuide } from "../../../src/engines/dmc/gaussian.ts";
import { superposition } from "../../../src/engines/dmc/superposition.ts";
import { bestGaussian } from "../../../src/engines/dmc/variational.ts";
import { fold, groundCovariance, harmonicLevels, integer, key, normal, uniform } from "../../../src/math/index.ts";
import { potentialEntries } from "../../../src/potentials/index.ts";

function guidance(n: number, dim: number): Guidance {
  return { log: new Float64Array(n), gradient: new Float64Array(n * dim), laplacian: new Float64Array(n) };
}

function offered(name: string): Guide {
  const entry = potentialEntries.find((e) => e.name === name);
  const guide = entry?.make(readValues(entry, {})).guide?.(0.5);
  if (guide === undefined) throw new Error(`${name} offers no guide`);
  return guide;
}

const skewed = gaussianGuide({ mean: Float64Array.of(0.2, -0.4), covariance: Float64Array.of(0.5, 0.2, 0.2, 0.3) });
const pair = answerAll(
  superposition(
    0.5,
    [
      { mean: Float64Array.of(-1, 0), covariance: Float64Array.of(0.5, 0.2, 0.2, 0.3) },
      { mean: Float64Array.of(1, 0.5), covariance: Float64Array.of(0.3, 0, 0, 0.4) },
    ],
    key(1),
    "superposition",
  ),
  ({ at: { n, x } }) => ({ n, value: Float64Array.from({ length: n }, (_, i) => 5 * (x[2 * i] ** 2 - 1) ** 2) }),
);
const guides: readonly (readonly [Guide, number])[] = [
  [skewed, 2],
  [pair, 2],
  [offered("hydrogen"), 3],
  [offered("h2-plus"), 3],
  [offered("h2"), 6],
  [offered("h-minus"), 6],
];

describe.each(guides.map(([guide, dim]) => ({ guide, dim, name: guide.name })))("guide $name", ({ guide, dim }) => {
  const n = 20;
  const h = 1e-4;
  const at = Float64Array.from({ length: n * dim }, (_, e) => 0.4 + normal(key(4), e));
  const look = (x: Float64Array): Guidance => {
    const out = guidance(n, dim);
    guide.at({ n, dim, x }, out);
    return out;
  };
  const moved = (j: number, by: number) => look(at.map((v, e) => (e % dim === j ? v + by : v)));

  test("its gradient and Laplacian are those of ln φ", () => {
    const here = look(at);
    const sums = new Float64Array(n);
    for (let j = 0; j < dim; j++) {
      const [up, down] = [moved(j, h), moved(j, -h)];
      for (let i = 0; i < n; i++) {
        const slope = (up.log[i] - down.log[i]) / (2 * h);
        expect(Math.abs(here.gradient[i * dim + j] - slope)).toBeLessThan(1e-5);
        // ∇²φ/φ = ∇²ln φ + ‖∇ln φ‖²
        sums[i] += (up.gradient[i * dim + j] - down.gradient[i * dim + j]) / (2 * h) + here.gradient[i * dim + j] ** 2;
      }
    }
    sums.forEach((s, i) => {
      expect(Math.abs(here.laplacian[i] - s)).toBeLessThan(1e-5 * (1 + Math.abs(s)));
    });
  });
});

test("near a nucleus, and where electrons meet, the local energy stays finite", () => {
  for (const [name, place] of [
    ["hydrogen", [1, 0, 0]],
    ["h2-plus", [0.3, 0.1, -1]],
    ["h2", [0.3, 0.1, -0.7, 0.5, 0.5, 0.5]],
    ["h-minus", [0.01, 0, 0, 0.5, 0.5, 0.5]],
  ] as const) {
    const entry = potentialEntries.find((e) => e.name === name);
    if (entry === undefined) throw new Error(name);
    const potential = entry.make(readValues(entry, {}));
    const local = (x: readonly number[]): number => {
      const out = guidance(1, x.length);
      const at = points([x]);
      offered(name).at(at, out);
      const answer = potential.answer({ kind: "value", at });
      if (answer instanceof Promise || answer.value === undefined) throw new Error("answers at once");
      return answer.value[0] - 0.5 * out.laplacian[0];
    };
    const nucleus = name === "h2-plus" ? -1 : name === "h2" ? -0.7 : 0;
    for (const r of [1e-3, 1e-5, 1e-7]) {
      const close: number[] = [...place];
      [close[0], close[1], close[2]] = [r, 0, nucleus];
      expect(Math.abs(local(close))).toBeLessThan(5);
      if (place.length === 6) {
        const together = [0.9, 0.8, 0.4, 0.9 + r, 0.8, 0.4];
        expect(Math.abs(local(together))).toBeLessThan(5);
      }
    }
  }
});

test("a Gaussian's exact transition leaves |φ|² as it is and forgets at the rate D/Σ", () => {
  const n = 40_000;
  const guide = skewed;
  const x = guide.sample?.(key(1), n) ?? new Float64Array(0);
  const before = x.slice();
  const z = Float64Array.from({ length: n * 2 }, (_, e) => normal(key(2), e));
  guide.transition?.(0.5, 0.7)(x, z, n);
  const moment = (a: Float64Array, j: number, b: Float64Array, k: number): number => {
    let s = 0;
    for (let i = 0; i < n; i++) s += (a[2 * i + j] - [0.2, -0.4][j]) * (b[2 * i + k] - [0.2, -0.4][k]);
    return s / n;
  };
  // four standard errors of a covariance of n values
  const allowed = (4 * 0.5 * Math.SQRT2) / Math.sqrt(n);
  for (const [j, k, c] of [
    [0, 0, 0.5],
    [0, 1, 0.2],
    [1, 1, 0.3],
  ] as const)
    expect(Math.abs(moment(x, j, x, k) - c)).toBeLessThan(allowed);
  // along an axis of Σ: v = 0.5 + …; the cross moment is e^{−DΔτΣ⁻¹}Σ, summed here by its trace
  const middle = 0.4;
  const half = Math.hypot(0.1, 0.2);
  const expected = [middle + half, middle - half].reduce((s, v) => s + v * Math.exp((-0.5 * 0.7) / v), 0);
  expect(Math.abs(moment(x, 0, before, 0) + moment(x, 1, before, 1) - expected)).toBeLessThan(2 * allowed);
});

test("the best Gaussian of a quadratic is its ground state, √(D/2) K^{−½} about its bottom, to rounding", () => {
  const K = [2, 0.6, 0.6, 1];
  const at = potential({
    name: "quadratic",
    domain: box(2, -8, 8),
    value: ([x, y]) => 0.5 * (K[0] * (x - 1) ** 2 + 2 * K[1] * (x - 1) * y + K[3] * y * y),
    gradient: ([x, y], out) => {
      [out[0], out[1]] = [K[0] * (x - 1) + K[1] * y, K[1] * (x - 1) + K[3] * y];
      return 0.5 * ((x - 1) * out[0] + y * out[1]);
    },
  });
  const first = { mean: Float64Array.of(-2, 3), covariance: Float64Array.of(0.01, 0, 0, 0.01) };
  const found = answerAll(bestGaussian(at.domain, 0.7, [first], key(5)), (query) => {
    const answer = at.answer(query);
    if (answer instanceof Promise) throw new Error("answers at once");
    return answer;
  });
  const exact = groundCovariance(0.7, Float64Array.from(K), 2) ?? new Float64Array(4);
  found.covariance.forEach((c, e) => {
    expect(c).toBeCloseTo(exact[e], 8);
  });
  expect(found.mean[0]).toBeCloseTo(1, 8);
  expect(found.energy).toBeCloseTo(harmonicLevels(0.7, [1.5 + Math.sqrt(0.61), 1.5 - Math.sqrt(0.61)], 1)[0], 9);
  expect(found.error).toBeLessThan(1e-9);
  expect(found.settled).toBe(true);
});

test("a limited drift is 2D∇ln φ where it is slow, and of the order √(D/Δτ) where it is not", () => {
  const v = Float64Array.of(1e-3, 0, 0, 1e6, 0, 0);
  limitedDrift(v, 6, 0.5, 0.01, 3);
  expect(v[0]).toBeCloseTo(1e-3, 9);
  expect(v[3] * 0.01).toBeCloseTo(Math.sqrt(2 * 2 * 0.5 * 0.01), 3);
  expect(v[3] * 0.01).toBeLessThan(0.2);
});

test("branching leaves each walker as many copies as it has offspring, survivors in front where they were", () => {
  for (let round = 0; round < 200; round++) {
    const n = 1 + integer(key(round), 0, 12);
    const offspring = Array.from({ length: n }, (_, i) => integer(fold(key(round), 1), i, 4));
    const dead = Int32Array.from(offspring.keys()).filter((i) => offspring[i] === 0);
    const born = Int32Array.from(offspring.flatMap((k, i) => new Array<number>(Math.max(0, k - 1)).fill(i)));
    const slots = Array.from({ length: 4 * n }, (_, i) => (i < n ? i : -1));
    const count = place(dead, dead.length, born, born.length, n, (from, to) => {
      slots[to] = slots[from];
    });
    expect(count).toBe(offspring.reduce((sum, k) => sum + k, 0));
    const copies = new Array<number>(n).fill(0);
    for (let i = 0; i < count; i++) copies[slots[i]]++;
    expect(copies).toEqual(offspring);
    for (let i = 0; i < Math.min(n, count); i++) if (offspring[i] > 0) expect(slots[i]).toBe(i);
  }
});

test("survival between walls is that of the half-line: the probability that a Brownian path has met none", () => {
  // by reflection, P(no crossing and end in dx') = G(x − x') − G(x + x'), whose ratio to G(x − x') is the bridge's
  const spread = 0.04;
  const survival = new Float64Array(1).fill(1);
  surviveWalls(box(1, 0, 100, "wall"), Float64Array.of(0.2), Float64Array.of(0.3), 1, spread, survival);
  const G = (y: number): number => Math.exp((-y * y) / (4 * spread));
  expect(survival[0]).toBeCloseTo(1 - G(0.5) / G(0.1), 14);
  surviveWalls(box(1, 0, 100, "wall"), Float64Array.of(0.2), Float64Array.of(-1e-9), 1, spread, survival);
  expect(survival[0]).toBe(0);
  const node = Float64Array.of(1, 1, 1);
  surviveNode(Float64Array.of(0.2, -0.2, 0.2), Float64Array.of(0.3, -0.3, -0.3), 3, spread, node);
  expect(node[0]).toBeCloseTo(1 - G(0.5) / G(0.1), 14);
  expect(node[1]).toBe(node[0]);
  expect(node[2]).toBe(0);
  expect(uniform(key(1), 0)).toBeLessThan(1);
});
