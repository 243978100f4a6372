/**
 * Hops: the kinetic term on a lattice. Where variables are discrete, −D∇² moves a walker to a point at which one of them,
 * or a few, are worth something else; it stays there where ζ is not higher. An engine, whose coordinates do not know
 * which values are neighbors, has it beside itself, and Softmax (equation 23) in the lowest ζ of both allots the evaluations:
 *
 *   w = π e^{−rank},  next: argmin n / w,  π_engine = 1,  π_hops = 0.4 u + (0.1 where all variables are discrete),
 *
 * u being the share of free variables that have no order: choices, and integers of two values. The walker goes on from a
 * lower point that the engine finds.
 */
import { integer, type Key, uniform } from "../math/rng.ts";
import type { Engine, Info } from "./engine.ts";
import type { Points } from "./problem.ts";
import { countOf, isDiscrete, lowestOf, type Space, type Variable } from "./space.ts";
import { isSecondsTurn } from "./turns.ts";

export type Hops = {
  /** Evaluations of the engine and of hops, and the lowest ζ of each. */
  spent: Float64Array;
  lowest: Float64Array;
  /** Where the walker stands, nowhere (no numbers) at first, and ζ there. */
  x: Float64Array;
  value: number;
};

const ENGINE = 0;
const WALKER = 1;
/** π of hops where all variables are discrete, and what those without an order add to it. */
const ALL = 0.1;
const UNORDERED = 0.4;
/** Draws of a hop that is not known; with each so many one variable more is changed, on average. */
const DRAWS = 200;
const WIDENED = 20;
/** What hops are told as: a family behind all of an engine's own. */
export const HOP = 15;

export function blankHops(): Hops {
  const lowest = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
  return { spent: new Float64Array(2), lowest, x: new Float64Array(0), value: Number.POSITIVE_INFINITY };
}

/** π of hops in a space; 0 where there are none. */
export function priorOfHops({ variables }: Space): number {
  const free = variables.filter(({ kind }) => kind !== "fixed");
  const unordered = free.filter((v) => v.kind === "choice" || countOf(v) === 2).length;
  return (free.length > 0 && free.every(isDiscrete) ? ALL : 0) + (UNORDERED * unordered) / Math.max(1, free.length);
}

/** Whether the next evaluation is a hop's. */
export function isHopsTurn({ spent, lowest, x }: Hops, prior: number): boolean {
  if (x.length === 0) return false;
  const lower = lowest[WALKER] < lowest[ENGINE] ? WALKER : lowest[ENGINE] < lowest[WALKER] ? ENGINE : undefined;
  return isSecondsTurn(spent, lower, prior);
}

/** Takes note of what the engine was told at points [n × d] of the space: the walker goes on from where ζ is lower. */
export function follow(hops: Hops, { n, dim, x }: Points, value: ArrayLike<number>): void {
  for (let i = 0; i < n; i++) {
    hops.lowest[ENGINE] = Math.min(hops.lowest[ENGINE], value[i]);
    if (value[i] < hops.value) stand(hops, x.slice(i * dim, (i + 1) * dim), value[i]);
  }
}

/** Counts what the engine has asked. */
export function charge({ spent }: Hops, evaluations: number): void {
  spent[ENGINE] += evaluations;
}

/**
 * A point to hop to that is not known, and counts it as asked; none where all that were drawn are. Each discrete variable
 * changes with a probability of one in their number, more where few points are left; an integer to a neighbor or to any.
 */
export function hop(hops: Hops, { variables }: Space, isKnown: (x: Float64Array) => boolean, key: Key): Points | null {
  const axes = variables.flatMap((v, j) => (isDiscrete(v) ? [j] : []));
  let draw = 0;
  for (let n = 0; n < DRAWS; n++) {
    const odds = Math.min(0.5, (1 + n / WIDENED) / axes.length);
    const x = hops.x.slice();
    const changed = axes.filter(() => uniform(key, draw++) < odds);
    if (changed.length === 0) changed.push(axes[integer(key, draw++, axes.length)]);
    for (const j of changed) {
      x[j] = another(variables[j], x[j], key, draw);
      draw += 3;
    }
    if (isKnown(x)) continue;
    hops.spent[WALKER]++;
    return { n: 1, dim: x.length, x };
  }
  return null;
}

/** Another value of a discrete variable: of an integer a neighbor or any, of a choice any. Takes three numbers of the key. */
function another(v: Variable, from: number, key: Key, draw: number): number {
  const count = countOf(v);
  const least = lowestOf(v);
  const near = from - least + (uniform(key, draw + 1) < 0.5 ? -1 : 1);
  if (v.kind === "integer" && uniform(key, draw) < 0.5 && near >= 0 && near < count) return least + near;
  const any = integer(key, draw + 2, count - 1);
  return least + (any < from - least ? any : any + 1);
}

/** The walker has been told ζ where it hopped to: it stays where that is not higher. */
export function land(hops: Hops, x: Float64Array, value: number): void {
  hops.lowest[WALKER] = Math.min(hops.lowest[WALKER], value);
  if (value <= hops.value) stand(hops, x, value);
}

function stand(hops: Hops, x: Float64Array, value: number): void {
  hops.x = x;
  hops.value = value;
}

/** A hop as a step is told: at D = 0, the classical limit, where no rise is taken. */
export function hopInfo({ value }: Hops): Info {
  return { energy: value, D: 0, lambda: 1, family: HOP, births: 1 };
}

/** The name of a family of an engine that hops go along with. */
export function hopNames({ nameOf }: Pick<Engine, "nameOf">): (family: number) => string {
  return (family) => (family === HOP ? "hopping" : (nameOf?.(family) ?? `family ${family + 1}`));
}
