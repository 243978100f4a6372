/**
 * Checkpoints: everything between two steps, as plain data. A run continued from one equals the uninterrupted run
 * bit for bit, because randomness is addressed by the step's number and no generator is alive between steps.
 */

import type { Info } from "./engine.ts";
import { inputError } from "./errors.ts";
import type { Account } from "./meter.ts";
import type { Plain } from "./plain.ts";

export type Checkpoint = {
  /** Steps committed. */
  readonly index: number;
  /** Imaginary time evolved. */
  readonly tau: number;
  readonly state: Plain;
  readonly carry: Plain;
  readonly info: Info;
  readonly account: Account;
};

const FIELDS = ["index", "tau", "state", "carry", "info", "account"];

/** Plain data known to be a checkpoint. Throws where it is something else. */
export function checkpointFrom(plain: Plain, where = "checkpoint"): Checkpoint {
  if (plain === null || typeof plain !== "object" || FIELDS.some((f) => !(f in plain)))
    throw inputError(where, "holds something else than a checkpoint");
  return plain as Checkpoint;
}
