/** The grid kernel on WebAssembly, the other side of assembly/grid.ts. */
import { DRIFT, type GridKernel, type GridSetup, KICK } from "../math/grid.ts";
import { memoryOf, sharedInstance } from "./instance.ts";
import { type Field, layout, place, rowOrder, rowRoots, stripOrder, stripRoots, WIDTH } from "./layout.ts";

/** Threads that a kernel shares its memory with; they are the platform's. */
export type Crew = {
  /** How many there are beside the one that calls. */
  readonly size: number;
  /** Has each of them call `serve(at)` of an instance on the memory, which returns when the kernel closes. */
  enlist(module: WebAssembly.Module, memory: WebAssembly.Memory, at: number): void;
};

/** The jobs of assembly/grid.ts. */
const JOBS = { evolve: 0, tabulate: 1, toMomentum: 2, toPosition: 3 } as const;
/** Steps of one job. */
const STEPS = 256;
/** With fewer points threads cost more than they do. */
const WORTH = 2 ** 14;
const ADDRESSABLE = 2 ** 32;

/** Bytes of a grid: ψ, ζ, the absorber, and the factors of a kick. */
export function gridBytes(shape: readonly number[]): number {
  return 48 * shape.reduce((product, n) => product * n, 1);
}

/** Whether the kernel holds such a grid: one to three axes of powers of two, at least 32 points along the last. */
export function suits(shape: readonly number[]): boolean {
  return (
    shape.length >= 1 &&
    shape.length <= 3 &&
    shape.every((n) => n >= 1 && Number.isInteger(Math.log2(n))) &&
    shape[shape.length - 1] >= WIDTH &&
    gridBytes(shape) < 0.99 * ADDRESSABLE
  );
}

/** A grid kernel on the module; throws a RangeError where there is not enough memory. */
export function wasmGrid(module: WebAssembly.Module, { shape, kinetic }: GridSetup, crew?: Crew): GridKernel {
  const axes = axesOf(shape, 1);
  const points = axes[0] * axes[1] * axes[2];
  const helpers = crew !== undefined && shape.length > 1 && points >= WORTH ? crew.size : 0;
  const { size, at, words } = layout(axes, helpers + 1, STEPS);
  const memory = memoryOf(size, true);
  const { work, dismiss } = sharedInstance(module, memory);
  const numbers = (from: Field, length: number, skip = 0): Float64Array =>
    new Float64Array(memory.buffer, words[from] + skip, length);
  const state = new Uint32Array(memory.buffer, at);
  for (const [field, value] of Object.entries(words)) state[place(field as Field)] = value;
  state[place("absorber")] = 0;
  const job = (kind: number): void => {
    state[place("job")] = kind;
    work(at);
  };

  const orders = [stripOrder(axes[0]), stripOrder(axes[1]), rowOrder(axes[2])] as const;
  const energies = axesOf<Float64Array | undefined>(kinetic, undefined);
  (["kinetic0", "kinetic1", "kinetic2"] as const).forEach((field, a) => {
    const axis = energies[a];
    if (axis !== undefined) numbers(field, axes[a]).set(Float64Array.from(orders[a], (place) => axis[place]));
  });
  (["roots0", "roots1", "roots2"] as const).forEach((field, a) => {
    const table = a === 2 ? rowRoots(axes[a]) : stripRoots(axes[a]);
    numbers(field, table.length).set(table);
  });
  if (helpers > 0) crew?.enlist(module, memory, at);

  const re = numbers("psi", points);
  const im = numbers("psi", points, words.far);
  const kicksRoom = numbers("kicks", KICK * (STEPS + 1));
  const driftsRoom = numbers("drifts", DRIFT * STEPS);
  const tableKick = numbers("tableKick", KICK);

  const tabulate = (kick: Float64Array): void => {
    if (state[place("tabled")] === 1 && equal(kick, tableKick)) return;
    tableKick.set(kick);
    job(JOBS.tabulate);
    state[place("tabled")] = 1;
  };

  return {
    backend: "wasm",
    shape,
    re,
    im,
    order: shape.map((_, a) => orders[a === shape.length - 1 ? 2 : a]),
    setPotential(values, absorber) {
      numbers("potential", points).set(values);
      if (absorber !== undefined) numbers("absorber", points).set(absorber);
      state[place("absorber")] = absorber === undefined ? 0 : words.absorber;
      state[place("tabled")] = 0;
    },
    evolve(kicks, drifts) {
      const steps = drifts.length / DRIFT;
      const second = kicks.subarray(KICK, 2 * KICK);
      if (recurs(second, kicks)) tabulate(second);
      for (let k = 0; k === 0 || k < steps; k += STEPS) {
        const end = Math.min(k + STEPS, steps);
        kicksRoom.set(kicks.subarray(KICK * k, KICK * (end + 1)));
        // the job before ended with this kick
        if (k > 0) kicksRoom.fill(0, 0, KICK);
        driftsRoom.set(drifts.subarray(DRIFT * k, DRIFT * end));
        state[place("steps")] = end - k;
        job(JOBS.evolve);
      }
    },
    toMomentum() {
      job(JOBS.toMomentum);
    },
    toPosition() {
      job(JOBS.toPosition);
    },
    close() {
      dismiss(at);
    },
  };
}

/** One, two or three things as those of the planes, of the rows in a plane, and along a row. */
function axesOf<T>(given: readonly T[], none: T): readonly [T, T, T] {
  if (given.length === 1) return [none, none, given[0]];
  return given.length === 2 ? [given[0], none, given[1]] : [given[0], given[1], given[2]];
}

function equal(a: Float64Array, b: Float64Array): boolean {
  return a.every((part, i) => part === b[i]);
}

/** Whether a kick stands more than once among them. */
function recurs(kick: Float64Array, kicks: Float64Array): boolean {
  let times = 0;
  for (let k = 0; k < kicks.length && times < 2; k += KICK) if (equal(kick, kicks.subarray(k, k + KICK))) times++;
  return kick.length > 0 && times === 2;
}
