/**
 * The superposition: several families of packets are several levels of one system, and Softmax (equation 23) in their
 * energies allots the evaluations. A packet whose weight vanishes is born again elsewhere, at another scale. This
 * replaces restarts.
 *
 *   w_a = π_a e^{−rank_a},  rank_a = number of families of strictly lower energy;  next: argmin n_a / w_a
 */

/**
 * What is known of a family: E_a the best value that its packets have reached, or harmonic ones from places that it has
 * seen (places.ts); n_a its evaluations, how many packets were born, whether one lives.
 */
export type Family = { energy: number; evaluations: number; births: number; alive: boolean };

export function blankFamily(): Family {
  return { energy: Number.POSITIVE_INFINITY, evaluations: 0, births: 0, alive: false };
}

/** The Softmax weights in the rank of energy, unnormalized. */
export function softmaxWeights(families: readonly Family[], prior: readonly number[]): number[] {
  return families.map(({ energy }, a) => {
    const rank = families.reduce((lower, other) => lower + (other.energy < energy ? 1 : 0), 0);
    return prior[a] * Math.exp(-rank);
  });
}

/** The family whose share of the evaluations is furthest behind its weight. */
export function nextFamily(families: readonly Family[], prior: readonly number[]): number {
  const w = softmaxWeights(families, prior);
  let next = 0;
  for (let a = 1; a < families.length; a++)
    if (families[a].evaluations / w[a] < families[next].evaluations / w[next]) next = a;
  return next;
}
