/** The ledger: every chapter, in the order of the paper. */
import { annealing } from "./annealing.ts";
import { convergence } from "./convergence.ts";
import { diffusion } from "./diffusion.ts";
import { dispersion } from "./dispersion.ts";
import { fokkerPlanck } from "./fokker-planck.ts";
import { framework } from "./framework.ts";
import { gap } from "./gap.ts";
import { hamiltonian } from "./hamiltonian.ts";
import type { Chapter } from "./item.ts";
import { iteration } from "./iteration.ts";
import { later } from "./later.ts";
import { rotation } from "./rotation.ts";
import { rules } from "./rules.ts";
import { schrodinger } from "./schrodinger.ts";
import { selection } from "./selection.ts";
import { sgd } from "./sgd.ts";
import { slope } from "./slope.ts";
import { tunneling } from "./tunneling.ts";

export * from "./item.ts";
export { paperMap } from "./map.ts";
export { plain } from "./plain.ts";
export { type Standing, standing, type Verdict, verdictOf } from "./verdict.ts";

export const chapters: readonly Chapter[] = [
  framework,
  schrodinger,
  hamiltonian,
  dispersion,
  slope,
  rotation,
  diffusion,
  fokkerPlanck,
  iteration,
  convergence,
  selection,
  gap,
  annealing,
  rules,
  sgd,
  tunneling,
  later,
];
