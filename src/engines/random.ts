/**
 * Uniform random search, the floor below every engine: the limit D → ∞, in which ζ decides nothing.
 */
import { askValue, type Domain, type Engine, engineEntry, moments, uniformPoints } from "../core/index.ts";

type Batch = { readonly domain: Domain; readonly x: Float64Array; readonly value: Float64Array };

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
  };
}

export const randomEntry = engineEntry({
  name: "random",
  summary: "uniform random points, the floor below every engine",
  reference: "the limit D → ∞ of paper (8)",
  params: { batch: { help: "points a step", default: 16, min: 1, integer: true } },
  make: (values): Engine => random(values),
});
