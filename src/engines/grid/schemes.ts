/**
 * Splittings of exp(−zH), z = e^{iα}Δt: kicks exp(−w z ζ) at the times between which drifts exp(z D∇²) run, each a share
 * of the step. The time belongs to the drifts, so that coefficients that depend on it keep the order.
 */
import { inputError } from "../../core/index.ts";

export type Scheme = {
  readonly order: 2 | 4;
  /** Shares of the step; they add up to 1. There is one kick more than there are drifts. */
  readonly kicks: readonly number[];
  readonly drifts: readonly number[];
  /** Weights of D z³|∇ζ|² in the exponent of the kicks, where the scheme has them. */
  readonly gradients?: readonly number[];
};

/** Strang's, of order 2 at every angle. */
export const strangScheme: Scheme = { order: 2, kicks: [0.5, 0.5], drifts: [1] };

/**
 * Order 4 in imaginary time, where no share may be negative: scheme 4A of S. A. Chin, Phys. Lett. A 226, 344 (1997),
 * with ζ + z²D|∇ζ|²/24 in the kick in the middle.
 */
const forward: Scheme = { order: 4, kicks: [1 / 6, 2 / 3, 1 / 6], drifts: [0.5, 0.5], gradients: [0, 1 / 36, 0] };

const B = [0.0829844064174052, 0.396309801498368, -0.0390563049223486];
const A = [0.245298957184271, 0.60487266571108];

/** Order 4 in real time: SRKN6b of S. Blanes and P. C. Moan, J. Comput. Appl. Math. 142, 313 (2002). */
const nystrom: Scheme = {
  order: 4,
  kicks: [...B, 1 - 2 * (B[0] + B[1] + B[2]), B[2], B[1], B[0]],
  drifts: [...A, 0.5 - A[0] - A[1], 0.5 - A[0] - A[1], A[1], A[0]],
};

/**
 * The splitting of an order at Wick angle α.
 * @throws for order 4 between imaginary and real time, where negative shares grow without bound
 */
export function schemeFor(order: 2 | 4, angle: number): Scheme {
  if (order === 2) return strangScheme;
  if (angle === 0) return forward;
  if (isReal(angle)) return nystrom;
  throw inputError("order", "4 is for real and for imaginary time, not between them", "take order 2");
}

/** Whether α is that of real time, where nothing decays. */
export function isReal(angle: number): boolean {
  return Math.abs(Math.cos(angle)) < 1e-15;
}
