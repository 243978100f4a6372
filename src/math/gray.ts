/**
 * Exhaustive search of an Ising problem in the order of a Gray code: each configuration differs from the one before by one
 * spin, so that it costs a flip. Without fields E(s) = E(−s), and the last spin stays.
 */
import { flip, type Ising, isingEnergy, localFields } from "./ising.ts";

/** Where a search stands; plain data. */
export type GrayWalk = {
  /** Configurations seen. */
  seen: number;
  readonly spins: Float64Array;
  readonly best: Float64Array;
  energy: number;
};

/** The search at its first configuration, all spins down. */
export function grayWalk(problem: Ising): GrayWalk {
  const spins = new Float64Array(problem.n).fill(-1);
  return { seen: 1, spins, best: spins.slice(), energy: isingEnergy(problem, spins) };
}

/** 2ⁿ, or half of it where there are no fields. */
export function configurations({ n, fields }: Ising): number {
  return 2 ** (fields.every((h) => h === 0) ? n - 1 : n);
}

/** Looks at up to `count` further configurations. Energies are summed from flip to flip, anew in each call. */
export function grayOn(problem: Ising, walk: GrayWalk, count: number): void {
  const { spins, best } = walk;
  const fields = new Float64Array(problem.n);
  localFields(problem, spins, fields);
  let energy = isingEnergy(problem, spins);
  const end = Math.min(walk.seen + count, configurations(problem));
  for (let k = walk.seen; k < end; k++) {
    // the lowest bit of k that is set
    const i = 31 - Math.clz32(k & -k);
    energy -= 2 * spins[i] * fields[i];
    flip(problem, spins, fields, i);
    if (energy < walk.energy) {
      walk.energy = energy;
      best.set(spins);
    }
  }
  walk.seen = end;
}

/** Spins up to which counting to 2ⁿ is a matter of minutes. */
export const MOST_SPINS = 32;
