/** What stands beneath the pictures of a minimization; texts carry the marks of `rich()`. */
import { count, percent } from "../draw/index.ts";
import type { Importance } from "../tasks/importance.ts";
import type { RunRecord } from "../tasks/record.ts";
import { APART } from "../tasks/sample.ts";
import type { Slices } from "../tasks/slices.ts";

export const CLUSTER = "Bonds join atoms nearer than 1.3; the color of an atom tells how many neighbors it has.";

export function convergence({ families }: RunRecord, error = 0): string {
  const edge =
    error > 0
      ? "The band is the value that is reported ± its standard error; what lies further off than the axis reaches stands at its edge."
      : "What lies at the tick marked ≤ lies there or below.";
  const colors =
    families.length > 1
      ? " A fall has the color of the packet that found it, a dot that of the packet that moved."
      : "";
  return `The best value found so far, and beneath it, where it changes, the *D* at which the state was held: the two loops.${colors} ${edge}`;
}

export const TURNS =
  "Above, when a packet of each family moved, was born and found a better value than all before; below, how the evaluations so far are shared. Softmax of the energies (23) allots them; the first packets run alone until they end.";

export function relaxation({ families }: RunRecord): string {
  const turns = families.length > 1 ? " Packets take turns, and each goes its own way down." : "";
  return `The two loops seen from outside: as *D* falls (to the right) the energy of the state comes down to the minimum and its size shrinks.${turns}`;
}

export function whereabouts(dim: number): string {
  if (dim === 1) return "Mean ± standard deviation of the state (bars), and the best point (dashed).";
  if (dim === 2)
    return "Mean (white dots) ± standard deviation (ellipses) of the state, and the best point (orange), over contours of ζ that share the area out equally.";
  if (dim <= 12) return "Mean ± standard deviation of the state in each coordinate, and the best point (dashed).";
  return "Distance between the state and the best point, coordinate by coordinate: root mean square, as a share of the width of the domain.";
}

const NEAR = percent(APART);

export function importance({ points, explained }: Importance): string {
  const fit =
    explained === null ? "" : ` It explains ${percent(explained.estimate)} of the variance of ranks it has not seen.`;
  return `A quadratic is fitted to the ranks of ζ at ${count(points)} samples of the run; a coordinate is as important as the fit gets worse, at points it has not seen, when that coordinate is exchanged between points of about the same time.${fit} Bars: shares of the sum over all coordinates; whiskers hold 95 in 100 of the fits to parts of the run; what they do not tell from 0 is grey. It speaks of the region that the run has searched, and of rank, not size, of ζ.`;
}

export function profiles(dim: number, known: boolean, exact: boolean): string {
  const which = dim > 12 ? (known ? " The 12 most important coordinates." : " The first 12 coordinates.") : "";
  if (exact)
    return `ζ with one coordinate changed and the others held at the best point (orange), evaluated for this picture.${which}`;
  return `Each evaluated point (grey), and the least value that was met at each place (blue): an upper bound of what can be reached there with the other coordinates free. Orange: the best point. Points within ${NEAR} of the domain’s width of a better one are left out.${which}`;
}

export function pairs(dim: number, known: boolean, slices: Slices | undefined): string {
  if (slices !== undefined && slices.planes.length > 0)
    return `ζ with two coordinates changed and the others held at the best point (orange), evaluated for this picture; the levels share the area out equally.${valueless(slices)} The coordinates are those along which the rank of ζ changes most.`;
  const which = dim <= 3 ? "" : known ? " The three most important coordinates." : " The first three coordinates.";
  return `Evaluated points, dark where ζ is low, each color for as many points; the best is orange.${which}`;
}

function valueless({ planes }: Slices): string {
  const isWhole = planes.every(({ value }) => value.every(Number.isFinite));
  return isWhole ? "" : " Grey where ζ has no value or a constraint is broken.";
}

export const PARALLEL = `A line is an evaluated point, dark where ζ is low, from the lower bound of each coordinate to its upper one; the best is orange. Where lines gather, good points agree; points within ${NEAR} of the domain’s width of a better one are left out.`;
