import { describe, expect, test } from "vitest";
import { box, points } from "../../src/core/problem.ts";
import { minimize } from "../../src/index.ts";
import { objective, readObjective } from "../../src/potentials/index.ts";

const variables = {
  lr: { log: [1e-5, 1] },
  n: { integer: [1, 6] },
  kind: { choice: ["a", "b"] },
  seed: { fixed: 3 },
} as const;
const at = points([
  [0.1, 2, 1, 3],
  [0.01, 6, 0, 3],
]);

describe("an objective with variables", () => {
  test("is handed records", async () => {
    const seen: unknown[] = [];
    const p = objective({ variables, value: (v: { n: number }) => Number(seen.push(v)) * 0 + v.n });
    const answer = await p.answer({ kind: "value", at });
    expect(seen).toEqual([
      { lr: 0.1, n: 2, kind: "b", seed: 3 },
      { lr: 0.01, n: 6, kind: "a", seed: 3 },
    ]);
    expect([...(answer.value ?? [])]).toEqual([2, 6]);
    expect(p.names).toEqual(["lr", "n", "kind", "seed"]);
    expect([...p.domain.lower]).toEqual([1e-5, 1, 0, 3]);
    expect([...p.domain.upper]).toEqual([1, 6, 1, 3]);
  });

  test("is handed them in a batch too, and offers no gradient where a variable is discrete", async () => {
    const spec = {
      variables,
      value: () => 0,
      gradient: () => [0],
      batch: (vs: { n: number }[]) => vs.map(({ n }) => n),
    };
    const p = objective(spec);
    expect([...((await p.answer({ kind: "value", at })).value ?? [])]).toEqual([2, 6]);
    expect(p.can).toEqual(["value"]);
    expect(objective({ variables: { x: [0, 1] }, value: () => 0, gradient: () => [0] }).can).toContain("gradient");
  });

  test.each<[unknown, string]>([
    [{ variables: [], value: () => 0 }, "variables: is no record"],
    [{ variables: { x: [1, 0] }, value: () => 0 }, "objective: variables.x: lower 1 is not below upper 0"],
    [{ variables: { x: [0, 1] }, domain: [[0, 1]], value: () => 0 }, "both variables and a domain"],
    [{ constraints: [1], value: () => 0 }, "objective: constraints: is a list of 1; make it a function"],
  ])("is refused where it is malformed: %j", (given, message) => {
    expect(() => readObjective("objective", given)).toThrow(message);
  });
});

describe("constraints of a function", () => {
  const on = { domain: box(2, -5, 5) };
  const pair = points([
    [1, 2],
    [3, 4],
  ]);

  test.each([
    ["at once", ([x, y]: number[]) => [x - y, y]],
    ["later", async ([x, y]: number[]) => [x - y, y]],
    ["as a typed array", ([x, y]: number[]) => Float64Array.of(x - y, y)],
  ])("are answered %s", async (_name, constraints) => {
    for (const batch of [undefined, (xs: number[][]) => xs.map(([x]) => x)]) {
      const p = objective({ value: ([x]: number[]) => x, constraints, ...(batch === undefined ? {} : { batch }) }, on);
      const answer = await p.answer({ kind: "value", at: pair });
      expect([...(answer.value ?? [])]).toEqual([1, 3]);
      expect([...(answer.constraints ?? [])]).toEqual([-1, 2, -1, 4]);
    }
  });

  test.each([
    ["a number", () => 1, "constraints returned 1, not a list of numbers"],
    ["nothing", () => undefined, "constraints returned nothing, not a list of numbers"],
    ["an empty list", () => [], "constraints returned an empty list"],
    ["NaN", () => [Number.NaN], "constraints returned NaN as number 1"],
    ["another number of them", ([x]: number[]) => (x > 2 ? [1, 2] : [1]), "returned 2 numbers where 1 came before"],
    [
      "an exception",
      () => {
        throw new Error("no");
      },
      "constraints threw: no",
    ],
  ])("that return %s fail their point", async (_name, constraints, reason) => {
    const p = objective({ value: () => 0, constraints: constraints as never }, on);
    const { failures, n } = await p.answer({ kind: "value", at: pair });
    expect(n).toBe(2);
    expect(failures?.at(-1)?.reason).toContain(reason);
  });

  test("are not asked where ζ failed", async () => {
    const p = objective({ value: () => Number.NaN, constraints: () => expect.fail("asked") }, on);
    const { failures, constraints } = await p.answer({ kind: "value", at: pair });
    expect(failures?.length).toBe(2);
    expect(constraints).toBeUndefined();
  });
});

test("several values are refused with what to do", async () => {
  const p = objective((() => [1, 2]) as never, { domain: box(1, 0, 1) });
  const { failures } = await p.answer({ kind: "value", at: points([[0]]) });
  expect(failures?.[0].reason).toBe(
    "returned 2 values; Wick minimizes one: return a weighted sum, or make all but one constraints",
  );
});

test("an axis without width in an objective's own domain is a fixed variable, as it is in the settings", async () => {
  const own: [number, number][] = [
    [1, 1],
    [-2, 2],
  ];
  const value = ([x, y]: number[]) => x + (y - 0.5) ** 2;
  const gradient = ([, y]: number[]) => [1, 2 * (y - 0.5)];
  const found = await minimize({ value, gradient, domain: own, names: ["a", "b"] }, { budget: 100 });
  expect(found.best.x[0]).toBe(1);
  expect(found.best.value).toBeCloseTo(1, 12);
  expect(found).toEqual(await minimize({ value, gradient, names: ["a", "b"] }, { domain: own, budget: 100 }));
  const wider = await minimize({ value, domain: own }, { domain: [-1, 1], dim: 2, budget: 100 });
  expect(wider.best.x[0]).toBe(-1);
});
