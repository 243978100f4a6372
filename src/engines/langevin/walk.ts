/**
 * Random-walk Metropolis as a sampler at fixed D: x' = x + √(2DΔτ) ξ, the 0-order step, taken by Metropolis' rule or by the
 * Sigmoid (24)(25). It asks for values only, and e^{−ζ/D} is exactly stationary.
 */
import { askValue, type Engine } from "../../core/index.ts";
import { aim, type ChainOptions, type Chains, draw, freshChains, go, probability, settle, viewOf } from "./chains.ts";
import { ready } from "./tuning.ts";

/** Between the optimum of one dimension (0.44) and that of many (0.234). */
const WANTED = 0.3;

/** Chains that see values only. */
export function walk(given: ChainOptions): Engine<Chains> {
  return {
    name: "metropolis",
    needs: ["value"],
    init: (domain, key) => freshChains(domain, key, given, { gradients: false }),

    *step(working, { D, key }) {
      const { domain, trial, delta, toss, tuning } = working;
      ready(tuning, domain, D, given);
      const kick = Math.sqrt(2 * D * tuning.step);
      draw(working, key);
      for (let e = 0; e < delta.length; e++) delta[e] *= kick;
      aim(working, given, key);
      const value = yield* askValue({ n: toss.length, dim: domain.lower.length, x: trial });
      let acceptance = 0;
      for (let c = 0; c < value.length; c++) {
        const p = probability(working, given.rule, value[c] - working.value[c], D, c, value[c]);
        if (toss[c] <= 1) acceptance += p;
        if (toss[c] < p) go(working, c, value[c]);
      }
      return settle(working, given, D, acceptance / value.length, given.rule === "barker" ? 0.75 * WANTED : WANTED);
    },

    view: viewOf,
  };
}
