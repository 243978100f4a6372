/**
 * Ctrl-C: the first ends the run cleanly, the second at once.
 */
import { INTERRUPTED } from "./common.ts";

// a closed terminal (SIGHUP) too: programs that were started must not outlive it
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type Interruption = { readonly signal: AbortSignal; release(): void };

/** A signal that is aborted by SIGINT, SIGTERM or SIGHUP, and what removes the listeners. */
export function interruptible(): Interruption {
  const { listen, ...interruption } = interruptibleLater();
  listen();
  return interruption;
}

/** The same from `listen()` on: work that never pauses would not hear a listener, and without one it ends at once. */
export function interruptibleLater(): Interruption & { listen(): void } {
  const control = new AbortController();
  let listens = false;
  const heard = (): void => {
    if (control.signal.aborted) process.exit(INTERRUPTED);
    control.abort();
  };
  return {
    signal: control.signal,
    listen() {
      if (!listens) for (const name of SIGNALS) process.on(name, heard);
      listens = true;
    },
    release() {
      for (const name of SIGNALS) process.off(name, heard);
    },
  };
}
