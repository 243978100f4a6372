import type { EngineEntry } from "../core/index.ts";
import { descentEntry } from "./descent.ts";
import { langevinEntry, malaEntry, replicaEntry, underdampedEntry } from "./langevin/index.ts";
import { metropolisEntry } from "./metropolis.ts";
import { mqhoaEntry } from "./mqhoa.ts";
import { packetsEntry } from "./packets/index.ts";
import { randomEntry } from "./random.ts";
import { walkersEntry } from "./walkers.ts";

export { type DescentOptions, descent } from "./descent.ts";
export { type DmcOptions, dmc, type Node } from "./dmc/index.ts";
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
export { type PacketsOptions, packets } from "./packets/index.ts";
export { random } from "./random.ts";
export { type WalkersOptions, walkers } from "./walkers.ts";

/** Every engine of the catalogue. */
export const engineEntries: readonly EngineEntry[] = [
  packetsEntry,
  walkersEntry,
  metropolisEntry,
  mqhoaEntry,
  descentEntry,
  langevinEntry,
  malaEntry,
  underdampedEntry,
  replicaEntry,
  randomEntry,
];
