import { describe, expect, it } from "vitest";
import { askGradient, askValue } from "../../src/core/ask.ts";
import { checkpointFrom } from "../../src/core/checkpoint.ts";
import type { Engine } from "../../src/core/engine.ts";
import { observe } from "../../src/core/observe.ts";
import { decode, encode, same } from "../../src/core/plain.ts";
import { box, type Evaluator, type Potential, potential } from "../../src/core/problem.ts";
import { type Frame, type Result, type RunOptions, run, type Setup } from "../../src/core/run.ts";
import type { Schedule } from "../../src/core/schedule.ts";
import { uniform } from "../../src/math/rng.ts";

type Walk = { readonly x: Float64Array; trials: number };

/** Two queries a step, so that a step can be cut in its middle: one point, then two more. */
const walk: Engine<Walk> = {
  name: "walk",
  needs: ["value"],
  *init(domain) {
    const x = Float64Array.of(0.9 * domain.upper[0]);
    yield* askValue({ n: 1, dim: 1, x });
    return { x, trials: 0 };
  },
  *step(working, { D, key }) {
    working.trials++;
    working.x[0] = uniform(key, 0) * 2 - 1;
    const first = yield* askValue({ n: 1, dim: 1, x: working.x });
    working.trials++;
    const pair = Float64Array.of(uniform(key, 1) * 2 - 1, uniform(key, 2) * 2 - 1);
    const [a, b] = yield* askValue({ n: 2, dim: 1, x: pair });
    return { energy: Math.min(first[0], a, b), D };
  },
  view: ({ x }) => ({ kind: "cloud", points: { n: 1, dim: 1, x } }),
};

const square = potential({ name: "square", domain: box(1, -1, 1), value: (x) => x[0] * x[0] });

/** D = 1, 1/2, 1/4 … for a number of steps. */
const halving = (steps: number): Schedule<number> => ({
  name: "halving",
  init: () => 0,
  next: (k) => (k < steps ? [{ D: 2 ** -k, dt: 0.5 }, k + 1] : null),
});

const setup = (over: Partial<Setup> = {}): Setup => ({
  potential: square,
  engine: walk,
  schedule: halving(1000),
  seed: 1,
  budget: 301,
  ...over,
});

async function finish(
  over: Partial<Setup> = {},
  options: RunOptions = {},
): Promise<{ frames: Frame[]; result: Result }> {
  const frames: Frame[] = [];
  const result = await observe(run(setup(over), options), [{ frame: (f) => void frames.push(f) }]);
  return { frames, result };
}

const later =
  (answer: Evaluator): Evaluator =>
  async (query, signal) => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    return answer(query, signal);
  };

const failing = (at: number, how: () => never): Evaluator => {
  let asked = 0;
  return (query, signal) => (++asked === at ? how() : square.answer(query, signal));
};

describe("a run", () => {
  it("yields a frame a step and numbers them", async () => {
    const { frames, result } = await finish({ schedule: halving(5) });
    expect(frames.map((f) => f.index)).toEqual([1, 2, 3, 4, 5]);
    expect(frames.map((f) => f.D)).toEqual([1, 0.5, 0.25, 0.125, 0.0625]);
    expect(frames.map((f) => f.tau)).toEqual([0.5, 1, 1.5, 2, 2.5]);
    expect(frames.map((f) => f.account.evaluations)).toEqual([4, 7, 10, 13, 16]);
    expect(result).toMatchObject({ stop: "schedule ended", steps: 5, tau: 2.5, account: { evaluations: 16 } });
  });

  it("tells the schedule what the last step reported", async () => {
    const told: unknown[] = [];
    const listening: Schedule<null> = {
      name: "listening",
      init: () => null,
      next: (_carry, last) => {
        told.push(last?.D);
        return told.length > 3 ? null : [{ D: told.length, dt: 1 }, null];
      },
    };
    await finish({ schedule: listening });
    expect(told).toEqual([undefined, 1, 2, 3]);
  });

  it("evolves in the engine's own time where it reports one", async () => {
    const own: Engine<Walk> = {
      ...walk,
      *step(working, tick) {
        return { ...(yield* walk.step(working, tick)), dt: 2 };
      },
    };
    expect((await finish({ engine: own, schedule: halving(3) })).result.tau).toBe(6);
  });

  it("depends on the seed and on nothing else", async () => {
    const a = await finish();
    const b = await finish({}, { evaluate: later(square.answer) });
    const c = await finish({ seed: 2 });
    expect(same(a.frames[99].checkpoint(), b.frames[99].checkpoint())).toBe(true);
    expect(a.result.best.value).not.toBe(c.result.best.value);
  });
});

describe("the budget", () => {
  it.each([1, 2, 3, 4, 7, 100])("of %i evaluations is spent to the last and not passed", async (budget) => {
    let points = 0;
    const evaluate: Evaluator = (query, signal) => {
      points += query.at.n;
      return square.answer(query, signal);
    };
    const { result } = await finish({ budget }, { evaluate });
    expect(points).toBe(budget);
    expect(result).toMatchObject({ stop: "budget spent", account: { evaluations: budget } });
  });

  it("leaves an incomplete step uncommitted and keeps the best it saw", async () => {
    const { frames, result } = await finish({ budget: 6 });
    expect(result.steps).toBe(1);
    expect(frames[0].account.evaluations).toBe(4);
    const all = await finish({ budget: 7 });
    expect(result.best.value).toBeGreaterThanOrEqual(all.result.best.value);
    expect(result.account.points).toBe(6);
  });

  it("larger on resume goes on as if it had been so from the start", async () => {
    const short = await finish({ budget: 31 });
    const last = short.frames.at(-1)?.checkpoint();
    const resumed = await finish({ budget: 61 }, last === undefined ? {} : { from: last });
    const whole = await finish({ budget: 61 });
    expect(same(resumed.frames.at(-1)?.checkpoint() ?? null, whole.frames.at(-1)?.checkpoint() ?? null)).toBe(true);
  });

  it("already spent on resume ends the run before it starts", async () => {
    const { frames } = await finish({ budget: 31 });
    const from = frames[9].checkpoint();
    const again = await finish({ budget: 31 }, { from });
    expect(again.frames).toHaveLength(0);
    expect(again.result).toMatchObject({ stop: "budget spent", steps: 10 });
  });
});

describe("checkpoints", () => {
  it("of any frame, written and read, continue to the same, decode, encode bits", async () => {
    const saved: Uint8Array[] = [];
    const keep = { frame: (f: Frame) => void saved.push(encode(f.checkpoint())) };
    const whole = await observe(run(setup({ budget: 46 })), [keep]);
    for (const bytes of saved.slice(0, -1)) {
      const rest: Uint8Array[] = [];
      const result = await observe(run(setup({ budget: 46 }), { from: checkpointFrom(decode(bytes)) }), [
        { frame: (f) => void rest.push(encode(f.checkpoint())) },
      ]);
      expect(rest.at(-1)).toEqual(saved.at(-1));
      expect(result).toEqual(whole);
    }
  });

  it("do not change while the run goes on", async () => {
    const frames = run(setup());
    const first = await frames.next();
    if (first.done) throw new Error("no frame");
    const checkpoint = first.value.checkpoint();
    const bytes = encode(checkpoint);
    for (let i = 0; i < 10; i++) await frames.next();
    expect(encode(checkpoint)).toEqual(bytes);
    await frames.return({} as Result);
  });

  it("are refused where the bytes hold something else", () => {
    expect(() => checkpointFrom(decode(new TextEncoder().encode("not one of ours")))).toThrow(/WICK/);
    expect(() => checkpointFrom(decode(encode({ index: 1 })))).toThrow("checkpoint: holds something else");
  });
});

describe("an evaluator", () => {
  it("that throws ends the run with what it threw; the last frame stands", async () => {
    const thrown = new Error("out of luck");
    const evaluate = failing(7, () => {
      throw thrown;
    });
    const { frames, result } = await finish({}, { evaluate });
    // query 1 is init's; 2 and 3, 4 and 5 make steps; 7 is the second of the third step
    expect(result).toMatchObject({ stop: "evaluator failed", error: thrown, steps: 2 });
    const clean = await finish({ budget: 7 });
    expect(same(frames[1].checkpoint(), clean.frames[1].checkpoint())).toBe(true);
  });

  it("that answers short for no reason has failed", async () => {
    const evaluate: Evaluator = (query) => ({ n: query.at.n - 1, value: new Float64Array(query.at.n - 1) });
    const { result } = await finish({}, { evaluate });
    expect(result.stop).toBe("evaluator failed");
    expect(String(result.error)).toMatch(/fewer/);
  });

  it("that gives no finite value at all makes the run diverge", async () => {
    const nan: Potential = {
      ...square,
      answer: ({ at }) => ({ n: at.n, value: new Float64Array(at.n).fill(Number.NaN) }),
    };
    const { result } = await finish({ potential: nan });
    expect(result).toMatchObject({ stop: "diverged", best: { value: Number.POSITIVE_INFINITY } });
    expect(result.account.nonfinite).toBe(result.account.points);
  });

  it("is not asked again once the target is met, be it in the middle of a step", async () => {
    let asked = 0;
    const evaluate: Evaluator = (query, signal) => {
      asked++;
      return square.answer(query, signal);
    };
    const { frames, result } = await finish({ target: 1 }, { evaluate });
    expect(asked).toBe(1);
    expect(frames).toHaveLength(0);
    expect(result).toMatchObject({ stop: "target reached", steps: 0 });
  });
});

describe("an abort", () => {
  it("before the start asks nothing", async () => {
    let asked = 0;
    const evaluate: Evaluator = (query, signal) => {
      asked++;
      return square.answer(query, signal);
    };
    const { result } = await finish({}, { evaluate, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stop: "aborted", steps: 0, account: { evaluations: 0 } });
    expect(asked).toBe(0);
  });

  it.each([
    ["throws", () => Promise.reject(new DOMException("stopped", "AbortError"))],
    ["answers what it has", async () => ({ n: 1, value: Float64Array.of(0.25) })],
    ["answers nothing", async () => ({ n: 0, value: new Float64Array(0) })],
  ])("in the middle of a step is no failure of an evaluator that %s", async (_name, reply) => {
    const control = new AbortController();
    let asked = 0;
    const evaluate: Evaluator = (query, signal) => {
      if (++asked < 5) return square.answer(query, signal);
      control.abort();
      expect(signal?.aborted).toBe(true);
      return reply();
    };
    const { frames, result } = await finish({}, { evaluate, signal: control.signal });
    expect(result).toMatchObject({ stop: "aborted", steps: 1 });
    expect(result.error).toBeUndefined();
    expect(same(frames[0].checkpoint(), (await finish({ budget: 4 })).frames[0].checkpoint())).toBe(true);
  });

  it("of the time limit reaches the evaluator", async () => {
    const evaluate: Evaluator = (query, signal) =>
      new Promise((resolve) => {
        signal?.addEventListener("abort", () => resolve({ n: 0, value: new Float64Array(0) }));
        if (query.at.n === 0) resolve({ n: 0 });
      });
    const { result } = await finish({ time: 0.02 }, { evaluate });
    expect(result).toMatchObject({ stop: "time spent", account: { evaluations: 0 } });
    expect(result.error).toBeUndefined();
  });

  it("by leaving the loop ends the evaluator's signal", async () => {
    let seen: AbortSignal | undefined;
    const evaluate: Evaluator = (query, signal) => {
      seen = signal;
      return square.answer(query, signal);
    };
    for await (const frame of run(setup(), { evaluate })) if (frame.index === 2) break;
    expect(seen?.aborted).toBe(true);
  });

  it("lets timers through while an objective never waits", async () => {
    const control = new AbortController();
    setTimeout(() => control.abort(), 5);
    const { budget: _, ...endless } = setup({ schedule: { ...halving(1), next: (k) => [{ D: 1, dt: 1 }, k] } });
    const result = await observe(run(endless, { signal: control.signal }), []);
    expect(result.stop).toBe("aborted");
  });
});

describe("parts that do not fit", () => {
  const steep: Engine = {
    name: "steep",
    needs: ["gradient"],
    *init(domain) {
      yield* askGradient({ n: 1, dim: 1, x: domain.lower });
      return null;
    },
    *step() {
      yield* askGradient({ n: 1, dim: 1, x: new Float64Array(1) });
      return {};
    },
    view: () => ({ kind: "gaussian", packets: [] }),
  };

  it("are refused by name before anything is asked", async () => {
    await expect(run(setup({ engine: steep })).next()).rejects.toThrow(/'steep'.*gradient.*'square'/);
  });

  it.each<[string, Partial<Setup>]>([
    ["seed: 1.5", { seed: 1.5 }],
    ["budget: 0", { budget: 0 }],
    ["budget: -3", { budget: -3 }],
    ["budget: 2.5", { budget: 2.5 }],
    ["budget: NaN", { budget: Number.NaN }],
    ["time: 0", { time: 0 }],
    ["target", { target: Number.NaN }],
    ["stall: 0", { stall: 0 }],
  ])("refuses %s", async (message, over) => {
    await expect(run(setup(over)).next()).rejects.toMatchObject({
      code: "WICK_INPUT",
      message: expect.stringContaining(message),
    });
  });
});

describe("observers", () => {
  it("see every frame in turn, then the result, once", async () => {
    const seen: string[] = [];
    const watcher = (name: string) => ({
      frame: async (f: Frame) => void seen.push(`${name}${f.index}`),
      end: (r: Result) => void seen.push(`${name} ${r.stop}`),
    });
    await observe(run(setup({ schedule: halving(2) })), [watcher("a"), watcher("b")]);
    expect(seen).toEqual(["a1", "b1", "a2", "b2", "a schedule ended", "b schedule ended"]);
  });
});
