/** A formula from its text to its value and gradient: what the names in it mean, and how they become coordinates. */
import { inputError, nearest } from "../../core/errors.ts";
import type { Gradient, Value } from "../../core/problem.ts";
import { derive } from "./derive.ts";
import { constants, functions } from "./functions.ts";
import { type Graph, graph, type Node } from "./graph.ts";
import { formulaError, isName, parse } from "./parse.ts";
import { run, tape } from "./tape.ts";

export type FormulaOptions = {
  /** The variables in the order of the coordinates; the free names in natural order where it is left out. */
  readonly vars?: readonly string[] | undefined;
  /** Names that stand for numbers. */
  readonly params?: Readonly<Record<string, number>> | undefined;
};

export type Formula = {
  /** The variables, in the order of the coordinates. */
  readonly names: readonly string[];
  readonly value: Value;
  readonly gradient: Gradient;
};

/** Names of JavaScript's own, which nothing that is keyed by name could hold safely. */
const reserved: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ..."prototype arguments this globalThis window self process require import eval Function new".split(" "),
  ..."null undefined true false NaN Infinity".split(" "),
]);

/**
 * The value and the gradient of a formula.
 *
 * Operators are + − * / ^ (to the right, above the sign: −x^2 = −(x^2)); functions and constants are those of
 * functions.ts. Free names are variables, in alphabetical order with numbers read as numbers: x2 before x10. Neither
 * function allocates; both may be called any number of times, but not one inside another.
 * @throws an input error, with the column, on anything that is not a formula; on a name that is none of `vars` where
 * they are given; on a parameter that the formula does not use; and where no variable is left
 */
export function compile(text: string, options: FormulaOptions = {}): Formula {
  const params = new Map(Object.entries(options.params ?? {}));
  checkNames(options.vars, params);
  const expressions = graph();
  const { root, free, used } = read(text, expressions, options.vars, params);
  for (const name of params.keys()) if (!used.has(name)) throw unusedParameter(name, free);
  const names = options.vars ?? [...free].sort(naturally);
  if (names.length === 0) throw inputError("formula", "has no variable", "use a name such as x in it");
  return { names, ...functionsOf(expressions, root, names) };
}

/** The root of a formula, its free names, and the parameters it uses. */
function read(
  text: string,
  expressions: Graph,
  vars: readonly string[] | undefined,
  params: ReadonlyMap<string, number>,
): { root: Node; free: Set<string>; used: Set<string> } {
  const free = new Set<string>();
  const used = new Set<string>();
  const name = (name: string, column: number): Node => {
    const value = params.get(name) ?? constants.get(name);
    if (params.has(name)) used.add(name);
    if (value !== undefined) return expressions.constant(value);
    const wrong = misuse(name);
    if (wrong !== undefined)
      throw formulaError(
        column,
        `'${name}' ${wrong}`,
        `choose another name${functions.has(name) ? ` or write ${name}(…)` : ""}`,
      );
    if (vars !== undefined && !vars.includes(name)) throw unknownVariable(name, column, vars);
    free.add(name);
    return expressions.variable(name);
  };
  const root = parse(text, { number: expressions.constant, name, apply: expressions.apply });
  return { root, free, used };
}

function functionsOf(expressions: Graph, root: Node, names: readonly string[]): { value: Value; gradient: Gradient } {
  const partials = derive(expressions, root);
  const zero = expressions.constant(0);
  const values = tape(expressions, [root], names);
  const slopes = tape(expressions, [root, ...names.map((name) => partials.get(name) ?? zero)], names);
  const dim = names.length;
  const value: Value = (x) => {
    const { registers, roots } = values;
    for (let j = 0; j < dim; j++) registers[j] = x[j];
    run(values);
    return registers[roots[0]];
  };
  const gradient: Gradient = (x, out) => {
    const { registers, roots } = slopes;
    for (let j = 0; j < dim; j++) registers[j] = x[j];
    run(slopes);
    for (let j = 0; j < dim; j++) out[j] = registers[roots[j + 1]];
    return registers[roots[0]];
  };
  return { value, gradient };
}

function checkNames(vars: readonly string[] | undefined, params: ReadonlyMap<string, number>): void {
  const seen = new Set<string>();
  for (const [kind, name] of [
    ...(vars ?? []).map((name) => ["variable", name]),
    ...[...params.keys()].map((name) => ["parameter", name]),
  ]) {
    const where = `${kind} '${name}'`;
    if (!isName(name)) throw inputError(where, "is no name", "use letters, digits and _, beginning with a letter");
    if (constants.has(name)) throw inputError(where, `is the constant ${constants.get(name)}`, "choose another name");
    const wrong = misuse(name);
    if (wrong !== undefined) throw inputError(where, wrong, "choose another name");
    if (seen.has(name)) throw inputError(where, "is given twice", "give each variable and parameter once");
    seen.add(name);
  }
  for (const [name, value] of params)
    if (!Number.isFinite(value)) throw inputError(`parameter '${name}'`, `'${value}' is not a finite number`);
}

/** Why a name can be neither variable nor parameter; undefined where it can. */
function misuse(name: string): string | undefined {
  if (functions.has(name)) return "is a function";
  return reserved.has(name) ? "is a word of JavaScript" : undefined;
}

function unknownVariable(name: string, column: number, vars: readonly string[]) {
  const near = nearest(name, vars);
  const known = near === undefined ? `the variables are ${vars.join(", ")}` : `did you mean '${near}'?`;
  return formulaError(column, `unknown name '${name}'`, known);
}

function unusedParameter(name: string, free: ReadonlySet<string>) {
  const near = nearest(name, [...free]);
  const fix = near === undefined ? `its free names are ${[...free].join(", ") || "none"}` : `did you mean '${near}'?`;
  return inputError(`parameter '${name}'`, "is not used in the formula", fix);
}

/** Alphabetical order of code units, with runs of digits compared as numbers. */
function naturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = Number(left[i]) - Number(right[i]);
    if (difference < 0 || difference > 0) return difference;
    if (Number.isNaN(difference) && left[i] !== right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : 1);
}
