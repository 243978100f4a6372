/**
 * A generation read as quantum dynamics. With Σ = σ²C and z = Σ^{−½}(x − m), the virial theorem gives the D at which
 * the packet would be stationary, and the momentum's say in σ is the D that acts beyond it:
 *
 *   D* = 2 E[(‖z‖² − d) ζ] / tr Σ⁻¹      D = D* + (2d / tr Σ⁻¹) (c_σ/d_σ) (‖p_σ‖/χ − 1) / Δτ
 *   E = (D/4) tr Σ⁻¹ + E[ζ]               Δτ = 1 / 2 scatter
 *
 * where Δτ is the imaginary time in which a linear ζ of that scatter (standard deviation over the packet) moves m by
 * one standard deviation, as its ranks do. D and E are in units of ζ with lengths in those of a cube as large as the
 * domain; nothing here acts back on the packet.
 */
import type { Domain } from "../../core/problem.ts";
import { norm } from "../../math/linalg.ts";
import type { Probe } from "./probe.ts";
import type { Product } from "./product.ts";
import type { Constants } from "./weights.ts";
import { varianceAlong, type Wide } from "./wide.ts";

/** What a packet remembers of its readings. */
export type Reading = {
  /** E[(‖z‖² − d) ζ] / scatter, averaged over 1/c_σ generations: one generation alone is too small a sample. */
  virial: number;
  D: number;
  energy: number;
  scatter: number;
  dt: number;
};

/** The least share of the virial of a round harmonic well that D is ever read as: sampling noise may not make it negative. */
const LEAST = 0.02;

/** A reading before any value is known; √2d is the virial of a round harmonic well. */
export function blankReading(dim: number): Reading {
  return { virial: Math.sqrt(2 * dim), D: 1, energy: 0, scatter: 0, dt: 0 };
}

/**
 * Takes the reading of a generation; without two finite values that differ, the last D stays and no time passes.
 * @param trace tr Σ⁻¹ of the packet that was sampled
 * @param momentum p_σ after it has learnt
 */
export function read(
  reading: Reading,
  { dim, lambda, cSigma, dSigma, chi }: Constants,
  trace: number,
  momentum: Float64Array,
  squares: Float64Array,
  value: Float64Array,
): void {
  const { mean, scatter } = center(value, lambda);
  if (!(scatter > 0 && scatter < Infinity)) {
    reading.dt = 0;
    reading.scatter = 0;
    if (Number.isFinite(mean)) reading.energy = mean;
    return;
  }
  let virial = 0;
  let finite = 0;
  for (let k = 0; k < lambda; k++)
    if (value[k] < Infinity) {
      virial += (squares[k] - dim) * ((value[k] - mean) / scatter);
      finite++;
    }
  reading.virial += cSigma * (virial / finite - reading.virial);

  const drive = 2 * dim * (cSigma / dSigma) * (norm(momentum) / chi - 1);
  const pressure = Math.max(reading.virial + drive, LEAST * Math.sqrt(2 * dim));
  const D = ((2 * scatter) / trace) * pressure;
  if (D > 0 && D < Infinity) reading.D = D;
  reading.energy = (reading.D / 4) * trace + mean;
  reading.scatter = scatter;
  reading.dt = 1 / (2 * scatter);
}

/** What is told of a state that is no wide packet; D and lengths are those of the unit box. */
export type StateReading = { energy: number; D: number; dt: number; spread: number; scatter: number };

/** The probe: a well of the mean |curvature| seen, at the D at which its ground state is as large as the probe. */
export function probeReading({ value, below, above, reach, curvature }: Probe): StateReading {
  const dim = reach.length;
  const all = new Float64Array(2 * dim + 1);
  all.set(below);
  all.set(above, dim);
  all[2 * dim] = value;
  const { mean, scatter } = center(all, all.length);
  const stiffness = curvature.reduce((sum, k) => sum + Math.abs(k), 0) / dim;
  const spread = Math.hypot(...reach) / Math.sqrt(dim);
  const energy = Number.isFinite(mean) ? mean : 0;
  return { energy, scatter, spread, D: 2 * stiffness * spread ** 4, dt: scatter > 0 ? 1 / (2 * scatter) : 0 };
}

/**
 * The product state, as a harmonic packet is read: at the D whose zero-point energy along the steps proposed is the fall
 * that they promise, D = ‖s‖² Σ fall / d².
 */
export function productReading({ axes, current, next }: Product): StateReading {
  const dim = axes.length;
  let square = 0;
  let promised = 0;
  axes.forEach(({ t, best }, i) => {
    square += (next.t[i] - t[best]) ** 2;
    promised += next.gain[i];
  });
  const D = (square * promised) / (dim * dim);
  const spread = Math.sqrt(square / (2 * dim));
  return { energy: current, scatter: 0, spread, D, dt: promised > 0 ? dim / (2 * promised) : 0 };
}

/** tr Σ⁻¹ = Σ_i 1/(σ D_i)² */
export function traceOfInverse({ sigma, axes }: Wide): number {
  let trace = 0;
  for (let i = 0; i < axes.length; i++) trace += 1 / (sigma * axes[i]) ** 2;
  return trace;
}

/** Mean and standard deviation of the finite values. */
function center(value: Float64Array, n: number): { mean: number; scatter: number } {
  const from = value.subarray(0, n).filter((v) => v < Infinity);
  if (from.length === 0) return { mean: Number.NaN, scatter: 0 };
  let mean = 0;
  for (let k = 0; k < from.length; k++) mean += (from[k] - mean) / (k + 1);
  for (let k = 0; k < from.length; k++) from[k] -= mean;
  return { mean, scatter: norm(from) / Math.sqrt(from.length) };
}

/** √(tr Σ / d) in the user's lengths. */
export function spread(packet: Wide, { lower, upper }: Domain): number {
  const dim = packet.mean.length;
  let trace = 0;
  for (let i = 0; i < dim; i++) trace += varianceAlong(packet, i) * (upper[i] - lower[i]) ** 2;
  return packet.sigma * Math.sqrt(trace / dim);
}
