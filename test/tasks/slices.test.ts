import { expect, test } from "vitest";
import { box, domain, type Evaluator, pointwise } from "../../src/core/problem.ts";
import { boundsOf, readSpace } from "../../src/core/space.ts";
import { type Slices, slices } from "../../src/tasks/slices.ts";

const ground = (dim: number, lower: number, upper: number) => ({ domain: box(dim, lower, upper) });

const weights = [1, 100, 0.01, 10];
const zeta = (x: ArrayLike<number>): number =>
  weights.reduce((sum, w, j) => (j < x.length ? sum + w * (x[j] - 0.3) ** 2 : sum), 0);

/** Slices of ζ through its minimum, and the evaluations that were really asked. */
async function sliced(dim: number, allowance: number, value = zeta): Promise<{ made: Slices; asked: number }> {
  let asked = 0;
  const counted: Evaluator = pointwise(dim, (x) => {
    asked++;
    return value(x);
  });
  const x = new Array<number>(dim).fill(0.3);
  const order = Array.from({ length: dim }, (_, j) => j);
  const made = await slices(counted, ground(dim, -1, 1), { x, value: value(x) }, order, allowance);
  return { made, asked };
}

test("an allowance is never exceeded, and what is said to be spent is what was asked", async () => {
  for (const dim of [1, 2, 3, 4])
    for (const allowance of [9, 10, 17, 36, 81, 100, 200, 1000, 5000, 50_000]) {
      const { made, asked } = await sliced(dim, allowance);
      expect(asked).toBe(made.evaluations);
      expect(asked).toBeLessThanOrEqual(allowance);
      expect(made.lines.length).toBeGreaterThan(0);
    }
});

test("lines and planes hold ζ itself, the point on the lines", async () => {
  const { made } = await sliced(4, 4000);
  expect(made.lines.map(({ axis }) => axis)).toEqual([0, 1, 2, 3]);
  for (const { axis, at, value } of made.lines) {
    expect([...at]).toEqual([...at].sort((a, b) => a - b));
    expect(at).toContain(0.3);
    at.forEach((t, i) => {
      expect(value[i]).toBeCloseTo(weights[axis] * (t - 0.3) ** 2, 12);
    });
  }
  for (const { axes, xs, ys, value } of made.planes) {
    const [row, column] = [3, 5];
    const expected = weights[axes[0]] * (xs[column] - 0.3) ** 2 + weights[axes[1]] * (ys[row] - 0.3) ** 2;
    expect(value[row * xs.length + column]).toBeCloseTo(expected, 12);
    expect([xs[0], xs[xs.length - 1]]).toEqual([-1, 1]);
  }
});

test("the planes are those of the coordinates along which ζ changes most", async () => {
  const { made } = await sliced(4, 4000);
  expect(made.planes.map(({ axes }) => axes).sort()).toEqual([
    [0, 1],
    [0, 3],
    [1, 3],
  ]);
});

test("where it does not suffice for all lines, the first coordinates of the order have theirs", async () => {
  const x = new Array<number>(20).fill(0.3);
  const many = { lower: new Float64Array(20).fill(-1), upper: new Float64Array(20).fill(1) };
  const answer = pointwise(20, zeta);
  const order = [7, 3, ...Array.from({ length: 20 }, (_, j) => j).filter((j) => j !== 7 && j !== 3)];
  const { lines } = await slices(answer, { domain: domain(many.lower, many.upper) }, { x, value: 0 }, order, 40);
  expect(lines.map(({ axis }) => axis)).toEqual([3, 7]);
});

test("values without use are infinite, an abort leaves the rest unasked, too little is refused", async () => {
  const { made } = await sliced(2, 500, (x) => (x[0] < 0 ? Number.NaN : zeta(x)));
  expect(made.lines[0].value[0]).toBe(Number.POSITIVE_INFINITY);
  const control = new AbortController();
  control.abort();
  const point = { x: [0.3, 0.3], value: 0 };
  const none = await slices(pointwise(2, zeta), ground(2, -1, 1), point, [0, 1], 500, control.signal);
  expect(none.evaluations).toBe(0);
  for (const allowance of [0, 8, 9.5, Number.NaN])
    await expect(slices(pointwise(2, zeta), ground(2, -1, 1), point, [0, 1], allowance)).rejects.toThrow(/explain/);
});

test("of variables: logarithmic ones in even steps of the logarithm, whole ones whole, options each, fixed ones left out", async () => {
  const space = readSpace("variables", {
    lr: { log: [1e-4, 1] },
    n: { integer: [1, 4] },
    k: { choice: ["a", "b", "c"] },
    c: 3,
  });
  const value = (x: ArrayLike<number>): number => Math.log10(x[0]) ** 2 + x[1] + (x[2] === 1 ? 0 : 1);
  const through = { x: [1e-2, 2, 1, 3], value: 6 };
  const order = [0, 1, 2];
  const made = await slices(pointwise(4, value), { domain: boundsOf(space), space }, through, order, 1000);
  const [lr, n, k] = made.lines;
  expect([...lr.at].every((v, i) => i === 0 || v > lr.at[i - 1])).toBe(true);
  expect(lr.at[1] / lr.at[0]).toBeCloseTo(lr.at[3] / lr.at[2], 9);
  expect([lr.at[0], lr.at.at(-1)]).toEqual([1e-4, 1]);
  expect([...n.at]).toEqual([1, 2, 3, 4]);
  expect([...k.at]).toEqual([0, 1, 2]);
  expect([...k.value]).toEqual([7, 6, 7]);
  // options are not paired: between them lies nothing
  expect(made.planes.map(({ axes }) => axes)).toEqual([[0, 1]]);
});

test("a point that breaks a constraint has no value", async () => {
  const evaluate: Evaluator = (query) => {
    const constraints = query.at.x.map((v) => v - 0.5);
    return { n: query.at.n, value: query.at.x.map((v) => v * v), constraints };
  };
  const { lines } = await slices(evaluate, ground(1, -1, 1), { x: [0], value: 0 }, [0], 21);
  lines[0].at.forEach((x, i) => {
    expect(lines[0].value[i]).toBe(x <= 0.5 ? x * x : Number.POSITIVE_INFINITY);
  });
});
