/**
 * Underdamped Langevin dynamics, ẋ = v, v̇ = −∇ζ − γv + √(2γD) η: with momentum, between Newton's motion and diffusion. A
 * step is OBAB with the O's of neighbors joined (Bussi and Parrinello, Phys. Rev. E 75, 056707, 2007): friction and noise for
 * the whole step, half a kick, a drift, half a kick. As it stands the law of x is off by O(ε²); adjusted (Horowitz, Phys. Lett.
 * B 268, 247, 1991), a step that gains energy may be refused, the momentum then turns round, and the law is exact.
 */
import type { Engine } from "../../core/index.ts";
import {
  aim,
  type ChainOptions,
  type Chains,
  draw,
  freshChains,
  go,
  look,
  probability,
  settle,
  viewOf,
} from "./chains.ts";
import { adjusted } from "./mala.ts";
import { isEarly, isWarming, ready } from "./tuning.ts";

export type UnderdampedOptions = ChainOptions & {
  /** γ, in units of the rate of the well in the coordinates of the step. */
  readonly friction: number;
  readonly adjust: boolean;
};

/** A refused step turns the momentum round and goes the way back: refusals must be rare, and rarer ones cost more by short steps. */
const WANTED = 0.9;

/** Chains with momentum; a step ε covers what a Langevin step of Δτ = ε²/2 does, and `dt` is ε. */
export function underdamped(given: UnderdampedOptions): Engine<Chains> {
  const { friction, adjust, warmup } = given;
  return {
    name: "underdamped",
    needs: ["gradient"],
    init: (domain, key) => freshChains(domain, key, given, { gradients: true, momentum: true }),

    *step(working, tick) {
      const { D, key } = tick;
      const { domain, delta, momentum, pull, there, toss, tuning } = working;
      const dim = domain.lower.length;
      // chains that begin far out come down by steps that tame the slope there
      if (warmup < Infinity && isEarly(tuning, given)) return yield* adjusted(working, tick, given);
      ready(tuning, domain, D, given);
      const exact = adjust || isWarming(tuning, given);
      const step = given.dt ?? Math.sqrt(2 * tuning.step);
      const keep = Math.exp(-friction * step);
      const noise = Math.sqrt(D * (1 - keep * keep));
      draw(working, key);
      for (let e = 0; e < delta.length; e++) {
        momentum[e] = keep * momentum[e] + noise * delta[e];
        delta[e] = step * (momentum[e] - 0.5 * step * pull[e]);
      }
      aim(working, given, key);
      const { value, gradient } = yield* look(working);
      let acceptance = 0;
      for (let c = 0; c < value.length; c++) {
        let gain = value[c] - working.value[c];
        for (let e = c * dim; e < (c + 1) * dim; e++) {
          const after = delta[e] / step - 0.5 * step * there[e];
          gain += 0.5 * (after - momentum[e]) * (after + momentum[e]);
        }
        const p = probability(working, "metropolis", gain, D, c, value[c]);
        if (toss[c] <= 1) acceptance += p;
        const free = toss[c] <= 1 && !Number.isNaN(gain);
        const taken = value[c] < Infinity && (exact ? toss[c] < p : free);
        for (let e = c * dim; e < (c + 1) * dim; e++)
          momentum[e] = taken ? delta[e] / step - 0.5 * step * there[e] : -momentum[e];
        if (taken) go(working, c, value[c], gradient);
      }
      return { ...settle(working, given, D, acceptance / value.length, WANTED), dt: step };
    },

    view: viewOf,
  };
}
