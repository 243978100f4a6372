import { expect, test } from "vitest";
import { ask, type Evaluator, minimize } from "../../src/index.ts";

const settings = { domain: [-5, 5] as [number, number], dim: 2, budget: 500, seed: 3 };
const f = (x: ArrayLike<number>): number => (x[0] - 1) ** 2 + 3 * (x[1] + 2) ** 2;

test("ask and tell is the run itself, bit for bit", async () => {
  const study = ask(settings);
  for (let query = await study.ask(); query !== null; query = await study.ask()) {
    const { n, dim, x } = query.at;
    study.tell(Array.from({ length: n }, (_, i) => f(x.subarray(i * dim, (i + 1) * dim))));
  }
  expect(await study.result()).toEqual(await minimize(f, settings));
});

test("asked again before it is told, it asks the same", async () => {
  const study = ask(settings);
  expect(await study.ask()).toBe(await study.ask());
});

test("stopped early, it keeps what it was told", async () => {
  const study = ask(settings);
  const query = await study.ask();
  study.tell(new Array(query?.at.n).fill(4));
  await study.ask();
  const result = await study.result();
  expect(result.stop).toBe("aborted");
  expect(result.best.value).toBe(4);
  expect(await study.ask()).toBeNull();
});

test("what is told must fit what was asked", async () => {
  const study = ask(settings);
  expect(() => study.tell([1])).toThrow("nothing was asked");
  const query = await study.ask();
  expect(() => study.tell([1])).toThrow(`1 values for ${query?.at.n} points`);
  expect(() => study.tell(undefined as unknown as number[])).toThrow(`0 values for ${query?.at.n} points`);
  const texts = new Array(query?.at.n).fill("1") as unknown as number[];
  expect(() => study.tell(texts)).toThrow("number 1 is string, no number");
});

test("a setup that cannot run is refused by ask()", async () => {
  expect(() => ask({ ...settings, engine: "pakets" })).toThrow("did you mean 'packets'?");
});

test("an evaluator whose answer has the wrong form ends the run, and says what is wrong", async () => {
  const run = (evaluate: unknown) => minimize(f, { ...settings, evaluate: evaluate as Evaluator });
  const n = (await ask(settings).ask())?.at.n ?? 0;
  expect(n).toBeGreaterThan(1);
  const cases: [unknown, string][] = [
    [() => ({ value: new Float64Array(n) }), "n = undefined"],
    [() => ({ n: n + 1, value: new Float64Array(n + 1) }), `n = ${n + 1} where ${n} points were asked`],
    [() => ({ n, value: new Float64Array(n - 1) }), `${n - 1} numbers as 'value' where ${n} belong`],
  ];
  for (const [evaluate, message] of cases) {
    const { stop, error } = await run(evaluate);
    expect(stop).toBe("evaluator failed");
    expect(String(error)).toContain(message);
  }
});

test("minimize() rejects bad input, it does not throw", async () => {
  await expect(minimize("nope")).rejects.toThrow("unknown name 'nope'");
  await expect(minimize(f)).rejects.toThrow("domain: is missing");
  await expect(minimize(null as unknown as string)).rejects.toThrow("objective: null is none");
});

test("constraints hold where values are told: formulas by themselves, others told beside the values", async () => {
  const drive = async (study: ReturnType<typeof ask>, g?: (x: ArrayLike<number>) => number) => {
    for (let query = await study.ask(); query !== null; query = await study.ask()) {
      const { n, dim, x } = query.at;
      const rows = Array.from({ length: n }, (_, i) => x.subarray(i * dim, (i + 1) * dim));
      study.tell(rows.map(f), undefined, g && rows.map(g));
    }
    return study.result();
  };
  const byFormula = await drive(ask({ ...settings, constraints: ["x1 <= 0.5"] }));
  expect(byFormula).toEqual(await minimize(f, { ...settings, constraints: ["x1 <= 0.5"] }));
  expect(byFormula.best.x[0]).toBeLessThanOrEqual(0.5);
  const untold = { ...settings, constraints: () => [] };
  expect((await drive(ask(untold), (x) => x[0] - 0.5)).best).toEqual(byFormula.best);
  const study = ask(untold);
  const query = await study.ask();
  expect(() => study.tell(new Array(query?.at.n).fill(1))).toThrow("no constraints where there are some");
});

test("constraints hold where the evaluator is another's", async () => {
  const evaluate: Evaluator = ({ at: { n, dim, x } }) => ({
    n,
    value: Float64Array.from({ length: n }, (_, i) => f(x.subarray(i * dim, (i + 1) * dim))),
  });
  const asked = { ...settings, constraints: ["x1 <= 0.5"] };
  expect(await minimize(() => 0, { ...asked, evaluate })).toEqual(await minimize(f, asked));
});

const garbage: readonly (readonly [string, unknown, RegExp])[] = [
  ["nothing", undefined, /answered with undefined, not { n, value }/],
  ["null", null, /answered with null/],
  ["a number", 4, /answered with 4/],
  ["a list for an array", { n: 1, value: [4] }, /something else than a Float64Array as 'value'/],
];
test.each(garbage)("an evaluator that answers with %s ends the run, and loses nothing", async (_, answer, words) => {
  for (const outstanding of [undefined, 2])
    for (const constraints of [[], ["x1 <= 4.5"]]) {
      let asked = 0;
      const evaluate = (({ at }) =>
        asked++ < 9 ? { n: at.n, value: new Float64Array(at.n).fill(7) } : answer) as Evaluator;
      const limits = { ...settings, ...(outstanding === undefined ? {} : { outstanding }), constraints };
      const { stop, error, best } = await minimize(() => 0, { ...limits, evaluate });
      expect(stop).toBe("evaluator failed");
      expect((error as Error).message).toMatch(words);
      expect(best.value).toBe(7);
    }
});
