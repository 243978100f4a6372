/** Rows of `wick bench bbob` as JSON and as lines of tables. */
import type { TableRow } from "../draw/index.ts";
import { type BbobGroup, bbobFunctions } from "../potentials/bbob/index.ts";
import { type BbobRow, rowOf } from "../tasks/bbob.ts";
import { EIGHT } from "../tasks/ecdf.ts";

/** Without its trials. */
export type Reported = Omit<BbobRow, "trials">;

export function bare({ trials: _, ...row }: BbobRow): Reported {
  return row;
}

/** With the trials; a target that was never hit is null. */
export function detailed(row: BbobRow) {
  const finite = (hit: number): number | null => (Number.isFinite(hit) ? hit : null);
  return { ...row, trials: row.trials.map((trial) => ({ ...trial, hits: Array.from(trial.hits, finite) })) };
}

const SHORT: Readonly<Record<BbobGroup, string>> = {
  separable: "separable",
  "moderate conditioning": "moderate",
  "ill-conditioned": "ill",
  "multi-modal, adequate structure": "multi",
  "multi-modal, weak structure": "weak",
};

/** A line of the table. */
export function flat({ engine, dim, budgets, solved, auc, groups }: BbobRow): TableRow {
  const row: Record<string, string | number> = { engine, dim };
  budgets.forEach((b, i) => {
    row[`${b}d`] = solved[i].toFixed(3);
  });
  row.auc = auc.toFixed(3);
  for (const [group, area] of Object.entries(groups)) row[SHORT[group as BbobGroup]] = area.toFixed(3);
  return row;
}

/** A line for each function: what was solved, and by how many of its trials each of the eight targets was hit. */
export function byFunction({ engine, dim, budget, trials }: BbobRow): TableRow[] {
  return [...new Set(trials.map(({ f }) => f))].map((f) => {
    const own = trials.filter((trial) => trial.f === f);
    const { groups: _, ...row } = rowOf(engine, dim, own, budget);
    const hit = EIGHT.map((t) => own.filter(({ hits }) => hits[t] <= budget * dim).length);
    const name = `f${f} ${bbobFunctions[f - 1].name}`;
    return { ...flat({ ...row, groups: {} }), function: name, [`of ${own.length} at 10^2 … -8`]: hit.join(" ") };
  });
}
