/**
 * H = −D∇² + ζ (5) on the kept points of a product grid. Each axis brings its small kinetic matrix; H acts along the
 * lines of kept points, one axis after another: n^{d+1} operations on n^d points, and no matrix of that size.
 */
import { type Axis, shapeOf, strides } from "../../math/dvr.ts";
import type { Operator } from "../../math/filter.ts";

/** A product grid, of which only some points are kept. */
export type Grid = {
  readonly axes: readonly Axis[];
  /** Indices of the kept points in the whole grid, ascending; the last axis runs fastest. */
  readonly kept: Int32Array;
  /** ζ at the kept points. */
  readonly zeta: Float64Array;
};

/**
 * The kept points of one axis, line by line: line l is start[l] … start[l + 1] − 1. A point's coordinate is a place among
 * those in use, ascending.
 */
type Lines = {
  readonly start: Int32Array;
  readonly point: Int32Array;
  readonly coordinate: Int32Array;
  readonly used: Int32Array;
};

/** The action of H, or of the kinetic part alone where `bare` is set. */
export function hamiltonian(grid: Grid, D: number, bare = false): Operator {
  const { axes, kept, zeta } = grid;
  const shape = shapeOf(axes);
  const n = kept.length;
  const stride = strides(shape);
  const lines = axes.map((_, j) => linesAlong(kept, shape[j], stride[j]));
  const size = lines.map(({ used }) => used.length);
  const kinetic = axes.map((axis, j) => kineticBetween(axis, lines[j].used, D));
  let top = 0;
  for (let p = 0; p < n; p++) top = Math.max(top, bare ? 0 : zeta[p]);
  axes.forEach((_, j) => {
    top += largestSum(kinetic[j], size[j], lines[j]);
  });
  return {
    n,
    top,
    apply(x, y, m, alpha, shift, beta) {
      for (let p = 0, e = 0; p < n; p++) {
        const factor = alpha * ((bare ? 0 : zeta[p]) - shift);
        if (beta === 0) for (let v = 0; v < m; v++, e++) y[e] = factor * x[e];
        else for (let v = 0; v < m; v++, e++) y[e] = factor * x[e] + beta * y[e];
      }
      for (let j = 0; j < axes.length; j++) along(lines[j], kinetic[j], size[j], x, y, m, alpha);
    },
  };
}

/** −D d²/dx² between the coordinates of an axis that are in use. */
function kineticBetween({ kinetic }: Axis, used: Int32Array, D: number): Float64Array {
  const n = used.length;
  return Float64Array.from({ length: n * n }, (_, e) => D * kinetic(used[Math.floor(e / n)], used[e % n]));
}

/** Groups the kept points by their line along one axis. */
function linesAlong(kept: Int32Array, n: number, stride: number): Lines {
  const line = new Map<number, number[]>();
  for (let p = 0; p < kept.length; p++) {
    const c = Math.floor(kept[p] / stride) % n;
    const base = kept[p] - c * stride;
    const members = line.get(base);
    if (members === undefined) line.set(base, [p]);
    else members.push(p);
  }
  const start = new Int32Array(line.size + 1);
  const point = new Int32Array(kept.length);
  let l = 0;
  let at = 0;
  for (const members of line.values()) {
    point.set(members, at);
    at += members.length;
    start[++l] = at;
  }
  const along = point.map((p) => Math.floor(kept[p] / stride) % n);
  const used = Int32Array.from(new Set(along)).sort();
  const place = new Map(Array.from(used, (c, i) => [c, i]));
  return { start, point, coordinate: along.map((c) => place.get(c) as number), used };
}

/** y ← y + αTx along the lines of one axis, in tiles of two rows and four columns of T. */
function along(
  { start, point, coordinate }: Lines,
  kinetic: Float64Array,
  n: number,
  x: Float64Array,
  y: Float64Array,
  m: number,
  alpha: number,
): void {
  for (let l = 0; l + 1 < start.length; l++) {
    const end = start[l + 1];
    for (let i = start[l]; i < end; i += 2) {
      // an odd last row is paired with itself, which then gets nothing more
      const i2 = Math.min(i + 1, end - 1);
      const beta = i2 > i ? alpha : 0;
      const p = coordinate[i] * n;
      const q = coordinate[i2] * n;
      const yp = point[i] * m;
      const yq = point[i2] * m;
      let j = start[l];
      for (; j + 3 < end; j += 4) {
        const [ca, cb, cc, cd] = [coordinate[j], coordinate[j + 1], coordinate[j + 2], coordinate[j + 3]];
        const pa = alpha * kinetic[p + ca];
        const pb = alpha * kinetic[p + cb];
        const pc = alpha * kinetic[p + cc];
        const pd = alpha * kinetic[p + cd];
        const qa = beta * kinetic[q + ca];
        const qb = beta * kinetic[q + cb];
        const qc = beta * kinetic[q + cc];
        const qd = beta * kinetic[q + cd];
        const a = point[j] * m;
        const b = point[j + 1] * m;
        const c = point[j + 2] * m;
        const d = point[j + 3] * m;
        for (let v = 0; v < m; v++) {
          const xa = x[a + v];
          const xb = x[b + v];
          const xc = x[c + v];
          const xd = x[d + v];
          y[yp + v] += pa * xa + pb * xb + (pc * xc + pd * xd);
          y[yq + v] += qa * xa + qb * xb + (qc * xc + qd * xd);
        }
      }
      for (; j < end; j++) {
        const tp = alpha * kinetic[p + coordinate[j]];
        const tq = beta * kinetic[q + coordinate[j]];
        const from = point[j] * m;
        for (let v = 0; v < m; v++) {
          y[yp + v] += tp * x[from + v];
          y[yq + v] += tq * x[from + v];
        }
      }
    }
  }
}

/** The largest sum of sizes along a row of T within the lines: no eigenvalue of its part is above it (Gershgorin). */
function largestSum(kinetic: Float64Array, n: number, { start, coordinate }: Lines): number {
  let largest = 0;
  for (let l = 0; l + 1 < start.length; l++)
    for (let i = start[l]; i < start[l + 1]; i++) {
      let sum = 0;
      for (let j = start[l]; j < start[l + 1]; j++) sum += Math.abs(kinetic[coordinate[i] * n + coordinate[j]]);
      largest = Math.max(largest, sum);
    }
  return largest;
}
