/** What a formula means: its grammar, functions, names, gradient conventions, and the potential made of it. */
import { evaluate } from "mathjs";
import { describe, expect, test } from "vitest";
import { box, domain } from "../../src/core/problem.ts";
import { functions, operations } from "../../src/potentials/formula/functions.ts";
import { graph } from "../../src/potentials/formula/graph.ts";
import { compile, formula } from "../../src/potentials/formula/index.ts";
import { run, tape } from "../../src/potentials/formula/tape.ts";

const at = (text: string, ...x: number[]) => compile(text, { vars: ["x", "y"] }).value(Float64Array.from(x));

function slopeAt(text: string, ...x: number[]): number[] {
  const out = new Float64Array(x.length);
  compile(text, { vars: ["x", "y"].slice(0, x.length) }).gradient(Float64Array.from(x), out);
  return [...out];
}

describe("the grammar", () => {
  test.each([
    ["-x^2", -9],
    ["2^-1", 0.5],
    ["2^3^2", 512],
    ["2^-x*y", 0.5],
    ["-x*-y", 12],
    ["x - y - 1", -2],
    ["12/x/y", 1],
    ["2*-x^2", -18],
    ["+x - -y", 7],
    ["(x + 1)*(y - 2)", 8],
    [" .5*x\t+\n5.*y + 1e-2 ", 21.51],
    ["x^0 + x^1 + x^5 + x^-2", 1 + 3 + 243 + 1 / 9],
    ["x^40", 3 ** 40],
    ["0*x", 0],
    ["max(x, y, 7) + min(x, y) + hypot(x, y, 12)", 7 + 3 + 13],
    ["pi + π - 2*pi + e - exp(1)", 0],
  ])("%s", (text, expected) => expect(at(text, 3, 4)).toBeCloseTo(expected, 12));

  test("a value that leaves the real numbers is not a number, as IEEE arithmetic has it", () => {
    expect(at("sqrt(x)", -1, 0)).toBeNaN();
    expect(at("log(x)", 0, 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(at("0*x", Number.POSITIVE_INFINITY, 0)).toBeNaN();
    expect(at("1/(-0*abs(x))", 1, 0)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("the functions", () => {
  const points = [-2.5, -1.3, -0.5, -0.2, 0, 0.3, 0.5, 0.9, 1, 1.7, 2.5, 30];

  test.each([...functions.keys()])("%s means what it means in mathjs", (name) => {
    const two = functions.get(name)?.arity === 2;
    let compared = 0;
    for (const x of points)
      for (const y of two ? points : [0]) {
        const call = two ? `${name}(x, y)` : `${name}(x)`;
        const reference: unknown = evaluate(call.replace("ln(", "log("), { x, y });
        // complex where the real function is undefined
        if (typeof reference !== "number") expect(at(call, x, y), `${call} at ${x}, ${y}`).toBeNaN();
        else if (!Number.isFinite(reference)) expect(at(call, x, y)).toBe(reference);
        else {
          expect(Math.abs(at(call, x, y) - reference)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(reference)));
          compared++;
        }
      }
    expect(compared).toBeGreaterThanOrEqual(two ? 100 : 3);
  });

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    "the tape computes %s as its row says",
    (_, operation) => {
      const g = graph();
      const program = tape(g, [g.apply(operation, g.variable("x"), g.variable("y"))], ["x", "y"]);
      for (const x of [-1.7, 0, 0.4, 2.5, Number.POSITIVE_INFINITY])
        for (const y of [-0.6, 0, 1.9]) {
          program.registers.set([x, y]);
          run(program);
          expect(program.registers[program.roots[0]]).toBe(operation.value(x, operation.arity === 1 ? x : y));
        }
    },
  );
});

describe("the gradient", () => {
  test("is exact on a polynomial", () => {
    expect(slopeAt("x^4 - 3*x^2 + y^2 + x*y", 2, 5)).toEqual([4 * 8 - 12 + 5, 12]);
  });

  test("of x^y takes either branch where only that one exists", () => {
    expect(slopeAt("x^3", -2)).toEqual([12]);
    expect(slopeAt("x^y", 0, 2)).toEqual([0, 0]);
    expect(slopeAt("x^y", -2, 3)[0]).toBe(12);
    expect(slopeAt("x^y", -2, 3)[1]).toBeNaN();
    expect(slopeAt("2^x", 3)[0]).toBeCloseTo(8 * Math.LN2, 14);
  });

  test("at a kink is the subgradient that functions.ts promises", () => {
    expect(slopeAt("abs(x)", 0)).toEqual([0]);
    expect(slopeAt("floor(x) + ceil(x) + round(x) + sign(x)", 1.5)).toEqual([0]);
    expect(slopeAt("min(x, y)", 1, 1)).toEqual([0.5, 0.5]);
    expect(slopeAt("max(x, y)", 1, 1)).toEqual([0.5, 0.5]);
    expect(slopeAt("max(0, x)", -1)).toEqual([0]);
    expect(slopeAt("hypot(x, y)", 0, 0)).toEqual([0, 0]);
    expect(slopeAt("sqrt(x^2 + y^2)", 0, 0)).toEqual([0, 0]);
    expect(slopeAt("max(2, sqrt(x))", 0)).toEqual([0]);
  });

  test("keeps its digits where tanh is flat", () => {
    expect(slopeAt("tanh(x)", 18)[0]).toBeCloseTo(4 * Math.exp(-36), 28);
    expect(slopeAt("asin(x)", 1 - 2 ** -40)[0] * Math.sqrt(2 ** -39 - 2 ** -80)).toBeCloseTo(1, 12);
  });

  test("of one value costs a few of them, whatever the number of variables", () => {
    const names = Array.from({ length: 200 }, (_, i) => `x${i + 1}`);
    const text = names.map((name, i) => `${name}^2*sin(${names[(i + 1) % 200]})`).join(" + ");
    const { gradient } = compile(text);
    const x = Float64Array.from(names, (_, i) => Math.cos(i));
    const out = new Float64Array(200);
    gradient(x, out);
    for (let i = 0; i < 200; i++) {
      const before = x[(i + 199) % 200];
      const expected = 2 * x[i] * Math.sin(x[(i + 1) % 200]) + before ** 2 * Math.cos(x[i]);
      expect(out[i]).toBeCloseTo(expected, 13);
    }
  });
});

describe("the names", () => {
  test("are the free names in alphabetical order, numbers as numbers", () => {
    const text = Array.from({ length: 11 }, (_, i) => `x${11 - i}`).join(" + ");
    expect(compile(`${text} + b + a10 + a9 + pi + _k + λ`).names).toEqual([
      "_k",
      "a9",
      "a10",
      "b",
      ...Array.from({ length: 11 }, (_, i) => `x${i + 1}`),
      "λ",
    ]);
  });

  test("may be given in another order, and may name more than the formula uses", () => {
    const { names, value, gradient } = compile("x - 2*y", { vars: ["y", "z", "x"] });
    const out = new Float64Array(3);
    expect(names).toEqual(["y", "z", "x"]);
    expect(value(Float64Array.of(1, 100, 5))).toBe(3);
    expect(gradient(Float64Array.of(1, 100, 5), out)).toBe(3);
    expect([...out]).toEqual([-2, 0, 1]);
  });

  test("may stand for numbers", () => {
    const { names, value } = compile("lam*(x^2 - v^2)^2", { params: { lam: 0.5, v: 2 } });
    expect(names).toEqual(["x"]);
    expect(value(Float64Array.of(3))).toBe(12.5);
  });

  test("given make a constant formula a flat potential", () => {
    expect(compile("3", { vars: ["x"] }).value(Float64Array.of(7))).toBe(3);
    expect(slopeAt("3", 7)).toEqual([0]);
  });
});

test("a sum of thousands of terms needs no deep recursion", () => {
  const text = Array(4900).fill("x").join("+");
  expect(at(text, 0.5, 0)).toBe(2450);
  expect(slopeAt(text, 0.5)).toEqual([4900]);
});

describe("the potential", () => {
  const at = { n: 2, dim: 2, x: Float64Array.of(1, 2, -1, 0.5) };

  test("answers values and gradients at many points", () => {
    const { answer, can, names, domain } = formula(" x^2 + 3*x*y ");
    expect(can).toEqual(["value", "gradient"]);
    expect(names).toEqual(["x", "y"]);
    expect([...domain.lower, ...domain.upper, domain.edge]).toEqual([-5, -5, 5, 5, "open"]);
    expect(answer({ kind: "value", at })).toEqual({ n: 2, value: Float64Array.of(7, -0.5) });
    expect(answer({ kind: "gradient", at })).toEqual({
      n: 2,
      value: Float64Array.of(7, -0.5),
      gradient: Float64Array.of(8, 3, -0.5, -3),
    });
  });

  test("lies on the domain it is given", () => {
    const given = domain([-1, 0], [1, 2], "wall");
    expect(formula("x + y", { domain: given }).domain).toBe(given);
    expect(() => formula("x + y", { domain: box(3, 0, 1) })).toThrow(
      "domain: has 3 axes where the formula has 2 variables (x, y); give one axis for each variable",
    );
  });
});
