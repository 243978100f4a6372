/**
 * Ctrl-C: the first ends the run cleanly, the second at once.
 */
import { INTERRUPTED } from "./common.ts";

// a closed terminal (SIGHUP) too: programs that were started must not outlive it
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that is aborted by SIGINT, SIGTERM or SIGHUP, and what removes the listeners. */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const control = new AbortController();
  const listen = (): void => {
    if (control.signal.aborted) process.exit(INTERRUPTED);
    control.abort();
  };
  for (const name of SIGNALS) process.on(name, listen);
  return {
    signal: control.signal,
    release() {
      for (const name of SIGNALS) process.off(name, listen);
    },
  };
}
