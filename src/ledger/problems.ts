/** The multi-well objectives on which the hypotheses are tried, and how rivals are given their best settings. */
import { box, type Potential, potential } from "../core/problem.ts";
import { hartmann6Entry, shekelEntry } from "../potentials/classic-fixed.ts";
import { scalableEntries } from "../potentials/classic-scalable.ts";
import { pause } from "./pause.ts";

export type Problem = {
  readonly name: string;
  readonly potential: Potential;
  readonly minimum: number;
  /** Halfway from the global minimum to the next one: below it a point lies in the global well. */
  readonly near: number;
};

/** An entry with the height of its second-lowest minimum above the lowest. */
function catalogued(name: string, zeta: Potential, next: number): Problem {
  const minimum = zeta.truth?.minimum ?? Number.NaN;
  return { name, potential: zeta, minimum, near: minimum + next / 2 };
}

function scalable(name: string, dim: number): Potential {
  const entry = scalableEntries.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`no entry ${name}`);
  return entry.make({ dim });
}

/** A narrow deep well in a corner beside a wide shallow one: zero-point energy favors the wrong one. */
const unlike = potential({
  name: "unlike-wells",
  domain: box(3, -4, 4),
  value: (x) => unlikeAt(x),
  gradient: (x, out) => unlikeAt(x, out),
});

/** ζ, and its gradient where there is room for it. */
function unlikeAt(x: Float64Array, slope?: Float64Array): number {
  const from = (center: number): number => x.reduce((sum, v) => sum + (v - center) ** 2, 0);
  const [deep, wide] = [1.7 * Math.exp(-from(-2) / 0.3), 1.2 * Math.exp(-from(1.2) / 3)];
  slope?.forEach((_, j) => {
    slope[j] = (2 * deep * (x[j] + 2)) / 0.3 + (2 * wide * (x[j] - 1.2)) / 3 + 0.04 * x[j];
  });
  return 2 - deep - wide + 0.02 * from(0);
}

/** ζ of the two bottoms of the unlike wells, by descent to rounding. */
const UNLIKE_DEEP = 0.5391108833;
const UNLIKE_WIDE = 0.8822792838;

export const problems: readonly Problem[] = [
  catalogued("Rastrigin, 4-d", scalable("rastrigin", 4), 0.994959),
  catalogued("Schwefel, 4-d", scalable("schwefel", 4), 118.438),
  catalogued("Styblinski–Tang, 8-d", scalable("styblinski-tang", 8), 14.1367),
  catalogued("Ackley, 6-d", scalable("ackley", 6), 1.50175),
  catalogued("Hartmann, 6-d", hartmann6Entry.make({}), 0.1192),
  catalogued("Shekel, 4-d", shekelEntry.make({ wells: 7 }), 5.27),
  { name: "unlike wells, 3-d", potential: unlike, minimum: UNLIKE_DEEP, near: (UNLIKE_DEEP + UNLIKE_WIDE) / 2 },
];

/** How a way of doing something fares with a seed; the higher the better. */
export type Way = (seed: number) => Promise<number>;

// far from the seeds that judge
const TUNING = 1_000_000;

/** Of several settings of a way the one that does best on average over seeds that are not used to judge. */
export async function bestOf(ways: readonly Way[], seeds: number, signal?: AbortSignal): Promise<Way> {
  let best: { readonly way: Way; readonly score: number } | undefined;
  for (const way of ways) {
    let score = 0;
    for (let i = 0; i < seeds; i++) {
      await pause(signal);
      score += await way(TUNING + i);
    }
    if (best === undefined || score > best.score) best = { way, score };
  }
  if (best === undefined) throw new Error("nothing to choose from");
  return best.way;
}

/** Both sides on each seed, by their best settings. */
export async function paired(
  ours: readonly Way[],
  theirs: readonly Way[],
  seeds: readonly number[],
  tuning: number,
  signal?: AbortSignal,
): Promise<{ ours: Float64Array; theirs: Float64Array }> {
  const [a, b] = [await bestOf(ours, tuning, signal), await bestOf(theirs, tuning, signal)];
  const found = { ours: new Float64Array(seeds.length), theirs: new Float64Array(seeds.length) };
  for (const [i, seed] of seeds.entries()) {
    await pause(signal);
    found.ours[i] = await a(seed);
    found.theirs[i] = await b(seed);
  }
  return found;
}
