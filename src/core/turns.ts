/** Turns of two who share the evaluations by the Softmax (equation 23) of their lowest ζ: w = π e^{−rank}, next: argmin n / w. */

/**
 * Whether it is the second's turn; of two that are level the first goes on.
 * @param spent evaluations of both
 * @param lower who has the lower ζ, 0 or 1; undefined where neither has
 * @param prior π of the second, > 0; that of the first is 1
 */
export function isSecondsTurn(spent: ArrayLike<number>, lower: 0 | 1 | undefined, prior: number): boolean {
  const first = spent[0] * (lower === 1 ? Math.E : 1);
  const second = (spent[1] * (lower === 0 ? Math.E : 1)) / prior;
  return second < first;
}
