/**
 * Observers watch a run: progress, trace, checkpoints, a live page. None of them changes what it finds.
 */
import type { Frame, Result } from "./run.ts";

export interface Observer {
  /** Called after each committed step; the frame is borrowed for the call. */
  frame?(frame: Frame): void | Promise<void>;
  /** Called once, however the run ended. */
  end?(result: Result): void | Promise<void>;
}

/** Runs to the end, showing every frame to each observer in turn. */
export async function observe(
  frames: AsyncGenerator<Frame, Result, void>,
  observers: readonly Observer[],
): Promise<Result> {
  const watching = observers.filter((o) => o.frame !== undefined);
  for (;;) {
    const next = await frames.next();
    if (next.done) {
      for (const o of observers) await o.end?.(next.value);
      return next.value;
    }
    for (const o of watching) {
      const pause = o.frame?.(next.value);
      if (pause !== undefined) await pause;
    }
  }
}
