/** The objective of a configuration, whatever its form, opened on this machine: who answers for it, and how to end. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { builtinPotential, type Config, canonical, domainOf, guarded, namedAxes, spaceOf } from "../../config.ts";
import { inputError } from "../../core/errors.ts";
import { type Evaluator, everywhere, type Potential } from "../../core/problem.ts";
import { boundsOf } from "../../core/space.ts";
import { modulePotential } from "./module.ts";
import { pool } from "./pool.ts";
import { program } from "./program.ts";

export type OpenOptions = {
  /**
   * Worker threads, or copies of a program. Where it is left out: none for what is built in, since a thread gains
   * nothing there until ζ is costly, and one for a module, so that it cannot hold up this thread.
   */
  readonly workers?: number;
  /** Seconds for one evaluation of a module in a thread, or of a program; 60 where it is left out. */
  readonly timeout?: number;
  /** Ends the opening of a module that does not come to an end. */
  readonly signal?: AbortSignal;
};

export type Opened = {
  readonly potential: Potential;
  readonly evaluate: Evaluator;
  close(): Promise<void>;
};

const TIMEOUT = 60;

/**
 * Opens the objective of a configuration. A module is loaded in its thread only, never in this one, except that with
 * `workers: 0` it is loaded here and answers here: without a timeout, and printing where it likes.
 * @throws on bad input, before anything is evaluated
 */
export async function openPotential(config: Config, options: OpenOptions = {}): Promise<Opened> {
  const { potential, close } = await openBare(config, options);
  try {
    const sure = guarded(potential, config);
    return { potential: sure, evaluate: sure.answer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openBare(config: Config, options: OpenOptions): Promise<Opened> {
  const { workers, timeout = TIMEOUT, signal } = options;
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 0))
    throw inputError("workers", `${workers} is not a whole number from 0 on`);
  if (!(timeout > 0)) throw inputError("timeout", `${timeout} is not a number of seconds above 0`);
  const { objective } = config;
  if ("exec" in objective) return openProgram(objective.exec, config, Math.max(1, workers ?? 1), timeout);
  if ("module" in objective)
    return workers === 0
      ? inline((await modulePotential(config)).potential)
      : openModule(config, workers ?? 1, timeout, signal);
  const potential = builtinPotential(config);
  if (!workers) return inline(potential);
  const { evaluate, close } = pool(config, { workers });
  return { potential: { ...potential, answer: evaluate }, evaluate, close };
}

function inline(potential: Potential): Opened {
  return { potential, evaluate: potential.answer, close: async () => {} };
}

async function openModule(
  config: Config,
  workers: number,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const { evaluate, describe, close } = pool(config, { workers, timeout });
  try {
    const { batch: _, ...told } = await describe(signal);
    return { potential: { ...told, answer: evaluate }, evaluate, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openProgram(command: string, config: Config, concurrency: number, timeout: number): Promise<Opened> {
  const names = namedAxes(config);
  const space = spaceOf(config, config.dim, names);
  const told = space === undefined ? domainOf(config, config.dim, names) : boundsOf(space, config.edge);
  const domain = told ?? (config.anywhere && config.dim !== undefined ? everywhere(config.dim) : undefined);
  if (domain === undefined)
    throw inputError(
      "--domain",
      "is missing: a program does not tell its own",
      "add for instance --domain -5:5 --dim 2",
    );
  const gradient = config.gradient === true;
  const { potential, close } = await program(command, { domain, names, space, concurrency, timeout, gradient });
  return { potential, evaluate: potential.answer, close };
}

/**
 * What makes an objective and its engine the same, as plain JSON: a module's name and the hash of its bytes (it may
 * move), a program's command, and all parameters, however they were spelled.
 */
export function identity(config: Config): { readonly objective: unknown; readonly engine: unknown } {
  const same = canonical(config);
  const { objective } = config;
  if (!("module" in objective)) return same;
  const sha256 = createHash("sha256").update(readFileSync(objective.module)).digest("hex");
  return { ...same, objective: { module: basename(objective.module), sha256 } };
}
