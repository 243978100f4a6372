/**
 * Minimize: the main use of the whole. The ground state of −D∇² + ζ gathers at the global minimum of ζ as D → 0;
 * this task runs an engine under its schedule on a potential and keeps the record of both loops.
 */
import type { Stop } from "../core/meter.ts";
import { type Observer, observe } from "../core/observe.ts";
import { type Result, type RunOptions, run, type Setup } from "../core/run.ts";
import { freshRecording, type Recording, type RunRecord, recordFrame, recordOf } from "./record.ts";

export type Minimization = {
  readonly stop: Stop;
  readonly evaluations: number;
  /** Of the evaluated points, those whose gradient was asked. */
  readonly gradients: number;
  readonly best: { readonly value: number; readonly x: readonly number[] };
  readonly engine: string;
  readonly dim: number;
  readonly seed: number;
  readonly steps: number;
  /** Points without a usable value, and why. */
  readonly unusable: {
    readonly count: number;
    readonly failures: number;
    readonly reasons: { readonly [reason: string]: number };
  };
  readonly record: RunRecord;
  /** What the evaluator threw, where `stop` is `evaluator failed`. */
  readonly error?: unknown;
};

export type MinimizeOptions = RunOptions & {
  readonly observers?: readonly Observer[];
  /** The recording that belongs to `from`; it is continued in place. */
  readonly recording?: Recording;
};

/**
 * The least value of ζ that the setup's engine finds, and where.
 * @throws before anything is evaluated, when the setup does not fit together
 */
export async function minimize(setup: Setup, options: MinimizeOptions = {}): Promise<Minimization> {
  const recording = options.recording ?? freshRecording();
  const keep: Observer = { frame: (frame) => recordFrame(recording, frame) };
  const result = await observe(run(setup, options), [keep, ...(options.observers ?? [])]);
  return summary(setup, result, recordOf(recording));
}

function summary(setup: Setup, { stop, account, steps, error }: Result, record: RunRecord): Minimization {
  return {
    stop,
    evaluations: account.evaluations,
    gradients: account.gradients,
    best: { value: account.best.value, x: [...account.best.x] },
    engine: setup.engine.name,
    dim: setup.potential.domain.lower.length,
    seed: setup.seed,
    steps,
    unusable: { count: account.nonfinite, failures: account.failures, reasons: account.reasons },
    record,
    ...(error === undefined ? {} : { error }),
  };
}
