/** Potentials: every entry of the catalogue, and what makes potentials out of formulas, functions and other potentials. */
import type { Entry, Params } from "../core/entry.ts";
import type { Potential } from "../core/problem.ts";
import { bbobEntry } from "./bbob/index.ts";
import {
  colvilleEntry,
  forresterEntry,
  gramacyLeeEntry,
  hartmann3Entry,
  hartmann6Entry,
  shekelEntry,
} from "./classic-fixed.ts";
import { planeEntries } from "./classic-plane.ts";
import { scalableEntries } from "./classic-scalable.ts";
import { h2Entry, h2PlusEntry, hMinusEntry, hydrogenEntry } from "./coulomb/index.ts";
import { funnelEntry, gaussianEntry, mixtureEntry } from "./laws.ts";
import { lennardJonesEntry } from "./lennard-jones.ts";
import {
  doubleWellEntry,
  harmonicEntry,
  henonHeilesEntry,
  linearEntry,
  morseEntry,
  poschlTellerEntry,
  quarticEntry,
  ringEntry,
  squareWellEntry,
} from "./wells.ts";

export { type BbobFunction, type BbobGroup, bbob, bbobFunctions } from "./bbob/index.ts";
export {
  checkLimits,
  compile,
  type Formula,
  type FormulaOptions,
  formula,
  type Limit,
  limit,
} from "./formula/index.ts";
export { type Matrix, readSpins, type SpinForm, spins } from "./ising/index.ts";
export { gaussianCovariance, gaussianVariances } from "./laws.ts";
export {
  type Objective,
  type ObjectiveOptions,
  objective,
  type ReadObjective,
  readObjective,
} from "./objective/index.ts";
export { smoluchowski } from "./smoluchowski.ts";
export { expansion, polynomial, taylor } from "./taylor.ts";
export {
  type Counted,
  constrained,
  counted,
  finiteDifference,
  noisy,
  retrying,
  rotate,
  scale,
  shift,
} from "./wrappers.ts";

export const potentialEntries: readonly Entry<Params, Potential>[] = [
  harmonicEntry,
  doubleWellEntry,
  quarticEntry,
  morseEntry,
  poschlTellerEntry,
  linearEntry,
  squareWellEntry,
  ringEntry,
  henonHeilesEntry,
  hydrogenEntry,
  h2PlusEntry,
  h2Entry,
  hMinusEntry,
  gaussianEntry,
  funnelEntry,
  mixtureEntry,
  ...scalableEntries,
  ...planeEntries,
  forresterEntry,
  gramacyLeeEntry,
  colvilleEntry,
  hartmann3Entry,
  hartmann6Entry,
  shekelEntry,
  bbobEntry,
  lennardJonesEntry,
];
