/**
 * Where things lie in the arena of a grid kernel, and its tables: the words of assembly/grid.ts in their order, roots of
 * unity for each pass, and the order in which the passes leave momentum.
 */
import { roots } from "../math/fft.ts";
import { DRIFT, KICK } from "../math/grid.ts";

export type Axes = readonly [number, number, number];

/** The words of `Grid` in assembly/grid.ts. */
const FIELDS = [
  "n0",
  "n1",
  "n2",
  "job",
  "psi",
  "far",
  "potential",
  "absorber",
  "table",
  "tabled",
  "tableKick",
  "roots0",
  "roots1",
  "roots2",
  "kinetic0",
  "kinetic1",
  "kinetic2",
  "rooms",
  "room",
  "kicks",
  "drifts",
  "steps",
  "team",
] as const;
export type Field = (typeof FIELDS)[number];

export type Layout = {
  /** Bytes. */
  readonly size: number;
  /** The address of the words. */
  readonly at: number;
  readonly words: Readonly<Record<Field, number>>;
};

/** The index of a word. */
export function place(field: Field): number {
  return FIELDS.indexOf(field);
}

/** Words of `Team` in assembly/team.ts. */
const TEAM = 6;
/** Columns that are transformed at once, and the bytes of as many complex numbers. */
export const WIDTH = 32;
const ELEMENT = 16 * WIDTH;
const COMPLEX = 16;
const REAL = 8;
/** Planes that lay a power of two apart would meet in the same lines of the caches. */
const APART = 17 * 64;
const LINE = 64;

/** The arena of a grid of n0 × n1 × n2 points, `members` threads and `steps` steps a call. */
export function layout(axes: Axes, members: number, steps: number): Layout {
  // address 0 means that there is nothing
  let end = LINE;
  const take = (bytes: number): number => {
    const at = end;
    end = LINE * Math.ceil((end + bytes) / LINE);
    return at;
  };
  const [n0, n1, n2] = axes;
  const points = n0 * n1 * n2;
  const far = REAL * points + APART;
  const longest = Math.max(n0, n1, n2);
  const room = LINE * Math.ceil((ELEMENT * (Math.max(n0, n1) + 1) + COMPLEX * (n0 + n1 + n2 + longest + 3)) / LINE);
  const at = take(4 * FIELDS.length);
  const words = {
    n0,
    n1,
    n2,
    job: 0,
    far,
    tabled: 0,
    steps: 0,
    room: room + LINE,
    team: take(4 * TEAM),
    tableKick: take(REAL * KICK),
    kicks: take(REAL * KICK * (steps + 1)),
    drifts: take(REAL * DRIFT * steps),
    // an axis of one point is tabulated as two
    kinetic0: take(REAL * (n0 + 1)),
    kinetic1: take(REAL * (n1 + 1)),
    kinetic2: take(REAL * n2),
    roots0: take(REAL * rootCount(n0)),
    roots1: take(REAL * rootCount(n1)),
    roots2: take(REAL * rootCount(n2)),
    rooms: take((room + LINE) * members),
    psi: take(far + REAL * points),
    potential: take(REAL * points),
    absorber: take(REAL * points),
    table: take(far + REAL * points),
  };
  return { size: end, at, words };
}

/** The frequency at each index of an axis that is transformed in strips: X_{4k+r} of n stands where X_k of n/4 does. */
export function stripOrder(n: number): Int32Array {
  if (n <= 4) return Int32Array.from({ length: n }, (_, i) => i);
  const quarter = stripOrder(n / 4);
  return Int32Array.from({ length: n }, (_, i) => 4 * quarter[i % quarter.length] + Math.floor((4 * i) / n));
}

/** The same along rows, whose innermost passes take eight neighbors at once: two fours side by side, or an eight. */
export function rowOrder(n: number): Int32Array {
  const fours = Math.log2(n) % 2 === 0;
  const outer = (length: number): number[] => {
    if (length === 8 && !fours) return [0, 1, 4, 5, 2, 3, 6, 7];
    if (length === 4) return [0, 1, 2, 3];
    const quarter = outer(length / 4);
    return Array.from({ length }, (_, i) => 4 * quarter[i % quarter.length] + Math.floor((4 * i) / length));
  };
  const order = Int32Array.from(outer(n));
  if (!fours) return order;
  return order.map((_, i) => order[8 * (i >> 3) + 4 * (i & 1) + ((i & 7) >> 1)]);
}

/** Numbers in the table of roots of an axis. */
function rootCount(n: number): number {
  let count = 0;
  for (let length = n; length > 4; length /= 4) count += (6 * length) / 4;
  return count;
}

/** For each pass w, w², w³ of each butterfly, w = exp(−2πij/length). */
export function stripRoots(n: number): Float64Array {
  return rootTable(n, 1);
}

/** The same for pairs of butterflies: the real parts of two, then the imaginary parts. */
export function rowRoots(n: number): Float64Array {
  return rootTable(n, 2);
}

function rootTable(n: number, lanes: number): Float64Array {
  const table = new Float64Array(rootCount(n));
  const w = roots(n);
  let at = 0;
  for (let length = n; length > 4; length /= 4) {
    for (let j = 0; j < length / 4; j += lanes) {
      for (const power of [1, 2, 3]) {
        for (const part of [0, 1]) {
          for (let lane = 0; lane < lanes; lane++) table[at++] = w[2 * (((j + lane) * power * n) / length) + part];
        }
      }
    }
  }
  return table;
}
