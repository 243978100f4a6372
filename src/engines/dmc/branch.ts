/**
 * Who stands where after branching, within a fixed capacity: survivors keep their slots, the born take those of the dead or
 * come at the end, and where more died than were born the last of the living move into the gaps.
 */

/**
 * Calls `copy(from, to)` for each slot that changes hands; no slot is written before it was read.
 * @param dead slots of the dead, ascending
 * @param born the parent of each that is born
 * @param n walkers before
 * @returns how many there are now
 */
export function place(
  dead: Int32Array,
  deaths: number,
  born: Int32Array,
  births: number,
  n: number,
  copy: (from: number, to: number) => void,
): number {
  const filled = Math.min(deaths, births);
  for (let k = 0; k < filled; k++) copy(born[k], dead[k]);
  for (let k = filled; k < births; k++) copy(born[k], n + k - filled);
  const count = n + births - deaths;
  // gaps that are left, those among the last slots being no gaps any more
  let last = n - 1;
  let end = deaths - 1;
  for (let k = filled; k < deaths && dead[k] < count; k++) {
    while (end >= filled && dead[end] === last) {
      end--;
      last--;
    }
    copy(last--, dead[k]);
  }
  return count;
}
