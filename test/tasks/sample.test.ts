import { expect, test } from "vitest";
import { box } from "../../src/core/problem.ts";
import { setup } from "../../src/index.ts";
import { key, uniform } from "../../src/math/rng.ts";
import { kolmogorovSmirnov } from "../../src/math/stats.ts";
import { minimize } from "../../src/tasks/minimize.ts";
import { distinct, freshSample, pointsOf, type Sample, sampled, show } from "../../src/tasks/sample.ts";

const ground = (dim: number, lower: number, upper: number) => ({ domain: box(dim, lower, upper) });

/** n points of one coordinate, whose value is what `value` says of their index. */
function shown(n: number, value: (index: number) => number): Sample {
  const sample = freshSample(ground(1, 0, n));
  for (let i = 0; i < n; i++) show(sample, Float64Array.of(i), 0, value(i), false);
  return sample;
}

const random = (index: number): number => uniform(key(11), index);

test("the first points are all kept, and later ones evenly in the logarithm of the evaluations", () => {
  const points = pointsOf(shown(1_000_000, random));
  expect(points.slice(0, 1000).map(({ index }) => index)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  for (const { index, x, value } of points) {
    expect(x[0]).toBe(index);
    expect(value).toBe(random(index));
  }
  const drawn = points.filter(({ index, fair }) => index >= 1000 && fair);
  const logs = Float64Array.from(drawn, ({ index }) => Math.log(index / 1000) / Math.log(1000));
  expect(kolmogorovSmirnov(logs, (t) => t).p).toBeGreaterThan(0.05);
  expect(points.length).toBeLessThan(5000);
});

test("the drawn points are fair: their values are as those of all", () => {
  const drawn = pointsOf(shown(300_000, random)).filter(({ fair }) => fair);
  expect(
    kolmogorovSmirnov(
      Float64Array.from(drawn, ({ value }) => value),
      (v) => v,
    ).p,
  ).toBeGreaterThan(0.05);
});

test.each([1, 999, 1000, 1001, 1003, 54_321])("the best of %i points is among them, once", (n) => {
  const values = Array.from({ length: n }, (_, i) => random(i));
  const points = pointsOf(shown(n, random));
  const best = Math.min(...values);
  expect(points.filter(({ value }) => value === best)).toHaveLength(1);
  expect(new Set(points.map(({ index }) => index)).size).toBe(points.length);
});

test("what has no value is kept as infinite, and never as the best", () => {
  const points = pointsOf(shown(5000, (i) => (i % 2 === 0 ? Number.NaN : Number.NEGATIVE_INFINITY)));
  expect(points.every(({ value, fair }) => value === Number.POSITIVE_INFINITY && fair)).toBe(true);
});

test("many coordinates are kept of fewer points", () => {
  const dim = 1000;
  const sample = freshSample(ground(dim, 0, 1));
  const x = new Float64Array(dim);
  for (let i = 0; i < 100_000; i++) show(sample, x, 0, random(i), false);
  expect(pointsOf(sample).length * dim).toBeLessThan(2e6);
});

test("a run that is watched keeps what its points one by one would, however they are answered", async () => {
  const asked: { x: Float64Array; value: number; alone: boolean }[] = [];
  const at = setup({ entry: "rastrigin", set: { dim: 3 } }, { budget: 5000 });
  const watched = freshSample(at.potential);
  await minimize(at, {
    evaluate: sampled(watched, async (query) => {
      const answer = await at.potential.answer(query);
      for (let i = 0; i < answer.n; i++)
        asked.push({
          x: query.at.x.slice(3 * i, 3 * i + 3),
          value: answer.value?.[i] ?? Number.NaN,
          alone: answer.n === 1,
        });
      return answer;
    }),
  });
  const read = freshSample(at.potential);
  for (const { x, value, alone } of asked) show(read, x, 0, value, alone);
  expect(read.seen).toBe(asked.length);
  expect(pointsOf(read)).toEqual(pointsOf(watched));
});

test("of points that lie together the best stands for all", () => {
  const point = (x: number, value: number, index: number) => ({ index, value, x: Float64Array.of(x), fair: true });
  const points = [point(0.5, 3, 0), point(0.505, 1, 1), point(0.52, 2, 2), point(0.9, Number.POSITIVE_INFINITY, 3)];
  expect(distinct(points, ground(1, 0, 1)).map(({ value }) => value)).toEqual([1, 2]);
});
