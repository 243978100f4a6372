/** The multi-well objectives on which the hypotheses are tried, and how rivals are given their best settings. */
import { box, type Potential, potential } from "../core/problem.ts";
import { hartmann6Entry, shekelEntry } from "../potentials/classic-fixed.ts";
import { scalableEntries } from "../potentials/classic-scalable.ts";

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
  domain: box(2, -4, 4),
  value: ([x, y]) => {
    const deep = 1.7 * Math.exp(-((x + 2) ** 2 + (y + 2) ** 2) / 0.3);
    const wide = 1.2 * Math.exp(-((x - 1.2) ** 2 + (y - 1.2) ** 2) / 3);
    return 2 - deep - wide + 0.02 * (x * x + y * y);
  },
});

/** ζ of the two bottoms of the unlike wells, by descent to rounding. */
const UNLIKE_DEEP = 0.4580954924;
const UNLIKE_WIDE = 0.8548542898;

export const problems: readonly Problem[] = [
  catalogued("Rastrigin, 3-d", scalable("rastrigin", 3), 0.994959),
  catalogued("Schwefel, 2-d", scalable("schwefel", 2), 118.438),
  catalogued("Styblinski–Tang, 5-d", scalable("styblinski-tang", 5), 14.1367),
  catalogued("Ackley, 3-d", scalable("ackley", 3), 2.12005),
  catalogued("Hartmann, 6-d", hartmann6Entry.make({}), 0.1192),
  catalogued("Shekel, 4-d", shekelEntry.make({ wells: 7 }), 5.27),
  { name: "unlike wells, 2-d", potential: unlike, minimum: UNLIKE_DEEP, near: (UNLIKE_DEEP + UNLIKE_WIDE) / 2 },
];

/** How a way of doing something fares with a seed; the higher the better. */
export type Way = (seed: number) => Promise<number>;

// far from the seeds that judge
const TUNING = 1_000_000;

/** Of several settings of a way the one that does best on average over seeds that are not used to judge. */
export async function bestOf(ways: readonly Way[], seeds: number): Promise<Way> {
  let best: { readonly way: Way; readonly score: number } | undefined;
  for (const way of ways) {
    let score = 0;
    for (let i = 0; i < seeds; i++) score += await way(TUNING + i);
    if (best === undefined || score > best.score) best = { way, score };
  }
  if (best === undefined) throw new Error("nothing to choose from");
  return best.way;
}

/** Ours − theirs on each seed, both by their best settings. */
export async function paired(
  ours: readonly Way[],
  theirs: readonly Way[],
  seeds: readonly number[],
  tuning: number,
): Promise<Float64Array> {
  const [a, b] = [await bestOf(ours, tuning), await bestOf(theirs, tuning)];
  const differences = new Float64Array(seeds.length);
  for (const [i, seed] of seeds.entries()) differences[i] = (await a(seed)) - (await b(seed));
  return differences;
}
