/**
 * What a formula may say: the operators and the whitelist of functions. Each row holds its value and its partial
 * derivatives; the derivatives are formulas themselves, in the arguments `a` and `b` and the value `f`, so that the
 * table reads as in a book. They are read by derive.ts, where every product obeys 0·∞ = 0: a path with a zero factor
 * adds nothing, which gives hypot and sqrt(x^2 + y^2) the subgradient 0 at the origin.
 *
 * Where there is no derivative: abs, sign, floor, ceil and round take 0, min and max take the mean of the two at a tie.
 */

export type Operation = {
  readonly name: string;
  readonly arity: 1 | 2;
  /** Takes more than two arguments by nesting to the left: f(a, b, c) = f(f(a, b), c). */
  readonly nests?: true;
  readonly value: (a: number, b: number) => number;
  /** ∂f/∂a and, for two arguments, ∂f/∂b. */
  readonly partials: readonly string[];
};

const unary = (name: string, value: (a: number) => number, partial: string): Operation => ({
  name,
  arity: 1,
  value,
  partials: [partial],
});

const binary = (name: string, value: (a: number, b: number) => number, ...partials: [string, string]): Operation => ({
  name,
  arity: 2,
  value,
  partials,
});

export const add = binary("+", (a, b) => a + b, "1", "1");
export const subtract = binary("-", (a, b) => a - b, "1", "-1");
export const multiply = binary("*", (a, b) => a * b, "b", "a");
export const divide = binary("/", (a, b) => a / b, "1/b", "-f/b");
export const power = binary("^", (a, b) => a ** b, "b*a^(b-1)", "f*log(a)");
export const negate = unary("negate", (a) => -a, "-1");
/** The product of derivatives: zero where either factor is zero, even if the other is infinite. */
export const gated = binary("gated", (a, b) => (a === 0 || b === 0 ? 0 : a * b), "b", "a");

const log = unary("log", Math.log, "1/a");

/** The functions by name, with the meaning they have in mathjs on the reals; `round` takes halves away from zero. */
export const functions: ReadonlyMap<string, Operation> = new Map(
  [
    unary("sqrt", Math.sqrt, "0.5/f"),
    unary("abs", Math.abs, "sign(a)"),
    unary("exp", Math.exp, "f"),
    log,
    unary("sin", Math.sin, "cos(a)"),
    unary("cos", Math.cos, "-sin(a)"),
    // not 1 - f^2, which cancels where f is near ±1
    unary("tanh", Math.tanh, "1/cosh(a)^2"),
    unary("tan", Math.tan, "1 + f^2"),
    unary("asin", Math.asin, "1/sqrt((1-a)*(1+a))"),
    unary("acos", Math.acos, "-1/sqrt((1-a)*(1+a))"),
    unary("atan", Math.atan, "1/(1 + a^2)"),
    unary("sinh", Math.sinh, "cosh(a)"),
    unary("cosh", Math.cosh, "sinh(a)"),
    unary("asinh", Math.asinh, "1/sqrt(a^2 + 1)"),
    unary("acosh", Math.acosh, "1/(sqrt(a-1)*sqrt(a+1))"),
    unary("atanh", Math.atanh, "1/((1-a)*(1+a))"),
    unary("cbrt", Math.cbrt, "1/(3*f^2)"),
    unary("expm1", Math.expm1, "exp(a)"),
    unary("log1p", Math.log1p, "1/(1 + a)"),
    unary("log2", Math.log2, "1/(log(2)*a)"),
    unary("log10", Math.log10, "1/(log(10)*a)"),
    unary("sign", Math.sign, "0"),
    unary("floor", Math.floor, "0"),
    unary("ceil", Math.ceil, "0"),
    unary("round", (a) => Math.sign(a) * Math.round(Math.abs(a)), "0"),
    binary("atan2", Math.atan2, "b*(1/(a^2 + b^2))", "-a*(1/(a^2 + b^2))"),
    { ...binary("hypot", Math.hypot, "a*(1/f)", "b*(1/f)"), nests: true as const },
    { ...binary("min", Math.min, "(1 + sign(b-a))/2", "(1 - sign(b-a))/2"), nests: true as const },
    { ...binary("max", Math.max, "(1 - sign(b-a))/2", "(1 + sign(b-a))/2"), nests: true as const },
  ].map((row): [string, Operation] => [row.name, row]),
)
  .set("pow", power)
  .set("ln", log);

export const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["π", Math.PI],
  ["e", Math.E],
]);

/** Every operation once; the loop of tape.ts knows the first fourteen by their places. */
export const operations: readonly Operation[] = [
  ...new Set([add, subtract, multiply, divide, negate, gated, power, ...functions.values()]),
];
