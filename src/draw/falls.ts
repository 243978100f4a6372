/**
 * Scales in the order of falling D. Annealing gives them so; engines whose states are born again at larger D pass
 * through the same scales many times, and of these the pictures show the latest.
 */
import type { Scale } from "../tasks/record.ts";
import { type Axis, orderAxis } from "./axes.ts";
import { about } from "./numbers.ts";
import { plain, rich } from "./scene.ts";

/**
 * One state for each scale, D falling: all where D only falls, else the latest for each decade of D. Where no D is
 * above 0 the scales stay as they are.
 */
export function fall(scales: readonly Scale[]): readonly Scale[] {
  const placed = scales.filter(({ D }) => D > 0 && Number.isFinite(D));
  if (placed.length === 0) return scales;
  if (isFalling(placed)) return placed;
  const decades = new Map(placed.map((scale) => [Math.floor(Math.log10(scale.D)), scale]));
  return [...decades.values()].sort((a, b) => b.D - a.D);
}

/** The axis of scales in their order, labeled by D where it falls, by number else. */
export function scaleAxis(scales: readonly Scale[], room = 8): Axis {
  if (!isFalling(scales))
    return orderAxis(
      plain("scale"),
      scales.map((_, i) => plain(String(i + 1))),
      room,
    );
  return orderAxis(
    rich("*D* (units of ζ·*x*^{2})"),
    scales.map(({ D }) => rich(about(D, 1))),
    room,
  );
}

function isFalling(scales: readonly Scale[]): boolean {
  return scales.every(({ D }, i) => D > 0 && (i === 0 || D < scales[i - 1].D));
}
