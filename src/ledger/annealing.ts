/**
 * H2: annealed D beats fixed D at equal cost. Four levels: walkers, Metropolis chains, Langevin dynamics, and the exact wave
 * function on a grid. Fixed D is given the best of nine values, annealed D the best of nine ranges of them, both chosen on seeds of their own.
 */

import { uniformPoints } from "../core/bounds.ts";
import type { Engine } from "../core/engine.ts";
import { observe } from "../core/observe.ts";
import type { Potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { geometricBetween, type Schedule } from "../core/schedule.ts";
import { forest, forestRows } from "../draw/forest.ts";
import { descent } from "../engines/descent.ts";
import { metropolis } from "../engines/metropolis.ts";
import { walkers } from "../engines/walkers.ts";
import { fold, key, uniform } from "../math/rng.ts";
import { variance } from "../math/stats.ts";
import { cooling } from "../schedules/cooling.ts";
import { geometric } from "../schedules/geometric.ts";
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
      await compare("Langevin dynamics", problems, langevinOn),
      await compare("the exact wave function", lines, waveOn),
    ];
    const what = "Decades below 1 of the distance of ζ from its minimum, −log_{10}(ζ − ζ_{min}).";
    const effects = effectsOf(what, ["annealed", "fixed"], found, fold(key(context.seed), 0x42));
    return {
      outcomes: {
        H2: {
          effects,
          seeds,
          notes: [
            `Equal cost: ${BUDGET} evaluations for walkers and chains, a third as many gradients for Langevin dynamics (best value found), the same imaginary time for the wave function (⟨ζ⟩ at the end). Either side has its best setting out of as many, chosen on other seeds: nine values of *D*, or nine ranges of them. Distances below 10^{−9} count as 10^{−9}. Chains adapt the length of their kicks at fixed *D* too, which is an annealing of its own.`,
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
const FLOOR = 1e-9;

/** Seeds on which settings are chosen. */
export function tuningOf({ seeds }: Context): number {
  return Math.max(2, Math.round(seeds / 8));
}

/** −log₁₀ of the distance to the minimum: the higher the better. */
function decades(value: number, minimum: number): number {
  return -Math.log10(Math.max(FLOOR, value - minimum));
}

function searching(
  { potential, minimum }: Problem,
  engine: () => Engine,
  schedule: () => Schedule,
  budget = BUDGET,
): Way {
  return async (seed) => {
    const setup = { potential, engine: engine(), schedule: schedule(), seed, budget };
    const { best } = await observe(run(setup), []);
    return decades(best.value, minimum);
  };
}

const POPULATION = 32;

/** Nine values of D between two, and nine ranges of them: from the three largest to the three smallest. */
function waysBetween(hot: number, cold: number, make: (from: number, to: number) => Way): Ways {
  const nine = Array.from({ length: 9 }, (_, k) => geometricBetween(hot, cold, k / 8));
  return {
    annealed: nine.slice(0, 3).flatMap((from) => nine.slice(6).map((to) => make(from, to))),
    // what falls from a D to itself is fixed
    fixed: nine.map((D) => make(D, D)),
  };
}

/** The choices of several settings together. */
function together(all: readonly Ways[]): Ways {
  return { annealed: all.flatMap(({ annealed }) => annealed), fixed: all.flatMap(({ fixed }) => fixed) };
}

/** Kicks √(2DΔτ) from a fifth of the box down to 10⁻⁵ of it, Δτ in units of 1/(scatter of ζ over the box). */
export function walkersOn(problem: Problem): Ways {
  const { lower, upper } = problem.potential.domain;
  const width = upper[0] - lower[0];
  const scatter = scatterOf(problem.potential);
  const steps = BUDGET / POPULATION - 1;
  const engine = (): Engine => walkers({ population: POPULATION, metric: "box" });
  const at = (dt: number): Ways => {
    const D = (kick: number): number => (kick * width) ** 2 / (2 * dt);
    return waysBetween(D(0.2), D(1e-5), (from, to) =>
      searching(problem, engine, () => geometric({ from, to, steps, dt })),
    );
  };
  return together([1, 10, 100].map((share) => at(share / scatter)));
}

function scatterOf({ domain, answer }: Potential): number {
  const found = answer({ kind: "value", at: uniformPoints(domain, key(0x5ca), 1000) });
  if (found instanceof Promise || found.value === undefined) throw new Error("no values");
  return Math.sqrt(variance(found.value));
}

const COLD = 1e-9;

/** Temperatures from the scatter of ζ down. */
function chainsOn(problem: Problem): Ways {
  const chains = 8;
  const steps = BUDGET / chains - 2;
  const engine = (): Engine => metropolis({ chains, rule: "metropolis" });
  return waysBetween(1, COLD, (from, to) => searching(problem, engine, () => cooling({ from, to, steps })));
}

/** One point that follows the gradient with noise; a gradient counts as three evaluations. */
function langevinOn(problem: Problem): Ways {
  const { lower, upper } = problem.potential.domain;
  const scatter = scatterOf(problem.potential);
  const unit = (upper[0] - lower[0]) ** 2 / scatter;
  const steps = Math.floor(BUDGET / 3);
  const engine = (): Engine => descent({ gradients: true, difference: "centered" });
  const at = (dt: number): Ways =>
    waysBetween(scatter, COLD * scatter, (from, to) =>
      searching(problem, engine, () => geometric({ from, to, steps, dt }), steps),
    );
  return together([1e-5, 1e-4, 1e-3].map((share) => at(share * unit)));
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
  return waysBetween(range[0], range[1], (from, to) => async (seed) => {
    const center = (1.6 * uniform(key(seed), 0) - 0.8) * half;
    const { potential: mean } = await evolve({
      ...{ potential, angle: 0, duration: DURATION, dt: 0.05, shape: [256], frames: 1 },
      law: (t) => ({ D: geometricBetween(from, to, t / DURATION), dt: 0 }),
      start: { kind: "gaussian", mean: [center], sigma: [half / 8] },
    });
    return decades(mean, minimum);
  });
}
