/** The journal of answers that come in parts: killed after any of its points, a study asks for the others only. */
import { describe, expect, test } from "vitest";
import { cut, slice } from "../../src/core/ask.ts";
import type { Answer, Evaluator, Query } from "../../src/core/problem.ts";
import type { Setup } from "../../src/core/run.ts";
import { setup } from "../../src/index.ts";
import { key, permutation } from "../../src/math/rng.ts";
import { gathering, readLine } from "../../src/study/journal.ts";
import { FORMAT, type Header, openStudy, studied } from "../../src/study/study.ts";
import { type Minimization, minimize } from "../../src/tasks/minimize.ts";
import { memoryStore } from "./memory.ts";

const begin: Header = {
  wick: FORMAT,
  identity: { seed: 0 },
  config: {},
  problem: { name: "f", lower: [0], upper: [1], edge: "open" },
};

const BUDGET = 300;
const options = { domain: [-5, 5] as [number, number], dim: 4, budget: BUDGET };
const bowl = (x: number[]): number => x.reduce((sum, v, j) => sum + (j + 1) * (v - 1) ** 2 - Math.cos(3 * v), 0);
const cases: Record<string, () => Setup> = {
  values: () => setup(bowl, { ...options, gradient: false }),
  gradients: () => setup({ value: bowl, gradient: (x: number[]) => x.map((v) => 2 * (v - 1)) }, options),
  constraints: () => setup(bowl, { ...options, constraints: ["x1 + x2 <= 1"] }),
  failures: () =>
    setup((x: number[]) => {
      if (x[0] > 2) throw new Error("out of range");
      return bowl(x);
    }, options),
  populations: () => setup(bowl, { ...options, engine: "mqhoa" }),
};

/** Tells each point by itself, in an order of its own, and fails for good after so many; notes what it was asked. */
function telling(answer: Evaluator, life = Number.POSITIVE_INFINITY): { evaluate: Evaluator; asked: string[] } {
  const asked: string[] = [];
  const evaluate = async (query: Query, signal?: AbortSignal, tell?: (from: number, part: Answer) => void) => {
    const { n, dim, x } = query.at;
    for (const i of permutation(key(n), n)) {
      if (asked.length >= life) throw new Error("killed");
      asked.push(x.subarray(i * dim, (i + 1) * dim).join(" "));
      tell?.(i, await answer(slice(query, i, i + 1), signal));
      await undefined;
    }
    return answer(query, signal);
  };
  return { evaluate, asked };
}

const found = ({ stop, best, nearest, evaluations, gradients, unusable, record }: Minimization) => ({
  ...{ stop, best, nearest, evaluations, gradients, unusable, record },
});

describe.each(Object.entries(cases))("%s told point by point", (_name, make) => {
  test("killed after any point it ends as the uninterrupted run and asks nothing twice", async () => {
    const whole = await minimize(make());
    const store = memoryStore();
    await openStudy(store, begin, { resume: true });
    let asked = 0;
    for (let life = 1; ; life = (life % 13) + 1) {
      const at = make();
      const { evaluate, asked: now } = telling(at.potential.answer, life);
      const result = await minimize(at, await studied(store, evaluate, begin));
      asked += now.length;
      if (life % 3 === 0) store.checkpoint = undefined;
      if (result.stop === "evaluator failed") continue;
      expect(found(result)).toEqual(found(whole));
      break;
    }
    expect(asked).toBe(whole.evaluations);
  });

  test("cut anywhere in its journal it asks for what is missing there only", async () => {
    const store = memoryStore();
    const at = make();
    await openStudy(store, begin, { resume: true });
    const whole = await minimize(at, await studied(store, telling(at.potential.answer).evaluate, begin));
    const text = store.text;
    const first = text.indexOf("\n") + 1;
    for (let i = 0; i < 40; i++) {
      const torn = text.slice(0, first + Math.floor(((text.length - first) * i) / 40));
      const cutStore = memoryStore(torn.slice(0, torn.lastIndexOf("\n") + 1));
      const { evaluate, asked } = telling(at.potential.answer);
      const again = await minimize(make(), await studied(cutStore, evaluate, begin));
      expect(found(again)).toEqual(found(whole));
      expect(asked.length).toBe(whole.evaluations - heldIn(cutStore.text.slice(0, torn.lastIndexOf("\n") + 1)));
    }
  });
});

/** The number of points in the text of a journal. */
function heldIn(text: string): number {
  const lines = text.trimEnd().split("\n");
  return lines.reduce((sum, line) => sum + ((JSON.parse(line) as { value?: unknown[] }).value?.length ?? 0), 0);
}

test("a query of a larger budget than the one it was cut by is completed, its own gaps first", async () => {
  const whole = await minimize(cases.values());
  for (const first of [3, 40, 101]) {
    const small = (): Setup => ({ ...cases.values(), budget: first });
    const store = memoryStore();
    const at = small();
    const killed = telling(at.potential.answer, first - 2);
    await minimize(at, await studied(store, killed.evaluate, begin));
    const { evaluate, asked } = telling(at.potential.answer);
    expect(found(await minimize(cases.values(), await studied(store, evaluate, begin)))).toEqual(found(whole));
    expect(asked.length).toBe(BUDGET - (first - 2));
  }
});

test("a budget that ends within a query that was begun is refused", async () => {
  const store = memoryStore();
  const at = cases.values();
  await minimize(at, await studied(store, telling(at.potential.answer, 2).evaluate, begin));
  expect(heldIn(store.text)).toBe(2);
  await expect(studied(store, at.potential.answer, begin, 2)).rejects.toThrow("2 is less than the 9 evaluations");
});

describe("an answer that does not fit what was asked", () => {
  const misfits: [string, (query: Query) => unknown, string][] = [
    ["holds too few values", ({ at }) => ({ n: at.n, value: new Float64Array(at.n - 1) }), "numbers as 'value'"],
    ["is none", () => undefined, "answered with undefined"],
    ["is about more points", ({ at }) => ({ n: at.n + 1, value: new Float64Array(at.n + 1) }), "points were asked"],
  ];
  test.each(misfits)("%s: it is not journaled, and the study goes on", async (_, wrong, message) => {
    const store = memoryStore();
    const at = cases.values();
    let calls = 0;
    const evaluate = (query: Query, signal?: AbortSignal) =>
      calls++ < 5 ? at.potential.answer(query, signal) : (wrong(query) as Answer);
    const result = await minimize(at, await studied(store, evaluate, begin));
    expect(result.stop).toBe("evaluator failed");
    expect(String(result.error)).toContain(message);
    const resumed = await minimize(cases.values(), await studied(store, at.potential.answer, begin));
    expect(found(resumed)).toEqual(found(await minimize(cases.values())));
  });

  test("is not believed where it is told early, nor with another number of constraints than before", async () => {
    const store = memoryStore();
    const at = cases.constraints();
    const evaluate: Evaluator = async (query, signal, tell) => {
      const whole = await at.potential.answer(query, signal);
      tell?.(0, { n: 1, value: Float64Array.of(7), constraints: Float64Array.of(1, 2) });
      tell?.(query.at.n, { n: 1, value: Float64Array.of(7), constraints: Float64Array.of(1) });
      return whole;
    };
    const { evaluate: first } = telling(at.potential.answer, 20);
    await minimize(at, await studied(store, first, begin));
    const result = await minimize(cases.constraints(), await studied(store, evaluate, begin));
    expect(found(result)).toEqual(found(await minimize(cases.constraints())));
  });
});

test("what cannot be written when it is told is written with the whole answer", async () => {
  const store = memoryStore();
  let full = false;
  const limited = {
    ...store,
    append(text: string) {
      if (full) throw new Error("no room");
      return store.append(text);
    },
  };
  const at = cases.values();
  const { evaluate } = telling(at.potential.answer);
  const crowded: Evaluator = async (query, signal, tell) => {
    full = true;
    const answer = await evaluate(query, signal, tell);
    full = false;
    return answer;
  };
  const result = await minimize(at, await studied(limited, crowded, begin));
  expect(found(result)).toEqual(found(await minimize(cases.values())));
  expect(heldIn(store.text)).toBe(BUDGET);
});

test("what is told after the end of a query is not taken", async () => {
  const store = memoryStore();
  const late: (() => void)[] = [];
  const at = cases.values();
  const evaluate: Evaluator = (query, signal, tell) => {
    late.push(() => tell?.(0, cut(at.potential.answer(query, signal) as Answer, 0, 1, query.at.dim)));
    return Promise.reject(new Error("gone"));
  };
  await minimize(at, await studied(store, evaluate, begin));
  for (const tell of late) tell();
  expect(late.length).toBe(1);
  expect(store.text).toBe("");
});

test("a journal that holds a point twice is refused, with its line", async () => {
  const store = memoryStore();
  const at = cases.values();
  await minimize(at, await studied(store, telling(at.potential.answer, 3).evaluate, begin));
  store.text += store.text.split("\n")[0].concat("\n");
  store.checkpoint = undefined;
  const result = await minimize(cases.values(), await studied(store, at.potential.answer, begin));
  expect(String(result.error)).toContain("memory line 4: holds other points");
});

test("lines in any order are read as the query that they answer", () => {
  const { take, rest } = gathering();
  const read = (text: string) => {
    const record = readLine("here", { text, number: 1, end: 0 });
    return record === undefined ? undefined : take(record);
  };
  expect(read('{"row":2,"of":3,"x":[[2]],"value":[4]}')).toBeUndefined();
  expect(read('{"session":{}}')).toBeUndefined();
  const whole = read('{"row":0,"of":3,"x":[[0],[1]],"value":["NaN",1],"failures":[{"index":0,"reason":"r"}]}');
  expect(whole).toEqual({
    at: { n: 3, dim: 1, x: Float64Array.of(0, 1, 2) },
    answer: { n: 3, value: Float64Array.of(Number.NaN, 1, 4), failures: [{ index: 0, reason: "r" }] },
    of: 3,
  });
  expect(rest()).toBeUndefined();
  expect(read('{"row":1,"of":3,"x":[[5]],"value":[25]}')).toBeUndefined();
  expect(rest()).toMatchObject({ at: { n: 1 }, of: 3 });
});
