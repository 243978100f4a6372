/** Points whose values a configuration knows beforehand, as points of the space that is searched. */
import type { Best } from "./meter.ts";
import { type Potential, points } from "./problem.ts";
import type { Known } from "./search.ts";
import { checkPoint, pointAt, realSpace, type Worth } from "./space.ts";

export type KnownPoint = {
  readonly x: readonly number[] | Readonly<Record<string, Worth>>;
  readonly value: number;
};

export type Placed = Pick<Potential, "domain" | "space" | "names">;

/** The points that are known, with one number for each variable. Throws where one lies outside. */
export function knownOf(known: readonly KnownPoint[] | undefined, { domain: on, space, names }: Placed) {
  if (known === undefined || known.length === 0) return undefined;
  const all = space ?? realSpace(on, names);
  const rows = known.map(({ x }, i) => {
    const where = `known point ${i + 1}`;
    if (!isList(x)) return pointAt(where, all, x);
    checkPoint(where, all, x);
    return Float64Array.from(x);
  });
  return { at: points(rows), value: Float64Array.from(known, ({ value }) => value) };
}

function isList(x: KnownPoint["x"]): x is readonly number[] {
  return Array.isArray(x);
}

/** The best of them. */
export function lowestOf({ at: { dim, x }, value }: Known): Best {
  const i = value.reduce((best, v, k) => (v < value[best] ? k : best), 0);
  return { value: value[i], x: x.slice(i * dim, (i + 1) * dim) };
}
