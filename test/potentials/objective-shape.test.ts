import { describe, expect, it } from "vitest";
import { isInputError } from "../../src/core/errors.ts";
import { box } from "../../src/core/problem.ts";
import { type Objective, objective, readObjective } from "../../src/potentials/objective/index.ts";

const square = (x: number[]) => x.reduce((sum, c) => sum + c * c, 0);
const on = box(2, -5, 5);

describe("shape", () => {
  const refusal = (spec: unknown, options: Parameters<typeof objective>[1] = {}): string => {
    try {
      objective(spec as Objective, { name: "./f.mjs", ...options });
    } catch (error) {
      expect(isInputError(error)).toBe(true);
      return (error as Error).message;
    }
    throw new Error("not refused");
  };

  it.each([
    [undefined, "./f.mjs: exports nothing; export a function by default"],
    [null, "./f.mjs: exports nothing"],
    [{}, "./f.mjs: exports an object; export a function by default, or an object with `value`"],
    ["x^2", "./f.mjs: exports a string 'x^2'"],
    [{ value: 3 }, "./f.mjs: value: is 3; make it a function"],
    [{ value: square, gradient: [1] }, "./f.mjs: gradient: is a list of 1; make it a function"],
    [{ value: square, batch: "yes" }, "./f.mjs: batch: is a string 'yes'"],
    [square, "./f.mjs: has no domain; give --domain, or export one"],
    [{ value: square, domain: 5 }, "./f.mjs: domain: is 5; give [[lower, upper], …]"],
    [{ value: square, domain: [[0, 1], [2]] }, "./f.mjs: domain[1]: is a list of 1; give [[lower, upper], …]"],
    [
      {
        value: square,
        domain: [
          [0, 1],
          ["2", 3],
        ],
      },
      "./f.mjs: domain[1]: is a list of 2",
    ],
    [{ value: square, domain: [[0, 1], 7] }, "./f.mjs: domain[1]: is 7"],
    [{ value: square, domain: { lower: [0] } }, "./f.mjs: domain: is an object; give"],
    [
      { value: square, domain: { lower: [0], upper: [1], edge: "soft" } },
      "domain.edge: is a string 'soft'; make it open",
    ],
    [{ value: square, domain: { lower: [0], upper: [1, 2] } }, "has 1 lower and 2 upper bounds"],
    [{ value: square, domain: [] }, "has dimension 0"],
    [{ value: square, domain: [[3, 1]] }, "lower 3 is not below upper 1; swap them"],
    [{ value: square, domain: [[Number.NaN, 1]] }, "are not finite numbers"],
    [
      {
        value: square,
        domain: [
          [0, 1],
          [4, 2],
        ],
        names: ["u", "v"],
      },
      "domain.v: lower 4 is not below upper 2",
    ],
    [{ value: square, domain: [[0, 1]], names: ["u", "v"] }, "./f.mjs: names: has 2 for 1 axes"],
    [
      {
        value: square,
        domain: [
          [0, 1],
          [0, 1],
        ],
        names: ["u", "u"],
      },
      "./f.mjs: names: has 'u' twice",
    ],
    [{ value: square, domain: [[0, 1]], names: "u" }, "./f.mjs: names: is a string 'u'; give a list of names"],
    [{ value: square, domain: [[0, 1]], names: [3] }, "./f.mjs: names: is a list of 1; give a list of names"],
  ])("%j is refused: %s", (spec, message) => {
    expect(refusal(spec)).toContain(message);
  });

  it("names must fit a domain given from outside", () => {
    expect(refusal({ value: square, names: ["u"] }, { domain: on })).toContain("names: has 1 for 2 axes");
  });

  it("the domain given from outside goes first", () => {
    const spec = {
      value: square,
      domain: [
        [0, 1],
        [2, 3],
      ],
      names: ["u", "v"],
    } as const;
    expect(objective(spec).domain.lower).toEqual(Float64Array.of(0, 2));
    expect(objective(spec, { domain: on }).domain).toBe(on);
    expect(objective(spec).names).toEqual(["u", "v"]);
    expect(objective(square, { domain: on, name: "mine" }).name).toBe("mine");
  });

  it("both ways to write a domain are read", () => {
    const pairs = readObjective("f", {
      value: square,
      domain: [
        [0, 1],
        [2, 3],
      ],
    }).domain;
    const bounds = readObjective("f", {
      value: square,
      domain: { lower: new Float32Array([0, 2]), upper: [1, 3] },
    }).domain;
    expect(pairs).toEqual(bounds);
    expect(pairs?.edge).toBe("open");
    const wall = readObjective("f", { value: square, domain: { lower: [0], upper: [1], edge: "wall" } }).domain;
    expect(wall?.edge).toBe("wall");
  });
});
