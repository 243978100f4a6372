/**
 * Minimize: the main use of the whole. The ground state of −D∇² + ζ gathers at the global minimum of ζ as D → 0;
 * this task runs an engine under its schedule on a potential and keeps the record of both loops.
 */
import { conflicts, unknowns } from "../core/feasible.ts";
import type { Account, Stop } from "../core/meter.ts";
import { type Observer, observe } from "../core/observe.ts";
import type { Potential } from "../core/problem.ts";
import { type Result, type RunOptions, run, type Setup } from "../core/run.ts";
import { type Space, valuesAt, type Worth } from "../core/space.ts";
import { runSteady, type SteadyOptions } from "../core/steady.ts";
import { freshRecording, type Recording, type RunRecord, recordFrame, recordOf } from "./record.ts";

export type Found = {
  readonly value: number;
  readonly x: readonly number[];
  /** What each variable is worth, where they are named. */
  readonly values?: Readonly<Record<string, Worth>>;
  /** Where values are in doubt: one standard error of the value, and of how many repeats it is the mean. */
  readonly error?: number;
  readonly repeats?: number;
};

export type Infeasible = Pick<Found, "value" | "x" | "values"> & {
  /** The constraints that are broken there, and g > 0 of each. */
  readonly violations: readonly { readonly constraint: string; readonly by: number }[];
  /** Constraints that no evaluated point kept; where each was kept somewhere, pairs that none kept together. */
  readonly conflicts: readonly (readonly string[])[];
};

export type Minimization = {
  readonly stop: Stop;
  readonly evaluations: number;
  /** Of the evaluated points, those whose gradient was asked. */
  readonly gradients: number;
  readonly best: Found;
  /** Where no point keeps the constraints: the one that breaks them least. */
  readonly nearest?: Infeasible;
  /** Where no point is known at which all constraints are numbers: those that are one nowhere. */
  readonly unknown?: readonly string[];
  readonly engine: string;
  readonly dim: number;
  readonly seed: number;
  readonly steps: number;
  /** Points without a usable value, and why. */
  readonly unusable: {
    readonly count: number;
    readonly failures: number;
    readonly reasons: { readonly [reason: string]: number };
    /** Further attempts at points that had failed, where there were any. */
    readonly retries?: number;
  };
  readonly record: RunRecord;
  /** What the evaluator threw, where `stop` is `evaluator failed`. */
  readonly error?: unknown;
};

export type MinimizeOptions = RunOptions &
  Partial<SteadyOptions> & {
    readonly observers?: readonly Observer[];
    /** The recording that belongs to `from`; it is continued in place. */
    readonly recording?: Recording;
  };

/**
 * The least value of ζ that the setup's engine finds, and where. With `outstanding` so many points are evaluated at once
 * and their answers are taken in any order; without it the points of a step together.
 * @throws before anything is evaluated, when the setup does not fit together
 */
export async function minimize(setup: Setup, options: MinimizeOptions = {}): Promise<Minimization> {
  const recording = options.recording ?? freshRecording();
  const keep: Observer = { frame: (frame) => recordFrame(recording, frame, setup.engine.nameOf) };
  const { outstanding } = options;
  const frames = outstanding === undefined ? run(setup, options) : runSteady(setup, { ...options, outstanding });
  const result = await observe(frames, [keep, ...(options.observers ?? [])]);
  return summary(setup, result, recordOf(recording));
}

/** A result of the loop with its record. */
export function summary(setup: Setup, { stop, account, steps, error }: Result, record: RunRecord): Minimization {
  return {
    stop,
    ...foundBy(account, setup.potential),
    engine: setup.engine.name,
    dim: setup.potential.domain.lower.length,
    seed: setup.seed,
    steps,
    record,
    ...(error === undefined ? {} : { error }),
  };
}

type Told = Pick<Potential, "space" | "constraints">;

type Spent = "evaluations" | "gradients" | "best" | "nearest" | "unknown" | "unusable";

/** What an account says that was spent and found. */
export function foundBy(account: Account, potential: Told): Pick<Minimization, Spent> {
  const { evaluations, gradients, nonfinite, failures, reasons, retries, best } = account;
  return {
    evaluations,
    gradients,
    best: { ...best, ...place(potential.space, best.x) },
    ...nearestOf(potential, account),
    unusable: { count: nonfinite, failures, reasons, ...(retries === undefined ? {} : { retries }) },
  };
}

/** A point as a list, and by name where its variables are named. */
function place(space: Space | undefined, x: ArrayLike<number>): Pick<Found, "x" | "values"> {
  const isNamed = space?.named === true && x.length > 0;
  return { x: Array.from(x), ...(isNamed ? { values: valuesAt(space, x) } : {}) };
}

function nearestOf(
  { space, constraints }: Told,
  { best, feasibility }: Account,
): Pick<Minimization, "nearest" | "unknown"> {
  if (Number.isFinite(best.value) || feasibility === undefined) return {};
  const { nearest } = feasibility;
  const nameOf = (j: number): string => constraints?.[j] ?? `constraint ${j + 1}`;
  if (nearest === null) return feasibility.points > 0 ? {} : { unknown: unknowns(feasibility).map(nameOf) };
  const violations = Array.from(nearest.constraints, (by, j) => ({ constraint: nameOf(j), by })).filter(
    ({ by }) => by > 0,
  );
  const conflicting = conflicts(feasibility).map((set) => set.map(nameOf));
  return { nearest: { value: nearest.value, ...place(space, nearest.x), violations, conflicts: conflicting } };
}
