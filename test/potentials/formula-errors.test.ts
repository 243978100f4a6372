/** What is refused, and that the error says where and what to write instead. */
import { describe, expect, test } from "vitest";
import { isInputError } from "../../src/core/errors.ts";
import { compile, type FormulaOptions } from "../../src/potentials/formula/index.ts";

function refusal(text: string, options?: FormulaOptions): string {
  try {
    compile(text, options);
  } catch (error) {
    expect(isInputError(error), String(error)).toBe(true);
    return (error as Error).message;
  }
  throw new Error(`'${text}' was accepted`);
}

describe("mistakes in the text", () => {
  test.each([
    ["", "formula: is empty; write an expression such as x^2 + y^2"],
    [" \n", "formula: is empty; write an expression such as x^2 + y^2"],
    ["x +", "formula column 4: the formula ends after '+'; a number, a name or a '(' must stand there"],
    ["x + * y", "formula column 5: '*' stands after '+'; a number, a name or a '(' must stand there"],
    ["*x", "formula column 1: '*' stands at the start; a number, a name or a '(' must stand there"],
    ["x*()", "formula column 4: ')' stands after '('; a number, a name or a '(' must stand there"],
    ["2*(x + (y)", "formula column 3: this '(' is never closed; add a ')'"],
    ["sin(x", "formula column 4: this '(' is never closed; add a ')'"],
    ["x + y)", "formula column 6: this ')' closes nothing; remove it or add a '('"],
    ["2x", "formula column 2: '2' and 'x' stand side by side; write 2*x for a product"],
    ["2 exp(x)", "formula column 3: '2' and 'exp' stand side by side; write 2*exp for a product"],
    ["(x + 1)(y)", "formula column 8: ')' and '(' stand side by side; write )*( for a product"],
    ["x y", "formula column 3: 'x' and 'y' stand side by side; write x*y for a product"],
    ["x(1 + y)", "formula column 1: unknown function 'x'; write x*(…) for a product"],
    ["1 + sine(x)", "formula column 5: unknown function 'sine'; did you mean 'sin'?"],
    ["sqr(x)", "formula column 1: unknown function 'sqr'; did you mean 'sqrt'?"],
    ["sin + x", "formula column 1: 'sin' is a function; choose another name or write sin(…)"],
    ["sin(x, y)", "formula column 1: sin takes 1 argument, not 2"],
    ["x*atan2(x)", "formula column 3: atan2 takes 2 arguments, not 1"],
    ["atan2(x, y, x)", "formula column 1: atan2 takes 2 arguments, not 3"],
    ["min(x)", "formula column 1: min takes 2 or more arguments, not 1"],
    ["exp()", "formula column 1: exp takes 1 argument, not 0"],
    ["x**2", "formula column 2: unexpected '**'; write ^ for a power"],
    ["x − 1", "formula column 3: unexpected '−'; write the minus as -"],
    ["x²", "formula column 2: unexpected '²'; write ^2"],
    ["y = x", "formula column 3: unexpected '='; a formula has no '='; give the expression alone"],
    [
      "x + 1,5",
      "formula column 6: unexpected ','; commas only separate the arguments of a function; write decimals as 0.5",
    ],
    [
      "(1,5)*x",
      "formula column 3: unexpected ','; commas only separate the arguments of a function; write decimals as 0.5",
    ],
    ["x % 2", "formula column 3: unexpected '%'"],
    ["x + 1e999", "formula column 5: 1e999 is too large for a number; keep below 1.8e308"],
    ["2 + 3", "formula: has no variable; use a name such as x in it"],
  ])("%j", (text, message) => expect(refusal(text)).toBe(message));
});

describe("attempts to reach JavaScript", () => {
  test.each([
    "constructor",
    "x + __proto__",
    "x.constructor",
    "x.constructor.constructor(1)",
    "x[0]",
    "x['constructor']",
    "this",
    "globalThis",
    "process.exit()",
    "`x`",
    '"x"',
    "'x'",
    "toString()",
    "constructor(x)",
    "hasOwnProperty(x)",
    "x.toString()",
    "toString",
    "import(x)",
    "new x",
    "x; y",
    "x => y",
    "x = 1",
    "[x]",
    "{x}",
    "x ? 1 : 2",
    "x && y",
    "!x",
    "\\u0078",
    "x // y",
    "eval(x)",
    "Function",
  ])("%s", (text) =>
    expect(refusal(text)).toMatch(/^formula column \d+: (unexpected|unknown function|'.*' is a word|'.*' stands)/),
  );

  test("through names that are given", () => {
    expect(refusal("x", { vars: ["__proto__"] })).toBe(
      "variable '__proto__': is a word of JavaScript; choose another name",
    );
    expect(refusal("x", { params: JSON.parse('{"__proto__": 1}') })).toMatch(/^parameter '__proto__': /);
  });
});

describe("names", () => {
  test("of parameters must be used, once, for finite numbers", () => {
    expect(refusal("lam*x", { params: { lamb: 2 } })).toBe(
      "parameter 'lamb': is not used in the formula; did you mean 'lam'?",
    );
    expect(refusal("x + y", { params: { temperature: 2 } })).toBe(
      "parameter 'temperature': is not used in the formula; its free names are x, y",
    );
    expect(refusal("a*x", { params: { a: Number.NaN } })).toBe("parameter 'a': 'NaN' is not a finite number");
    expect(refusal("a*x", { vars: ["a", "x"], params: { a: 1 } })).toBe(
      "parameter 'a': is given twice; give each variable and parameter once",
    );
    expect(refusal("a", { params: { a: 1 } })).toBe("formula: has no variable; use a name such as x in it");
  });

  test("may not take another meaning", () => {
    expect(refusal("e*x", { params: { e: 1 } })).toBe(
      "parameter 'e': is the constant 2.718281828459045; choose another name",
    );
    expect(refusal("x", { vars: ["x", "sin"] })).toBe("variable 'sin': is a function; choose another name");
    expect(refusal("x", { vars: ["x", "2y"] })).toBe(
      "variable '2y': is no name; use letters, digits and _, beginning with a letter",
    );
    expect(refusal("x", { vars: ["x", "x"] })).toBe(
      "variable 'x': is given twice; give each variable and parameter once",
    );
  });

  test("must be among the variables given", () => {
    expect(refusal("x + speed", { vars: ["x", "speeds"] })).toBe(
      "formula column 5: unknown name 'speed'; did you mean 'speeds'?",
    );
  });
});

describe("sizes", () => {
  test("length", () => {
    expect(refusal("x".padEnd(10_001, "+x"))).toBe(
      "formula: has 10001 characters, more than 10000; give it as a module instead",
    );
  });

  test.each([
    ["parentheses", `${"(".repeat(4999)}x${")".repeat(4999)}`],
    ["open parentheses", "(".repeat(10_000)],
    ["signs", `${"-".repeat(9999)}x`],
    ["powers", `${"x^".repeat(4999)}x`],
    ["calls", `${"sin(".repeat(1999)}x${")".repeat(1999)}`],
  ])("depth of %s", (_, text) =>
    expect(refusal(text)).toMatch(
      /^formula column \d+: nests deeper than 256 levels; write it with fewer parentheses$/,
    ),
  );

  test("two hundred levels are fine", () => {
    const { value } = compile(`${"(".repeat(200)}x${")".repeat(200)}`);
    expect(value(Float64Array.of(3))).toBe(3);
  });
});
