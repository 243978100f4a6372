/**
 * Entries of the catalogue and their parameters. One `Param` is at once a command-line flag, a form field,
 * a row of the docs and the check of what a user gave.
 */
import { inputError, unknownName } from "./errors.ts";

type Scalar = number | string | boolean;

export type Param<T extends Scalar = Scalar> = {
  readonly help: string;
  readonly symbol?: string;
  readonly default: T;
  readonly choices?: readonly T[];
  readonly min?: number;
  readonly max?: number;
  readonly log?: boolean;
  readonly integer?: boolean;
};
export type Params = Readonly<Record<string, Param>>;

type Widen<T> = T extends number ? number : T extends string ? string : boolean;
export type Values<P extends Params> = { readonly [K in keyof P]: Widen<P[K]["default"]> };

export interface Entry<P extends Params = Params, T = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Where it comes from: equation, paper, or code with its commit. */
  readonly reference: string;
  readonly params: P;
  // a method, so that entries with different parameters fit one list
  make(values: Values<P>): T;
}

/** Keeps the parameters' types through the definition of an entry. */
export function entry<const P extends Params, T>(spec: Entry<P, T>): Entry<P, T> {
  return spec;
}

/**
 * The values of an entry's parameters: defaults, then what was given (numbers may come as text), each checked.
 * @throws on an unknown name, a value of the wrong type, or one outside its range
 */
export function readValues<P extends Params>(
  spec: { readonly name: string; readonly params: P },
  given: Readonly<Record<string, unknown>>,
): Values<P> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(spec.params, name))
      throw unknownName(`parameter of ${spec.name}`, name, Object.keys(spec.params));
  const values: Record<string, Scalar> = {};
  for (const [name, param] of Object.entries(spec.params)) {
    const value = given[name];
    values[name] = value === undefined ? param.default : readValue(`${spec.name}.${name}`, param, value);
  }
  return values as Values<P>;
}

function readValue(where: string, param: Param, given: unknown): Scalar {
  const value = convert(where, param.default, given);
  if (param.choices !== undefined && !param.choices.includes(value))
    throw inputError(where, `'${value}' is none of ${param.choices.join(", ")}`);
  if (typeof value === "number") {
    if (param.integer && !Number.isInteger(value)) throw inputError(where, `${value} is not a whole number`);
    if (param.min !== undefined && value < param.min) throw inputError(where, `${value} is below ${param.min}`);
    if (param.max !== undefined && value > param.max) throw inputError(where, `${value} is above ${param.max}`);
  }
  return value;
}

function convert(where: string, like: Scalar, given: unknown): Scalar {
  if (typeof like === "string") return String(given);
  if (typeof like === "boolean") {
    if (given === true || given === "true") return true;
    if (given === false || given === "false") return false;
    throw inputError(where, `'${given}' is neither true nor false`);
  }
  const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof value !== "number" || !Number.isFinite(value))
    throw inputError(where, `'${given}' is not a finite number`);
  return value;
}
