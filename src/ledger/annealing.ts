/**
 * H2: annealed D beats fixed D at equal cost. Three levels: walkers, Metropolis chains, and the exact wave function on a
 * grid. Fixed D is given the best of nine values over the range that is annealed through, chosen on seeds of their own.
 */

import { uniformPoints } from "../core/bounds.ts";
import type { Engine } from "../core/engine.ts";
import { observe } from "../core/observe.ts";
import type { Potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { geometricBetween, type Schedule } from "../core/schedule.ts";
import { forest, forestRows } from "../draw/forest.ts";
import { metropolis } from "../engines/metropolis.ts";
import { walkers } from "../engines/walkers.ts";
import { fold, key, uniform } from "../math/rng.ts";
import { variance } from "../math/stats.ts";
import { cooling } from "../schedules/cooling.ts";
import { geometric } from "../schedules/geometric.ts";
import { steady } from "../schedules/steady.ts";
import { evolve } from "../tasks/evolve.ts";
import { effectsOf, type Kind, type Paired } from "./effects.ts";
import { type Chapter, type Context, seedsOf } from "./item.ts";
import { type Problem, paired, problems, type Way } from "./problems.ts";
import { onLine } from "./wave.ts";

export const annealing: Chapter = {
  title: "H2: annealed D against fixed D",
  items: [
    {
      id: "H2",
      title: "Annealed D beats fixed D at equal cost",
      equation: "*D* falls from large to small over scales",
      claim: "§3.1 and §4.1: learning needs an outer loop in which *D* is lowered slowly.",
      files: [
        "src/ledger/annealing.ts",
        "src/engines/walkers.ts",
        "src/engines/metropolis.ts",
        "src/schedules/geometric.ts",
      ],
      tests: [["test/ledger/hypotheses.test.ts", "H2: an annealed cloud comes nearer than one at any fixed D"]],
    },
  ],

  async compute(context) {
    const seeds = seedsOf(context);
    const compare = async <P extends { name: string }>(
      name: string,
      on: readonly P[],
      waysOn: (problem: P) => Ways,
    ): Promise<Kind> => {
      const found: Paired[] = [];
      for (const problem of on) {
        const { annealed, fixed } = waysOn(problem);
        found.push({
          name: problem.name,
          ...(await paired(annealed, fixed, seeds, tuningOf(context), context.signal)),
        });
      }
      return { name, problems: found };
    };
    const found = [
      await compare("walkers", problems, walkersOn),
      await compare("Metropolis chains", problems, chainsOn),
      await compare("the exact wave function", lines, waveOn),
    ];
    const what = "decades by which ζ comes nearer to its minimum, annealed against the best fixed *D*";
    const effects = effectsOf(what, found, fold(key(context.seed), 0x42));
    return {
      outcomes: {
        H2: {
          effects,
          seeds,
          notes: [
            `Equal cost: ${BUDGET} evaluations for walkers and chains (best value found), the same imaginary time for the wave function (⟨ζ⟩ at the end). Each side’s setting, among them the best of nine fixed *D*, is chosen on other seeds. Distances below 10^{−9} count as 10^{−9}.`,
          ],
        },
      },
      figures: [
        {
          scene: forest({
            title: "Annealed against fixed D",
            label: "decades nearer to the minimum than with the best fixed *D*",
            heading: "to the right annealing is better",
            rows: forestRows(effects),
          }),
          caption: "Mean over paired seeds; intervals hold together with 95 %.",
        },
      ],
    };
  },
};

type Ways = { readonly annealed: readonly Way[]; readonly fixed: readonly Way[] };

const BUDGET = 6400;
const NINE = Array.from({ length: 9 }, (_, k) => k / 8);
const FLOOR = 1e-9;

/** Seeds on which settings are chosen. */
export function tuningOf({ seeds }: Context): number {
  return Math.max(2, Math.round(seeds / 5));
}

/** −log₁₀ of the distance to the minimum: the higher the better. */
function decades(value: number, minimum: number): number {
  return -Math.log10(Math.max(FLOOR, value - minimum));
}

function searching({ potential, minimum }: Problem, engine: () => Engine, schedule: () => Schedule): Way {
  return async (seed) => {
    const setup = { potential, engine: engine(), schedule: schedule(), seed, budget: BUDGET };
    const { best } = await observe(run(setup), []);
    return decades(best.value, minimum);
  };
}

const POPULATION = 32;

/** Kicks √(2DΔτ) from a fifth of the box down to 10⁻⁵ of it, Δτ in units of 1/(scatter of ζ over the box). */
export function walkersOn(problem: Problem): Ways {
  const { lower, upper } = problem.potential.domain;
  const width = upper[0] - lower[0];
  const scatter = scatterOf(problem.potential);
  const steps = BUDGET / POPULATION - 1;
  const D = (kick: number, dt: number): number => (kick * width) ** 2 / (2 * dt);
  const way = (schedule: () => Schedule): Way =>
    searching(problem, () => walkers({ population: POPULATION, metric: "box" }), schedule);
  const durations = [1, 10, 100].map((share) => share / scatter);
  return {
    annealed: durations.map((dt) => way(() => geometric({ from: D(0.2, dt), to: D(1e-5, dt), steps, dt }))),
    fixed: durations.flatMap((dt) =>
      NINE.map((share) => way(() => steady({ D: geometricBetween(D(0.2, dt), D(1e-5, dt), share), dt }))),
    ),
  };
}

function scatterOf({ domain, answer }: Potential): number {
  const found = answer({ kind: "value", at: uniformPoints(domain, key(0x5ca), 1000) });
  if (found instanceof Promise || found.value === undefined) throw new Error("no values");
  return Math.sqrt(variance(found.value));
}

/** Temperatures from the scatter of ζ down; a cooling that does not cool is a fixed D. */
function chainsOn(problem: Problem): Ways {
  const chains = 8;
  const steps = BUDGET / chains - 2;
  const way = (from: number, to: number): Way =>
    searching(
      problem,
      () => metropolis({ chains, rule: "metropolis" }),
      () => cooling({ from, to, steps }),
    );
  const COLD = 1e-9;
  return {
    annealed: [1e-3, 1e-6, COLD].map((to) => way(1, to)),
    fixed: NINE.map((share) => geometricBetween(1, COLD, share)).map((D) => way(D, D)),
  };
}

type Line = {
  readonly name: string;
  readonly potential: Potential;
  readonly minimum: number;
  readonly half: number;
  /** The largest D and the smallest. */
  readonly range: readonly [number, number];
};

/** The least value on a fine lattice, which a parabola through three points betters. */
function line(name: string, value: (x: number) => number, half: number, range: readonly [number, number]): Line {
  const h = half / 20_000;
  let at = 0;
  for (let i = -20_000; i <= 20_000; i++) if (value(i * h) < value(at)) at = i * h;
  const [a, b, c] = [value(at - h), value(at), value(at + h)];
  const minimum = b - (a - c) ** 2 / (8 * (a - 2 * b + c));
  return { name, potential: onLine(value, half, "open"), minimum, half, range };
}

const lines: readonly Line[] = [
  line("tilted double well", (x) => 2 * (x * x - 1) ** 2 + 0.3 * x, 2.5, [2, 1e-3]),
  line(
    "unlike wells",
    (x) => 2 - 1.7 * Math.exp(-((x + 0.8) ** 2) / 0.06) - 1.3 * Math.exp(-((x - 0.6) ** 2) / 0.5) + 0.05 * x * x,
    4,
    [2, 1e-3],
  ),
  line("Rastrigin, 1-d", (x) => 10 + x * x - 10 * Math.cos(2 * Math.PI * x), 5.12, [20, 1e-2]),
  line("waves in a bowl", (x) => 0.3 * x * x + Math.sin(3 * x) + 0.5 * Math.cos(5 * x), 5, [5, 1e-3]),
];

const DURATION = 20;

function waveOn({ potential, minimum, half, range }: Line): Ways {
  const way = (law: (share: number) => number): Way => {
    return async (seed) => {
      const center = (1.6 * uniform(key(seed), 0) - 0.8) * half;
      const { potential: mean } = await evolve({
        ...{ potential, angle: 0, duration: DURATION, dt: 0.05, shape: [256], frames: 1 },
        law: (t) => ({ D: law(t / DURATION), dt: 0 }),
        start: { kind: "gaussian", mean: [center], sigma: [half / 8] },
      });
      return decades(mean, minimum);
    };
  };
  return {
    annealed: [1, 0.5].map((power) => way((share) => geometricBetween(range[0], range[1], share ** power))),
    fixed: NINE.map((share) => way(() => geometricBetween(range[0], range[1], share))),
  };
}
