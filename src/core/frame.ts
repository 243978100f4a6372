/** Frames: what a run shows of itself after each commit. */
import type { Checkpoint } from "./checkpoint.ts";
import type { Engine, Info, Setting, View } from "./engine.ts";
import type { Account, Best } from "./meter.ts";
import { copy } from "./plain.ts";

/** A committed step. The state behind `view()` is borrowed until the next frame is asked for; `checkpoint()` copies. */
export type Frame = Setting & {
  readonly index: number;
  /** Imaginary time evolved so far. */
  readonly tau: number;
  readonly info: Info;
  readonly account: Account;
  readonly best: Best;
  view(): View;
  checkpoint(): Checkpoint;
};

/** The frame of what was committed; `face` is that of the engine to which the state belongs. */
export function frame(setting: Setting, at: Checkpoint, face: Pick<Engine, "view">): Frame {
  return {
    index: at.index,
    tau: at.tau,
    info: at.info,
    account: at.account,
    best: at.account.best,
    view: () => face.view(at.state),
    checkpoint: () => copy(at),
    // last: an object that begins as a copy of another takes fifty times as long to make
    ...setting,
  };
}
