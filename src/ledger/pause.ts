/** Pauses in long computations, so that an interruption is heard. */

const EVERY_MS = 40;
let last = 0;

/**
 * Lets timers and signals through, when it has not been done for a while.
 * @throws the signal's reason where it is aborted
 */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  const now = performance.now();
  if (now - last > EVERY_MS) {
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  signal?.throwIfAborted();
}
