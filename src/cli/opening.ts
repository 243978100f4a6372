/** How an objective is opened: workers and timeout, from their flags. */
import { inputError } from "../core/errors.ts";
import { numberFlag, secondsFlag } from "./common.ts";
import type { ObjectiveFlags } from "./objective.ts";

export function opening({ workers, timeout }: ObjectiveFlags): {
  readonly workers?: number;
  readonly timeout?: number;
} {
  const count = workers === undefined ? undefined : numberFlag("--workers", workers);
  if (count !== undefined && !(Number.isInteger(count) && count >= 0 && count <= 256))
    throw inputError("--workers", `${workers} is not a whole number from 0 to 256`);
  return {
    ...(count === undefined ? {} : { workers: count }),
    ...(timeout === undefined ? {} : { timeout: secondsFlag("--timeout", timeout) }),
  };
}
