/**
 * What ends a run from outside: the user's signal and the clock. One signal goes on to whoever answers, so that an
 * evaluation under way ends too.
 */
import type { Stop } from "./meter.ts";

export type Halt = {
  /** Aborted when the run must stop, for evaluators that take their time. */
  readonly signal: AbortSignal;
  reason(): Stop | undefined;
  /** Lets timers and signals through now and then; answers at once when it is not yet time. */
  breathe(): Promise<void> | undefined;
  end(): void;
};

const BREATH_MS = 40;

/** Listens from now on, until end().
 * @param seconds the time allowed; unlimited where it is left out */
export function halting(seconds: number | undefined, user: AbortSignal | undefined): Halt {
  const control = new AbortController();
  const deadline = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + 1000 * seconds;
  const stop = (): void => control.abort();
  if (user?.aborted) stop();
  user?.addEventListener("abort", stop);
  // a timer longer than 2³¹ ms would fire at once
  const timer = seconds === undefined || seconds > 2e6 ? undefined : setTimeout(stop, 1000 * seconds);
  let last = performance.now();
  return {
    signal: control.signal,
    reason() {
      if (user?.aborted) return "aborted";
      // the timer may fire a little before the clock is there
      return control.signal.aborted || performance.now() >= deadline ? "time spent" : undefined;
    },
    breathe() {
      const now = performance.now();
      if (now - last < BREATH_MS) return undefined;
      last = now;
      return new Promise((resolve) => setTimeout(resolve, 0));
    },
    end() {
      clearTimeout(timer);
      user?.removeEventListener("abort", stop);
      control.abort();
    },
  };
}
