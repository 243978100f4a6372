/**
 * A space of variables as people have them, and the continuous box in which engines search it. A real variable is its
 * own coordinate; a logarithmic one is searched in ln x; an integer is the nearest to a coordinate in
 * [lower − ½, upper + ½], so that each has the same measure; of a choice each option has a coordinate in [0, 1] and the
 * largest is taken, so that no order is put upon the options; what is fixed has no coordinate.
 *
 * A point of a space holds one number for each variable, in order: of a choice, the number of its option from 0 on.
 */
import { inputError, nearest } from "./errors.ts";
import { isRecord } from "./plain.ts";
import type { Domain, Edge } from "./problem.ts";

/** What a variable may be worth. */
export type Worth = number | string | boolean;

export type Variable = { readonly name: string } & (
  | { readonly kind: "real" | "log" | "integer"; readonly lower: number; readonly upper: number }
  | { readonly kind: "choice"; readonly options: readonly Worth[] }
  /** `at` is its number in a point, where that is not the worth itself. */
  | { readonly kind: "fixed"; readonly worth: Worth; readonly at?: number }
);

export type Space = {
  readonly variables: readonly Variable[];
  /** Whether an objective is handed a record by name rather than a list. */
  readonly named: boolean;
};

/** A variable as it is written: `[lower, upper]`, one of these records, or a value that is fixed. */
export type VariableSpec =
  | readonly [number, number]
  | { readonly log: readonly [number, number] }
  | { readonly integer: readonly [number, number] }
  | { readonly choice: readonly Worth[] }
  | { readonly fixed: Worth }
  | Worth;

/** What a function is handed where variables are written so. */
export type ValuesOf<V> = { readonly [K in keyof V]: ValueOf<V[K]> };
type ValueOf<S> = S extends { readonly choice: readonly (infer C)[] }
  ? C
  : S extends { readonly fixed: infer F }
    ? F
    : S extends Worth
      ? S
      : number;

const KINDS = ["log", "integer", "choice", "fixed"] as const;
const FORMS = "[lower, upper], { log: […] }, { integer: […] }, { choice: […] } or { fixed: value }";
// what an object of JavaScript has anyway can be no name
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A space out of a record of variables by name.
 * @param where what errors begin with
 * @throws naming the variable that is wrong and what to write
 */
export function readSpace(where: string, given: unknown): Space {
  if (!isRecord(given)) throw inputError(where, "is no record of variables", `write for instance { x: [-5, 5] }`);
  const entries = Object.entries(given);
  if (entries.length === 0) throw inputError(where, "has no variable", "give at least one");
  return { named: true, variables: entries.map(([name, spec]) => readVariable(`${where}.${name}`, name, spec)) };
}

function readVariable(where: string, name: string, spec: unknown): Variable {
  if (name === "" || RESERVED.has(name)) throw inputError(where, `'${name}' can be no name`, "choose another");
  if (isWorth(spec)) return fixed(where, name, spec);
  if (Array.isArray(spec)) return interval(where, name, "real", spec);
  if (!isRecord(spec)) throw inputError(where, "is no variable", `write ${FORMS}`);
  const keys = Object.keys(spec);
  const kind = KINDS.find((kind) => kind === keys[0]);
  if (kind === undefined || keys.length !== 1) {
    const near = keys.length === 1 ? nearest(keys[0], KINDS) : undefined;
    throw inputError(
      where,
      `{ ${keys.join(", ")} } is no variable`,
      near === undefined ? `write ${FORMS}` : `did you mean '${near}'?`,
    );
  }
  const inside = spec[kind];
  if (kind === "choice") return choice(where, name, inside);
  if (kind === "fixed") return fixed(where, name, inside);
  return interval(where, name, kind, inside);
}

function interval(where: string, name: string, kind: "real" | "log" | "integer", given: unknown): Variable {
  if (!Array.isArray(given) || given.length !== 2 || !given.every((v) => typeof v === "number"))
    throw inputError(where, "is no pair of bounds", "write [lower, upper]");
  const [lower, upper]: number[] = given;
  if (!Number.isFinite(lower) || !Number.isFinite(upper))
    throw inputError(where, `bounds ${lower}:${upper} are not finite numbers`);
  if (lower > upper) throw inputError(where, `lower ${lower} is not below upper ${upper}`, "swap them");
  if (kind === "log" && lower <= 0)
    throw inputError(where, `lower ${lower} is not above 0`, "a logarithmic variable needs positive bounds");
  if (kind === "integer" && !(Number.isSafeInteger(lower) && Number.isSafeInteger(upper)))
    throw inputError(where, `bounds ${lower}:${upper} are not whole numbers below 2^53`);
  return lower === upper ? { name, kind: "fixed", worth: lower } : { name, kind, lower, upper };
}

function choice(where: string, name: string, given: unknown): Variable {
  if (!Array.isArray(given) || given.length === 0 || !given.every(isWorth))
    throw inputError(where, "is no list of options", 'write for instance { choice: ["a", "b"] }');
  const twice = given.find((option, i) => given.indexOf(option) !== i);
  if (twice !== undefined) throw inputError(where, `has '${twice}' twice`, "give each option once");
  return given.length === 1 ? { name, kind: "fixed", worth: given[0] } : { name, kind: "choice", options: given };
}

function fixed(where: string, name: string, worth: unknown): Variable {
  if (!isWorth(worth) || (typeof worth === "number" && !Number.isFinite(worth)))
    throw inputError(where, `is fixed at ${worth}`, "give a finite number, a text, true or false");
  return { name, kind: "fixed", worth };
}

function isWorth(given: unknown): given is Worth {
  return typeof given === "number" || typeof given === "string" || typeof given === "boolean";
}

/** The space of a domain whose axes may have no width; undefined where each has some. */
export function spaceOfAxes(
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  names: readonly string[] | undefined,
): Space | undefined {
  const variables = Array.from(lower, (low, j): Variable => {
    const name = names?.[j] ?? `x${j + 1}`;
    return interval(`domain.${name}`, name, "real", [low, upper[j]]);
  });
  return variables.some(({ kind }) => kind === "fixed") ? { named: false, variables } : undefined;
}

/** The space of real variables on a domain. */
export function realSpace({ lower, upper }: Domain, names?: readonly string[]): Space {
  const variables = Array.from(
    lower,
    (low, j): Variable => ({ name: names?.[j] ?? `x${j + 1}`, kind: "real", lower: low, upper: upper[j] }),
  );
  return { named: false, variables };
}

/** Bounds of the points of a space. */
export function boundsOf({ variables }: Space, edge: Edge = "open"): Domain {
  const lower = variables.map((v) => ("lower" in v ? v.lower : v.kind === "fixed" ? numberOf(v) : 0));
  const upper = variables.map((v, j) =>
    "upper" in v ? v.upper : v.kind === "choice" ? v.options.length - 1 : lower[j],
  );
  return { lower: Float64Array.from(lower), upper: Float64Array.from(upper), edge };
}

function numberOf({ worth, at }: { readonly worth: Worth; readonly at?: number }): number {
  return at ?? (typeof worth === "string" ? 0 : Number(worth));
}

/** The number of coordinates of a variable. */
function widthOf(v: Variable): number {
  if (v.kind === "fixed") return 0;
  return v.kind === "choice" && v.options.length > 2 ? v.options.length : 1;
}

/** The box of the coordinates; a space without any has one that means nothing. */
export function boxOf({ variables }: Space, edge: Edge): Domain {
  const lower: number[] = [];
  const upper: number[] = [];
  const stepped: number[] = [];
  for (const v of variables) {
    const [low, high] = v.kind === "log" ? [Math.log(v.lower), Math.log(v.upper)] : "lower" in v ? cells(v) : [0, 1];
    for (let k = 0; k < widthOf(v); k++) {
      lower.push(low);
      upper.push(high);
      stepped.push(isDiscrete(v) ? 1 : 0);
    }
  }
  if (lower.length === 0)
    return boxOf({ named: false, variables: [{ name: "", kind: "real", lower: 0, upper: 1 }] }, edge);
  const box = { lower: Float64Array.from(lower), upper: Float64Array.from(upper), edge };
  return stepped.includes(1) ? { ...box, stepped: Uint8Array.from(stepped) } : box;
}

function cells({ kind, lower, upper }: Extract<Variable, { readonly lower: number }>): readonly [number, number] {
  return kind === "integer" ? [lower - 0.5, upper + 0.5] : [lower, upper];
}

/** The point at coordinates `u`. */
export function decode({ variables }: Space, u: ArrayLike<number>, out: Float64Array): Float64Array {
  let at = 0;
  variables.forEach((v, j) => {
    out[j] = decoded(v, u, at);
    at += widthOf(v);
  });
  return out;
}

function decoded(v: Variable, u: ArrayLike<number>, at: number): number {
  if (v.kind === "fixed") return numberOf(v);
  if (v.kind === "choice") return v.options.length === 2 ? Number(u[at] >= 0.5) : largest(u, at, v.options.length);
  if (v.kind === "log" && u[at] >= Math.log(v.upper)) return v.upper;
  const x = v.kind === "log" ? Math.exp(u[at]) : v.kind === "integer" ? Math.floor(u[at] + 0.5) : u[at];
  return Math.min(v.upper, Math.max(v.lower, x));
}

function largest(u: ArrayLike<number>, at: number, n: number): number {
  let best = 0;
  for (let k = 1; k < n; k++) if (u[at + k] > u[at + best]) best = k;
  return best;
}

/** Coordinates of a point: decode() gives it back, but for the last bit of a logarithmic variable. */
export function encode({ variables }: Space, x: ArrayLike<number>): Float64Array {
  const u = variables.flatMap((v, j): number[] => {
    if (v.kind === "fixed") return [];
    if (v.kind !== "choice") return [v.kind === "log" ? Math.log(x[j]) : x[j]];
    if (v.options.length === 2) return [0.25 + 0.5 * x[j]];
    return v.options.map((_, k) => (k === x[j] ? 0.75 : 0.25));
  });
  return Float64Array.from(u.length === 0 ? [0.5] : u);
}

/** A mean and a standard deviation of coordinates as ones of points, to first order; of a choice, the option at the mean. */
export function decodeMoments(
  { variables }: Space,
  mean: ArrayLike<number>,
  deviation: ArrayLike<number>,
): { readonly mean: Float64Array; readonly deviation: Float64Array } {
  const out = { mean: new Float64Array(variables.length), deviation: new Float64Array(variables.length) };
  let at = 0;
  variables.forEach((v, j) => {
    out.mean[j] = v.kind === "integer" ? mean[at] : decoded(v, mean, at);
    if ("lower" in v) out.deviation[j] = deviation[at] * (v.kind === "log" ? out.mean[j] : 1);
    at += widthOf(v);
  });
  return out;
}

/** ∂ζ/∂u out of ∂ζ/∂x at a point, where no variable is discrete. */
export function decodeGradient({ variables }: Space, x: ArrayLike<number>, slope: ArrayLike<number>): number[] {
  const free = variables.flatMap((v, j) => (v.kind === "fixed" ? [] : [slope[j] * (v.kind === "log" ? x[j] : 1)]));
  return free.length === 0 ? [0] : free;
}

/** Whether coordinates and points differ at all. */
export function isPlainBox({ variables }: Space): boolean {
  return variables.every(({ kind }) => kind === "real");
}

/** Whether gradients make sense: some variable is free, and none is an integer or a choice. */
export function isSmooth(space: Space): boolean {
  return freedomOf(space) > 0 && !space.variables.some(isDiscrete);
}

/** Whether a variable is free and has finitely many values. */
export function isDiscrete({ kind }: Variable): boolean {
  return kind === "integer" || kind === "choice";
}

/** The number of values of a variable: ∞ where it is real. */
export function countOf(v: Variable): number {
  if (v.kind === "fixed") return 1;
  if (v.kind === "choice") return v.options.length;
  return v.kind === "integer" ? v.upper - v.lower + 1 : Number.POSITIVE_INFINITY;
}

/** The least number that a variable has in a point: its lower bound, the first of its options, or what it is fixed at. */
export function lowestOf(v: Variable): number {
  if ("lower" in v) return v.lower;
  return v.kind === "fixed" ? numberOf(v) : 0;
}

/** The number of points of a space: ∞ where a variable is real. */
export function sizeOf({ variables }: Space): number {
  return variables.reduce((size, v) => size * countOf(v), 1);
}

/** Variables that are free. */
export function freedomOf({ variables }: Space): number {
  return variables.filter(({ kind }) => kind !== "fixed").length;
}

/** A variable in words: `lr in [0.001, 1], logarithmic`. */
export function variableText(v: Variable): string {
  if (v.kind === "fixed") return `${v.name} = ${v.worth}`;
  if (v.kind === "choice") return `${v.name} one of ${v.options.join(", ")}`;
  if (v.kind === "integer") return `${v.name} whole from ${v.lower} to ${v.upper}`;
  return `${v.name} in [${v.lower}, ${v.upper}]${v.kind === "log" ? ", logarithmic" : ""}`;
}

/** What each variable is worth at a point, by name. */
export function valuesAt({ variables }: Space, x: ArrayLike<number>, from = 0): Record<string, Worth> {
  return Object.fromEntries(variables.map((v, j) => [v.name, worthOf(v, x[from + j])]));
}

function worthOf(v: Variable, x: number): Worth {
  if (v.kind === "fixed") return v.worth;
  return v.kind === "choice" ? v.options[x] : x;
}

/**
 * The point at which the variables are worth what a record says; variables that are fixed may be left out.
 * @throws naming the variable that is missing, unknown, or worth what it cannot be
 */
export function pointAt(where: string, { variables }: Space, values: Readonly<Record<string, unknown>>): Float64Array {
  const names = variables.map(({ name }) => name);
  for (const name of Object.keys(values))
    if (!names.includes(name)) {
      const near = nearest(name, names);
      throw inputError(
        where,
        `has '${name}', which is no variable`,
        near === undefined ? undefined : `did you mean '${near}'?`,
      );
    }
  return Float64Array.from(variables, (v) => numberAt(where, v, values[v.name]));
}

function numberAt(where: string, v: Variable, given: unknown): number {
  const same = (worth: Worth): boolean => worth === given || String(worth) === given;
  if (v.kind === "fixed") {
    if (given !== undefined && !same(v.worth))
      throw inputError(where, `${v.name} is ${given} where it is fixed at ${v.worth}`);
    return numberOf(v);
  }
  if (given === undefined)
    throw inputError(where, `says nothing of ${v.name}`, "give every variable that is not fixed");
  if (v.kind === "choice") {
    const k = v.options.findIndex(same);
    if (k < 0) throw inputError(where, `${v.name} is '${given}'`, `it is one of ${v.options.join(", ")}`);
    return k;
  }
  const x = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof x !== "number" || !(x >= v.lower && x <= v.upper))
    throw inputError(where, `${v.name} is ${given === "" ? "empty" : given}`, `it lies in ${v.lower}:${v.upper}`);
  if (v.kind === "integer" && !Number.isInteger(x))
    throw inputError(where, `${v.name} is ${given}, not a whole number`);
  return x;
}

/** Refuses a point outside of a space, given as its numbers. */
export function checkPoint(where: string, { variables }: Space, x: ArrayLike<number>): void {
  if (x.length !== variables.length)
    throw inputError(where, `has ${x.length} coordinates where there are ${variables.length} variables`);
  variables.forEach((v, j) => {
    const isFixed = v.kind === "fixed" && x[j] === numberOf(v);
    const given = v.kind === "choice" ? v.options[x[j]] : isFixed ? undefined : x[j];
    if (v.kind === "choice" && given === undefined)
      throw inputError(where, `${v.name} is option ${x[j]}`, `options are numbered 0 to ${v.options.length - 1}`);
    numberAt(where, v, given);
  });
}
