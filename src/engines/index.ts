import type { EngineEntry } from "../core/index.ts";
import { descentEntry } from "./descent.ts";
import { exhaustiveEntry } from "./exhaustive.ts";
import { metropolisEntry } from "./metropolis.ts";
import { mqhoaEntry } from "./mqhoa.ts";
import { packetsEntry } from "./packets/index.ts";
import { pimcEntry } from "./pimc/index.ts";
import { randomEntry } from "./random.ts";
import { walkersEntry } from "./walkers.ts";

export { type DescentOptions, descent } from "./descent.ts";
export { exhaustive } from "./exhaustive.ts";
export { fokkerPlanck } from "./fokker-planck.ts";
export { type GridEdge, type GridOptions, grid, type Law, type Region, type Start } from "./grid/index.ts";
export { iteration } from "./iteration.ts";
export { type MetropolisOptions, metropolis } from "./metropolis.ts";
export { type MqhoaOptions, mqhoa } from "./mqhoa.ts";
export { type PacketsOptions, packets } from "./packets/index.ts";
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
  randomEntry,
];

/** Those that search the configurations of spins only. */
export const spinEntries: readonly EngineEntry[] = [exhaustiveEntry];
