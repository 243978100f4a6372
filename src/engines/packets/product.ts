/**
 * L1, the product state: where ζ = Σ ζ_i(x_i), the ground state is a product of d one-dimensional ones, found by d
 * searches along the axes (axis.ts). An evaluation with one coordinate changed informs that axis exactly. Local and
 * global looks take turns: local ones go to the axis that promises the largest fall, global ones to the axis that has
 * had the fewest.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { AXIS_ROOM, type Axis, blankAxis, global, insert, local, open, type Proposal } from "./axis.ts";
import type { Probe } from "./probe.ts";
import { type Lowest, see } from "./sight.ts";

export type Product = {
  axes: Axis[];
  /** ζ at the best coordinate of every axis, as their sum foretells it. */
  current: number;
  rounds: number;
  evaluations: number;
  /** The local proposal of every axis. */
  next: { t: Float64Array; gain: Float64Array };
};

/** Evaluations for each axis, and the looks of one step. */
const PATIENCE = 300;
/** Local looks in a row that kept no promise: the axis waits behind the others, then is left alone. */
const DOUBTED = 6;
const GIVEN_UP = 60;
/** A promise below this share of ζ is rounding. */
const ROUNDING = 2e-15;
/** Curvature, as a share of ζ's scale over the squared box, that counts as one. */
const FLAT = 1e-9;
const HARMONIC = 1e-7;

/** The samples of the probe, sorted into axes. */
export function startProduct({ x, reach, value, below, above }: Probe): Product {
  const dim = x.length;
  const axes = Array.from({ length: dim }, blankAxis);
  let current = value;
  axes.forEach((axis, i) => {
    insert(axis, x[i], 0);
    insert(axis, x[i] - reach[i], below[i] - value);
    insert(axis, x[i] + reach[i], above[i] - Math.min(below[i], value));
    current += Math.min(below[i], above[i], value) - value;
  });
  const next = { t: new Float64Array(dim), gain: new Float64Array(dim) };
  const product = { axes, current, rounds: 0, evaluations: 0, next };
  for (let i = 0; i < dim; i++) propose(product, i);
  return product;
}

/** The harmonic jump of all axes at once. Returns whether ζ is harmonic: there is then nothing left to search. */
export function* jump(probe: Probe, product: Product, domain: Domain, lowest: Lowest): Ask<boolean> {
  const { x, slope, curvature, value, scale } = probe;
  const dim = x.length;
  const to = new Float64Array(dim);
  let foretold = value;
  for (let i = 0; i < dim; i++) {
    const axis = product.axes[i];
    if (curvature[i] > FLAT * scale) to[i] = x[i] - slope[i] / curvature[i];
    else if (slope[i] !== 0) to[i] = slope[i] > 0 ? 0 : 1;
    else to[i] = axis.t[axis.best];
    to[i] = Math.min(1, Math.max(0, to[i]));
    const s = to[i] - x[i];
    foretold += slope[i] * s + (curvature[i] * s * s) / 2;
  }
  product.evaluations++;
  const [seen] = yield* see(domain, lowest, 1, to);
  return Math.abs(seen - foretold) < HARMONIC * dim * scale && seen <= product.current;
}

/** d looks, or fewer where the search ends. Returns whether it has ended. */
export function* search(product: Product, domain: Domain, lowest: Lowest): Ask<boolean> {
  const dim = product.axes.length;
  for (let n = 0; n < dim; n++) {
    if (product.evaluations >= PATIENCE * dim) return true;
    product.rounds++;
    const lead = product.rounds % 2 === 1 ? -1 : mostPromising(product);
    const i = lead < 0 ? leastSearched(product) : lead;
    if (i < 0) return true;
    yield* sample(product, i, lead < 0, domain, lowest);
  }
  return false;
}

/** The axis of the largest promise that can still be seen and trusted, or −1. */
function mostPromising({ axes, next, current }: Product): number {
  let lead = -1;
  let most = 0;
  for (let i = 0; i < axes.length; i++) {
    const { stall } = axes[i];
    if (!(next.gain[i] > ROUNDING * Math.abs(current)) || stall >= GIVEN_UP || !open(axes[i])) continue;
    const gain = stall >= DOUBTED ? 1e-6 * next.gain[i] : next.gain[i];
    if (gain > most) {
      most = gain;
      lead = i;
    }
  }
  return lead;
}

/** The axis with the fewest global looks that has room for one more, or −1. */
function leastSearched({ axes }: Product): number {
  let least = -1;
  for (let i = 0; i < axes.length; i++)
    if (axes[i].count < AXIS_ROOM && (least < 0 || axes[i].globals < axes[least].globals)) least = i;
  return least;
}

function* sample(product: Product, i: number, globally: boolean, domain: Domain, lowest: Lowest): Ask<void> {
  const { axes, next, current } = product;
  const axis = axes[i];
  const wanted = globally ? global(axis) : next.t[i];
  const promised = next.gain[i];
  product.evaluations++;
  if (globally) axis.globals++;
  else axis.turn++;
  // every interval is a point: the turn passes
  if (Number.isNaN(wanted)) return;
  const u = Float64Array.from(axes, ({ t, best }) => t[best]);
  const t = Math.min(1, Math.max(0, wanted));
  u[i] = t;
  const [seen] = yield* see(domain, lowest, 1, u);
  const value = Math.min(seen, HIGHEST);
  const drop = current - value;
  if (drop > 0) product.current = value;
  const kept = drop > 0 && (globally || drop > 0.01 * promised);
  if (kept) axis.stall = 0;
  else if (!globally) axis.stall++;
  insert(axis, t, -drop);
  propose(product, i);
}

/** Stands for +∞ in sums and differences. */
const HIGHEST = Number.MAX_VALUE / 2;

function propose({ axes, next }: Product, i: number): void {
  const at: Proposal = { t: 0, gain: 0 };
  local(axes[i], at);
  next.t[i] = at.t;
  next.gain[i] = at.gain;
}
