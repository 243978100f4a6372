/**
 * L0, the probe: ζ at the start and at ±h along every axis, its axis-wise expansion to second order. It asks one
 * question more: where ζ = Σ ζ_i(x_i) the ground state is a product and e^{−τH} factorizes, and the cheapest witness of
 * that is a point off the axes whose value the sum foretells. A point that leaves axes at rest is blind to what couples
 * them (as a chain of neighbors does): where it finds a sum, a second one moves them all.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { type Lowest, see, seeSlope } from "./sight.ts";

export type Probe = {
  /** Where it looked from, in the unit box. */
  x: Float64Array;
  /** h per axis. */
  reach: Float64Array;
  /** ζ there, and at x ∓ h e_i [d]. */
  value: number;
  below: Float64Array;
  above: Float64Array;
  /** Slope and curvature along the axes, per unit of the box. */
  slope: Float64Array;
  curvature: Float64Array;
  /** The largest |ζ(x ± h e_i) − ζ(x)| that is finite: the scale of ζ. 0 where nothing was told apart. */
  scale: number;
  additive: boolean;
};

/** h, in widths of the box, and how near to a wall the probe's own point may lie. */
const REACH = 0.1;
const NEAREST = 1e-3;
/** What rounding may make of a sum that is one: shares of the scale (for each axis) and of ζ itself. */
const COUPLED = 1e-9;
const ROUNDING = 1e-12;

export function blankProbe(dim: number): Probe {
  const vector = (): Float64Array => new Float64Array(dim);
  return {
    x: vector(),
    reach: vector(),
    value: Number.POSITIVE_INFINITY,
    below: vector(),
    above: vector(),
    slope: vector(),
    curvature: vector(),
    scale: 0,
    additive: false,
  };
}

/** Looks from `x` (in the unit box, moved off the walls a little): 2d + 1 points at once, then one, or two. */
export function* look(probe: Probe, domain: Domain, lowest: Lowest, x: Float64Array): Ask<void> {
  const dim = x.length;
  for (let i = 0; i < dim; i++) {
    probe.x[i] = Math.min(1 - NEAREST, Math.max(NEAREST, x[i]));
    probe.reach[i] = Math.min(REACH, probe.x[i], 1 - probe.x[i]);
  }
  const value = yield* see(domain, lowest, 2 * dim + 1, star(probe));
  expand(probe, value);
  if (!(probe.scale > 0)) return;
  if (!(probe.value < Infinity && probe.below.every(Number.isFinite) && probe.above.every(Number.isFinite))) return;
  const { few, all } = composites(probe);
  probe.additive = (yield* isForetold(probe, few, domain, lowest)) && (yield* isForetold(probe, all, domain, lowest));
}

/** Whether ζ where these axes have moved to their better side is what a sum would be there; it is where none has. */
function* isForetold(probe: Probe, axes: readonly number[], domain: Domain, lowest: Lowest): Ask<boolean> {
  const { x, reach, value, below, above, scale } = probe;
  if (axes.length === 0) return true;
  const corner = x.slice();
  let foretold = value;
  for (const i of axes) {
    corner[i] += below[i] < above[i] ? -reach[i] : reach[i];
    foretold += Math.min(below[i], above[i]) - value;
  }
  const [seen] = yield* see(domain, lowest, 1, corner);
  return Math.abs(seen - foretold) <= COUPLED * x.length * scale + ROUNDING * Math.abs(value);
}

/**
 * Whether slopes leave it open that ζ is a sum: those along every other axis do not notice that the axes between were
 * moved. One gradient more than the packet needs anyway, as the one at x is left in the probe; what passes is for the
 * probe to confirm.
 */
export function* mayBeAdditive(probe: Probe, domain: Domain, lowest: Lowest, x: Float64Array): Ask<boolean> {
  const dim = x.length;
  const { slope } = probe;
  if (dim === 1) return true;
  probe.value = yield* seeSlope(domain, lowest, x, slope);
  const there = new Float64Array(dim);
  const moved = x.map((u, i) => (i % 2 === 0 ? u : u + (u < 0.5 ? REACH : -REACH)));
  const value = yield* seeSlope(domain, lowest, moved, there);
  if (!Number.isFinite(probe.value) || !Number.isFinite(value)) return false;
  const steepest = slope.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  for (let i = 0; i < dim; i += 2) if (!(Math.abs(there[i] - slope[i]) <= COUPLED * steepest)) return false;
  return true;
}

/** x, then x − h e_i and x + h e_i for every axis. */
function star({ x, reach }: Probe): Float64Array {
  const dim = x.length;
  const points = new Float64Array((2 * dim + 1) * dim);
  for (let k = 0; k <= 2 * dim; k++) points.set(x, k * dim);
  for (let i = 0; i < dim; i++) {
    points[(2 * i + 1) * dim + i] -= reach[i];
    points[(2 * i + 2) * dim + i] += reach[i];
  }
  return points;
}

function expand(probe: Probe, value: Float64Array): void {
  const { reach, below, above, slope, curvature } = probe;
  probe.value = value[0];
  probe.scale = 0;
  for (let i = 0; i < reach.length; i++) {
    below[i] = value[2 * i + 1];
    above[i] = value[2 * i + 2];
    slope[i] = finite((above[i] - below[i]) / (2 * reach[i]));
    curvature[i] = finite((above[i] + below[i] - 2 * probe.value) / (reach[i] * reach[i]));
    for (const side of [below[i], above[i]]) {
      const rise = Math.abs(side - probe.value);
      if (rise < Infinity && rise > probe.scale) probe.scale = rise;
    }
  }
}

function finite(v: number): number {
  return Number.isFinite(v) ? v : 0;
}

/**
 * The axes that the witnesses move. `few`: those with a side below the middle, and the least bad others until there are
 * two; `all` of them, or none where the few were all.
 */
function composites({ value, below, above }: Probe): { readonly few: number[]; readonly all: number[] } {
  const better = (i: number): number => Math.min(below[i], above[i]);
  const ranked = Array.from(below, (_, i) => i).sort((a, b) => better(a) - better(b) || a - b);
  const falling = ranked.filter((i) => better(i) < value).length;
  const few = ranked.slice(0, Math.max(2, falling));
  return { few, all: few.length < ranked.length ? ranked : [] };
}
