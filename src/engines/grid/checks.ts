/**
 * What is refused before ψ moves: a grid that does not fit, ζ that is not finite on it, and ζ without a bottom.
 */
import { type Ask, askValue, inputError, type Lattice } from "../../core/index.ts";

/** Bytes a point: those of the kernel, and ζ and a start beside it. */
const BYTES = 48 + 24;
const MOST_BYTES = 2 ** 31;

/** Bytes that a run on a grid takes. */
export function gridBytes(shape: readonly number[]): number {
  return BYTES * shape.reduce((product, n) => product * n, 1);
}

/** @throws where the arrays of the grid would take more memory than a process should */
export function checkMemory(shape: readonly number[]): void {
  const bytes = gridBytes(shape);
  if (!(bytes > MOST_BYTES)) return;
  throw inputError(
    "grid",
    `${shape.join(" × ")} points would take ${(bytes / 2 ** 30).toPrecision(3)} GiB of memory`,
    `take at most ${Math.floor(MOST_BYTES / BYTES)} points in all`,
  );
}

const SLAB = 2 ** 16;

/**
 * Asks for ζ at every point of a lattice, part by part.
 * @throws where ζ is not finite, naming the first such point
 */
export function* tabulate(lattice: Lattice): Ask<Float64Array> {
  const { shape, size, axes } = lattice;
  const dim = shape.length;
  const last = axes[dim - 1];
  const rows = Math.max(1, Math.floor(SLAB / last.length));
  const value = new Float64Array(size);
  for (let start = 0; start < size; start += rows * last.length) {
    const n = Math.min(rows * last.length, size - start);
    const x = new Float64Array(n * dim);
    for (let row = 0; row < n; row += last.length) {
      const first = pointAt(lattice, start + row);
      for (let i = 0, e = row * dim; i < last.length; i++) {
        for (let j = 0; j < dim - 1; j++) x[e++] = first[j];
        x[e++] = last[i];
      }
    }
    value.set(yield* askValue({ n, dim, x }), start);
  }
  const bad = value.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw inputError(
      "potential",
      `is not finite on the grid, at (${pointAt(lattice, bad).join(", ")})`,
      "give a domain on which it is, or another grid size that leaves the point out",
    );
  return value;
}

function pointAt({ axes, shape, stride }: Lattice, e: number): number[] {
  return axes.map((axis, j) => axis[Math.floor(e / stride[j]) % shape[j]]);
}

/** How many times sharper than next to it ζ must bend at the edge for the edge to be no part of it. */
const SHARP = 8;

/**
 * Refuses ζ that is lowest at the edge of the box and falls on beyond it: in imaginary time ψ would run out there. A ζ that
 * goes smoothly around the ring may well be lowest where the ring is cut.
 */
export function checkBottom(lattice: Lattice, value: Float64Array): void {
  let lowest = 0;
  for (let e = 1; e < value.length; e++) if (value[e] < value[lowest]) lowest = e;
  const { shape, stride } = lattice;
  shape.forEach((n, j) => {
    const i = Math.floor(lowest / stride[j]) % n;
    if (i !== 0 && i !== n - 1) return;
    const origin = lowest - i * stride[j];
    const along = (k: number): number => value[origin + (((k % n) + n) % n) * stride[j]];
    const bend = (k: number): number => Math.abs(along(k - 1) - 2 * along(k) + along(k + 1));
    const beside = Math.max(bend(2), bend(3), bend(n - 3), bend(n - 4));
    const seam = Math.max(bend(0), bend(n - 1));
    if (!(seam > SHARP * beside && seam > 0)) return;
    throw inputError(
      "potential",
      `falls without bound: it is lowest at the edge of the box, ζ = ${value[lowest]} at (${pointAt(lattice, lowest).join(", ")})`,
      `in imaginary time ψ runs out there; give axis ${j + 1} a domain with the minimum inside, or walls (edge wall)`,
    );
  });
}
