/** Engines of spins: each finds what exhaustive search proves, and owes what every engine owes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { engines } from "../../src/catalogue.ts";
import { checkpointFrom } from "../../src/core/checkpoint.ts";
import { readValues } from "../../src/core/entry.ts";
import { observe } from "../../src/core/observe.ts";
import { copy, decode, encode, same } from "../../src/core/plain.ts";
import { type Frame, type Result, run, type Setup } from "../../src/core/run.ts";
import { spinMetropolis } from "../../src/engines/metropolis.ts";
import { spinWalkers } from "../../src/engines/walkers.ts";
import { configurations, grayOn, grayWalk } from "../../src/math/gray.ts";
import { type Ising, isingEnergy } from "../../src/math/ising.ts";
import { blocked } from "../../src/math/series.ts";
import { readSpins, spins } from "../../src/potentials/ising/index.ts";
import { steady } from "../../src/schedules/index.ts";
import { minimize } from "../../src/tasks/minimize.ts";
import { allOf, glass } from "../potentials/glasses.ts";

const able = engines.filter(({ spins }) => spins !== undefined).map(({ name }) => name);
const annealing = able.filter((name) => name !== "exhaustive");

function setupOf(name: string, couplings: Ising, budget: number, seed = 1): Setup {
  const entry = engines.find((e) => e.name === name);
  const made = entry?.spins?.({ couplings, budget }, readValues(entry, {}));
  if (made === undefined) throw new Error(`no ${name}`);
  return { potential: spins(couplings), ...made, budget, seed };
}

function proved(problem: Ising): number {
  const walk = grayWalk(problem);
  grayOn(problem, walk, configurations(problem));
  return isingEnergy(problem, walk.best);
}

it("are Metropolis, path integrals, walkers and exhaustive search", () => {
  expect([...able].sort()).toEqual(["exhaustive", "metropolis", "pimc", "walkers"]);
});

describe.each(["sign", "normal"] as const)("ground states with couplings by %s", (law) => {
  it.each([
    [3, true],
    [8, false],
    [12, true],
    [16, false],
    [20, true],
    [24, false],
  ])("of %i spins, fields %s, equal those of exhaustive search", async (n, fields) => {
    const problem = glass({ n, seed: 21, law, fields });
    const least = proved(problem);
    for (const name of annealing) {
      const { best } = await minimize({ ...setupOf(name, problem, 10_000 * n), target: least + 1e-9 });
      expect(best.value).toBeCloseTo(least, 9);
      expect(isingEnergy(problem, Float64Array.from(best.x))).toBe(best.value);
    }
  });
});

type Stored = { readonly file: string; readonly energy: number };
const stored: Stored[] = JSON.parse(
  readFileSync(new URL("../reference/glass-32.json", import.meta.url), "utf8"),
).problems;

describe.each(stored)("32 spins of $file", ({ file, energy }) => {
  const text = readFileSync(new URL(`../reference/${file}`, import.meta.url), "utf8");

  it.each(annealing)("by %s: the energy that exhaustive search found", async (name) => {
    const { best } = await minimize({
      ...setupOf(name, readSpins(file, "ising", text), 60_000),
      target: energy + 1e-9,
    });
    expect(best.value).toBeCloseTo(energy, 9);
  });
});

describe.each(able)("%s of spins", (name) => {
  const problem = glass({ n: 10, seed: 2, law: "normal", fields: true });

  async function trace(setup: Setup, from?: Frame["checkpoint"] extends () => infer C ? C : never) {
    const checkpoints: ReturnType<Frame["checkpoint"]>[] = [];
    const result: Result = await observe(run(setup, from === undefined ? {} : { from }), [
      {
        frame: (frame) => {
          checkpoints.push(frame.checkpoint());
        },
      },
    ]);
    return { checkpoints, result };
  }

  it("gives the same bits for the same seed, and goes on from a checkpoint to the same", async () => {
    const a = await trace(setupOf(name, problem, 500));
    const b = await trace(setupOf(name, problem, 500));
    expect(same(a.checkpoints, b.checkpoints)).toBe(true);
    const middle = a.checkpoints[Math.floor(a.checkpoints.length / 2)];
    if (a.checkpoints.length < 2 || middle === undefined) return;
    const rest = await trace(setupOf(name, problem, 500), checkpointFrom(decode(encode(middle))));
    expect(rest.result).toEqual(a.result);
  });

  it.each([1, 7, 100])("keeps a budget of %i, or has seen all", async (budget) => {
    const { result } = await trace(setupOf(name, problem, budget));
    if (result.stop !== "space exhausted") expect(result.account.evaluations).toBe(budget);
  });

  it("takes problems of a single spin, of none that are coupled, and of any scale", async () => {
    for (const scale of [0, 1e-200, 1, 1e200]) {
      const single = readSpins("p", "ising", `1 1 ${scale}`);
      const { best } = await minimize(setupOf(name, single, 200));
      expect(best.value).toBe(0 - scale);
    }
  });

  it("takes one field far above the others", async () => {
    // walkers have one guide for all spins
    if (name === "exhaustive" || name === "walkers") return;
    const steep = readSpins(
      "p",
      "ising",
      Array.from({ length: 40 }, (_, i) => `${i + 1} ${i + 1} ${i === 0 ? 1e6 : 1}`).join("\n"),
    );
    const { best } = await minimize(setupOf(name, steep, 4000));
    expect(best.value).toBe(-1e6 - 39);
  });
});

describe("the laws of spins", () => {
  const problem = glass({ n: 4, seed: 9, law: "normal", fields: true });

  it.each(["metropolis", "barker"] as const)("Metropolis leaves e^{−E/D} invariant by the rule of %s", async (rule) => {
    const D = 1.3;
    const energies: number[] = [];
    const setup: Setup = {
      ...{ potential: spins(problem), seed: 3, budget: 16_000 },
      ...{ engine: spinMetropolis(problem, { chains: 4, rule }) as Setup["engine"], schedule: steady({ D, dt: 1 }) },
    };
    await observe(run(setup), [
      {
        frame: ({ info }) => {
          energies.push(info.energy);
        },
      },
    ]);
    const all = allOf(4).map((s) => isingEnergy(problem, s));
    const weights = all.map((E) => Math.exp(-E / D));
    const exact = all.reduce((sum, E, i) => sum + E * weights[i], 0) / weights.reduce((a, b) => a + b);
    const { mean, error } = blocked(Float64Array.from(energies.slice(20)));
    expect(Math.abs(mean - exact)).toBeLessThan(4 * error);
  });

  it("walkers grow at the ground level of −Γ Σσˣ + E, within four standard errors", async () => {
    const gamma = 2;
    const growth: number[] = [];
    const setup: Setup = {
      ...{ potential: spins(problem), seed: 3, budget: 1_500_000 },
      ...{ engine: spinWalkers(problem, 1000) as Setup["engine"], schedule: steady({ D: gamma, dt: 0.02 }) },
    };
    await observe(run(setup), [
      {
        frame: ({ info }) => {
          growth.push(info.energy);
        },
      },
    ]);
    const { mean, error } = blocked(Float64Array.from(growth.slice(200)));
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(mean - ground(problem, gamma))).toBeLessThan(4 * error);
  });
});

/** The least eigenvalue of −Γ Σσˣ + E over all configurations, by the power method. */
function ground(problem: Ising, gamma: number): number {
  const E = allOf(problem.n).map((s) => isingEnergy(problem, s));
  const shift = Math.max(...E) + problem.n * gamma;
  let psi = E.map(() => 1);
  let energy = 0;
  for (let k = 0; k < 4000; k++) {
    const next = psi.map((v, a) => {
      let h = E[a] * v;
      for (let i = 0; i < problem.n; i++) h -= gamma * psi[a ^ (1 << i)];
      return shift * v - h;
    });
    const norm = Math.hypot(...next);
    energy = shift - norm / Math.hypot(...psi);
    psi = copy(next).map((v) => v / norm);
  }
  return energy;
}
