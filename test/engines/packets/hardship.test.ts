import { describe, expect, it } from "vitest";
import { checkpointFrom } from "../../../src/core/checkpoint.ts";
import { decode, encode, type Plain, same } from "../../../src/core/plain.ts";
import { box, type Domain, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { type Frame, type Result, run } from "../../../src/core/run.ts";
import { type PacketsOptions, packets } from "../../../src/engines/packets/index.ts";
import { fold, key, uniform } from "../../../src/math/rng.ts";
import {
  cosh,
  minimized,
  rastrigin,
  rosenbrock,
  rotation,
  sphere,
  steps,
  still,
  turn,
  unitBox,
  well,
} from "./ground.ts";

const q = rotation(3, 1);
const turnedWells: Value = (x) => rastrigin(turn(q, x));

/** Whether every number of a state is one, +∞ included. */
function sound(value: Plain): boolean {
  if (typeof value === "number") return !Number.isNaN(value);
  if (value === null || typeof value !== "object") return true;
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array).every((v) => !Number.isNaN(v));
  return Object.values(value).every(sound);
}

/** Steps by hand that leave the state sound; returns it. */
function survives(value: Value, dim: number, n: number, options: PacketsOptions = {}, edge: Domain["edge"] = "wall") {
  const at = potential({ name: "hard", domain: box(dim, -4, 5, edge), value });
  const state = steps(packets(options), at, 2, n);
  expect(sound(state as unknown as Plain)).toBe(true);
  return state;
}

describe("a plateau", () => {
  it("of a thousand equal values: packets spread over it, end and are born again", async () => {
    for (const dim of [1, 2, 7]) {
      const state = survives(() => 3, dim, 400);
      expect(state.families[0].births).toBeGreaterThan(1);
      expect(state.lowest.value).toBe(3);
    }
    const result = await minimized(
      well(() => 3, 4),
      1,
      { budget: 1000 },
    );
    expect([result.stop, result.best.value]).toEqual(["budget spent", 3]);
  });

  it("with a hole in it, a twenty-fifth of the box, is left once a sample has fallen in", async () => {
    const hole: Value = (x) => Math.min(0, Math.hypot(x[0] - 2, x[1] + 1) - 1);
    const { best } = await minimized(well(hole, 2), 3, { budget: 6000, target: -1 + 1e-6 });
    expect(best.value).toBeLessThan(-1 + 1e-6);
  });

  it("in some coordinates: those that ζ does not depend on do no harm", async () => {
    const one: Value = (x) => Math.exp(Math.abs(x[1] - 0.3));
    const both: Value = (x) => Math.exp((x[0] - x[2]) ** 2 + (x[0] + x[2] - 1) ** 2);
    for (const value of [one, both]) {
      const { stop } = await minimized(well(value, 5), 1, { budget: 3000, target: 1 + 1e-8 });
      expect(stop).toBe("target reached");
    }
  });
});

describe("discontinuities", () => {
  it.each<[string, Value, number]>([
    ["stairs", (x) => x.reduce((s, v) => s + Math.floor(4 * Math.abs(v - 1.1)), 0), 0],
    ["turned stairs", (x) => turn(q, x).reduce((s, v) => s + Math.floor(2 * Math.abs(v)), 0), 0],
    ["a bowl behind a cliff", (x) => sphere(x) + (x[0] + x[1] > -0.5 ? 100 : 0), 0.125],
    ["a valley with jumps", (x) => rosenbrock(x) + Math.floor(3 * Math.abs(x[0] - 1)), 0],
  ])("%s", async (_name, value, least) => {
    const { best } = await minimized(well(value, 3), 1, { budget: 12_000, target: least + 1e-4 });
    expect(best.value).toBeLessThan(least + 1e-4);
  });
});

describe("values that are none", () => {
  it.each<[string, Value]>([
    ["+∞ on half of the space", (x) => (x[0] > 0 ? Infinity : sphere(x))],
    ["+∞ where it starts", (x) => (Math.abs(x[1] - 0.5) < 0.7 ? Infinity : sphere(x.map((v) => v + 2)))],
    ["no number on stripes", (x) => (Math.floor(5 * (x[0] + x[1])) % 3 === 0 ? NaN : sphere(x.map((v) => v - 1.1)))],
    [
      "no number now and then",
      (x) => (uniform(fold(key(1), Math.floor(1e9 * Math.abs(x[0] + x[2]))), 0) < 0.1 ? NaN : rosenbrock(x)),
    ],
    ["−∞ in a corner, which counts as none", (x) => (x[0] > 4.5 ? -Infinity : sphere(x))],
  ])("%s", (_name, value) => {
    for (const options of [{}, { without: ["product"] as const }, { without: ["harmonic", "surrogate"] as const }]) {
      const { lowest } = survives(value, 3, 700, options);
      expect(lowest.value).toBeLessThan(1e-6);
    }
  });

  it("all +∞: the run is told to have diverged, and the engine itself goes on without harm", async () => {
    const never: Value = () => NaN;
    for (const options of [{}, { without: ["harmonic"] as const }]) {
      const state = survives(never, 3, 300, options);
      expect(state.lowest.value).toBe(Infinity);
      expect(state.families[0].births).toBeGreaterThan(1);
    }
    expect((await minimized(well(never, 3), 1, { budget: 5000 })).stop).toBe("diverged");
  });

  it("finite on a hundredth of the plane, somewhere: found, with forty seeds", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const corner = [0, 1].map((j) => 0.9 * uniform(key(seed), j));
      const value: Value = (u) =>
        u.every((v, j) => v >= corner[j] && v <= corner[j] + 0.1)
          ? u.reduce((sum, v, j) => sum + (v - corner[j] - 0.03) ** 2, 0)
          : Infinity;
      const at = potential({ name: "an island", domain: unitBox(2), value });
      expect((await minimized(at, seed, { budget: 3000 })).best.value).toBeLessThan(1e-4);
    }
  });

  it("a staircase, where a harmonic packet is dead at birth: such births are charged what others spend", () => {
    const stairs: Value = (x) => Math.floor(sphere(x));
    const { families } = survives(stairs, 4, 300);
    expect(families[2].births).toBeGreaterThan(0);
    // d + 11 looks each, of 100 d
    expect(families[2].evaluations).toBeGreaterThanOrEqual(400 * (families[2].births - 1));
  });
});

describe("one dimension", () => {
  it.each<[string, Value, number]>([
    ["a parabola", ([x]) => (x - 2) ** 2, 0],
    ["a kink", ([x]) => Math.abs(x - 1.2345), 0],
    ["a slope", ([x]) => x, -4],
    ["many wells", rastrigin, 0],
    ["a needle's eye", ([x]) => -1 / (1e-3 + (x - 3.21) ** 2), -1000],
  ])("%s", async (_name, value, least) => {
    const { stop, best } = await minimized(well(value, 1), 0, { budget: 600, target: least + 1e-6 });
    expect([stop, best.value - least < 1e-6]).toEqual(["target reached", true]);
  });
});

describe("a periodic domain", () => {
  it.each([0, 0.02, 0.5, 0.97])("has its minimum anywhere, at the seam as well: %f", async (where) => {
    const ring: Value = (u) => Math.exp(u.reduce((s, v) => s + 1 - Math.cos(2 * Math.PI * (v - where)), 0)) - 1;
    const at = potential({ name: "ring", domain: unitBox(3, "periodic"), value: ring });
    for (const without of [[], ["product"], ["product", "harmonic"]] as const) {
      const { stop } = await minimized(at, 1, { budget: 4000, target: 1e-8 }, { without });
      expect(stop).toBe("target reached");
    }
  });
});

describe("values of any size", () => {
  const scenes: [string, Value][] = [
    ["a sum", cosh],
    ["a valley", rosenbrock],
    ["turned wells", turnedWells],
  ];

  // 1e-289, 1e-12, 1e12, 1e200, 1e289: powers of two, so that no value is rounded otherwise
  it.each([-960, -40, 40, 664, 960])("times 2^%i they take what they take", async (power) => {
    for (const [, value] of scenes) {
      const cost = async (scale: number): Promise<number> => {
        const { account, stop } = await minimized(
          well((x) => scale * value(x), 3),
          1,
          { budget: 20_000, target: scale * 1e-2 + (value === cosh ? 3 * scale : 0) },
        );
        expect(stop).toBe("target reached");
        return account.evaluations;
      };
      const [here, there] = [await cost(1), await cost(2 ** power)];
      expect(there).toBe(here);
    }
  });

  it("far up: 1e12 + ζ is minimized to its rounding", async () => {
    for (const [, value] of scenes) {
      const least = value === cosh ? 3 : 0;
      const { stop } = await minimized(
        well((x) => 1e12 + value(x), 3),
        1,
        { budget: 20_000, target: 1e12 + least + 0.01 },
      );
      expect(stop).toBe("target reached");
    }
  });

  it("next to the largest number: sums and squares of values pass it without harm", () => {
    for (const value of [sphere, turnedWells, rosenbrock]) {
      const { lowest } = survives((x) => Math.min(1e307 * value(x), 1.7e308) - 1e308, 3, 500);
      expect(lowest.value).toBeLessThan(0);
    }
  });
});

type Recorded = { readonly frames: ReturnType<Frame["checkpoint"]>[]; readonly asked: number; readonly result: Result };

async function recorded(
  at: Potential,
  budget: number,
  options: PacketsOptions,
  from?: Recorded["frames"][number],
): Promise<Recorded> {
  let asked = 0;
  const frames: Recorded["frames"] = [];
  const walk = run(
    { potential: at, engine: packets(options), schedule: still, seed: 4, budget },
    {
      evaluate: (query) => {
        asked += query.at.n;
        return at.answer(query);
      },
      ...(from === undefined ? {} : { from }),
    },
  );
  let next = await walk.next();
  while (!next.done) {
    frames.push(next.value.checkpoint());
    next = await walk.next();
  }
  return { frames, asked, result: next.value };
}

describe.each<[string, Value, PacketsOptions]>([
  ["a sum", rastrigin, {}],
  ["turned wells", turnedWells, {}],
  ["turned wells, unguided", turnedWells, { without: ["surrogate"] }],
])("on %s", (_name, value, options) => {
  const at = well(value, 3);

  it("a budget cut anywhere is kept exactly, and what was seen is what a longer run saw first", async () => {
    const long = await recorded(at, 2000, options);
    for (let budget = 1; budget <= 200; budget++) {
      const { asked, result, frames } = await recorded(at, budget, options);
      expect([asked, result.stop, result.account.evaluations]).toEqual([budget, "budget spent", budget]);
      expect(same(frames as unknown as Plain, long.frames.slice(0, frames.length) as unknown as Plain)).toBe(true);
      expect(Number.isFinite(result.best.value)).toBe(true);
    }
  });

  it("a run resumed from any of its frames is the uninterrupted one, bit for bit", async () => {
    const whole = await recorded(at, 2600, options);
    const stages = new Set<string>();
    const last = whole.frames.length - 1;
    const places = [...Array(12).keys(), ...Array.from({ length: 10 }, (_, i) => Math.floor(((i + 1) * last) / 11))];
    for (const n of places.filter((place) => place < last)) {
      const checkpoint = checkpointFrom(decode(encode(whole.frames[n])));
      stages.add((checkpoint.state as { stage: string }).stage);
      const rest = await recorded(at, 2600, options, checkpoint);
      expect(same(rest.frames.at(-1) as unknown as Plain, whole.frames.at(-1) as unknown as Plain)).toBe(true);
      expect(rest.result).toEqual(whole.result);
    }
    expect(stages.size).toBeGreaterThan(1);
  });
});
