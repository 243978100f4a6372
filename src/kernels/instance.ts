/** The compiled kernels at work on a memory. */

export type Instance = {
  /** Does the job that stands at `at`, with whoever serves there. */
  work(at: number): void;
  /** Takes part in the jobs that come to stand at `at`, until they are dismissed. */
  serve(at: number): void;
  dismiss(at: number): void;
};

/** An instance of the module on a shared memory. */
export function instance(module: WebAssembly.Module, memory: WebAssembly.Memory): Instance {
  const words = new Int32Array(memory.buffer);
  const env = {
    memory,
    sleep: (at: number, seen: number) => void Atomics.wait(words, at / 4, seen),
    wake: (at: number) => void Atomics.notify(words, at / 4),
  };
  return new WebAssembly.Instance(module, { env }).exports as Instance;
}
