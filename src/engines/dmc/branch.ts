/**
 * Branching within a fixed capacity: a walker of weight w leaves w copies on average. Survivors keep their slots; the
 * slots of the dead are filled by copies, and where more died than were born, by the last of the living.
 */

/**
 * Where each slot's walker comes from.
 * @param offspring how many each of n walkers leaves; used up
 * @param parent for each slot the one that is copied there; room for all of them
 * @returns how many walkers there are now
 */
export function parents(offspring: Int32Array, n: number, parent: Int32Array): number {
  let count = 0;
  for (let i = 0; i < n; i++) count += offspring[i];
  let spare = 0;
  let last = n - 1;
  for (let i = 0; i < count; i++) {
    parent[i] = i;
    if (i < n && offspring[i] > 0) continue;
    while (spare < n && offspring[spare] <= 1) spare++;
    if (spare < n) {
      offspring[spare]--;
      parent[i] = spare;
    } else {
      while (offspring[last] === 0) last--;
      parent[i] = last--;
    }
  }
  return count;
}
