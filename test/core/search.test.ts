/** Any engine in any space owes what it owes in a box; what is known is never asked. */
import { describe, expect, test } from "vitest";
import { type Checkpoint, checkpointFrom } from "../../src/core/checkpoint.ts";
import { observe } from "../../src/core/observe.ts";
import { decode, encode, same } from "../../src/core/plain.ts";
import { type Evaluator, type Potential, potential, type Query } from "../../src/core/problem.ts";
import { type Result, type RunOptions, run, type Setup } from "../../src/core/run.ts";
import { boundsOf, checkPoint, readSpace, valuesAt } from "../../src/core/space.ts";
import { setup } from "../../src/index.ts";
import { delayed, scattered } from "../conformance/potentials.ts";
import { unshared } from "../conformance/sharing.ts";

const ENGINES = ["packets", "random", "metropolis", "walkers", "mqhoa", "descent"];

const mixed = {
  x: [-5, 5],
  lr: { log: [1e-5, 1] },
  n: { integer: [0, 9] },
  k: { choice: ["a", "b", "c"] },
  c: 2,
} as const;
const valley = ({ x, lr, n, k }: Record<string, unknown>): number =>
  Number(x) ** 2 + (Math.log10(Number(lr)) + 2) ** 2 + (Number(n) - 4) ** 2 + (k === "b" ? 0 : 1);
const discrete = { n: { integer: [0, 9] }, m: { integer: [-3, 3] }, k: { choice: ["a", "b", "c"] } } as const;
const steps = ({ n, m, k }: Record<string, unknown>): number =>
  (Number(n) - 7) ** 2 + (Number(m) + 1) ** 2 + (k === "c" ? 0 : 1);

/** A potential that answers at once, whatever else the machine does. */
function within(
  variables: Readonly<Record<string, unknown>>,
  f: (values: Record<string, unknown>) => number,
): Potential {
  const space = readSpace("variables", variables);
  return { ...potential({ name: "f", domain: boundsOf(space), value: (x) => f(valuesAt(space, x)) }), space };
}

const inMixed = (engine: string, budget = 400): Setup => setup(within(mixed, valley), { engine, budget, seed: 3 });
const inDiscrete = (engine: string, budget = 5000): Setup =>
  setup(within(discrete, steps), { engine, budget, seed: 3 });

async function trace(of: Setup, options: RunOptions = {}): Promise<{ checkpoints: Checkpoint[]; result: Result }> {
  const checkpoints: Checkpoint[] = [];
  const result = await observe(run(of, options), [{ frame: (f) => void checkpoints.push(f.checkpoint()) }]);
  return { checkpoints, result };
}

/** Notes the points that are asked. */
function noting(answer: Evaluator): { evaluate: Evaluator; asked: string[] } {
  const asked: string[] = [];
  const evaluate = (query: Query, signal?: AbortSignal) => {
    const { n, dim, x } = query.at;
    for (let i = 0; i < n; i++) asked.push([...x.subarray(i * dim, (i + 1) * dim)].join(" "));
    return answer(query, signal);
  };
  return { evaluate, asked };
}

describe.each(ENGINES)("%s in a mixed space", (engine) => {
  test.each([
    ["mixed", inMixed],
    ["discrete", inDiscrete],
  ])("shares nothing between two parts of its state (%s)", async (_name, of) => {
    const setup = of(engine, 400);
    const { result } = await trace({ ...setup, engine: unshared(setup.engine) });
    expect(result.error).toBeUndefined();
  });

  test("asks points of the space only, spends its budget, and gives the same, decode, encode bits again", async () => {
    const at = inMixed(engine);
    const { evaluate, asked } = noting(at.potential.answer);
    const space = readSpace("v", mixed);
    const first = await trace(at, { evaluate });
    expect(asked.length).toBe(400);
    for (const point of asked) checkPoint("asked", space, point.split(" ").map(Number));
    for (const evaluator of [undefined, delayed(at.potential), scattered(at.potential, 3)]) {
      const again = await trace(inMixed(engine), evaluator === undefined ? {} : { evaluate: evaluator });
      expect(same(again.checkpoints, first.checkpoints)).toBe(true);
    }
  });
});

describe.each(ENGINES)("%s in a discrete space", (engine) => {
  test("asks each point once, knows all of it in the end, and says so", async () => {
    const at = inDiscrete(engine);
    const { evaluate, asked } = noting(at.potential.answer);
    const { result } = await trace(at, { evaluate });
    expect(result.stop).toBe("space exhausted");
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBe(210);
    expect(result.account.evaluations).toBe(210);
    expect(result.best.value).toBe(0);
    expect([...result.best.x]).toEqual([7, -1, 2]);
  });

  test("goes on from any checkpoint bit for bit, and stops at its budget", async () => {
    const whole = await trace(inDiscrete(engine, 120));
    expect(whole.result.account.evaluations).toBe(120);
    for (const share of [0.2, 0.7]) {
      const from = whole.checkpoints[Math.floor(share * whole.checkpoints.length)];
      const rest = await trace(inDiscrete(engine, 120), { from: checkpointFrom(decode(encode(from))) });
      expect(same(rest.result.account as never, whole.result.account as never)).toBe(true);
    }
  });
});

test.each([
  ["one choice", { k: { choice: ["only"] } }],
  ["one integer", { n: { integer: [4, 4] } }],
  ["bounds that are equal", { x: [2, 2] }],
  ["all fixed", { a: 1, b: { fixed: "text" } }],
] as const)("a space of one point: %s", async (_name, variables) => {
  let asked = 0;
  const { result } = await trace(setup({ value: () => ++asked }, { variables: variables as never }));
  expect([result.stop, asked, result.account.evaluations]).toEqual(["space exhausted", 1, 1]);
});

test("a domain with an axis without width is searched along the others", async () => {
  const at = setup(([x, y]: number[]) => (x - 2) ** 2 + (y - 1) ** 2, {
    domain: [
      [2, 2],
      [-5, 5],
    ],
    budget: 600,
  });
  const { result } = await trace(at);
  expect(result.best.x[0]).toBe(2);
  expect(result.best.value).toBeLessThan(1e-9);
});

test("a gradient in a logarithmic variable is that of its coordinate", async () => {
  const value = ({ lr, c }: Record<string, number>) => (Math.log(lr / 0.01) - 1) ** 2 + c;
  const gradient = ({ lr }: Record<string, number>) => [(2 * (Math.log(lr / 0.01) - 1)) / lr, 1];
  const at = setup({ value, gradient } as never, { variables: { lr: { log: [1e-6, 1e3] }, c: 1 }, budget: 60 });
  expect(at.engine.needs).toContain("gradient");
  const { result } = await trace(at);
  expect(result.best.value - 1).toBeLessThan(1e-12);
  expect(result.best.x[0]).toBeCloseTo(0.01 * Math.E, 7);
});

describe("known points", () => {
  const known = [
    { x: [1.1, -2.1], value: 0.02 },
    { x: [4, 4], value: 45 },
  ];
  const bowl = ([x, y]: number[]) => (x - 1) ** 2 + (y + 2) ** 2;

  test("are where the search begins and the best so far, at no cost", async () => {
    const at = setup(bowl, { domain: [-5, 5], dim: 2, budget: 1, known });
    expect(at.known).toEqual({ value: 0.02, x: Float64Array.of(1.1, -2.1) });
    const { result } = await trace(at);
    expect(result.account.evaluations).toBe(1);
    expect(result.best.value).toBeLessThanOrEqual(0.02);
    const valley = ([x, y]: number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const wide = { domain: [-500, 500] as [number, number], dim: 2, budget: 60 };
    const near = { x: [1.1, 1.2], value: valley([1.1, 1.2]) };
    const warm = await trace(setup(valley, { ...wide, known: [near] }));
    const cold = await trace(setup(valley, wide));
    expect(warm.result.best.value).toBeLessThan(cold.result.best.value);
  });

  test("are never asked, by value or by gradient", async () => {
    const start = { x: [0.3, 0.7], value: 7.78 };
    const at = setup(bowl, { domain: [-5, 5], dim: 2, budget: 300, known: [start] });
    const { evaluate, asked } = noting(at.potential.answer);
    await trace(at, { evaluate });
    const distance = (point: string): number =>
      Math.hypot(Number(point.split(" ")[0]) - 0.3, Number(point.split(" ")[1]) - 0.7);
    expect(Math.min(...asked.map(distance))).toBeGreaterThan(1e-11);
    const all = [0, 1, 2].flatMap((n) => ["a", "b"].map((k) => ({ x: { n, k }, value: n })));
    const whole = setup(
      { value: () => expect.fail("asked") },
      {
        variables: { n: { integer: [0, 2] }, k: { choice: ["a", "b"] } },
        known: all,
      },
    );
    const { result } = await trace(whole);
    expect([result.stop, result.account.evaluations, result.best.value]).toEqual(["space exhausted", 0, 0]);
  });

  test.each([
    [[{ x: [1], value: 2 }], "known point 1: has 1 coordinates"],
    [[known[0], { x: [9, 0], value: 2 }], "known point 2: x1 is 9"],
    [[{ x: [1, 1], value: Number.NaN }], "known.0.value"],
    [[{ x: [1, 1] }], "known.0.value"],
    ["file", "is no list of { x, value }"],
  ])("are refused where they do not fit: %j", (given, message) => {
    expect(() => setup(bowl, { domain: [-5, 5], dim: 2, known: given as never })).toThrow(message);
  });
});
