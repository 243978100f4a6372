/**
 * Paired comparisons: for every problem and seed the difference of two ways under the same seed. The pooled effect is the
 * mean over problems of their means; its interval resamples the seeds within each problem (bootstrap, Efron 1979), since
 * the problems are chosen and the seeds are drawn.
 */
import { fold, integer, type Key } from "../math/rng.ts";
import { bootstrap, mean, quantile } from "../math/stats.ts";
import type { Effect, Effects } from "./item.ts";

const RESAMPLES = 2000;
const LEVEL = 0.95;

export type Paired = { readonly name: string; readonly differences: Float64Array };

/**
 * Effects with their intervals: 95 % for the pooled one; for n problems 1 − 0.05/n each (Bonferroni), so that all hold at
 * once with 95 %.
 * @param what what is compared, and its unit
 */
export function effectsOf(what: string, problems: readonly Paired[], key: Key): Effects {
  const each = 1 - (1 - LEVEL) / problems.length;
  const cases = problems.map(({ name, differences }, i): Effect => {
    const { estimate, low, high } = bootstrap(differences, mean, fold(key, i), RESAMPLES, each);
    return { name, estimate, low, high };
  });
  return { what, pooled: pooledOf(problems, fold(key, problems.length)), cases };
}

function pooledOf(problems: readonly Paired[], key: Key): Effect {
  const estimate = problems.reduce((sum, { differences }) => sum + mean(differences), 0) / problems.length;
  const found = Float64Array.from({ length: RESAMPLES }, (_, r) => {
    const draw = fold(key, r);
    let element = 0;
    let total = 0;
    for (const { differences } of problems) {
      const n = differences.length;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += differences[integer(draw, element++, n)];
      total += sum / n;
    }
    return total / problems.length;
  });
  const tail = (1 - LEVEL) / 2;
  return { name: "all", estimate, low: quantile(found, tail), high: quantile(found, 1 - tail) };
}
