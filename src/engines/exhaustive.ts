/** Exhaustive search of spins: all 2ⁿ configurations, each a flip from the one before. The proof beside which annealing stands. */
import { askValue, type Domain, type Engine, engineEntry, inputError, spinPoints } from "../core/index.ts";
import { configurations, type GrayWalk, grayOn, grayWalk, type Ising, MOST_SPINS } from "../math/index.ts";
import { steady } from "../schedules/index.ts";

type Search = { readonly domain: Domain; readonly walk: GrayWalk };

// about a hundredth of a second
const BLOCK = 2 ** 19;

/**
 * All configurations in blocks of 2¹⁹; after each, one evaluation at the best so far.
 * @throws where there are more than 32 spins
 */
export function exhaustive(couplings: Ising): Engine<Search> {
  const { n } = couplings;
  if (n > MOST_SPINS)
    throw inputError(
      "engine 'exhaustive'",
      `${n} spins have 2^${n} configurations; at most ${MOST_SPINS} spins are searched`,
      "choose pimc, metropolis or walkers",
    );
  const all = configurations(couplings);
  return {
    name: "exhaustive",
    needs: ["value"],
    *init(domain) {
      const walk = grayWalk(couplings);
      yield* askValue(spinPoints(domain, walk.best));
      return { domain, walk };
    },
    *step({ domain, walk }) {
      grayOn(couplings, walk, BLOCK);
      const [energy] = yield* askValue(spinPoints(domain, walk.best));
      return { energy, seen: walk.seen / all };
    },
    view: ({ domain, walk }) => ({ kind: "cloud", points: spinPoints(domain, walk.best) }),
    exhausted: ({ walk }) => walk.seen >= all,
  };
}

export const exhaustiveEntry = engineEntry({
  name: "exhaustive",
  summary: "every configuration of up to 32 spins, in the order of a Gray code; for Ising and QUBO problems only",
  reference: "F. Gray, US patent 2632058 (1953), for the order",
  params: {},
  make: (): Engine => {
    throw inputError(
      "engine 'exhaustive'",
      "searches the configurations of an Ising or QUBO problem only",
      "give one with --ising or --qubo, or choose packets",
    );
  },
  spins: ({ couplings }) => ({ engine: exhaustive(couplings) as Engine, schedule: steady({ D: 0, dt: 0 }) }),
});
