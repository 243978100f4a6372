/** Products of matrices on WebAssembly, the other side of assembly/matrix.ts. */
import { type Alone, aloneInstance, memoryOf } from "./instance.ts";

/** Rows of a tile, bytes of a panel, and rows of B that are packed at once: those of assembly/matrix.ts. */
const ROWS = 4;
const PANEL = 32;
const DEPTH = 256;
const START = 64;
/** A memory up to this size is kept for the next product. */
const KEPT = 2 ** 26;

type Matrix = Float64Array | Float32Array;
type Workplace = { readonly memory: WebAssembly.Memory; readonly kernels: Alone };

let kept: Workplace | undefined;

/** out = A B for A [m × k] and B [k × n], as math/linalg.ts does it bit for bit. */
export function wasmProduct<M extends Matrix>(
  module: WebAssembly.Module,
  a: M,
  b: M,
  out: M,
  [m, k, n]: readonly [number, number, number],
): void {
  const bytes = a.BYTES_PER_ELEMENT;
  const lanes = PANEL / bytes;
  const [rows, columns] = [ROWS * Math.ceil(m / ROWS), lanes * Math.ceil(n / lanes)];
  const atB = START + PANEL * Math.ceil((rows * k * bytes) / PANEL);
  const atOut = atB + k * columns * bytes;
  const room = atOut + rows * columns * bytes;
  const { memory, kernels } = workplace(module, room + Math.min(k, DEPTH) * columns * bytes);
  const view = (at: number, length: number): Matrix =>
    bytes === 8 ? new Float64Array(memory.buffer, at, length) : new Float32Array(memory.buffer, at, length);
  view(START, m * k).set(a.subarray(0, m * k));
  copyRows(b, n, view(atB, k * columns), columns, k);
  const product = bytes === 8 ? kernels.product64 : kernels.product32;
  product(START, atB, atOut, room, rows, k, columns);
  copyRows(view(atOut, m * columns), columns, out, n, m);
}

/** Copies rows of one width to rows of another, as much as fits. */
function copyRows(from: Matrix, width: number, to: Matrix, other: number, rows: number): void {
  if (width === other) {
    to.set(from.subarray(0, rows * width));
    return;
  }
  const n = Math.min(width, other);
  for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) to[i * other + j] = from[i * width + j];
}

function workplace(module: WebAssembly.Module, size: number): Workplace {
  if (kept !== undefined && kept.memory.buffer.byteLength >= size) return kept;
  const memory = memoryOf(size);
  const made = { memory, kernels: aloneInstance(module, memory) };
  if (size <= KEPT) kept = made;
  return made;
}
