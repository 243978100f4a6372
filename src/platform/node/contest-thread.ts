/** A thread of a contest: it runs one trial after another. */
import { engineOf } from "../../config.ts";
import { isInputError } from "../../core/errors.ts";
import { minimizer } from "../../tasks/bbob.ts";
import type { Heat, Outcome } from "./contest.ts";

export default async function solve({ settings, trial }: Heat): Promise<Outcome> {
  const { solve } = minimizer(settings.engine, (potential, budget) => engineOf({ ...settings, budget }, potential));
  try {
    return await solve(trial);
  } catch (error) {
    // an error loses what it is between threads
    if (isInputError(error)) return { flaw: error.message };
    throw error;
  }
}
