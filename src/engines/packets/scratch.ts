/**
 * Scratch lent to a step: planned once for a dimension, enlarged where a generation is larger than any before, and
 * given back. Runs in turn share one, runs side by side have one each; nothing in it lives from one step to the next.
 */
import { type Slope, slopeBench } from "./harmonic.ts";
import { type Fit, fitBench, LARGEST_DIM } from "./surrogate.ts";
import { type Constants, constants } from "./weights.ts";
import { type Bench, LARGEST_FULL, wideBench } from "./wide.ts";

export type Scratch = {
  readonly dim: number;
  readonly slope: Slope;
  readonly fit: Fit;
  bench: Bench;
  /** The constants last used by each family. */
  readonly known: Constants[];
};

export type Desk = { take(dim: number): Scratch; give(scratch: Scratch): void };

export function desk(): Desk {
  const free: Scratch[] = [];
  return {
    take(dim) {
      const last = free.pop();
      if (last?.dim === dim) return last;
      // no model is fitted in more dimensions
      const fit = fitBench(Math.min(dim, LARGEST_DIM));
      return { dim, slope: slopeBench(dim), fit, bench: wideBench(dim, 0), known: [] };
    },
    give: (scratch) => void free.push(scratch),
  };
}

/** The constants of family a at λ, with room for its samples. */
export function planned(scratch: Scratch, a: number, lambda: number): Constants {
  if (scratch.bench.order.length < lambda) scratch.bench = wideBench(scratch.dim, lambda);
  const known = scratch.known[a];
  if (known?.lambda === lambda) return known;
  scratch.known[a] = constants(scratch.dim, lambda, scratch.dim > LARGEST_FULL);
  return scratch.known[a];
}
