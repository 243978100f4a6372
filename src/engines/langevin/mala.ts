/**
 * The Metropolis-adjusted Langevin algorithm (Roberts and Tweedie, Bernoulli 2, 341, 1996): a Langevin step is proposed and
 * taken with the probability that makes e^{−ζ/D} exactly stationary, whatever Δτ is.
 */
import type { Ask, Engine, Info, Tick } from "../../core/index.ts";
import {
  aim,
  type ChainOptions,
  type Chains,
  freshChains,
  go,
  look,
  probability,
  type Seen,
  settle,
  viewOf,
} from "./chains.ts";
import { drift, longest, rise, TAMED } from "./langevin.ts";
import { isEarly, ready } from "./tuning.ts";

/** The acceptance at which chains move fastest in many dimensions (Roberts and Rosenthal, J. R. Stat. Soc. B 60, 255, 1998). */
const WANTED = 0.574;

/**
 * After chains have come down, a drift is at most twice as long as the noise. A longer one that leads from one steep slope to
 * the other, half its length from the floor, is taken and leads back: such a chain goes to and fro for good.
 */
const SHORT = 2;

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
  const most = longest(working, D, isEarly(working.tuning, given) ? TAMED : SHORT);
  drift(working, D, key, most);
  aim(working, given, key);
  const acceptance = decide(working, D, given, most, yield* look(working));
  return settle(working, given, D, acceptance, given.rule === "barker" ? WANTED / 2 : WANTED);
}

/** Takes the proposals or refuses them; the mean probability to take one. */
function decide(state: Chains, D: number, { rule }: ChainOptions, most: number, { value, gradient }: Seen): number {
  const { toss } = state;
  let sum = 0;
  for (let c = 0; c < value.length; c++) {
    const p = probability(state, rule, rise(state, c, value[c], most), D, c, value[c]);
    if (toss[c] <= 1) sum += p;
    if (toss[c] < p) go(state, c, value[c], gradient);
  }
  return sum / value.length;
}
