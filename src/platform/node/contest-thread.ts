/** A thread of a contest: it runs one trial after another. */
import { engineOf } from "../../config.ts";
import { minimizer } from "../../tasks/bbob.ts";
import type { Trace } from "../../tasks/ecdf.ts";
import type { Heat } from "./contest.ts";

export default function solve({ settings, trial }: Heat): Promise<Trace> {
  const { solve } = minimizer(settings.engine, (potential, budget) => engineOf({ ...settings, budget }, potential));
  return solve(trial);
}
