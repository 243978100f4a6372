import { expect, test } from "vitest";
import { box } from "../../src/core/problem.ts";
import { setup } from "../../src/index.ts";
import { fold, key, uniform } from "../../src/math/rng.ts";
import { type Importance, importance } from "../../src/tasks/importance.ts";
import { minimize } from "../../src/tasks/minimize.ts";
import { type Evaluated, freshSample, pointsOf, sampled } from "../../src/tasks/sample.ts";

const ground = (dim: number, lower: number, upper: number) => ({ domain: box(dim, lower, upper) });

/** Uniform points of a box, as a run that searches nowhere would evaluate them. */
function uniformPoints(n: number, dim: number, value: (x: Float64Array) => number): Evaluated[] {
  return Array.from({ length: n }, (_, index) => {
    const x = Float64Array.from({ length: dim }, (_, j) => 2 * uniform(fold(key(3), index), j) - 1);
    return { index, value: value(x), x, fair: true };
  });
}

/** What a run of packets says of a function on [−5, 5]^dim. */
async function told(
  value: (x: ArrayLike<number>) => number,
  dim: number,
  budget: number,
  { seed = 0, engine = "mqhoa", without = "" } = {},
): Promise<Importance> {
  const given = without === "" ? {} : { with: { without } };
  const at = setup({ value: (x: number[]) => value(x) }, { domain: [-5, 5], dim, budget, seed, engine, ...given });
  const sample = freshSample(at.potential);
  await minimize(at, { evaluate: sampled(sample, at.potential.answer) });
  return importance(pointsOf(sample), at.potential);
}

const bowl = (weights: readonly number[]) => (x: ArrayLike<number>) =>
  weights.reduce((sum, weight, j) => sum + weight * (x[j] - 1) ** 2, 0);

test("for a linear function of uniform points the shares are those of the variance, w² / Σ w²", () => {
  const weights = [3, 2, 1, 0];
  const points = uniformPoints(1000, 4, (x) => x.reduce((sum, v, j) => sum + weights[j] * v, 0));
  const { shares, explained } = importance(points, ground(4, -1, 1));
  expect(explained?.estimate).toBeGreaterThan(0.97);
  weights.forEach((w, j) => {
    const share = shares?.[j];
    // the rank of the sum is not quite linear in it
    expect(share?.low).toBeLessThan((w * w) / 14 + 0.01);
    expect(share?.high).toBeGreaterThan((w * w) / 14 - 0.01);
  });
});

test("a product has its importance in both of its factors: total, not first-order", () => {
  const points = uniformPoints(1000, 3, (x) => x[0] * x[1]);
  const { shares } = importance(points, ground(3, -1, 1));
  expect(shares?.[0].low).toBeLessThan(0.5);
  expect(shares?.[0].high).toBeGreaterThan(0.5);
  expect(shares?.[2].estimate).toBeLessThan(0.01);
});

/** Of four runs on a bowl that ignores half of its coordinates: ignored ones, those taken for important, and intervals that miss 2/d. */
async function judged(dim: number, budget: number, of: { engine: string; without?: string }) {
  const half = Array.from({ length: dim }, (_, j) => (j < dim / 2 ? 1 : 0));
  let [ignored, mistaken, equal, missed] = [0, 0, 0, 0];
  for (let seed = 0; seed < 4; seed++) {
    const { shares } = await told(bowl(half), dim, budget, { seed, ...of });
    shares?.forEach(({ low, high }, j) => {
      if (half[j] === 0) {
        ignored++;
        if (low > 0) mistaken++;
      } else {
        equal++;
        if (!(low <= 2 / dim && 2 / dim <= high)) missed++;
      }
    });
  }
  return { ignored, mistaken, equal, missed };
}

test.each([
  ["mqhoa", 4, 500, ""],
  ["mqhoa", 4, 5000, ""],
  ["mqhoa", 10, 5000, ""],
  ["walkers", 4, 5000, ""],
  ["metropolis", 4, 5000, ""],
  ["packets", 4, 500, ""],
  ["packets", 10, 5000, "surrogate"],
])(
  "a search by %s in %i dimensions and %i evaluations does not take what ζ ignores for important",
  async (engine, dim, budget, without) => {
    const { ignored, mistaken, equal, missed } = await judged(dim, budget, { engine, without });
    // 2.5 in 100 above 0 by chance, and 5 in 100 beside their share: five standard errors
    expect(mistaken).toBeLessThanOrEqual(0.025 * ignored + 5 * Math.sqrt(0.025 * ignored));
    expect(missed).toBeLessThanOrEqual(0.05 * equal + 5 * Math.sqrt(0.05 * equal));
  },
);

// points chosen by a model are no fair sample: the intervals are then too narrow, as docs/report.md says
test("guided packets do not take what ζ ignores for important either", async () => {
  const { ignored, mistaken } = await judged(10, 5000, { engine: "packets" });
  expect(ignored).toBe(20);
  expect(mistaken).toBeLessThanOrEqual(0.025 * ignored + 5 * Math.sqrt(0.025 * ignored));
});

test("the order of importance is that of the weights, and the same for an increasing transform of ζ", async () => {
  const weights = [1, 0.1, 0.01, 0.001];
  const { shares } = await told(bowl(weights), 4, 3000);
  const [first, second, third, fourth] = shares ?? [];
  expect(first.low).toBeGreaterThan(second.high);
  expect(second.low).toBeGreaterThan(Math.max(third.estimate, fourth.estimate));
  const points = uniformPoints(400, 4, bowl(weights));
  const bent = points.map((point) => ({ ...point, value: Math.exp(point.value) - 7 }));
  expect(importance(bent, ground(4, -1, 1))).toEqual(importance(points, ground(4, -1, 1)));
});

const unsupported: readonly (readonly [string, RegExp, () => Importance | Promise<Importance>])[] = [
  [
    "noise",
    /does not foretell/,
    () =>
      importance(
        uniformPoints(800, 3, (x) => uniform(key(8), Math.floor(1e12 * (x[0] + 1)))),
        ground(3, -1, 1),
      ),
  ],
  [
    "a plateau",
    /all values are the same/,
    () =>
      importance(
        uniformPoints(100, 3, () => 4),
        ground(3, -1, 1),
      ),
  ],
  [
    "failures only",
    /0 samples lie apart/,
    () =>
      importance(
        uniformPoints(100, 3, () => Number.POSITIVE_INFINITY),
        ground(3, -1, 1),
      ),
  ],
  [
    "too few points",
    /50 samples lie apart where 10 coordinates need 63/,
    () => told(bowl(new Array(10).fill(1)), 10, 50),
  ],
  ["one coordinate", /one coordinate only/, () => told(bowl([1]), 1, 200)],
  [
    "many coordinates",
    /not made for more than 100/,
    () =>
      importance(
        uniformPoints(10, 101, () => 0),
        ground(101, -1, 1),
      ),
  ],
  ["no points", /0 samples/, () => importance([], ground(2, 0, 1))],
];
test.each(unsupported)("what the points do not support is said: %s", async (_, reason, make) => {
  const { shares, reason: said } = await make();
  expect(shares).toBeNull();
  expect(said).toMatch(reason);
});
