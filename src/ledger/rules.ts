/**
 * H3: Softmax and Sigmoid selection beat greedy selection on multi-well objectives. All rules see the same Gaussian
 * proposals, kick by kick, at the same cost; each is given its best setting out of its own, chosen on other seeds.
 */
import { confine, uniformPoints } from "../core/bounds.ts";
import type { Potential } from "../core/problem.ts";
import { geometricBetween } from "../core/schedule.ts";
import { forest, forestRows } from "../draw/forest.ts";
import { plainCloud } from "../math/cloud.ts";
import { sigmoid } from "../math/populations.ts";
import { fillNormal, fold, type Key, key, uniform } from "../math/rng.ts";
import { variance } from "../math/stats.ts";
import { tuningOf } from "./annealing.ts";
import { effectsOf, type Kind, type Paired } from "./effects.ts";
import { type Chapter, seedsOf } from "./item.ts";
import { type Problem, paired, problems, type Way } from "./problems.ts";

export const rules: Chapter = {
  title: "H3: Softmax and Sigmoid against greedy selection",
  items: [
    {
      id: "H3",
      title: "Softmax and Sigmoid selection beat greedy selection",
      equation: "*P*_{k} ∝ exp(−ζ_{k}*τ*),   *P* = 1/(1 + e^{−Δζ*τ*})",
      claim: "§4.2: selecting by Softmax or Sigmoid leads to the global optimum where greedy selection is caught.",
      files: ["src/ledger/rules.ts", "src/math/populations.ts", "src/math/cloud.ts"],
      tests: [
        [
          "test/ledger/hypotheses.test.ts",
          "H3: Softmax keeps walkers in the global well where keeping the best loses them",
        ],
      ],
    },
  ],

  async compute(context) {
    const seeds = seedsOf(context);
    const found: Kind[] = [];
    for (const [name, soft, greedy] of contests) {
      const own: Paired[] = [];
      for (const problem of problems) {
        const ways = (settings: readonly Select[]): Way[] =>
          settings.flatMap((setting) => KICKS.map((kick) => search(problem, setting, kick)));
        const sides = await paired(ways(soft), ways(greedy), seeds, tuningOf(context), context.signal);
        own.push({ name: problem.name, ...sides });
      }
      found.push({ name, problems: own });
    }
    const what = "Share of walkers that end in the global well.";
    const effects = effectsOf(what, ["soft", "greedy"], found, fold(key(context.seed), 0x43));
    return {
      outcomes: {
        H3: {
          effects,
          seeds,
          notes: [
            `${POPULATION} walkers, ${STEPS} steps, ${POPULATION * (STEPS + 1)} evaluations a run; kicks fall by the same factor each step, from the best of three first lengths to 10^{−3} of the box. Pairwise, a walker’s proposal against itself: Sigmoid, with *τ* in units of 1/(scatter of ζ over the walkers), against accepting what is better. As a population: Softmax with resampling against keeping the best, or the best quarter or half.`,
          ],
        },
      },
      figures: [
        {
          scene: forest({
            title: "Soft against greedy selection",
            label: "share of walkers in the global well, soft − greedy",
            heading: "to the right soft selection is better",
            rows: forestRows(effects),
          }),
          caption: "Mean over paired seeds, same proposals; intervals hold together with 95 %.",
        },
      ],
    };
  },
};

/** What becomes of walkers x and their proposals; both with their values. */
type Select = (x: Cloud, proposed: Cloud, toss: Key) => void;
type Cloud = { readonly x: Float64Array; readonly value: Float64Array };

const POPULATION = 32;
const STEPS = 199;
const KICKS = [0.3, 0.1, 0.03];
const LAST = 1e-3;

/** The share of walkers in the global well at the end. */
function search({ potential, near }: Problem, select: Select, first: number): Way {
  const { domain } = potential;
  const dim = domain.lower.length;
  const width = Float64Array.from(domain.upper, (u, j) => u - domain.lower[j]);
  return async (seed) => {
    const root = key(seed);
    const x = uniformPoints(domain, fold(root, 0), POPULATION).x;
    const cloud = { x, value: valuesOf(potential, x) };
    const kicks = new Float64Array(x.length);
    for (let step = 0; step < STEPS; step++) {
      const length = geometricBetween(first, LAST, step / (STEPS - 1));
      fillNormal(fold(root, 2 * step + 1), kicks);
      const moved = x.map((v, e) => confine(domain, e % dim, v + length * width[e % dim] * kicks[e]));
      const proposed = { x: moved, value: valuesOf(potential, moved) };
      select(cloud, proposed, fold(root, 2 * step + 2));
    }
    return cloud.value.reduce((count, v) => (v < near ? count + 1 : count), 0) / POPULATION;
  };
}

function valuesOf({ domain, answer }: Potential, x: Float64Array): Float64Array {
  const found = answer({ kind: "value", at: { n: POPULATION, dim: domain.lower.length, x } });
  if (found instanceof Promise || found.value === undefined) throw new Error("no values");
  return found.value;
}

function take({ x, value }: Cloud, i: number, from: Cloud, k: number): void {
  const dim = x.length / value.length;
  x.set(from.x.subarray(k * dim, (k + 1) * dim), i * dim);
  value[i] = from.value[k];
}

/** A proposal is taken with the Sigmoid of its gain. */
function bySigmoid(strength: number): Select {
  return (cloud, proposed, toss) => {
    const tau = strength / (Math.sqrt(variance(cloud.value)) || 1);
    for (let i = 0; i < POPULATION; i++)
      if (uniform(toss, i) < sigmoid(cloud.value[i] - proposed.value[i], tau)) take(cloud, i, proposed, i);
  };
}

/** A proposal is taken where it is better. */
const byGain: Select = (cloud, proposed) => {
  for (let i = 0; i < POPULATION; i++) if (proposed.value[i] < cloud.value[i]) take(cloud, i, proposed, i);
};

/** All move; then slots are shared out by the Softmax of −ζτ. */
function bySoftmax(strength: number): Select {
  return (cloud, proposed, toss) => {
    const weight = new Float64Array(POPULATION).fill(1 / POPULATION);
    const parent = new Int32Array(POPULATION);
    plainCloud.weigh(weight, proposed.value, strength / (Math.sqrt(variance(proposed.value)) || 1));
    plainCloud.resample(weight, uniform(toss, 0), parent);
    for (let i = 0; i < POPULATION; i++) take(cloud, i, proposed, parent[i]);
  };
}

/** Of walkers and proposals the best few fill all slots. */
function byRank(kept: number): Select {
  return (cloud, proposed) => {
    const all = {
      x: Float64Array.from([...cloud.x, ...proposed.x]),
      value: Float64Array.from([...cloud.value, ...proposed.value]),
    };
    const order = Array.from(all.value.keys()).sort((a, b) => all.value[a] - all.value[b]);
    for (let i = 0; i < POPULATION; i++) take(cloud, i, all, order[i % kept]);
  };
}

const contests: readonly (readonly [name: string, soft: readonly Select[], greedy: readonly Select[]])[] = [
  ["Sigmoid in pairs", [1, 3, 10, 30, 100].map(bySigmoid), [byGain]],
  ["Softmax in a population", [0.3, 1, 3, 10].map(bySoftmax), [1, POPULATION / 4, POPULATION / 2].map(byRank)],
];
