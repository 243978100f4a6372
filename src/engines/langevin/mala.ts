/**
 * The Metropolis-adjusted Langevin algorithm (Roberts and Tweedie, Bernoulli 2, 341, 1996): a Langevin step is proposed and
 * taken with the probability that makes e^{−ζ/D} exactly stationary, whatever Δτ is.
 */
import type { Ask, Engine, Info, Tick } from "../../core/index.ts";
import { aim, type ChainOptions, type Chains, freshChains, go, look, probability, settle, viewOf } from "./chains.ts";
import { drift, rise } from "./langevin.ts";
import { ready } from "./tuning.ts";

/** The acceptance at which chains move fastest in many dimensions (Roberts and Rosenthal, J. R. Stat. Soc. B 60, 255, 1998). */
const WANTED = 0.574;

/** Langevin chains with Metropolis' or Barker's correction. */
export function mala(given: ChainOptions): Engine<Chains> {
  return {
    name: "mala",
    needs: ["gradient"],
    init: (domain, key) => freshChains(domain, key, given, { gradients: true }),
    step: (working, tick) => adjusted(working, tick, given),
    view: viewOf,
  };
}

/** One step of all chains: propose, look, take or refuse. */
export function* adjusted(working: Chains, { D, key }: Tick, given: ChainOptions): Ask<Info> {
  ready(working.tuning, working.domain, D, given);
  drift(working, D, key);
  aim(working, given, key);
  const { value, gradient } = yield* look(working);
  const { toss } = working;
  let acceptance = 0;
  for (let c = 0; c < value.length; c++) {
    const p = probability(working, given.rule, rise(working, c, value[c], D), D, c, value[c]);
    if (toss[c] <= 1) acceptance += p;
    if (toss[c] < p) go(working, c, value[c], gradient);
  }
  return settle(working, given, D, acceptance / value.length, given.rule === "barker" ? WANTED / 2 : WANTED);
}
