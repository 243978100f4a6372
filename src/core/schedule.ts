/**
 * Schedules: the outer loop. D falls from large to small over scales while the engine evolves inside (paper §3.1, §4.1).
 * A schedule is a function of its carry and of what the last step reported; it holds no state of its own.
 */
import type { Info, Setting } from "./engine.ts";
import type { Plain } from "./plain.ts";

export interface Schedule<C extends Plain = Plain> {
  readonly name: string;
  init(): C;
  /** The next step's setting and carry, or null when the schedule has ended. `last` is absent before the first step. */
  next(carry: C, last?: Info): readonly [Setting, C] | null;
  /** The setting at explicit time t, for splittings of high order that look inside a step. */
  at?(t: number): Setting;
}

/** The value at `share` ∈ [0, 1] of the way from `from` to `to` (both above 0) at equal ratios. */
export function geometricBetween(from: number, to: number, share: number): number {
  return from * (to / from) ** share;
}

/** How far step k of n has come: 0 at the first, 1 at the last, and 1 where there is only one. */
export function shareOf(k: number, n: number): number {
  return n > 1 ? k / (n - 1) : 1;
}
