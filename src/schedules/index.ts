import type { Entry, Params, Schedule } from "../core/index.ts";
import { adiabaticEntry } from "./adiabatic.ts";
import { annealEntry } from "./anneal.ts";
import { coolingEntry } from "./cooling.ts";
import { cosineEntry } from "./cosine.ts";
import { geometricEntry } from "./geometric.ts";
import { plateauEntry } from "./plateau.ts";
import { qhdEntry } from "./qhd.ts";
import { steadyEntry } from "./steady.ts";

export { adiabatic, adiabaticity, type GapAt } from "./adiabatic.ts";
export { anneal } from "./anneal.ts";
export { cooling } from "./cooling.ts";
export { cosine } from "./cosine.ts";
export { geometric } from "./geometric.ts";
export { plateau } from "./plateau.ts";
export { qhd } from "./qhd.ts";
export { steady } from "./steady.ts";

/** Every schedule of the catalogue. */
export const scheduleEntries: readonly Entry<Params, Schedule>[] = [
  steadyEntry,
  geometricEntry,
  cosineEntry,
  adiabaticEntry,
  plateauEntry,
  qhdEntry,
  coolingEntry,
  annealEntry,
];
