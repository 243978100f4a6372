/**
 * Green's function of diffusion, the 0-order Taylor approximation in imaginary time (9)(10):
 * G = (4πDτ)^{−d/2} exp(−‖x‖²/4Dτ), the law of a point source after τ. The paper prints the normalizer of three
 * dimensions beside the exponential of one (erratum E1); both are here.
 */

/**
 * G at squared distance r² from the source, in `dim` dimensions; its integral over space is 1.
 * @param tau above 0
 */
export function green(r2: number, D: number, tau: number, dim: number): number {
  return kernel(r2, D, tau, dim / 2);
}

/** (10) as printed, with exponent 3/2 whatever the dimension: its integral over a line is 1/(4πDτ), not 1. */
export function greenPrinted(r2: number, D: number, tau: number): number {
  return kernel(r2, D, tau, 1.5);
}

function kernel(r2: number, D: number, tau: number, exponent: number): number {
  return (4 * Math.PI * D * tau) ** -exponent * Math.exp(-r2 / (4 * D * tau));
}
