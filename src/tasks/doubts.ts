/** What makes an energy of walkers doubtful, and what stops them, in words that say what to change. */
import { inputError } from "../core/errors.ts";
import type { Extrapolated } from "./extrapolate.ts";
import type { Told, Trouble, Walk } from "./walk.ts";

type Walked = {
  readonly name: string;
  /** Whether there is a guide, and whether the potential offers one. */
  readonly isGuided: boolean;
  readonly offers: boolean;
  readonly walks: readonly Walk[];
};

/** The error of walks that cannot go on. */
export function troubled(trouble: NonNullable<Trouble>, { name, isGuided, offers, walks }: Walked): Error {
  if (trouble === "walkers run away")
    return inputError(
      name,
      "walkers run away: nothing holds them in the open domain",
      "give a domain with walls or a wider one, a smaller D, or a ζ that rises",
    );
  if (trouble === "walkers died out")
    return inputError(`Δτ = ${walks[0].dt}`, "all walkers died out", "take a shorter --dt or more --walkers");
  return inputError(
    name,
    "the population exploded: ζ falls without bound, or Δτ is too long for it",
    offers && !isGuided
      ? "use its own guide, --guide own"
      : "take a shorter --dt, a guide, or a domain that leaves the fall out",
  );
}

const ACCEPTED = 0.99;
const NEAR_CAPACITY = 2;
const UNLIKELY = 9;

/** What is wrong with the rows of walks, and with what was found from them. */
export function doubts({ walks, isGuided }: Walked, rows: readonly Told[], found: Extrapolated | undefined): string[] {
  const said: string[] = [];
  if (found === undefined)
    said.push("the walks are too short for error bars beside their correlation; go on for longer");
  const least = Math.min(...rows.map(({ acceptance }) => acceptance));
  if (isGuided && least < ACCEPTED)
    said.push(`${(100 * least).toFixed(1)} % of moves are accepted where 99 % are wanted: take a shorter --dt`);
  const fullest = Math.max(...rows.map(({ population, walkers }) => population.max / walkers));
  if (fullest > NEAR_CAPACITY)
    said.push(`the population rose to ${fullest.toFixed(1)} times what was to be held; take more walkers`);
  const clipped = walks.reduce((worst, { sums, series }) => Math.max(worst, sums.clipped / series.energy.length), 0);
  if (clipped > 0)
    said.push(
      `${(100 * clipped).toPrecision(2)} % of weights were cut off: ζ falls too steeply for Δτ; take a shorter --dt or a guide`,
    );
  if (found === undefined) return said;
  const { population, populationError, chi2 } = found.fit;
  if (Math.abs(population) > 3 * populationError && Math.abs(population) > found.error)
    said.push(
      `${rows[0].walkers} walkers are biased by ${population.toPrecision(2)} ± ${populationError.toPrecision(1)}: corrected by the extrapolation in 1/N`,
    );
  if (chi2 > UNLIKELY)
    said.push(
      `the rows do not lie on the line that is extrapolated (χ² = ${chi2.toFixed(1)}): the error was widened; take a shorter --dt`,
    );
  return said;
}
