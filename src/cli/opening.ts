/** How an objective is opened: workers and timeout, from their flags; and as the potential of a wave function. */
import type { Config } from "../config.ts";
import { inputError } from "../core/errors.ts";
import { type Opened, openPotential } from "../platform/node/objectives.ts";
import { numberFlag, secondsFlag } from "./common.ts";
import { checkRealAxes, configFrom, type ObjectiveFlags, refuseEngineSettings } from "./objective.ts";

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

/** A potential on real axes: what walkers, chains and wave functions live on. */
export async function openReal(config: Config, flags: ObjectiveFlags): Promise<Opened> {
  const opened = await openPotential(config, opening(flags));
  try {
    checkRealAxes(opened.potential);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}

/** The ζ of a command whose engine takes no settings: with walls at the ends of a domain that is given, or what --edge says. */
export async function openWalled(
  positional: string | undefined,
  flags: ObjectiveFlags,
  base: Readonly<Record<string, unknown>>,
): Promise<Opened & { readonly config: Config }> {
  refuseEngineSettings(flags);
  const config = configFrom(positional, flags, base);
  const isWalled = config.domain !== undefined && config.edge === undefined;
  return { ...(await openReal(isWalled ? { ...config, edge: "wall" } : config, flags)), config };
}
