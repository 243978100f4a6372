/**
 * Constraints as formulas: `x + y <= 3`, `x >= 2*y`, or g alone for g ≤ 0; each becomes the value of g(x) ≤ 0.
 * Where they are linear it is found out beforehand whether one, or two together, cannot hold anywhere in the bounds:
 * by duality g₁ ≤ 0 and g₂ ≤ 0 exclude each other there if and only if min_x λg₁ + (1−λ)g₂ > 0 for some λ in [0, 1].
 */
import { inputError, isInputError } from "../../core/errors.ts";
import type { Domain, Value } from "../../core/problem.ts";
import { key, uniform } from "../../math/rng.ts";
import { compile } from "./compile.ts";

export type Limit = { readonly name: string; readonly value: Value };

/**
 * A constraint out of its text.
 * @param names the coordinates
 * @param params numbers by name, of which it may use some
 * @throws where it is no inequality or no formula
 */
export function limit(text: string, names: readonly string[], params: Readonly<Record<string, number>> = {}): Limit {
  const where = `constraint '${text.trim()}'`;
  const parts = text.split(/(<=|>=|≤|≥|<|>|==|=)/);
  if (parts.length > 3) throw inputError(where, "has more than one sign of comparison", "give two constraints");
  const [left, sign = "<=", right = "0"] = parts;
  if (left.trim() === "" || right.trim() === "")
    throw inputError(where, "has an empty side", "write for instance x + y <= 3");
  if (sign === "=" || sign === "==")
    throw inputError(where, "is an equation", "solve it for a variable, or give two inequalities with some room");
  const [low, high] = sign.startsWith(">") || sign === "≥" ? [right, left] : [left, right];
  // each side alone, so that errors speak of what was written
  const side = (formula: string): Value => {
    const used = Object.entries(params).filter(([name]) =>
      new RegExp(`(?<![\\p{L}\\d_])${name}(?![\\p{L}\\d_])`, "u").test(formula),
    );
    return compile(formula, { vars: names, params: Object.fromEntries(used) }).value;
  };
  try {
    const [below, above] = [side(low), side(high)];
    return { name: text.trim(), value: (x) => below(x) - above(x) };
  } catch (error) {
    if (!isInputError(error)) throw error;
    throw inputError(where, error.message.replace(/^formula column \d+: /, ""));
  }
}

/**
 * Refuses linear constraints that cannot hold in the bounds, alone or two together.
 * @throws naming them
 */
export function checkLimits(limits: readonly Limit[], domain: Domain): void {
  const known = limits.flatMap(({ name, value }) => {
    const plane = planeOf(value, domain);
    return plane === undefined ? [] : [{ name, plane }];
  });
  for (const { name, plane } of known)
    if (least(plane, domain) > roundingOf(plane, domain))
      throw inputError(`constraint '${name}'`, "cannot hold anywhere in the bounds", "loosen it or widen the bounds");
  for (let i = 0; i < known.length; i++)
    for (let j = 0; j < i; j++)
      if (exclude(known[j].plane, known[i].plane, domain))
        throw inputError(
          "constraints",
          `'${known[j].name}' and '${known[i].name}' contradict each other in the bounds`,
          "loosen one of them or widen the bounds",
        );
}

/** a·x + b */
type Plane = { readonly a: Float64Array; readonly b: number };

const PROBES = 64;

/** A function as a plane, where it is one at many points. */
function planeOf(value: Value, { lower, upper }: Domain): Plane | undefined {
  const at = lower.slice();
  const b = value(at);
  const a = lower.map((low, j) => {
    if (upper[j] === low) return 0;
    at[j] = upper[j];
    const slope = (value(at) - b) / (upper[j] - low);
    at[j] = low;
    return slope;
  });
  const plane = { a, b: lower.reduce((sum, low, j) => sum - a[j] * low, b) };
  if (![...a, plane.b].every(Number.isFinite)) return undefined;
  const room = roundingOf(plane, { lower, upper, edge: "open" });
  const root = key(0);
  for (let k = 0; k < PROBES; k++) {
    const x = lower.map((low, j) => low + (upper[j] - low) * uniform(root, k * lower.length + j));
    if (!(Math.abs(value(x) - a.reduce((sum, v, j) => sum + v * x[j], plane.b)) <= room)) return undefined;
  }
  return plane;
}

/** What rounding may make of a plane. */
function roundingOf({ a, b }: Plane, { lower, upper }: Domain): number {
  return (
    1e-12 * a.reduce((sum, v, j) => sum + Math.abs(v) * Math.max(Math.abs(lower[j]), Math.abs(upper[j])), Math.abs(b))
  );
}

/** The least value of a plane in a box. */
function least({ a, b }: Plane, { lower, upper }: Domain): number {
  return a.reduce((sum, v, j) => sum + v * (v > 0 ? lower[j] : upper[j]), b);
}

/** The least value is concave in λ and bends where a coefficient changes its sign: its maximum is at such a λ. */
function exclude(p: Plane, q: Plane, domain: Domain): boolean {
  const bends = Array.from(p.a, (v, j) => q.a[j] / (q.a[j] - v)).filter((l) => l > 0 && l < 1);
  return bends.some((l) => {
    const mixed = { a: p.a.map((v, j) => l * v + (1 - l) * q.a[j]), b: l * p.b + (1 - l) * q.b };
    return least(mixed, domain) > roundingOf(p, domain) + roundingOf(q, domain);
  });
}
