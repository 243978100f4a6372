/**
 * Uniform random search, the floor below every engine: the limit D → ∞, in which ζ decides nothing.
 */
import { askValue, type Domain, type Engine, engineEntry, moments, type Steady, uniformPoints } from "../core/index.ts";

type Batch = { readonly domain: Domain; readonly x: Float64Array; readonly value: Float64Array };

/** The last `batch` points answered, of `count` in all, and those that are outstanding, by their trials. */
type Cloud = {
  readonly domain: Domain;
  readonly x: Float64Array;
  readonly value: Float64Array;
  readonly open: { [trial: string]: Float64Array };
  count: number;
};

function steady(batch: number): Steady<Cloud> {
  return {
    init(domain, key) {
      const { x } = uniformPoints(domain, key, batch);
      return { domain, x, value: new Float64Array(batch).fill(Number.POSITIVE_INFINITY), open: {}, count: 0 };
    },
    propose({ domain, open }, trial, key) {
      const at = uniformPoints(domain, key, 1);
      open[trial] = at.x;
      return { kind: "value", at };
    },
    absorb(state, trial, answer) {
      const { domain, x, value, open } = state;
      const row = state.count++ % batch;
      x.set(open[trial], row * domain.lower.length);
      value[row] = answer.value?.[0] ?? Number.POSITIVE_INFINITY;
      delete open[trial];
      return moments(x, domain.lower.length, value);
    },
    view: ({ domain, x, value }) => ({ kind: "cloud", points: { n: batch, dim: domain.lower.length, x }, value }),
  };
}

/** Draws `batch` uniform points a step. */
export function random({ batch }: { readonly batch: number }): Engine<Batch> {
  return {
    name: "random",
    needs: ["value"],
    *init(domain, key) {
      const at = uniformPoints(domain, key, batch);
      return { domain, x: at.x, value: Float64Array.from(yield* askValue(at)) };
    },
    *step(working, { key }) {
      const at = uniformPoints(working.domain, key, batch);
      working.value.set(yield* askValue(at));
      working.x.set(at.x);
      return moments(at.x, at.dim, working.value);
    },
    view: ({ domain, x, value }) => ({ kind: "cloud", points: { n: batch, dim: domain.lower.length, x }, value }),
    steady: steady(batch),
  };
}

export const randomEntry = engineEntry({
  name: "random",
  summary: "uniform random points, the floor below every engine",
  reference: "the limit D → ∞ of paper (8)",
  params: { batch: { help: "points a step", default: 16, min: 1, integer: true } },
  make: (values): Engine => random(values),
});
