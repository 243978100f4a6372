/** The compiled kernels at work on a memory. */

/** On memory that threads share. */
export type Shared = {
  /** Does the job that stands at `at`, with whoever serves there. */
  work(at: number): void;
  /** Takes part in the jobs that come to stand at `at`, until they are dismissed. */
  serve(at: number): void;
  dismiss(at: number): void;
};

/** On memory of their own. */
export type Alone = {
  // addresses in bytes: see assembly/cloud.ts and assembly/matrix.ts
  normals(
    k0: number,
    k1: number,
    low: number,
    top: number,
    n: number,
    at: number,
    tables: number,
    rest: number,
  ): number;
  kick(x: number, normals: number, n: number, length: number): void;
  weigh(weight: number, value: number, n: number, s: number, top: number, total: number): number;
  offspring(weight: number, n: number, marks: number, u: number, cumulated: number, to: number): number;
  branch(
    before: number,
    after: number,
    survival: number,
    n: number,
    dt: number,
    trial: number,
    top: number,
    u: number,
    total: number,
    dead: number,
    born: number,
    notes: number,
    counts: number,
  ): number;
  product64(a: number, b: number, out: number, room: number, m: number, k: number, n: number): void;
  product32(a: number, b: number, out: number, room: number, m: number, k: number, n: number): void;
};

export const PAGE = 2 ** 16;

/** An instance of the shared module. */
export function sharedInstance(module: WebAssembly.Module, memory: WebAssembly.Memory): Shared {
  const words = new Int32Array(memory.buffer);
  const env = {
    memory,
    sleep: (at: number, seen: number) => void Atomics.wait(words, at / 4, seen),
    wake: (at: number) => void Atomics.notify(words, at / 4),
  };
  return new WebAssembly.Instance(module, { env }).exports as Shared;
}

/** An instance of the module that works alone. */
export function aloneInstance(module: WebAssembly.Module, memory: WebAssembly.Memory): Alone {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Alone;
}

/** A memory of so many bytes, not a page more. */
export function memoryOf(bytes: number, shared = false): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}
