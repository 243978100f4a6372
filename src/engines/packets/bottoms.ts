/**
 * Where packets have come to rest. One on its way to a bottom b that is known, of ζ_b, need not arrive: a harmonic packet
 * at x, whose well promises a fall Δ by the step s, or a guided one, whose model q falls by Δ from its mean,
 *
 *   ‖x + s − b‖ ≤ a ‖s‖       |ζ − Δ − ζ_b| ≤ 2a Δ
 *   q(b) − min q ≤ a² Δ       |min q − ζ_b| ≤ 2a Δ,     a = 0.3.
 *
 * Wide and small packets believe no model in their infancy, which sees a funnel for a well, and wide and small ones only:
 * a harmonic one may rest on a ridge, which they leave.
 */
import type { Domain } from "../../core/problem.ts";
import { norm } from "../../math/linalg.ts";
import { INFANCY } from "./ending.ts";
import type { Guide } from "./guide.ts";
import type { Harmonic } from "./harmonic.ts";
import { blankRing, filled, put, type Ring, square } from "./ring.ts";
import { type Fit, rise } from "./surrogate.ts";
import { image } from "./walls.ts";
import type { Wide } from "./wide.ts";

export type Bottoms = Ring & { broad: Uint8Array };

const ROOM = 256;
/** a */
const ALIKE = 0.3;

export function blankBottoms(dim: number): Bottoms {
  return { ...blankRing(dim, ROOM), broad: new Uint8Array(ROOM) };
}

/** A packet has come to rest at u, `value` being its lowest; `broad` says that it was a wide or small one. */
export function reach(bottoms: Bottoms, domain: Domain, u: Float64Array, value: number, broad: boolean): void {
  bottoms.broad[put(bottoms, domain, u, value)] = broad ? 1 : 0;
}

/**
 * Puts a harmonic packet, whose well has its bottom at x + step and `promised` below, at that bottom where it is known. A
 * step longer than the packet dares foretells nothing.
 * @returns whether it was put there
 */
export function returnTo(
  bottoms: Bottoms,
  domain: Domain,
  packet: Harmonic,
  step: Float64Array,
  promised: number,
): boolean {
  const { x, value } = bottoms;
  const dim = step.length;
  const length = norm(step);
  if (!(length <= packet.reach)) return false;
  const periodic = domain.edge === "periodic";
  const to = step.map((s, j) => {
    const u = packet.x[j] + s;
    return periodic ? u : Math.min(1, Math.max(0, u));
  });
  for (let k = 0; k < filled(bottoms); k++) {
    if (!isAsLow(value[k], packet.value - promised, promised)) continue;
    if (square(to, 0, x, k * dim, dim, periodic) > (ALIKE * length) ** 2) continue;
    packet.x.set(x.subarray(k * dim, (k + 1) * dim));
    packet.value = value[k];
    return true;
  }
  return false;
}

/**
 * ζ at the bottom, of those that wide or small packets know, which is the minimum of a guided packet's model; +∞ where it
 * is none. The model is in the frame of the packet that was sampled: to be asked before the packet learns.
 */
export function foretold(bottoms: Bottoms, domain: Domain, packet: Wide, fit: Fit, guide: Guide): number {
  const { x, value, broad } = bottoms;
  const { step, level, drop, ready } = guide;
  if (!ready || packet.generation < INFANCY) return Number.POSITIVE_INFINITY;
  const dim = step.length;
  for (let k = 0; k < filled(bottoms); k++) {
    if (broad[k] === 0 || !isAsLow(value[k], level, drop)) continue;
    const near = step.map((to, j) => image(domain.edge, x[k * dim + j], to));
    if (rise(fit, packet, near) + drop <= ALIKE * ALIKE * drop) return value[k];
  }
  return Number.POSITIVE_INFINITY;
}

function isAsLow(value: number, level: number, fall: number): boolean {
  return Math.abs(value - level) <= 2 * ALIKE * fall;
}
