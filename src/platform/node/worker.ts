/** A thread that evaluates: it makes the potential of its configuration anew and answers pieces of queries about it. */
import { parentPort, workerData } from "node:worker_threads";
import { builtinPotential, type Config } from "../../config.ts";
import { isInputError } from "../../core/errors.ts";
import type { Answer, Domain, Kind, Query, Tell } from "../../core/problem.ts";
import type { Space } from "../../core/space.ts";
import { type Loaded, modulePotential } from "./module.ts";

/** What a thread tells of the potential it made, or the flaw of the input that it could not make it of. */
export type Description =
  | {
      readonly name: string;
      readonly domain: Domain;
      readonly can: readonly Kind[];
      readonly names?: readonly string[];
      readonly space?: Space;
      readonly constraints?: readonly string[];
      /** Whether many points in one call cost less than one after another. */
      readonly batch: boolean;
    }
  | { readonly flaw: string };

export type Piece = {
  readonly query: Query;
  /** Shared: the time (ms since 1970) at which the evaluation began in its thread, 0 before. */
  readonly begun: Float64Array;
  /** The number under which parts of the answer are told as they come, where they are. */
  readonly listener?: number | undefined;
};

/** A part of an answer on its way to whoever listens under this number. */
export type Told = { readonly listener: number; readonly from: number; readonly part: Answer };

// standard output belongs to results; what a user's module prints goes beside them
process.stdout.write = process.stderr.write.bind(process.stderr);

const config: Config = workerData;
let loaded: Promise<Loaded> | undefined;

/** Not while the thread starts: a module that ends its thread then would never be heard of. */
function load(): Promise<Loaded> {
  loaded ??= "module" in config.objective ? modulePotential(config) : loadBuiltin();
  return loaded;
}

async function loadBuiltin(): Promise<Loaded> {
  return { potential: builtinPotential(config), batch: true };
}

export async function describe(): Promise<Description> {
  try {
    const { potential, batch } = await load();
    const { answer: _, truth, ...told } = potential;
    return { ...told, batch };
  } catch (error) {
    if (isInputError(error)) return { flaw: error.message };
    throw error;
  }
}

export async function answer({ query, begun, listener }: Piece): Promise<Answer> {
  const { potential } = await load();
  begun[0] = performance.timeOrigin + performance.now();
  const answered = await potential.answer(query, undefined, telling(listener));
  await printed();
  return answered;
}

function telling(listener: number | undefined): Tell | undefined {
  if (listener === undefined) return undefined;
  return (from, part) => parentPort?.postMessage({ listener, from, part } satisfies Told);
}

/** Waits until what a module has printed is out: the thread may be ended when it has answered. */
async function printed(): Promise<void> {
  if (process.stderr.writableLength > 0) await new Promise((resolve) => process.stderr.write("", resolve));
}
