/**
 * The outer loop of a wide packet: D falls to the next scale where the inner one has nothing left to do. A packet that
 * relaxes has a falling energy, and σ follows its momentum meanwhile (wide.ts). Where ζ is rough below σ the energy stays,
 * the momentum is noise, and σ would wander at its scale for hundreds of samples. Of the medians of generations, m′ among
 * the last w and m among the w before them,
 *
 *   P(m′ > m) ≥ 0.45  ⇒  σ ← σ/5, p_σ ← 0,     w = ⌈⅓ (10 + ⌈30 d/λ⌉)⌉
 *
 * (H. Mann, D. Whitney, Ann. Math. Stat. 18, 50, 1947; among pairs that differ: it is ½ where nothing falls. Where most
 * are equal, on a plateau, D alone acts). A median is that of what ranks the samples, the surrogate's values among them.
 */
import { memory } from "./ending.ts";
import { type Constants, leastSamples } from "./weights.ts";
import type { Wide } from "./wide.ts";

/** The medians of the last generations, a ring, the generation from which on they are compared, and whether D has fallen yet. */
export type Fall = { medians: Float64Array; since: number; quenched: boolean };

/** The share of pairs, of those that differ, that rise once a packet has relaxed; and what is left of σ then. */
const RISES = 0.45;
const LEFT = 0.2;

export function blankFall(dim: number): Fall {
  return { medians: new Float64Array(2 * span(dim, leastSamples(dim))), since: 0, quenched: false };
}

/** Remembers the median of a generation; where they have ceased to fall, the packet goes on at a smaller scale. */
export function quench(fall: Fall, packet: Wide, { dim, lambda }: Constants, median: number): void {
  const { medians } = fall;
  const w = span(dim, lambda);
  const g = packet.generation;
  medians[(g - 1) % medians.length] = median;
  if (g - fall.since < 2 * w) return;
  const at = (back: number): number => medians[(g - 1 - back) % medians.length];
  let [rises, falls] = [0, 0];
  for (let now = 0; now < w; now++)
    for (let then = w; then < 2 * w; then++) {
      if (at(now) > at(then)) rises++;
      else if (at(now) < at(then)) falls++;
    }
  const relaxed = rises + falls >= (w * w) / 2 && rises >= RISES * (rises + falls);
  fall.since = relaxed ? g : g - w;
  if (!relaxed) return;
  fall.quenched = true;
  packet.sigma *= LEFT;
  packet.momentum.fill(0);
}

function span(dim: number, lambda: number): number {
  return Math.ceil(memory(dim, lambda) / 3);
}
