import { type EngineEntry, inputError, type Params, type Values } from "../core/index.ts";
import type { Ising } from "../math/index.ts";
import { descentEntry } from "./descent.ts";
import { exhaustiveEntry } from "./exhaustive.ts";
import { langevinEntry, malaEntry, replicaEntry, underdampedEntry } from "./langevin/index.ts";
import { metropolisEntry } from "./metropolis.ts";
import { mqhoaEntry } from "./mqhoa.ts";
import { packetsEntry } from "./packets/index.ts";
import { pimcEntry } from "./pimc/index.ts";
import { randomEntry } from "./random.ts";
import { walkersEntry } from "./walkers.ts";

export { type DescentOptions, descent } from "./descent.ts";
export { type DmcOptions, dmc, type Node } from "./dmc/index.ts";
export { exhaustive } from "./exhaustive.ts";
export { fokkerPlanck } from "./fokker-planck.ts";
export { type GridEdge, type GridOptions, grid, type Law, type Region, type Start } from "./grid/index.ts";
export { iteration } from "./iteration.ts";
export {
  type ChainOptions,
  langevin,
  mala,
  type ReplicaOptions,
  replica,
  type SamplerEntry,
  samplerEntries,
  type UnderdampedOptions,
  underdamped,
  walk,
} from "./langevin/index.ts";
export { type MetropolisOptions, metropolis } from "./metropolis.ts";
export { type MqhoaOptions, mqhoa } from "./mqhoa.ts";
export { confined, type PacketsOptions, packets } from "./packets/index.ts";
export { type PimcOptions, pimc } from "./pimc/index.ts";
export { random } from "./random.ts";
export { type WalkersOptions, walkers } from "./walkers.ts";

/** Every engine of the catalogue. */
export const engineEntries: readonly EngineEntry[] = [
  packetsEntry,
  walkersEntry,
  pimcEntry,
  metropolisEntry,
  mqhoaEntry,
  descentEntry,
  langevinEntry,
  malaEntry,
  underdampedEntry,
  replicaEntry,
  randomEntry,
];

/** Those that search the configurations of spins only. */
export const spinEntries: readonly EngineEntry[] = [exhaustiveEntry];

/**
 * The engine of an entry on spins, with its outer loop.
 * @throws where it moves real variables only
 */
export function spinEngine(found: EngineEntry, couplings: Ising, budget: number, values: Values<Params>) {
  if (found.spins !== undefined) return found.spins({ couplings, budget }, values);
  const able = [...engineEntries, ...spinEntries].filter(({ spins }) => spins !== undefined);
  throw inputError(
    `engine '${found.name}'`,
    "moves real variables, not spins",
    `choose one of ${able.map(({ name }) => name).join(", ")}`,
  );
}
