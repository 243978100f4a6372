/** The kick ψ ← exp(−cζ − aω) ψ, point by point; its factors are kept for as long as the coefficients stay. */
import { exp, turn } from "../../math/elementary.ts";

export type Kicker = {
  setPotential(potential: Float64Array, second?: Float64Array): void;
  /** Multiplies ψ by the factors of c = cr + i·ci and real a. */
  kick(cr: number, ci: number, a: number): void;
};

export function kicker(re: Float64Array, im: Float64Array): Kicker {
  const factorRe = new Float64Array(re.length);
  const factorIm = new Float64Array(re.length);
  const pair = new Float64Array(2);
  let zeta = new Float64Array(0);
  let omega: Float64Array | undefined;
  let last: readonly number[] = [];
  const fill = (cr: number, ci: number, a: number): void => {
    for (let i = 0; i < re.length; i++) {
      const size = exp(-cr * zeta[i] - (omega === undefined ? 0 : a * omega[i]));
      turn(-ci * zeta[i], pair);
      factorRe[i] = size * pair[0];
      factorIm[i] = size * pair[1];
    }
    last = [cr, ci, a];
  };
  return {
    setPotential(potential, second) {
      zeta = potential.slice();
      omega = second?.slice();
      last = [];
    },
    kick(cr, ci, a) {
      if (cr !== last[0] || ci !== last[1] || a !== last[2]) fill(cr, ci, a);
      for (let i = 0; i < re.length; i++) {
        const x = re[i] * factorRe[i] - im[i] * factorIm[i];
        im[i] = re[i] * factorIm[i] + im[i] * factorRe[i];
        re[i] = x;
      }
    },
  };
}
