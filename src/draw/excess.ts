/**
 * How far above a reference a value of ζ stands, on a logarithmic axis: the picture in which the way to a minimum can
 * be read over twenty decades.
 */
import { type Axis, linearAxis, logAxis } from "./axes.ts";
import { rich, type Text } from "./scene.ts";

/** An axis, and the number by which a value is placed on it. */
export type Excess = { readonly axis: Axis; of(value: number): number };

/** Excess over the known minimum; else the values themselves, or their excess over the last where they span too much. */
export function bestAxis(values: readonly number[], end: number, minimum: number | undefined): Excess {
  if (minimum !== undefined) return excessAxis(rich("best value − known minimum (units of ζ)"), values, minimum);
  const first = values[0];
  const middle = values[values.length >> 1];
  if (middle - end < 0.02 * (first - end)) return excessAxis(rich("best value − best found (units of ζ)"), values, end);
  const margin = 0.04 * (first - end);
  return { axis: linearAxis(rich("best value (units of ζ)"), end - margin, first + margin), of: (value) => value };
}

/** Some errors about a value that noise leaves unsure; what lies further off stands at the edge. */
export function claimAxis(end: number, error: number): Excess {
  const [low, high] = [end - 6 * error, end + 18 * error];
  const axis = linearAxis(rich("best value so far (units of ζ)"), low, high);
  return { axis, of: (value) => Math.min(high, Math.max(low, value)) };
}

// below these shares of the reference and of the largest excess a difference is rounding
const ROUNDING = 1e-16;
const NEGLIGIBLE = 1e-18;

/** The logarithm of the excess over a reference; what lies at it or below stands at the lower end, marked `≤`. */
export function excessAxis(label: Text, values: readonly number[], reference: number): Excess {
  const excess = values.map((v) => v - reference).filter(Number.isFinite);
  const high = Math.max(0, ...excess);
  const least = Math.max(ROUNDING * Math.abs(reference), NEGLIGIBLE * high, Number.MIN_VALUE);
  const above = excess.filter((e) => e > least);
  if (above.length === excess.length && above.length > 0) {
    const axis = logAxis(label, Math.min(...above) / 1.5, Math.min(high * 1.5, Number.MAX_VALUE));
    return { axis, of: (value) => value - reference };
  }
  const low = above.length > 0 ? Math.min(...above) : Math.max(ROUNDING, least) * 100;
  const power = Math.max(-323, Math.floor(Math.log10(low)) - 1);
  const floor = Number(`1e${power}`);
  const axis = logAxis(label, floor, Math.max(high * 1.5, floor * 1000));
  const bottom = { at: 0, label: rich(`≤ 10^{${String(power).replace("-", "−")}}`) };
  const ticks = [bottom, ...axis.ticks.filter((tick) => tick.at > 0.05)];
  return { axis: { ...axis, ticks }, of: (value) => Math.max(value - reference, floor) };
}
