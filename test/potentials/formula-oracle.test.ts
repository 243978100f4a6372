/** Values and gradients of generated formulas beside mathjs, an independent parser, evaluator and differentiator. */
import { derivative, evaluate, parse } from "mathjs";
import { describe, expect, test } from "vitest";
import { fold, integer, type Key, key, uniform } from "../../src/math/rng.ts";
import { compile } from "../../src/potentials/formula/index.ts";

const names = ["x", "y", "z"];
const TOLERANCE = 1e-12;

/**
 * A formula in our language, and the same function in words that mathjs can differentiate (it cannot differentiate
 * hypot, min, log2 and some more). Every argument is brought into [−1, 1] before it is squared, divided by or
 * exponentiated, so that all are smooth, real and well conditioned and the tolerance speaks of rounding alone.
 */
type Twin = { readonly ours: string; readonly theirs: string };
const both = (text: string): Twin => ({ ours: text, theirs: text });

/** `shape` with its U and V replaced by two expressions, V by one in [−1, 1]. */
type Shape = string | readonly [ours: string, theirs: string];
const shapes: readonly Shape[] = [
  "(U + V)",
  "(V - U)",
  "(U*V)",
  "(-U)",
  "(U/(2 + V))",
  "(V/(1.5 - V) - U)",
  "V^2",
  "V^3",
  "(1.5*V)^5",
  "(2 + V)^-1",
  "(2 + V)^-3",
  "(1.5 + V)^V",
  "2^V",
  "-V^2",
  "(1.5 + V)^0.5",
  ["pow(1.25 + V, 1.5)", "(1.25 + V)^1.5"],
  "exp(V)",
  "sqrt(1.5 + V)",
  "cbrt(1.5 + V)",
  "log(1.5 + V)",
  ["ln(1.5 + V)", "log(1.5 + V)"],
  "log10(1.5 + V)",
  ["log2(1.5 + V)", "(log(1.5 + V)/log(2))"],
  ["log1p(0.5 + V)", "log(1.5 + V)"],
  ["expm1(V)", "(exp(V) - 1)"],
  "sin(2*V)",
  "cos(3*V)",
  "tan(V)",
  "asin(0.8*V)",
  "acos(0.8*V)",
  "atan(V)",
  "sinh(V)",
  "cosh(V)",
  "tanh(V)",
  "asinh(V)",
  "acosh(2.5 + V)",
  "atanh(0.8*V)",
  "abs(1.25 + V)",
  "abs(V - 1.25)",
  ["hypot(U, 2 + V)", "sqrt((U)^2 + (2 + V)^2)"],
  ["hypot(1.5 + V, V, 0.5)", "sqrt((1.5 + V)^2 + V^2 + 0.25)"],
  ["atan2(V, 1.5 + V)", "atan(V/(1.5 + V))"],
  ["atan2(1.25 + V, U)", "(pi/2 - atan(U/(1.25 + V)))"],
  ["atan2(V - 1.25, U)", "(-pi/2 - atan(U/(V - 1.25)))"],
  ["min(V, 1.25, V + 2)", "V"],
  ["max(U, V, -20)", "((U + V + abs(U - V))/2)"],
  ["(sign(V + 2) + floor(0.25*V + 0.5) + round(V/5))", "(1 + 0*V)"],
  ["ceil(0.25*V - 0.5)", "(0*V)"],
];

/** Draws one number after another from a key. */
function draws(from: Key) {
  let element = 0;
  return (n: number) => integer(from, element++, n);
}

function generate(draw: (n: number) => number, depth: number): Twin {
  if (depth === 0 || draw(12) === 0) return both([...names, ...names, "0.75", "pi", "2e-1"][draw(9)]);
  return fill(shapes[draw(shapes.length)], draw, depth);
}

function fill(shape: Shape, draw: (n: number) => number, depth: number): Twin {
  const [ours, theirs] = typeof shape === "string" ? [shape, shape] : shape;
  const u = generate(draw, depth - 1);
  const v = generate(draw, depth - 1);
  const w = generate(draw, depth - 1);
  const squash = ["sin", "cos", "tanh"][draw(3)];
  const replace = (text: string, U: string, V: string) => text.replace(/[UV]/g, (letter) => (letter === "U" ? U : V));
  return {
    ours: replace(ours, u.ours, `${squash}(${v.ours} - ${w.ours})`),
    theirs: replace(theirs, u.theirs, `${squash}(${v.theirs} - ${w.theirs})`),
  };
}

const error = (value: number, reference: number) => Math.abs(value - reference) / Math.max(1, Math.abs(reference));

test("every shape, and a thousand formulas made of them, agree with mathjs", () => {
  const worst = { value: 0, gradient: 0, where: "" };
  let sloping = 0;
  for (let k = 0; k < 1000; k++) {
    const from = fold(key(20), k);
    const { ours, theirs } = fill(shapes[k % shapes.length], draws(fold(from, 0)), 1 + (k % 4));
    const point = names.map((_, i) => 4 * uniform(fold(from, 1), i) - 2);
    const scope = { x: point[0], y: point[1], z: point[2] };
    const { value, gradient } = compile(ours, { vars: names });
    const slope = new Float64Array(3);
    const returned = gradient(Float64Array.from(point), slope);
    expect(returned, ours).toBe(value(Float64Array.from(point)));
    worst.value = Math.max(worst.value, error(returned, evaluate(ours.replaceAll("ln(", "log("), { ...scope })));
    const tree = parse(theirs);
    names.forEach((name, i) => {
      if (slope[i] !== 0) sloping++;
      const off = error(slope[i], derivative(tree, name, { simplify: false }).evaluate({ ...scope }));
      if (!(off <= worst.gradient)) Object.assign(worst, { gradient: off, where: `∂/∂${name} of ${ours} at ${point}` });
    });
  }
  expect(sloping).toBeGreaterThan(1500);
  expect(worst.value).toBeLessThan(TOLERANCE);
  expect(worst.gradient, worst.where).toBeLessThan(TOLERANCE);
});

describe("operators without parentheses bind as in mathjs", () => {
  /** Operands joined by operators and signs at random, as no careful person would write them. */
  function tangle(draw: (n: number) => number): string {
    const operand = () => ["x", "y", "2", "0.5", "3", "(x - y)", "sin(x)", "1.5"][draw(8)];
    const sign = () => ["", "", "", "-", "- -", "+"][draw(6)];
    let text = sign() + operand();
    for (let left = 1 + draw(6); left > 0; left--)
      text += ["+", "-", " * ", "/", "^", " ^ "][draw(6)] + sign() + operand();
    return text;
  }

  test("in two thousand tangles of them", () => {
    let compared = 0;
    const point = Float64Array.of(1.25, 0.75);
    for (let k = 0; k < 2000; k++) {
      const text = tangle(draws(fold(key(21), k)));
      const reference: unknown = evaluate(text, { x: 1.25, y: 0.75 });
      if (typeof reference !== "number" || !(Math.abs(reference) < 1e3)) continue;
      expect(error(compile(text, { vars: ["x", "y"] }).value(point), reference), text).toBeLessThan(TOLERANCE);
      compared++;
    }
    expect(compared).toBeGreaterThan(1500);
  });
});
