import { describe, expect, it } from "vitest";
import { builtinPotential, engineOf, readConfig } from "../../src/config.ts";
import { answerAll } from "../../src/core/ask.ts";
import type { Answer } from "../../src/core/problem.ts";
import { couplingsOf, isingEnergy, isingOfQubo } from "../../src/math/ising.ts";
import { readSpins, spins } from "../../src/potentials/ising/index.ts";
import { allOf, glass } from "./glasses.ts";

/** xᵀQx of the bits x. */
const quadratic = (Q: readonly (readonly number[])[], x: ArrayLike<number>): number =>
  Q.reduce((sum, row, i) => sum + row.reduce((s, q, j) => s + q * x[i] * x[j], 0), 0);

const energies = (text: string | number[][], n: number): number[] => {
  const problem = readSpins("p", "qubo", text);
  expect(problem.n).toBe(n);
  return allOf(n).map((s) => isingEnergy(problem, s));
};

describe("a text is read", () => {
  const Q = [
    [-1, 2, 0],
    [0, -1, 2],
    [0, 0, -1],
  ];
  const wanted = allOf(3).map((s) =>
    quadratic(
      Q,
      s.map((v) => (1 + v) / 2),
    ),
  );

  it.each([
    ["as qbsolv has it", "c a remark\np qubo 0 3 3 2\n0 0 -1\n1 1 -1\n2 2 -1\n0 1 2\n1 2 2\n"],
    ["as a list counted from 0", "0 0 -1\n1 1 -1\n2 2 -1\n0 1 2\n1 2 2"],
    [
      "as a list counted from 1, with remarks and blank lines",
      "# x\n\n1 1 -1\r\n2 2 -1\r\n3 3 -1\r\n1 2 2\r\n3 2 2\r\n",
    ],
    ["with entries that stand twice", "3 6\n1 1 -0.5\n1 1 -0.5\n2 2 -1\n3 3 -1\n1 2 2\n2 3 2"],
    ["as a symmetric list", "1 1 -1\n2 2 -1\n3 3 -1\n1 2 1\n2 1 1\n2 3 1\n3 2 1"],
    ["as an upper triangle with commas", "-1, 2, 0\n0, -1, 2\n0, 0, -1\n"],
    ["as a symmetric matrix in JSON", "[[-1, 1, 0],\n [1, -1, 1],\n [0, 1, -1]]"],
  ])("%s", (_, text) => expect(energies(text, 3)).toEqual(wanted));

  it("or a matrix", () => expect(energies(Q, 3)).toEqual(wanted));

  it("as an Ising problem of the G-set's form, fields where i = j", () => {
    const problem = readSpins("p", "ising", "3 3\n1 2 1\n2 3 -1\n1 1 0.5\n");
    expect(couplingsOf(problem)).toEqual([
      [0, 1, 1],
      [1, 2, -1],
    ]);
    expect([...problem.fields]).toEqual([0.5, 0, 0]);
  });
});

describe("a text is refused", () => {
  it.each([
    ["empty", "qubo", "# nothing\n\n", "p: holds no coefficients"],
    ["a bad line", "ising", "# head\n1 2 1\n2 3\n", "p line 3: has 2 numbers where 'i j value' is expected"],
    ["a word", "ising", "1 2 one\n", "p line 1: 'one' is not a finite number"],
    ["an infinite coefficient", "qubo", "1 2 1\n1 3 inf\n", "p line 2: 'inf' is not a finite number"],
    ["NaN", "qubo", "1 2 NaN\n", "p line 1: 'NaN' is not a finite number"],
    ["a fractional index", "ising", "1.5 2 1\n", "p line 1: '1.5' is not a whole number from 0 on"],
    ["a negative index", "ising", "-1 2 1\n", "p line 1: '-1' is not"],
    ["a spin beyond the header's", "ising", "3 2\n1 2 1\n2 4 1\n", "p line 3: has the index 4"],
    ["a spin beyond the header's, from 0", "ising", "3 2\n0 2 1\n2 3 1\n", "p line 3: has the index 3"],
    ["a spin beyond qbsolv's", "qubo", "p qubo 0 3 0 1\n0 3 1\n", "p line 2: has the index 3"],
    ["a huge index", "ising", "1 4000000000 1\n", "p line 1: has the index 4000000000"],
    ["a file cut short", "ising", "3 3\n1 2 1\n2 3 1\n", "p line 1: promises 3 lines where 2 follow"],
    ["no spins", "ising", "0 0\n", "p line 1: 0 spins are promised"],
    ["another header", "qubo", "p cnf 3 2\n", "p line 1: 'p cnf 3 2' is no header"],
    ["a QUBO as an Ising problem", "ising", "p qubo 0 1 1 0\n0 0 1\n", "is the header of a QUBO"],
    ["a matrix as an Ising problem", "ising", "[[1]]", "is a matrix, which is read as a QUBO only"],
    [
      "a matrix that is not square",
      "qubo",
      "[[1,2],[3]]",
      "p: is not square: row 2 has 1 entries where there are 2 rows",
    ],
    ["one with too many columns", "qubo", "1,2,3\n4,5,6\n", "p: is not square: row 1 has 3"],
    ["an asymmetric one", "qubo", "[[1,2],[3,4]]", "p: is asymmetric: Q(1, 2) is 2 where Q(2, 1) is 3"],
    ["a lower triangle", "qubo", "1,0\n2,1\n", "p: is asymmetric: Q(1, 2) is 0 where Q(2, 1) is 2"],
    ["an asymmetric list", "qubo", "0 1 2\n1 0 3\n", "p: is asymmetric: Q(0, 1) is 2 where Q(1, 0) is 3"],
    ["a text in a matrix", "qubo", '[[1,"a"],[0,1]]', 'p: Q(1, 2) is "a", no finite number'],
    ["broken JSON", "qubo", "[[1,2],", "p: is not JSON"],
    ["a record", "qubo", '{"Q":[[1]]}', "p: is JSON, but no matrix"],
    ["an empty matrix", "qubo", "[]", "p: is a matrix without rows"],
  ] as const)("%s", (_, form, text, message) => expect(() => readSpins("p", form, text)).toThrow(message));
});

describe("the potential", () => {
  const problem = glass({ n: 4, seed: 1, law: "normal", fields: true });

  it("is asked at spins, or at bits", () => {
    const at = (bits: boolean, x: number[]): number => {
      const answer = spins(problem, { bits }).answer({ kind: "value", at: { n: 1, dim: 4, x: Float64Array.from(x) } });
      return (answer as Answer).value?.[0] ?? Number.NaN;
    };
    expect(at(false, [1, -1, -1, 1])).toBe(isingEnergy(problem, Float64Array.of(1, -1, -1, 1)));
    expect(at(true, [1, 0, 0, 1])).toBe(at(false, [1, -1, -1, 1]));
    expect(() => at(false, [1, 0, -1, 1])).toThrow("point 1: spin 2 is 0; it is -1 or 1");
    expect(() => at(true, [1, 0, 2, 1])).toThrow("point 1: spin 3 is 2; it is 0 or 1");
  });

  it("is refused where its energies are beyond numbers", () => {
    const huge = readSpins("p", "ising", "1 2 1e308\n2 3 1e308\n");
    expect(() => spins(huge, { name: "p" })).toThrow("p: adds up to more than the largest number");
  });

  const config = (more: Record<string, unknown>) => readConfig({ objective: { qubo: [[1]] }, ...more });

  it("is minimized by path integrals where no engine is named", () => expect(config({}).engine).toBe("pimc"));

  it.each([
    [{ domain: [0, 1] }, "domain: is given where the axes are spins"],
    [{ constraints: ["x1 <= 0"] }, "constraints: is given where the axes are spins"],
    [{ known: [{ x: [0], value: 0 }] }, "known: is given where the axes are spins"],
    [{ dim: 2 }, "dim: is 2 where qubo has 1"],
  ])("refuses %j", (more, message) => expect(() => builtinPotential(config(more))).toThrow(message));

  it("refuses engines of real variables by name, and they it", () => {
    const of = (engine: string) => engineOf(config({ engine }), builtinPotential(config({ engine })));
    expect(() => of("packets")).toThrow(
      "engine 'packets': moves real variables, not spins; choose one of walkers, pimc",
    );
    const real = readConfig({ objective: { entry: "rastrigin" }, engine: "exhaustive" });
    expect(() => engineOf(real, builtinPotential(real))).toThrow("engine 'exhaustive'");
  });

  it("counts to 2^32 and no further", () => {
    const many = spins(isingOfQubo(33, []));
    expect(() => engineOf(config({ engine: "exhaustive" }), many)).toThrow("33 spins have 2^33 configurations");
  });

  it("may have no couplings at all", () => {
    const { engine } = engineOf(config({}), spins(isingOfQubo(3, [])));
    const free = spins(isingOfQubo(3, []));
    const state = answerAll(engine.init(free.domain, { hi: 0, lo: 0 }), (query) => free.answer(query) as Answer);
    expect(engine.view(state).kind).toBe("cloud");
  });
});
