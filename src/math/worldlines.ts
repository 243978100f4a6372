/**
 * Spins in imaginary time. By Trotter's formula the weight e^{−βH} of H = −Γ Σσˣ_i + E(σᶻ) is that of P copies of the spins
 * on a ring, ∏_k e^{−E(s^k)Δτ} ∏_i e^{K s_i^k s_i^{k+1}}, with Δτ = β/P and K = −½ ln tanh(ΓΔτ) (Suzuki 1976). The P values
 * of one spin are its worldline. It is cut at random between equal neighbors, and each piece turns as a whole
 * (Swendsen and Wang 1987, along imaginary time; Nakamura 2008): where K is large, single spins would be frozen.
 */
import type { Ising } from "./ising.ts";
import { type Key, uniform } from "./rng.ts";

/**
 * One sweep over all worldlines; leaves the ring's weight invariant.
 * @param s spin i in slice k at i · slices + k
 * @param g local fields, in the same order; kept true
 * @param dt Δτ, in units of 1/E
 * @param gamma Γ ≥ 0, in units of E
 * @returns the share of spins that turned
 */
export function sweepWorldlines(
  problem: Ising,
  s: Float64Array,
  g: Float64Array,
  slices: number,
  { dt, gamma, key }: { readonly dt: number; readonly gamma: number; readonly key: Key },
): number {
  const link = 1 - Math.tanh(gamma * dt);
  let turned = 0;
  for (let i = 0; i < problem.n; i++) {
    const at = i * slices;
    // two numbers for each spin of the ring: one for its link to the next slice, one for the piece that begins there
    const element = 2 * at;
    const isLinked = (k: number): boolean =>
      s[at + k] === s[at + (k + 1 === slices ? 0 : k + 1)] && uniform(key, element + k) < link;
    let start = 0;
    while (start < slices && isLinked(start)) start++;
    // the piece that runs over the ring's end begins behind the first cut
    let begin = start === slices ? 0 : start + 1;
    const end = start === slices ? slices : begin + slices;
    while (begin < end) {
      let length = 1;
      while (begin + length < end && (start === slices || isLinked((begin + length - 1) % slices))) length++;
      turned += turnPiece(
        problem,
        s,
        g,
        slices,
        i,
        begin,
        length,
        dt,
        uniform(key, element + slices + (begin % slices)),
      );
      begin += length;
    }
  }
  return turned / s.length;
}

/** Metropolis' rule for `length` slices of worldline i; how many spins turned. */
function turnPiece(
  { first, neighbor, coupling }: Ising,
  s: Float64Array,
  g: Float64Array,
  slices: number,
  i: number,
  begin: number,
  length: number,
  dt: number,
  toss: number,
): number {
  const at = i * slices;
  let rise = 0;
  for (let k = begin; k < begin + length; k++) rise -= 2 * s[at + (k % slices)] * g[at + (k % slices)];
  if (rise > 0 && toss >= Math.exp(-dt * rise)) return 0;
  for (let k = begin; k < begin + length; k++) {
    const slice = k % slices;
    s[at + slice] = -s[at + slice];
    const twice = 2 * s[at + slice];
    for (let e = first[i]; e < first[i + 1]; e++) g[neighbor[e] * slices + slice] += twice * coupling[e];
  }
  return length;
}
