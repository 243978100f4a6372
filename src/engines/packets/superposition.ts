/**
 * The superposition: several families of packets are several levels of one system, and Softmax (equation 23) in their
 * energies allots the evaluations. A packet whose weight vanishes is born again elsewhere, at another scale. This
 * replaces restarts.
 *
 *   w_a = π_a e^{−rank_a} min(1, e^{−2(M_a − 1.2)}),  rank_a = number of families of strictly lower energy;
 *   next: argmin n_a / w_a
 *
 * M_a is by how much the last harmonic packets missed what they had promised: |ln ρ|, averaged over the steps of each
 * (harmonic.ts) and over packets. It is 0.6 to 1.2 where wells are smooth and above 2 where ζ is rough at every scale: there
 * other levels have more to offer, whatever their rank.
 */

/**
 * What is known of a family: E_a the best value that its packets have reached, or harmonic ones from places that it has
 * seen (places.ts); n_a its evaluations, how many packets were born, whether one lives; M_a, and how many packets it
 * was learnt from: none but harmonic ones.
 */
export type Family = {
  energy: number;
  evaluations: number;
  births: number;
  alive: boolean;
  misfit: number;
  judged: number;
};

/** Packets that M_a is averaged over, the earlier ones less; where it begins to count, and how much. */
const REMEMBERED = 5;
const HARMONIC = 1.2;
const DISTRUST = 2;

export function blankFamily(): Family {
  return { energy: Number.POSITIVE_INFINITY, evaluations: 0, births: 0, alive: false, misfit: 0, judged: 0 };
}

/** Takes note of a harmonic packet that has ended; one that never made a step has promised nothing. */
export function learnMisfit(
  family: Family,
  { steps, misfit }: { readonly steps: number; readonly misfit: number },
): void {
  if (steps === 0) return;
  family.judged++;
  family.misfit += (misfit - family.misfit) / Math.min(REMEMBERED, family.judged);
}

/** The Softmax weights in the rank of energy, unnormalized. */
export function softmaxWeights(families: readonly Family[], prior: readonly number[]): number[] {
  return families.map(({ energy, misfit }, a) => {
    const rank = families.reduce((lower, other) => lower + (other.energy < energy ? 1 : 0), 0);
    return prior[a] * Math.exp(-rank - DISTRUST * Math.max(0, misfit - HARMONIC));
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
