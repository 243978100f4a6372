/**
 * Paired comparisons: for every problem and seed the difference of two ways under the same seed. The pooled effect is the
 * mean over problems of their means; its interval resamples the seeds within each problem (bootstrap, Efron 1979), since
 * the problems are chosen and the seeds are drawn.
 */
import { fold, integer, type Key } from "../math/rng.ts";
import { bootstrap, mean, quantile } from "../math/stats.ts";
import type { Effect, Effects, Family } from "./item.ts";

const RESAMPLES = 4000;
const LEVEL = 0.95;

/** How both sides fared on a problem, seed by seed. */
export type Paired = { readonly name: string; readonly ours: Float64Array; readonly theirs: Float64Array };

/** The problems of one kind. */
export type Kind = { readonly name: string; readonly problems: readonly Paired[] };

/**
 * Effects with their intervals: 95 % for those over many problems; for n problems of a kind 1 − 0.05/n each (Bonferroni),
 * so that all of them hold at once with 95 %.
 * @param what what is compared, and its unit
 */
export function effectsOf(what: string, sides: Effects["sides"], kinds: readonly Kind[], key: Key): Effects {
  const all = kinds.flatMap(({ problems }) => problems);
  const families = kinds.map(({ name, problems }, k): Family => {
    const own = fold(key, k + 1);
    const each = 1 - (1 - LEVEL) / problems.length;
    const cases = problems.map(({ name, ours, theirs }, i): Effect => {
      const { estimate, low, high } = bootstrap(difference(ours, theirs), mean, fold(own, i + 1), RESAMPLES, each);
      return { name, estimate, low, high, ours: mean(ours), theirs: mean(theirs) };
    });
    return { pooled: pooledOf(name, problems, fold(own, 0)), cases };
  });
  return { what, sides, pooled: pooledOf("all", all, fold(key, 0)), families };
}

function difference(ours: Float64Array, theirs: Float64Array): Float64Array {
  return ours.map((v, i) => v - theirs[i]);
}

function pooledOf(name: string, problems: readonly Paired[], key: Key): Effect {
  const all = problems.map(({ ours, theirs }) => difference(ours, theirs));
  const over = (of: (problem: Paired) => Float64Array): number =>
    problems.reduce((sum, problem) => sum + mean(of(problem)), 0) / problems.length;
  const [ours, theirs] = [over((problem) => problem.ours), over((problem) => problem.theirs)];
  const found = Float64Array.from({ length: RESAMPLES }, (_, r) => {
    const draw = fold(key, r);
    let element = 0;
    let total = 0;
    for (const differences of all) {
      const n = differences.length;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += differences[integer(draw, element++, n)];
      total += sum / n;
    }
    return total / problems.length;
  });
  const tail = (1 - LEVEL) / 2;
  return {
    name,
    estimate: ours - theirs,
    ours,
    theirs,
    low: quantile(found, tail),
    high: quantile(found, 1 - tail),
  };
}
