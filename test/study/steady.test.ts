/** Studies whose answers come in any order: killed anywhere, they end as the run with their order of answers does. */
import { describe, expect, test } from "vitest";
import { same } from "../../src/core/plain.ts";
import type { Answer, Evaluator, Query } from "../../src/core/problem.ts";
import { trials } from "../../src/core/trials.ts";
import { setup } from "../../src/index.ts";
import { integer, key, uniform } from "../../src/math/rng.ts";
import { FORMAT, type Header, openStudy, steadilyStudied } from "../../src/study/study.ts";
import { type Minimization, minimize } from "../../src/tasks/minimize.ts";
import { memoryStore } from "./memory.ts";

const begin: Header = {
  wick: FORMAT,
  identity: { objective: { entry: "rastrigin" }, seed: 0, steady: true },
  config: {},
  problem: { name: "rastrigin", lower: [-5], upper: [5], edge: "open" },
};
const BUDGET = 1200;
const problem = (budget = BUDGET, engine = "packets") =>
  setup({ entry: "rastrigin", set: { dim: 3 } }, { budget, engine, domain: [-4, 6], gradient: false });
const found = ({ best, evaluations, record, steps }: Minimization) => ({ best, evaluations, record, steps });

/** An evaluator whose answers come in an order drawn from `at`, and that fails for good after so many. */
function mortal(answer: Evaluator, at: number, life: number): { evaluate: Evaluator; asked: string[] } {
  const asked: string[] = [];
  let answered = 0;
  const evaluate = async (query: Query): Promise<Answer> => {
    asked.push(query.at.x.join(" "));
    for (let turns = integer(key(at), asked.length, 20); turns > 0; turns--) await Promise.resolve();
    if (++answered > life) throw new Error("killed");
    return answer(query);
  };
  return { evaluate, asked };
}

type Line = { readonly trial: number; readonly asked: number; readonly x: number[][]; readonly value: number[] };
const linesOf = (text: string): Line[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith('{"trial"'))
    .map((line) => JSON.parse(line));

describe.each(["packets", "random"])("a study of %s in any order", (engine) => {
  test("killed again and again ends as the uninterrupted run with its order of answers", async () => {
    const store = memoryStore();
    const asked: string[] = [];
    let kills = 0;
    let result: Minimization | undefined;
    for (; result === undefined; kills++) {
      await openStudy(store, begin, { resume: true });
      const at = problem(BUDGET, engine);
      const { evaluate, asked: now } = mortal(at.potential.answer, kills, 20 + Math.floor(80 * uniform(key(7), kills)));
      // other numbers of workers, too
      const outstanding = 1 + integer(key(8), kills, 9);
      const ended = await minimize(at, await steadilyStudied(store, evaluate, begin, outstanding));
      asked.push(...now);
      // a checkpoint is lost now and then, and a line is torn: the journal alone must do
      if (kills % 2 === 0) store.checkpoint = undefined;
      if (kills % 3 === 0 && ended.stop === "evaluator failed") store.text = store.text.slice(0, -9);
      store.text = store.text.slice(0, store.size());
      if (ended.stop !== "evaluator failed") result = ended;
    }
    const lines = linesOf(store.text);
    expect(lines.length).toBe(BUDGET);
    expect(new Set(lines.map(({ trial }) => trial)).size).toBe(BUDGET);
    expect(lines.some(({ trial }, i) => trial !== i)).toBe(true);
    // at each kill at most what was outstanding is asked again, and one line that was torn
    expect(asked.length).toBeLessThanOrEqual(BUDGET + 10 * kills);

    // the uninterrupted run with that order of answers
    const whole = trials(problem(BUDGET, engine));
    for (const { trial, asked, x, value } of lines) {
      whole.proposeTo(asked);
      expect([...(whole.outstanding(trial)?.query.at.x ?? [])]).toEqual(x[0]);
      whole.tell(trial, { n: 1, value: Float64Array.from(value) });
    }
    const replayed = memoryStore(store.text);
    const again = await minimize(
      problem(BUDGET, engine),
      await steadilyStudied(replayed, () => expect.fail("asked again"), begin, 1),
    );
    expect(found(again)).toEqual(found(result));
    expect(whole.result("budget spent").best.value).toBe(result.best.value);
    expect(Array.from(whole.result("budget spent").best.x)).toEqual(result.best.x);
  });
});

test("the state behind a resumed study is that of the uninterrupted one, bit for bit", async () => {
  const store = memoryStore();
  await openStudy(store, begin, { resume: false });
  const { evaluate } = mortal(problem().potential.answer, 3, 500);
  await minimize(problem(), await steadilyStudied(store, evaluate, begin, 6));
  const [kept, bare] = [memoryStore(store.text), memoryStore(store.text)];
  kept.checkpoint = store.checkpoint;
  const last = async (from: typeof store): Promise<Uint8Array | undefined> => {
    // first asked, first answered, whatever else goes on
    const evaluate = async (query: Query): Promise<Answer> => {
      await new Promise((resolve) => setImmediate(resolve));
      return problem().potential.answer(query);
    };
    await minimize(problem(), await steadilyStudied(from, evaluate, begin, 6));
    return from.checkpoint;
  };
  expect(same((await last(kept)) ?? null, (await last(bare)) ?? null)).toBe(true);
  expect(kept.text).toBe(bare.text);
});

test("a larger budget goes on, and asks nothing again", async () => {
  const store = memoryStore();
  await openStudy(store, begin, { resume: false });
  const first = mortal(problem(300).potential.answer, 1, Number.POSITIVE_INFINITY);
  await minimize(problem(300), await steadilyStudied(store, first.evaluate, begin, 5, 300));
  const more = mortal(problem(500).potential.answer, 2, Number.POSITIVE_INFINITY);
  const result = await minimize(problem(500), await steadilyStudied(store, more.evaluate, begin, 5, 500));
  expect([first.asked.length, more.asked.length, result.evaluations]).toEqual([300, 200, 500]);
  await expect(steadilyStudied(store, more.evaluate, begin, 5, 499)).rejects.toThrow("499 is less than the 500");
});

describe("refused, with its line", () => {
  const line = (over: object): string => JSON.stringify({ trial: 0, asked: 1, x: [[1, 2, 3]], value: [4], ...over });
  const cases: [string, string, string][] = [
    ["other points", line({}), "line 1: holds other points"],
    ["a trial beyond those asked", line({ trial: 3, asked: 2 }), "line 1: answers trial 3 of 2"],
    ["a trial without a number", line({ trial: null }), "line 1: does not say which trial it answers"],
    ["answers of a whole step", '{"x":[[1,2,3]],"value":[4]}', "line 1: does not say which trial it answers"],
    ["a number of trials that none has asked", line({ asked: 1e12 }), "trials outstanding, more than 100000"],
  ];
  test.each(cases)("%s", async (_name, text, message) => {
    const options = await steadilyStudied(memoryStore(`${text}\n`), () => expect.fail("asked"), begin, 2);
    const { stop, error } = await minimize(problem(), options);
    expect(stop).toBe("evaluator failed");
    expect(error).toMatchObject({ code: "WICK_INPUT", message: expect.stringContaining(message) });
  });

  test("an answer given twice", async () => {
    const store = memoryStore();
    await openStudy(store, begin, { resume: false });
    await minimize(problem(3), await steadilyStudied(store, problem().potential.answer, begin, 1, 3));
    const [header, first, ...rest] = store.text.trimEnd().split("\n");
    store.text = `${[header, first, first, ...rest].join("\n")}\n`;
    store.checkpoint = undefined;
    const { error } = await minimize(problem(), await steadilyStudied(store, () => expect.fail("asked"), begin, 1));
    expect(String(error)).toContain("line 3: answers trial 0, which is not outstanding");
  });
});
