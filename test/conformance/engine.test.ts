/**
 * What every engine of the catalogue owes, in each of its variants.
 */
import { describe, expect, it } from "vitest";
import { type Checkpoint, checkpointFrom } from "../../src/core/checkpoint.ts";
import type { Engine, Info, View } from "../../src/core/engine.ts";
import { observe } from "../../src/core/observe.ts";
import { copy, decode, encode, type Plain, same } from "../../src/core/plain.ts";
import type { Domain, Evaluator, Potential } from "../../src/core/problem.ts";
import { type Frame, type Result, type RunOptions, run, type Setup } from "../../src/core/run.ts";
import type { Schedule } from "../../src/core/schedule.ts";
import { engineEntries } from "../../src/engines/index.ts";
import { fold, key } from "../../src/math/rng.ts";
import { steady } from "../../src/schedules/index.ts";
import { variants } from "./entries.ts";
import { atOnce, bowl, delayed, rugged, scattered, spoilt } from "./potentials.ts";
import { unshared } from "./sharing.ts";

type Case = {
  readonly label: string;
  readonly engine: () => Engine;
  readonly schedule: (domain: Domain, budget: number) => Schedule;
};

const cases: Case[] = engineEntries.flatMap((entry) =>
  variants(entry).map(({ label, values }) => ({
    label,
    engine: () => entry.make(values),
    schedule: (domain, budget) => entry.anneal?.({ domain, budget }, values) ?? steady({ D: 1, dt: 1 }),
  })),
);

const BUDGET = 1000;

function setupOf(c: Case, potential: Potential, over: Partial<Setup> = {}): Setup {
  const schedule = c.schedule(potential.domain, BUDGET);
  return { potential, engine: c.engine(), schedule, seed: 5, budget: BUDGET, ...over };
}

type Trace = {
  readonly checkpoints: Checkpoint[];
  readonly views: View[];
  readonly infos: Info[];
  readonly result: Result;
};

async function trace(setup: Setup, options: RunOptions = {}): Promise<Trace> {
  const checkpoints: Checkpoint[] = [];
  const views: View[] = [];
  const infos: Info[] = [];
  const frame = (f: Frame): void => {
    checkpoints.push(f.checkpoint());
    views.push(structuredClone(f.view()));
    infos.push(f.info);
  };
  const result = await observe(run(setup, options), [{ frame }]);
  return { checkpoints, views, infos, result };
}

const ends = (t: Trace): Checkpoint => {
  const last = t.checkpoints.at(-1);
  if (last === undefined) throw new Error("no step was committed");
  return last;
};

describe.each(cases)("engine $label", (c) => {
  describe.each([bowl(2), rugged(2)])("on $name", (potential) => {
    it("gives the same bits for the same seed, others for another", async () => {
      const a = await trace(setupOf(c, potential));
      const b = await trace(setupOf(c, potential));
      const other = await trace(setupOf(c, potential, { seed: 6 }));
      expect(a.checkpoints.length).toBeGreaterThan(2);
      expect(same(a.checkpoints, b.checkpoints)).toBe(true);
      expect(same(ends(a).state, ends(other).state)).toBe(false);
    });

    it("does not see who answers", async () => {
      const inline = await trace(setupOf(c, potential));
      for (const evaluate of [delayed(potential), scattered(potential, 3), scattered(potential, 1)]) {
        const other = await trace(setupOf(c, potential), { evaluate });
        expect(same(inline.checkpoints, other.checkpoints)).toBe(true);
        expect(same(inline.result.best.x, other.result.best.x)).toBe(true);
      }
    });

    it("shares nothing between two parts of its state", async () => {
      const setup = setupOf(c, potential);
      const { result } = await trace({ ...setup, engine: unshared(setup.engine) });
      expect(result.error).toBeUndefined();
    });

    it("can be driven by hand", async () => {
      const inline = await trace(setupOf(c, potential));
      expect(same(byHand(c, potential, inline.checkpoints.length), ends(inline).state)).toBe(true);
    });

    it("continues from every checkpoint, written and read, to the same bits", async () => {
      const setup = setupOf(c, potential, { budget: 300 });
      const whole = await trace(setup);
      for (const checkpoint of sparse(whole.checkpoints.slice(0, -1), 12)) {
        const rest = await trace(setup, { from: checkpointFrom(decode(encode(checkpoint))) });
        expect(same(ends(rest), ends(whole))).toBe(true);
        expect(rest.result).toEqual(whole.result);
      }
    });

    // 1e-24 is the minimum of both to rounding: a sum of parabolas takes no more than ten
    it("goes on to find better than its first ten points, or the minimum", async () => {
      const { result } = await trace(setupOf(c, potential));
      const first = await trace(setupOf(c, potential, { budget: 10 }));
      expect(result.best.value).toBeLessThan(Math.max(first.result.best.value, 1e-24));
    });
  });

  it.each([1, 7, 100, 1001])("keeps a budget of %i exactly", async (budget) => {
    for (const potential of [bowl(2), rugged(3)]) {
      let points = 0;
      const evaluate: Evaluator = (query) => {
        points += query.at.n;
        return atOnce(potential, query);
      };
      const { result } = await trace(setupOf(c, potential, { budget }), { evaluate });
      expect(result.stop).toBe("budget spent");
      expect(points).toBe(budget);
      expect(result.account.evaluations).toBe(budget);
    }
  });

  it("pays a dear gradient from the same budget", async () => {
    const potential = { ...bowl(2), gradientCost: 3 };
    const { account, stop } = (await trace(setupOf(c, potential, { budget: 100 }))).result;
    expect(stop).toBe("budget spent");
    expect(account.evaluations).toBe(account.points + 2 * account.gradients);
    expect(account.evaluations).toBeLessThanOrEqual(100);
    expect(account.evaluations).toBeGreaterThan(97);
  });

  it.each([1, 2, 17])("keeps its arrays' lengths and every number a number in %i dimensions", async (dim) => {
    for (const potential of [bowl(dim), rugged(dim)]) {
      const { checkpoints, infos } = await trace(setupOf(c, potential, { budget: 2000 }));
      let known: unknown = null;
      for (const checkpoint of checkpoints) {
        const now = shape(checkpoint.state);
        expect(now).toEqual(here(known, now));
        known = now === null ? known : remembered(known, now);
      }
      for (const checkpoint of sparse(checkpoints, 50)) {
        expect(same(decode(encode(checkpoint.state)), checkpoint.state)).toBe(true);
      }
      expect(checkpoints.some((checkpoint) => hasNaN(checkpoint.state))).toBe(false);
      expect(infos.every((info) => Object.values(info).every((v) => typeof v === "number" && !Number.isNaN(v)))).toBe(
        true,
      );
    }
  });

  it.each(["open", "wall", "periodic"] as const)("shows a view that is well formed and inside (%s)", async (edge) => {
    const { domain } = rugged(3);
    const potential = bowl(3, { ...domain, edge });
    const { views } = await trace(setupOf(c, potential));
    for (const view of sparse(views, 50)) checkView(view, potential.domain);
  });

  it("asks inside the domain only", async () => {
    const potential = rugged(3);
    const { lower, upper } = potential.domain;
    const evaluate: Evaluator = (query) => {
      const { n, dim, x } = query.at;
      expect(x.length).toBe(n * dim);
      expect(x.every((v, e) => v >= lower[e % dim] && v <= upper[e % dim])).toBe(true);
      return atOnce(potential, query);
    };
    await trace(setupOf(c, potential), { evaluate });
  });

  it("loses nothing when it is aborted or its evaluator fails in the middle of a step", async () => {
    const potential = rugged(2);
    const whole = await trace(setupOf(c, potential));
    const queries = await countQueries(c, potential);
    for (const at of [2, Math.ceil(queries / 2), queries - 1]) {
      for (const how of ["abort", "throw"] as const) {
        const control = new AbortController();
        let asked = 0;
        const evaluate: Evaluator = (query) => {
          asked++;
          if (asked === at && how === "throw") throw new Error("broken");
          if (asked === at) control.abort();
          return atOnce(potential, query);
        };
        const cut = await trace(setupOf(c, potential), { evaluate, signal: control.signal });
        expect(cut.result.stop).toBe(how === "abort" ? "aborted" : "evaluator failed");
        expect(asked).toBe(at);
        expect(same(cut.checkpoints, whole.checkpoints.slice(0, cut.checkpoints.length))).toBe(true);
      }
    }
  });

  it("leaves a committed frame as it was when the next step is cut", async () => {
    const potential = bowl(2);
    let broken = false;
    const evaluate: Evaluator = (query) => {
      if (broken) throw new Error("broken");
      return atOnce(potential, query);
    };
    const frames = run(setupOf(c, potential), { evaluate });
    await frames.next();
    const second = await frames.next();
    if (second.done) throw new Error("no second frame");
    const before = second.value.checkpoint();
    broken = true;
    const end = await frames.next();
    expect(end).toMatchObject({ done: true, value: { stop: "evaluator failed" } });
    expect(same(second.value.checkpoint(), before)).toBe(true);
  });

  it("stops at the target", async () => {
    const { result } = await trace(setupOf(c, bowl(2), { target: 1, budget: 20_000 }));
    expect(result.stop).toBe("target reached");
    expect(result.best.value).toBeLessThanOrEqual(1);
  });

  it("is refused by name where ζ does not give what it asks for", async () => {
    const engine = c.engine();
    const setup = setupOf(c, { ...bowl(2), can: [] });
    await expect(run(setup).next()).rejects.toMatchObject({
      code: "WICK_INPUT",
      message: expect.stringMatching(new RegExp(`'${engine.name}'.*${engine.needs[0]}.*'bowl'`)),
    });
  });

  it.each([Number.NaN, Infinity, -Infinity])("diverges where every value is %f", async (by) => {
    const { checkpoints, result } = await trace(
      setupOf(
        c,
        spoilt(2, by, () => true),
        { budget: 5000 },
      ),
    );
    expect(result.stop).toBe("diverged");
    expect(result.account.points).toBeLessThanOrEqual(1000);
    expect(checkpoints.some(({ state }) => hasNaN(state))).toBe(false);
  });

  it.each([Number.NaN, Infinity, -Infinity])("goes on where some values are %f", async (by) => {
    const striped = (x: Float64Array): boolean => Math.floor(7 * (x[0] + x[1])) % 3 === 0;
    const { checkpoints, result } = await trace(setupOf(c, spoilt(2, by, striped), { budget: 3000 }));
    expect(result.stop).toBe("budget spent");
    expect(result.account.nonfinite).toBeGreaterThan(0);
    expect(result.best.value).toBeLessThan(1);
    expect(checkpoints.some(({ state }) => hasNaN(state))).toBe(false);
  });

  it.each([
    ["constant", 3],
    ["huge", 1e300],
  ])("survives a ζ that is %s", async (_name, by) => {
    const { checkpoints, result } = await trace(
      setupOf(
        c,
        spoilt(2, by, (x) => by === 3 || x[0] > 0),
        { budget: 2000 },
      ),
    );
    expect(result.stop).toBe("budget spent");
    expect(checkpoints.some(({ state }) => hasNaN(state))).toBe(false);
  });
});

function byHand(c: Case, potential: Potential, steps: number): Plain {
  const engine = c.engine();
  const schedule = c.schedule(potential.domain, BUDGET);
  const root = key(5);
  const answered = <T>(ask: ReturnType<Engine["init"]> | ReturnType<Engine["step"]>): T => {
    let step = ask.next();
    while (!step.done) {
      const told = atOnce(potential, step.value);
      step = ask.next(told);
    }
    return step.value as T;
  };
  const state: Plain = copy(answered<Plain>(engine.init(potential.domain, fold(root, 0))));
  let carry = schedule.init();
  let info: Info | undefined;
  for (let index = 0; index < steps; index++) {
    const next = schedule.next(carry, info);
    if (next === null) break;
    carry = next[1];
    info = answered<Info>(engine.step(state, { ...next[0], index, key: fold(root, index + 1) }));
  }
  return state;
}

async function countQueries(c: Case, potential: Potential): Promise<number> {
  let asked = 0;
  const evaluate: Evaluator = (query) => {
    asked++;
    return atOnce(potential, query);
  };
  await trace(setupOf(c, potential), { evaluate });
  return asked;
}

function sparse<T>(all: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % every === 0);
}

/** The structure of plain data with the types and lengths of its arrays; null where a part is not there. */
function shape(value: Plain): unknown {
  if (value === null) return null;
  if (typeof value !== "object") return typeof value;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${(value as Float64Array).length}`;
  if (Array.isArray(value)) return value.map(shape);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)]));
}

/** What was known of a shape, filled in with what is new: a part that is null now may have been there, or come later. */
function remembered(known: unknown, now: unknown): unknown {
  return joined(known, now, (was, is) => is ?? was);
}

/** The shape that `now` must have for all that is known: its own parts where none was known, null where it has none. */
function here(known: unknown, now: unknown): unknown {
  return joined(known, now, (was, is) => (is === null ? null : (was ?? is)));
}

function joined(known: unknown, now: unknown, leaf: (was: unknown, is: unknown) => unknown): unknown {
  if (!isParts(known) || !isParts(now)) return leaf(known, now);
  const part = (name: string): unknown => joined(known[name] ?? null, now[name] ?? null, leaf);
  const entries = Object.keys({ ...known, ...now }).map((name) => [name, part(name)] as const);
  return Array.isArray(known) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function isParts(shape: unknown): shape is Readonly<Record<string, unknown>> {
  return typeof shape === "object" && shape !== null;
}

function hasNaN(value: Plain): boolean {
  if (typeof value === "number") return Number.isNaN(value);
  if (value === null || typeof value !== "object") return false;
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array).some(Number.isNaN);
  return Object.values(value).some(hasNaN);
}

function checkView(view: View, { lower, upper }: Domain): void {
  const dim = lower.length;
  const inside = (x: Float64Array): boolean => x.every((v, e) => v >= lower[e % dim] && v <= upper[e % dim]);
  if (view.kind === "cloud") {
    const { points, weight, value } = view;
    expect(points).toMatchObject({ dim });
    expect(points.n).toBeGreaterThan(0);
    expect(points.x.length).toBe(points.n * dim);
    expect(inside(points.x)).toBe(true);
    if (value !== undefined) expect(value.length).toBe(points.n);
    if (weight !== undefined) {
      expect(weight.length).toBe(points.n);
      expect(weight.every((w) => w >= 0)).toBe(true);
      expect(weight.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    }
    return;
  }
  if (view.kind === "grid") {
    expect(view.density.length).toBe(view.axes.reduce((product, axis) => product * axis.length, 1));
    expect(view.density.every((p) => p >= 0)).toBe(true);
    return;
  }
  expect(view.packets.length).toBeGreaterThan(0);
  for (const { mean, deviation, weight } of view.packets) {
    expect(mean.length).toBe(dim);
    expect(deviation.length).toBe(dim);
    expect(deviation.every((s) => s >= 0 && s < Infinity)).toBe(true);
    expect(weight).toBeGreaterThanOrEqual(0);
    expect(inside(mean)).toBe(true);
  }
}
