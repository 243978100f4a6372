/** An ellipsoid in the unit box, x = c + R u with |u| ≤ 1 and R symmetric: where a bowl is fitted (bowl.ts). */
import { eigenSymmetric } from "../math/eigen.ts";
import { norm } from "../math/linalg.ts";
import { type Key, normal, uniform } from "../math/rng.ts";

export type Region = {
  center: Float64Array;
  /** Its axes, orthonormal rows [d × d], and how long they are in widths of the box. */
  axes: Float64Array;
  length: Float64Array;
  /** R = Σ l_k a_k a_kᵀ and R⁻¹ [d × d]. */
  root: Float64Array;
  inverse: Float64Array;
};

/** How long an axis may be, at first and at most, and at least: half of the box, and its rounding. */
const WIDEST = 0.5;
const NARROWEST = 1e-9;
const ON_WALL = 1e-13;

/** A ball as wide as the box about `center`. */
export function ballAt(center: Float64Array): Region {
  const dim = center.length;
  const axes = new Float64Array(dim * dim);
  for (let e = 0; e < axes.length; e += dim + 1) axes[e] = 1;
  const [length, root, inverse] = [new Float64Array(dim), new Float64Array(dim * dim), new Float64Array(dim * dim)];
  const region = { center, axes, length, root, inverse };
  span(region, length.fill(WIDEST));
  return region;
}

/** Gives the axes their lengths, as far as they are allowed. */
function span({ axes, length, root, inverse }: Region, wanted: Float64Array): void {
  const dim = wanted.length;
  root.fill(0);
  inverse.fill(0);
  for (let k = 0; k < dim; k++) {
    length[k] = Math.min(WIDEST, Math.max(NARROWEST, wanted[k]));
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++) {
        const outer = axes[k * dim + i] * axes[k * dim + j];
        root[i * dim + j] += length[k] * outer;
        inverse[i * dim + j] += outer / length[k];
      }
  }
}

/** u = R⁻¹(x − c) of the d coordinates of x from `at` on, written to `out`; returns |u|. */
export function within({ center, inverse }: Region, x: Float64Array, at: number, out: Float64Array): number {
  const dim = center.length;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += inverse[row + j] * (x[at + j] - center[j]);
    out[i] = sum;
  }
  return norm(out);
}

/** R u */
export function spanned({ root }: Region, u: Float64Array): Float64Array {
  const dim = u.length;
  return u.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += root[i * dim + j] * u[j];
    return sum;
  });
}

/** c + R u, the box's nearest point to it: u = r z/|z| with r = U^{1/d}, even over the ellipsoid. */
export function scattered(region: Region, key: Key): Float64Array {
  const dim = region.center.length;
  const z = region.center.map((_, j) => normal(key, j));
  const r = uniform(key, dim) ** (1 / dim) / norm(z);
  const off = spanned(
    region,
    z.map((v) => v * r),
  );
  return region.center.map((c, i) => inBox(c + off[i]));
}

/** The box's nearest coordinate to x: a wall where x lies on it to rounding. */
export function inBox(x: number): number {
  return x < ON_WALL ? 0 : x > 1 - ON_WALL ? 1 : x;
}

/** Whether every axis is as long as it may be. */
export function isWidest({ length }: Region): boolean {
  return length.every((l) => l >= WIDEST);
}

/** Makes every axis so much longer. */
export function resize(region: Region, by: number): void {
  span(
    region,
    region.length.map((l) => by * l),
  );
}

/** Spans the ellipsoid whose axes are the rows of `axes`, of these lengths, in its own coordinates: R² ← R Aᵀ diag(l²) A R. */
export function reshape(region: Region, axes: Float64Array, length: Float64Array): void {
  const { root } = region;
  const dim = length.length;
  const half = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let k = 0; k < dim; k++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) sum += root[i * dim + j] * axes[k * dim + j];
      half[i * dim + k] = length[k] * sum;
    }
  const square = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j <= i; j++)
      for (let k = 0; k < dim; k++) square[i * dim + j] += half[i * dim + k] * half[j * dim + k];
  const size = new Float64Array(dim);
  eigenSymmetric(square, dim, size, region.axes);
  span(
    region,
    size.map((s) => Math.sqrt(Math.max(0, s))),
  );
}
