/** Studies of what is more than real variables and plain values: killed at any place they end as if never killed. */
import { describe, expect, test } from "vitest";
import { encode, type Plain } from "../../src/core/plain.ts";
import type { Answer, Evaluator, Query } from "../../src/core/problem.ts";
import type { Setup } from "../../src/core/run.ts";
import { setup } from "../../src/index.ts";
import { fold, key, normal } from "../../src/math/rng.ts";
import { noisy } from "../../src/potentials/index.ts";
import { FORMAT, type Header, openStudy, readSaved, studied } from "../../src/study/study.ts";
import { type Minimization, minimize } from "../../src/tasks/minimize.ts";
import { memoryStore } from "./memory.ts";

const begin: Header = {
  wick: FORMAT,
  identity: { seed: 0 },
  config: {},
  problem: { name: "f", lower: [0], upper: [1], edge: "open" },
};

function mortal(answer: Evaluator, life: number): { evaluate: Evaluator; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    evaluate: (query: Query, signal?: AbortSignal): Answer | Promise<Answer> => {
      if (asked + query.at.n > life) throw new Error("killed");
      asked += query.at.n;
      return answer(query, signal);
    },
  };
}

const mixed = { x: [-5, 5], n: { integer: [0, 9] }, k: { choice: ["a", "b", "c"] } } as const;
const discrete = { n: { integer: [0, 19] }, m: { integer: [0, 9] }, k: { choice: ["a", "b", "c"] } } as const;
const value = (v: Record<string, unknown>): number =>
  (Number(v.x ?? v.m) - 1) ** 2 + (Number(v.n) - 4) ** 2 + (v.k === "b" ? 0 : 1);

const BUDGET = 400;
const cases: Record<string, () => Setup> = {
  "mixed, with constraints": () =>
    setup({ value, constraints: (v: Record<string, number>) => [2 - v.x, v.n - 3] } as never, {
      variables: mixed,
      budget: BUDGET,
    }),
  "discrete, exhausted or not": () => setup({ value } as never, { variables: discrete, budget: BUDGET }),
  "constraints that cannot hold": () =>
    setup(([x, y]: number[]) => x + y, {
      domain: [-5, 5],
      dim: 2,
      budget: BUDGET,
      constraints: ["x1^2 + x2^2 <= 1", "x1 >= 2"],
    }),
  noisy: () => {
    const s = setup({ formula: "x^2 + y^2" }, { domain: [-5, 5], gradient: false, budget: BUDGET, noise: "auto" });
    return { ...s, potential: noisy(s.potential, 0.3, key(9)) };
  },
  "known points": () =>
    setup(([x, y]: number[]) => x * x + y * y, {
      domain: [-5, 5],
      dim: 2,
      budget: BUDGET,
      known: [{ x: [0.1, 0.2], value: 0.05 }],
    }),
};

const found = ({ stop, best, nearest, evaluations, record }: Minimization) => ({
  ...{ stop, best, nearest, evaluations, record },
});

describe.each(Object.entries(cases))("%s", (_name, make) => {
  test("killed again and again it ends as the uninterrupted run and asks nothing twice", async () => {
    const whole = await minimize(make());
    const store = memoryStore();
    let asked = 0;
    for (let life = 20; ; life += 23) {
      await openStudy(store, begin, { resume: true });
      const at = make();
      const { evaluate, asked: now } = mortal(at.potential.answer, life);
      const result = await minimize(at, await studied(store, evaluate, begin));
      asked += now();
      // a checkpoint is lost now and then: the journal alone must do
      if (life % 2 === 0) store.checkpoint = undefined;
      if (result.stop !== "evaluator failed") {
        expect(found(result)).toEqual(found(whole));
        break;
      }
    }
    expect(asked).toBe(whole.evaluations);
  });
});

test("repeats of a point have noise of their own", () => {
  const { potential } = cases.noisy();
  const at = { n: 1, dim: 2, x: Float64Array.of(1, 2) };
  const one = (k: number) => (potential.answer({ kind: "value", at, key: fold(key(1), k) }) as Answer).value?.[0];
  expect(one(1)).not.toBe(one(2));
  expect(normal(key(1), 0)).toBe(normal(key(1), 0));
});

test("retries stand in the journal", async () => {
  const store = memoryStore();
  let calls = 0;
  const flaky = (): Setup =>
    setup(
      ([x]: number[]) => {
        if (calls++ % 3 === 0) throw new Error("now and then");
        return x * x;
      },
      { domain: [[-5, 5]], budget: 60, retries: 4, engine: "random" },
    );
  await openStudy(store, begin, { resume: true });
  const at = flaky();
  const first = await minimize(at, await studied(store, at.potential.answer, begin));
  store.checkpoint = undefined;
  const again = await minimize(flaky(), await studied(store, () => expect.fail("asked again"), begin));
  expect(first.unusable.retries).toBeGreaterThan(0);
  expect(again.unusable).toEqual(first.unusable);
});

test("what an older version knew of constraints is not gone on with: the journal is replayed", async () => {
  const store = memoryStore();
  const at = cases["constraints that cannot hold"]();
  await minimize(at, await studied(store, at.potential.answer, begin));
  const saved = readSaved(store.loadCheckpoint(), begin, Number.POSITIVE_INFINITY);
  const { numbers, ...old } = saved?.checkpoint.account.feasibility ?? { numbers: new Float64Array(0) };
  expect(numbers.length).toBe(2);
  const account = { ...saved?.checkpoint.account, feasibility: old };
  const bytes = encode({ ...saved, checkpoint: { ...saved?.checkpoint, account } } as unknown as Plain);
  expect(readSaved(bytes, begin, Number.POSITIVE_INFINITY)).toBeUndefined();
});
