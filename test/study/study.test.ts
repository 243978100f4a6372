import { describe, expect, test } from "vitest";
import { encode, same } from "../../src/core/plain.ts";
import type { Answer, Evaluator, Query } from "../../src/core/problem.ts";
import { setup } from "../../src/index.ts";
import { FORMAT, type Header, headerOf, openStudy, readSaved, studied } from "../../src/study/study.ts";
import { type Minimization, minimize } from "../../src/tasks/minimize.ts";
import { memoryStore } from "./memory.ts";

const begin: Header = {
  wick: FORMAT,
  identity: { objective: { entry: "rastrigin" }, seed: 0 },
  config: {},
  problem: { name: "rastrigin", lower: [-5], upper: [5], edge: "open" },
};
const problem = (budget: number, engine = "packets") =>
  setup({ entry: "rastrigin", set: { dim: 3 } }, { budget, engine, gradient: false });

/** An evaluator that notes what it is asked and fails for good after so many points. */
function mortal(answer: Evaluator, life = Number.POSITIVE_INFINITY): { evaluate: Evaluator; asked: string[] } {
  const asked: string[] = [];
  const evaluate = (query: Query, signal?: AbortSignal): Answer | Promise<Answer> => {
    if (asked.length + query.at.n > life) throw new Error("killed");
    for (let i = 0; i < query.at.n; i++) asked.push(query.at.x.slice(i * 3, i * 3 + 3).join(" "));
    return answer(query, signal);
  };
  return { evaluate, asked };
}

const found = ({ best, evaluations, record }: Minimization) => ({ best, evaluations, record });

describe.each(["packets", "random", "metropolis", "walkers", "mqhoa"])("a study of %s", (engine) => {
  test("killed again and again ends as the uninterrupted run and asks nothing twice", async () => {
    const whole = await minimize(problem(2000, engine));
    const store = memoryStore();
    const asked: string[] = [];
    for (let life = 50; ; life += 37) {
      await openStudy(store, begin, { resume: true });
      const at = problem(2000, engine);
      const { evaluate, asked: now } = mortal(at.potential.answer, life);
      const result = await minimize(at, await studied(store, evaluate, begin));
      asked.push(...now);
      // a checkpoint is lost now and then: the journal alone must do
      if (life % 2 === 0) store.checkpoint = undefined;
      if (result.stop !== "evaluator failed") {
        expect(found(result)).toEqual(found(whole));
        break;
      }
    }
    expect(asked.length).toBe(2000);
  });
});

test("a larger budget continues the run that it would have been", async () => {
  for (const first of [1, 333, 1000]) {
    const store = memoryStore();
    const small = problem(first);
    await minimize(small, await studied(store, small.potential.answer, begin));
    const large = problem(1500);
    const { evaluate, asked } = mortal(large.potential.answer);
    const result = await minimize(large, await studied(store, evaluate, begin));
    expect(asked.length).toBe(1500 - first);
    expect(found(result)).toEqual(found(await minimize(problem(1500))));
  }
});

test("what JSON cannot write survives: NaN, infinities, −0, failures", async () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  const values: number[][] = [];
  const answer: Evaluator = (query) => {
    const value = Float64Array.from({ length: query.at.n }, (_, i) => odd[i % 4]);
    values.push([...value]);
    return { n: query.at.n, value, failures: [{ index: 0, reason: 'threw: "no"' }] };
  };
  const store = memoryStore();
  const first = await minimize(problem(100, "random"), await studied(store, answer, begin));
  store.checkpoint = undefined;
  const again = await minimize(problem(100, "random"), await studied(store, () => expect.fail("asked again"), begin));
  expect(same(again.best.value, first.best.value)).toBe(true);
  expect(Object.is(first.best.value, -0)).toBe(true);
  expect(again.unusable).toEqual(first.unusable);
});

test("a torn last line is asked again, a torn first one begins the study", async () => {
  const store = memoryStore();
  const at = problem(100, "random");
  await openStudy(store, begin, { resume: false });
  await minimize(at, await studied(store, at.potential.answer, begin));
  const whole = store.text;
  store.text = whole.slice(0, -20);
  store.text = store.text.slice(0, store.size());
  store.checkpoint = undefined;
  const { evaluate, asked } = mortal(at.potential.answer);
  await minimize(at, await studied(store, evaluate, begin));
  expect(asked.length).toBeGreaterThan(0);
  expect(store.text).toBe(whole);
  const torn = memoryStore('{"wick":1,"ident');
  expect(await openStudy(torn, begin, { resume: true })).toBe(begin);
});

describe("refused", () => {
  const other = { ...begin, identity: { ...begin.identity, seed: 7 } };
  const opened = (text: string, header: Header, resume: boolean) => openStudy(memoryStore(text), header, { resume });
  const text = `${JSON.stringify(begin)}\n`;

  test("a folder in use without --resume", async () => {
    await expect(opened(text, begin, false)).rejects.toThrow("already holds a study; add --resume");
  });
  test("another study's folder, naming what differs", async () => {
    await expect(opened(text, other, true)).rejects.toThrow("its seed is 0, yours 7");
  });
  test("a file that is no journal", async () => {
    await expect(opened("a,b\n", begin, true)).rejects.toThrow("is not the journal of a study");
    const later = `{"wick":${FORMAT + 1},"identity":{}}`;
    expect(() => headerOf("x", { text: later, number: 1, end: 1 })).toThrow(
      `is of version ${FORMAT + 1}; this program reads ${FORMAT}; go on with the program that began it`,
    );
  });
  test("a journal of other points, with its line", async () => {
    const at = problem(100, "random");
    const store = memoryStore('{"x":[[1,2,3]],"value":[4]}\n');
    const result = await minimize(at, await studied(store, at.potential.answer, begin));
    expect(result.stop).toBe("evaluator failed");
    expect(String(result.error)).toContain("memory line 1: holds other points");
  });
  test("a line that is not JSON, before anything is asked", async () => {
    const opened = studied(memoryStore("{nonsense\n"), () => expect.fail("asked"), begin);
    await expect(opened).rejects.toThrow("memory line 1: is not JSON");
  });
  test("a budget below what the study holds, with or without a checkpoint", async () => {
    const store = memoryStore();
    const at = problem(300);
    await minimize(at, await studied(store, at.potential.answer, begin));
    for (const checkpoint of [store.checkpoint, undefined]) {
      store.checkpoint = checkpoint;
      const opened = studied(store, at.potential.answer, begin, 299);
      await expect(opened).rejects.toThrow("299 is less than the 300 evaluations that the study holds");
    }
  });
});

test("the checkpoint of another study is not taken up", async () => {
  const store = memoryStore();
  const at = problem(300);
  await minimize(at, await studied(store, at.potential.answer, begin));
  const other = { ...begin, identity: {} };
  expect(readSaved(store.checkpoint, begin, store.size())?.checkpoint.account.evaluations).toBeGreaterThan(0);
  expect(readSaved(store.checkpoint, other, store.size())).toBeUndefined();
  expect(readSaved(store.checkpoint?.subarray(0, 100), begin, store.size())).toBeUndefined();
});

test("a recording of an older version is not gone on with: the journal is replayed, and the record is whole", async () => {
  const store = memoryStore();
  const small = problem(300);
  await minimize(small, await studied(store, small.potential.answer, begin));
  const saved = readSaved(store.loadCheckpoint(), begin, Number.POSITIVE_INFINITY);
  expect(saved).toBeDefined();
  const { families: _, ...old } = saved?.recording ?? {};
  store.checkpoint = encode({ ...saved, recording: old });
  expect(readSaved(store.loadCheckpoint(), begin, Number.POSITIVE_INFINITY)).toBeUndefined();
  const large = problem(800);
  const { evaluate, asked } = mortal(large.potential.answer);
  const resumed = await minimize(large, await studied(store, evaluate, begin));
  expect(found(resumed)).toEqual(found(await minimize(problem(800))));
  expect(asked.length).toBe(500);
});
