/**
 * The grammar of formulas, read by precedence climbing: + and −, then * and /, then the sign, then ^ to the right, so
 * that −x^2 = −(x^2), 2^-1 = 1/2 and 2^3^2 = 2^9. There are numbers, names and calls of known functions, and nothing
 * else: no members, strings, lists or assignments. What the pieces become is the builder's affair.
 */
import { type InputError, inputError, nearest } from "../../core/errors.ts";
import { add, divide, functions, multiply, negate, type Operation, power, subtract } from "./functions.ts";

const MAX_LENGTH = 10_000;
const MAX_DEPTH = 256;

/** Makes a `T` of each piece of a formula, innermost first; columns count from 1. */
export type Builder<T> = {
  readonly number: (value: number) => T;
  readonly name: (name: string, column: number) => T;
  readonly apply: (operation: Operation, a: T, b?: T) => T;
};

type Infix = { readonly operation: Operation; readonly level: number; readonly rightLevel: number };

const SIGN_LEVEL = 3;
const infixes: ReadonlyMap<string, Infix> = new Map([
  ["+", { operation: add, level: 1, rightLevel: 2 }],
  ["-", { operation: subtract, level: 1, rightLevel: 2 }],
  ["*", { operation: multiply, level: 2, rightLevel: 3 }],
  ["/", { operation: divide, level: 2, rightLevel: 3 }],
  ["^", { operation: power, level: 3, rightLevel: 3 }],
]);

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{Nd}_]*)|(?<symbol>\*\*|[-+*/^(),])|$)/uy;

/** What people write from habit, and what to write here. */
const habits: ReadonlyMap<string, string> = new Map([
  ["−", "write the minus as -"],
  ["·", "write the product as *"],
  ["×", "write the product as *"],
  ["÷", "write the quotient as /"],
  ["²", "write ^2"],
  ["³", "write ^3"],
  ["√", "write sqrt(…)"],
  ["|", "write abs(…)"],
  ["[", "group with ( and )"],
  ["{", "group with ( and )"],
  [".", "a formula has no members; write numbers as 0.5"],
  ["=", "a formula has no '='; give the expression alone"],
]);

type Token = { readonly kind: "number" | "name" | "symbol" | "end"; readonly text: string; readonly column: number };

/** An error at a column of the formula. */
export function formulaError(column: number, what: string, fix?: string): InputError {
  return inputError(`formula column ${column}`, what, fix);
}

/** Whether `text` is one name, as a formula writes names: letters, digits and _, not beginning with a digit. */
export function isName(text: string): boolean {
  TOKEN.lastIndex = 0;
  return TOKEN.exec(text)?.groups?.name === text;
}

/**
 * Reads a formula.
 * @throws where it is empty, longer than 10 000 characters, nested deeper than 256 levels, or no formula: the error
 * names the column and what to write instead
 */
export function parse<T>(text: string, builder: Builder<T>): T {
  if (text.length > MAX_LENGTH)
    throw inputError(
      "formula",
      `has ${text.length} characters, more than ${MAX_LENGTH}`,
      "give it as a module instead",
    );
  if (text.trim() === "") throw inputError("formula", "is empty", "write an expression such as x^2 + y^2");

  let last: Token = { kind: "end", text: "", column: 1 };
  let next = tokenAt(text, 0);
  let depth = 0;

  function advance(): Token {
    last = next;
    if (last.kind !== "end") next = tokenAt(text, last.column - 1 + last.text.length);
    return last;
  }

  function expression(level: number): T {
    if (++depth > MAX_DEPTH)
      throw formulaError(next.column, `nests deeper than ${MAX_DEPTH} levels`, "write it with fewer parentheses");
    let left = operand();
    for (
      let infix = infixAfter(last, next);
      infix !== undefined && infix.level >= level;
      infix = infixAfter(last, next)
    ) {
      advance();
      left = builder.apply(infix.operation, left, expression(infix.rightLevel));
    }
    depth--;
    return left;
  }

  function operand(): T {
    const before = last;
    const token = advance();
    if (token.kind === "number") return builder.number(numberOf(token));
    if (token.kind === "name") return next.text === "(" ? call(token) : builder.name(token.text, token.column);
    if (token.text === "-") return builder.apply(negate, expression(SIGN_LEVEL));
    if (token.text === "+") return expression(SIGN_LEVEL);
    if (token.text !== "(") throw missingOperand(before, token);
    const inner = expression(1);
    close(token);
    return inner;
  }

  function call(name: Token): T {
    const operation = functions.get(name.text);
    if (operation === undefined) throw unknownFunction(name);
    const opening = advance();
    const args: T[] = [];
    if (next.text !== ")") args.push(expression(1));
    while (next.text === ",") {
      advance();
      args.push(expression(1));
    }
    close(opening);
    checkArity(name, operation, args.length);
    return args
      .slice(2)
      .reduce((nested, arg) => builder.apply(operation, nested, arg), builder.apply(operation, args[0], args[1]));
  }

  function close(opening: Token): void {
    if (next.text === ",") throw strayComma(next);
    if (next.text !== ")") throw formulaError(opening.column, "this '(' is never closed", "add a ')'");
    advance();
  }

  const whole = expression(1);
  if (next.text === ",") throw strayComma(next);
  if (next.kind !== "end") throw formulaError(next.column, "this ')' closes nothing", "remove it or add a '('");
  return whole;
}

function tokenAt(text: string, index: number): Token {
  TOKEN.lastIndex = index;
  const match = TOKEN.exec(text);
  if (match === null) throw unexpectedCharacter(text, index);
  const { number, name, symbol } = match.groups as { number?: string; name?: string; symbol?: string };
  const token = number ?? name ?? symbol ?? "";
  const column = TOKEN.lastIndex - token.length + 1;
  if (symbol === "**") throw formulaError(column, "unexpected '**'", "write ^ for a power");
  const kind = number !== undefined ? "number" : name !== undefined ? "name" : symbol !== undefined ? "symbol" : "end";
  return { kind, text: token, column };
}

function infixAfter(last: Token, next: Token): Infix | undefined {
  if (next.kind === "number" || next.kind === "name" || next.text === "(")
    throw formulaError(
      next.column,
      `'${last.text}' and '${next.text}' stand side by side`,
      `write ${last.text}*${next.text} for a product`,
    );
  return infixes.get(next.text);
}

function numberOf({ text, column }: Token): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw formulaError(column, `${text} is too large for a number`, "keep below 1.8e308");
  return value;
}

function checkArity({ text, column }: Token, { arity, nests }: Operation, given: number): void {
  if (given === arity || (nests && given > arity)) return;
  const takes = `${arity}${nests ? " or more" : ""} argument${arity === 1 ? "" : "s"}`;
  throw formulaError(column, `${text} takes ${takes}, not ${given}`);
}

function unknownFunction({ text, column }: Token): InputError {
  // a short name before a parenthesis is more likely a product than a misspelling
  const near = text.length > 2 ? nearest(text, [...functions.keys()]) : undefined;
  const fix = near === undefined ? `known: ${[...functions.keys()].join(" ")}` : `did you mean '${near}'?`;
  return formulaError(column, `unknown function '${text}'`, text.length > 2 ? fix : `write ${text}*(…) for a product`);
}

function missingOperand(before: Token, token: Token): InputError {
  const found = token.kind === "end" ? "the formula ends" : `'${token.text}' stands`;
  const where = before.text === "" ? "at the start" : `after '${before.text}'`;
  return formulaError(token.column, `${found} ${where}`, "a number, a name or a '(' must stand there");
}

function strayComma({ column }: Token): InputError {
  return formulaError(
    column,
    "unexpected ','",
    "commas only separate the arguments of a function; write decimals as 0.5",
  );
}

function unexpectedCharacter(text: string, index: number): InputError {
  const at = index + text.slice(index).search(/\S/);
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return formulaError(at + 1, `unexpected '${character}'`, habits.get(character));
}
