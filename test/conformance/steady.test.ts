/**
 * What the `Steady` face of an engine owes, for every engine of the catalogue that has one, in each of its variants.
 */
import { describe, expect, it } from "vitest";
import { checkpointFrom } from "../../src/core/checkpoint.ts";
import type { Engine } from "../../src/core/engine.ts";
import { observe } from "../../src/core/observe.ts";
import { decode, encode, type Plain, same } from "../../src/core/plain.ts";
import type { Answer, Evaluator, Potential, Query } from "../../src/core/problem.ts";
import type { Frame, Result, Setup } from "../../src/core/run.ts";
import { runSteady, type SteadyOptions } from "../../src/core/steady.ts";
import { type Trial, type Trials, trials } from "../../src/core/trials.ts";
import { engineEntries } from "../../src/engines/index.ts";
import { fold, integer, type Key, key, uniform } from "../../src/math/rng.ts";
import { steady } from "../../src/schedules/index.ts";
import { variants } from "./entries.ts";
import { atOnce, bowl, rugged, spoilt } from "./potentials.ts";

type Case = { readonly label: string; readonly engine: () => Engine };

const cases: Case[] = engineEntries.flatMap((entry) =>
  variants(entry)
    .map(({ label, values }) => ({ label, engine: () => entry.make(values) }))
    .filter(({ engine }) => engine().steady !== undefined),
);
const others: Engine[] = engineEntries
  .map((entry) => entry.make(variants(entry)[0].values))
  .filter((engine) => engine.steady === undefined);

function setupOf(c: Case, potential: Potential, over: Partial<Setup> = {}): Setup {
  return { potential, engine: c.engine(), schedule: steady({ D: 1, dt: 1 }), seed: 5, budget: 600, ...over };
}

/** Which of the outstanding trials is answered next: their number is given. */
type Order = (n: number, among: number) => number;
const shuffled =
  (at: Key): Order =>
  (n, among) =>
    integer(at, n, among);

/** Answers up to `most` trials, `width` of them outstanding at any time; returns what was asked, in order. */
function drive(
  all: Trials,
  potential: Potential,
  width: number,
  order: Order,
  most = Number.POSITIVE_INFINITY,
): Trial[] {
  const asked: Trial[] = [];
  const flying: Trial[] = [];
  for (let n = 0; n < most; n++) {
    while (flying.length < width) {
      const next = all.next();
      if (next === null) break;
      asked.push(next);
      flying.push(next);
    }
    if (flying.length === 0) break;
    const [{ trial, query }] = flying.splice(order(n, flying.length), 1);
    all.tell(trial, atOnce(potential, query));
  }
  return asked;
}

const points = (asked: readonly Trial[]): Float64Array[] => asked.map(({ query }) => query.at.x.slice());
const plain = (all: Trials): Plain => all.checkpoint();

/** Answers after a while that is drawn anew for each call, so that answers come in another order than questions. */
function scrambled(potential: Potential, at: Key): { evaluate: Evaluator; most: () => number } {
  let [calls, flying, most] = [0, 0, 0];
  const evaluate = async (query: Query): Promise<Answer> => {
    most = Math.max(most, ++flying);
    for (let turns = 1 + integer(at, calls++, 12); turns > 0; turns--) await Promise.resolve();
    flying--;
    return atOnce(potential, query);
  };
  return { evaluate, most: () => most };
}

async function trace(setup: Setup, options: SteadyOptions): Promise<{ frames: Frame[]; result: Result }> {
  const frames: Frame[] = [];
  const result = await observe(runSteady(setup, options), [{ frame: (f) => void frames.push(f) }]);
  return { frames, result };
}

it("finds engines that take answers in any order, and others", () => {
  expect(cases.length).toBeGreaterThan(1);
  expect(others.length).toBeGreaterThan(1);
});

it.each(others)("refuses $name by its name", async (engine) => {
  const setup = { potential: bowl(2), engine, schedule: steady({ D: 1, dt: 1 }), seed: 1, budget: 10 };
  await expect(runSteady(setup, { outstanding: 2 }).next()).rejects.toMatchObject({
    code: "WICK_INPUT",
    message: expect.stringContaining(`engine '${engine.name}'`),
  });
});

describe.each(cases)("engine $label", (c) => {
  describe.each([bowl(2), rugged(3)])("on $name", (potential) => {
    it.each([1, 2, 8, 40])("gives the same bits for the same order of answers, %i outstanding", (width) => {
      const order = shuffled(key(width));
      const [a, b] = [trials(setupOf(c, potential)), trials(setupOf(c, potential))];
      expect(same(points(drive(a, potential, width, order)), points(drive(b, potential, width, order)))).toBe(true);
      expect(same(plain(a), plain(b))).toBe(true);
      // what one by one is asked first depends on no randomness
      if (width === 1) return;
      const other = trials(setupOf(c, potential, { seed: 6 }));
      drive(other, potential, width, order);
      expect(same(plain(a), plain(other))).toBe(false);
    });

    it("continues from any checkpoint, written and read, to the same bits", () => {
      const order = shuffled(key(3));
      for (const most of [0, 1, 2, 5, 17, 60, 150, 400]) {
        const whole = trials(setupOf(c, potential));
        drive(whole, potential, 6, order, most);
        const bytes = encode(whole.checkpoint());
        const rest = trials(setupOf(c, potential), checkpointFrom(decode(bytes)));
        expect(same(plain(rest), plain(whole))).toBe(true);
        // what was outstanding is asked again by both
        const again = trials(setupOf(c, potential), checkpointFrom(decode(bytes)));
        const [p, q] = [drive(rest, potential, 6, order), drive(again, potential, 6, order)];
        expect(same(points(p), points(q))).toBe(true);
        expect(same(plain(rest), plain(again))).toBe(true);
        expect(rest.result("budget spent").account.evaluations).toBe(600);
      }
    });

    it("asks inside the domain, and goes on to find better than its first three points", () => {
      const { lower, upper } = potential.domain;
      const all = trials(setupOf(c, potential));
      let first = Number.POSITIVE_INFINITY;
      drive(all, potential, 5, shuffled(key(1)), 3);
      first = all.result("aborted").best.value;
      for (const x of points(drive(all, potential, 5, shuffled(key(2)))))
        expect(x.every((v, j) => v >= lower[j] && v <= upper[j])).toBe(true);
      expect(all.result("budget spent").best.value).toBeLessThan(first);
    });

    it("keeps every slot busy and the budget exact", async () => {
      for (const [outstanding, budget] of [
        [1, 1],
        [8, 3],
        [8, 100],
        [64, 601],
      ]) {
        const { evaluate, most } = scrambled(potential, key(budget));
        const { result } = await trace(setupOf(c, potential, { budget }), { outstanding, evaluate });
        expect(result.stop).toBe("budget spent");
        expect(result.account.evaluations).toBe(budget);
        expect(most()).toBe(Math.min(outstanding, budget));
      }
    });
  });

  it("ends with its budget in every order of its answers", () => {
    const potential = bowl(2);
    const budget = 9;
    // the order is the digits of a number: which of three is answered next
    for (let code = 0; code < 3 ** (budget - 2) * 2; code++) {
      let digits = code;
      const order: Order = (_n, among) => {
        const digit = digits % among;
        digits = Math.floor(digits / among);
        return digit;
      };
      const all = trials(setupOf(c, potential, { budget }));
      expect(drive(all, potential, 3, order).length).toBe(budget);
      expect(all.stop()).toBe("budget spent");
    }
  });

  it("pays a dear gradient from the same budget", async () => {
    const potential = { ...bowl(2), gradientCost: 3 };
    const { account, stop } = (await trace(setupOf(c, potential, { budget: 100 }), { outstanding: 4 })).result;
    expect(stop).toBe("budget spent");
    expect(account.evaluations).toBe(account.points + 2 * account.gradients);
    expect(account.evaluations).toBeLessThanOrEqual(100);
    expect(account.evaluations).toBeGreaterThan(97);
  });

  it("stops at the target, and leaves what is outstanding", async () => {
    const { result } = await trace(setupOf(c, bowl(2), { target: 1, budget: 20_000 }), { outstanding: 4 });
    expect(result.stop).toBe("target reached");
    expect(result.best.value).toBeLessThanOrEqual(1);
  });

  it("is told to stop while nobody answers", async () => {
    const control = new AbortController();
    const signals = new Set<AbortSignal>();
    const evaluate = (_query: Query, signal?: AbortSignal): Promise<Answer> => {
      if (signal !== undefined) signals.add(signal);
      return new Promise(() => {});
    };
    setTimeout(() => control.abort(), 5);
    const { result } = await trace(setupOf(c, bowl(2)), { outstanding: 3, evaluate, signal: control.signal });
    expect(result).toMatchObject({ stop: "aborted", steps: 0 });
    // each evaluation has a signal of its own: a hundred listeners on one would look like a leak
    expect(signals.size).toBe(3);
    expect([...signals].every(({ aborted }) => aborted)).toBe(true);
    const timed = await trace(setupOf(c, bowl(2), { time: 0.01 }), { outstanding: 3, evaluate });
    expect(timed.result.stop).toBe("time spent");
  });

  it("keeps what had arrived when an evaluator fails, and says so", async () => {
    const potential = bowl(2);
    let calls = 0;
    const failing = async (query: Query): Promise<Answer> => {
      if (++calls > 50) throw new Error("broken");
      return atOnce(potential, query);
    };
    const { result } = await trace(setupOf(c, potential), { outstanding: 4, evaluate: failing });
    expect(result).toMatchObject({ stop: "evaluator failed", steps: 50 });
    expect(String(result.error)).toContain("broken");
    const wrong: [unknown, string][] = [
      [() => ({ n: 2, value: new Float64Array(2) }), "n = 2 where 1 points"],
      [() => ({ n: 0, value: new Float64Array(0) }), "fewer points"],
      [() => ({ n: 1 }), "no numbers as 'value'"],
    ];
    for (const [evaluate, message] of wrong) {
      const { result } = await trace(setupOf(c, potential), { outstanding: 4, evaluate: evaluate as Evaluator });
      expect(result.stop).toBe("evaluator failed");
      expect(String(result.error)).toContain(message);
    }
  });

  it.each([Number.NaN, Infinity, -Infinity])("diverges where every value is %f", async (by) => {
    const bad = spoilt(2, by, () => true);
    const { result } = await trace(setupOf(c, bad, { budget: 5000 }), { outstanding: 7 });
    expect(result.stop).toBe("diverged");
    expect(result.account.points).toBeLessThanOrEqual(1000);
  });

  it.each([Number.NaN, Infinity, 3])("goes on where values are %f", (by) => {
    const where = (x: Float64Array): boolean => by === 3 || Math.floor(7 * (x[0] + x[1])) % 3 === 0;
    const bad = spoilt(2, by, where);
    const all = trials(setupOf(c, bad, { budget: 2000 }));
    expect(drive(all, bad, 7, shuffled(key(4))).length).toBe(2000);
    // but in what the objective itself has told
    const written = (name: string, v: unknown): unknown => (name === "told" ? 0 : Number.isNaN(v) ? "NaN" : v);
    expect(JSON.stringify(all.checkpoint(), written)).not.toContain("NaN");
  });

  it("shows a view that is inside, at every answer", async () => {
    const potential = rugged(3);
    const { lower, upper } = potential.domain;
    let shown = 0;
    const frame = (f: Frame): void => {
      const view = f.view();
      const means = view.kind === "gaussian" ? view.packets.map(({ mean }) => mean) : [];
      const weight = view.kind === "gaussian" ? view.packets.reduce((sum, { weight }) => sum + weight, 0) : 1;
      expect(weight).toBeCloseTo(1, 9);
      for (const mean of means) expect(mean.every((v, j) => v >= lower[j] && v <= upper[j])).toBe(true);
      expect(Object.values(f.info).every((v) => !Number.isNaN(v))).toBe(true);
      shown++;
    };
    await observe(runSteady(setupOf(c, potential), { outstanding: 4 }), [{ frame }]);
    expect(shown).toBeGreaterThan(500);
  });
});

describe("trials", () => {
  const c = cases[0];
  const potential = bowl(2);

  it("tell apart what was told already and what was never asked", () => {
    const all = trials(setupOf(c, potential));
    const first = all.next() as Trial;
    all.tell(first.trial, atOnce(potential, first.query));
    expect(() => all.tell(0, atOnce(potential, first.query))).toThrow("trial 0: was told already");
    for (const trial of [1, -1, 0.5, Number.NaN, 1e9])
      expect(() => all.tell(trial, atOnce(potential, first.query))).toThrow(`trial ${trial}: was never asked`);
  });

  it("refuse numbers of points that are none", async () => {
    for (const outstanding of [0, -1, 1.5, Number.NaN, Infinity, 1e6])
      await expect(runSteady(setupOf(c, potential), { outstanding }).next()).rejects.toThrow(
        `outstanding: ${outstanding} is not a whole number of points from 1 to 100000`,
      );
  });

  it("do not depend on who holds them: driven by hand or by the loop, in one order, to the same bits", async () => {
    const at = fold(key(9), 1);
    const order: { trial: number; asked: number }[] = [];
    const setup = setupOf(c, potential, { budget: 200 });
    const { evaluate } = scrambled(potential, at);
    const { frames } = await trace(setup, {
      outstanding: 5,
      evaluate,
      arrived: ({ trial, asked }) => order.push({ trial, asked }),
    });
    const all = trials(setup);
    for (const { trial, asked } of order) {
      all.proposeTo(asked);
      all.tell(trial, atOnce(potential, (all.outstanding(trial) as Trial).query));
    }
    expect(order.some(({ trial }, i) => trial !== i)).toBe(true);
    expect(same(frames.at(-1)?.checkpoint() ?? null, all.checkpoint())).toBe(true);
    expect(uniform(at, 0)).toBeLessThan(1);
  });
});
