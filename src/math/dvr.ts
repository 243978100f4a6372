/**
 * Discrete variable representations: bases of cardinal functions χ_j, each 1/√w_j at its own point and 0 at the others,
 * in which a potential is diagonal and −d²/dx² is a small dense matrix, exact to the last digit once the points are
 * dense enough. On an interval or a line T_ij = 2(−1)^{i−j}/(x_i − x_j)² off the diagonal, for sines and polynomials alike.
 */

export type Axis = {
  /** The points, ascending. */
  readonly x: Float64Array;
  /** Quadrature weights: Σ w_i f(x_i) ≈ ∫ f. */
  readonly weight: Float64Array;
  /** −d²/dx² between the cardinal functions i and j; not a table, for a long axis of which few points matter. */
  readonly kinetic: (i: number, j: number) => number;
  /** ℓ_j(x) = √w_j χ_j(x), which is 1 at x_j and 0 at the other points. */
  readonly cardinal: (j: number, x: number) => number;
};

/**
 * Sinc functions on a line: points lower + ih, spectral for what has died at either end and has no momentum above π/h.
 * Colbert and Miller, J. Chem. Phys. 96, 1982 (1992), eq. 2.5.
 */
export function sincAxis(lower: number, h: number, n: number): Axis {
  const x = Float64Array.from({ length: n }, (_, i) => lower + i * h);
  const off = (i: number, j: number): number => sign(i - j) * (2 / ((i - j) * h) ** 2);
  return {
    x,
    weight: new Float64Array(n).fill(h),
    kinetic: (i, j) => (i === j ? Math.PI ** 2 / (3 * h * h) : off(i, j)),
    cardinal: (j, at) => sinc((Math.PI * (at - x[j])) / h),
  };
}

/**
 * Polynomials that vanish at the walls a and b: n Gauss–Lobatto points between them, spectral for every smooth ζ.
 * Manolopoulos and Wyatt, Chem. Phys. Lett. 152, 23 (1988).
 */
export function wallAxis(a: number, b: number, n: number): Axis {
  const { node, value } = lobatto(n + 1);
  const half = 0.5 * (b - a);
  const order = (n + 1) * (n + 2);
  const x = Float64Array.from({ length: n }, (_, i) => a + half * (1 + node[i + 1]));
  const unit = 1 / (half * half);
  const off = (i: number, j: number): number => sign(i - j) * unit * (2 / (node[i + 1] - node[j + 1]) ** 2);
  const diagonal = (i: number): number => (unit * order) / (3 * (1 - node[i + 1] ** 2));
  return {
    x,
    weight: Float64Array.from({ length: n }, (_, i) => (2 * half) / (order * value[i + 1] ** 2)),
    kinetic: (i, j) => (i === j ? diagonal(i) : off(i, j)),
    cardinal: (j, at) => lagrange(n + 1, node[j + 1], value[j + 1], (at - a) / half - 1),
  };
}

/** Plane waves on a ring of circumference b − a: points a + i(b − a)/n, spectral for every smooth periodic ζ. */
export function ringAxis(a: number, b: number, n: number): Axis {
  const L = b - a;
  const unit = (Math.PI / L) ** 2;
  const odd = n % 2 === 1;
  const x = Float64Array.from({ length: n }, (_, i) => a + (i * L) / n);
  const off = (i: number, j: number): number => {
    const angle = (Math.PI * (i - j)) / n;
    return (sign(i - j) * unit * 2 * (odd ? Math.cos(angle) : 1)) / Math.sin(angle) ** 2;
  };
  return {
    x,
    weight: new Float64Array(n).fill(L / n),
    kinetic: (i, j) => (i === j ? (unit * (odd ? n * n - 1 : n * n + 2)) / 3 : off(i, j)),
    cardinal: (j, at) => dirichlet(n, (Math.PI * (at - x[j])) / L),
  };
}

/** ℓ_j(x_i) for points x of one's own [points × n]: what takes values on an axis to values elsewhere. */
export function cardinals(axis: Axis, at: ArrayLike<number>): Float64Array {
  const n = axis.x.length;
  const out = new Float64Array(at.length * n);
  for (let i = 0; i < at.length; i++) for (let j = 0; j < n; j++) out[i * n + j] = axis.cardinal(j, at[i]);
  return out;
}

/** Points on each axis of a product grid. */
export const shapeOf = (axes: readonly Axis[]): number[] => axes.map(({ x }) => x.length);

/** How far apart neighbors on each axis lie in a table whose last axis runs fastest. */
export function strides(shape: readonly number[]): number[] {
  return shape.map((_, j) => shape.slice(j + 1).reduce((a, b) => a * b, 1));
}

/** The product of the axes' weights at every point of their product grid. */
export function pointWeights(axes: readonly Axis[]): Float64Array {
  let all = Float64Array.of(1);
  for (const { weight } of axes) {
    const n = weight.length;
    const before = all;
    all = Float64Array.from({ length: before.length * n }, (_, p) => before[Math.floor(p / n)] * weight[p % n]);
  }
  return all;
}

const sign = (k: number): number => (k % 2 === 0 ? 1 : -1);
const sinc = (u: number): number => (Math.abs(u) < 1e-8 ? 1 : Math.sin(u) / u);

/** sin(nu) / (n sin u), with cos u for the highest wave where n is even. */
function dirichlet(n: number, u: number): number {
  const s = Math.sin(u);
  if (Math.abs(s) < 1e-8) return 1;
  return (Math.sin(n * u) / (n * s)) * (n % 2 === 1 ? 1 : Math.cos(u));
}

/** P_N and P_{N−1} at x, by the three-term recurrence. */
function legendre(N: number, x: number): readonly [number, number] {
  let before = 1;
  let p = x;
  for (let m = 2; m <= N; m++) {
    const next = ((2 * m - 1) * x * p - (m - 1) * before) / m;
    before = p;
    p = next;
  }
  return [p, before];
}

/** The N + 1 Gauss–Lobatto points of [−1, 1], ascending: ±1 and the zeros of P_N′, and P_N at them; N ≥ 2. */
function lobatto(N: number): { node: Float64Array; value: Float64Array } {
  const node = new Float64Array(N + 1);
  const value = new Float64Array(N + 1);
  for (let i = 0; i <= N; i++) {
    let x = -Math.cos((Math.PI * i) / N);
    // Newton's rule on (1 − x²) P_N′, whose slope is −N(N + 1) P_N
    for (let step = 0; step < 20 && i > 0 && i < N; step++) {
      const [p, before] = legendre(N, x);
      const move = (x * p - before) / ((N + 1) * p);
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    node[i] = x;
    value[i] = legendre(N, x)[0];
  }
  return { node, value };
}

/** The polynomial of degree N that is 1 at the Lobatto point y, where P_N is `value`, and 0 at the others; 0 outside. */
function lagrange(N: number, y: number, value: number, x: number): number {
  if (x <= -1 || x >= 1) return 0;
  if (Math.abs(x - y) < 1e-12) return 1;
  const [p, before] = legendre(N, x);
  return (x * p - before) / ((N + 1) * value * (x - y));
}
