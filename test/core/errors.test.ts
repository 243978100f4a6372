import { describe, expect, it } from "vitest";
import { inputError, isInputError, messageOf, nearest, unknownName } from "../../src/core/errors.ts";

describe("input errors", () => {
  it("say where, what and what to change", () => {
    expect(inputError("bounds.x", "lower 3 is not below upper 1", "swap them").message).toBe(
      "bounds.x: lower 3 is not below upper 1; swap them",
    );
    expect(inputError("seed", "1.5 is not a whole number").message).toBe("seed: 1.5 is not a whole number");
  });

  it("are told from defects", () => {
    expect(isInputError(inputError("a", "b"))).toBe(true);
    expect(isInputError(new Error("a: b"))).toBe(false);
    expect(isInputError({ code: "WICK_INPUT" })).toBe(false);
  });
});

describe("messageOf", () => {
  it.each([
    [new Error("one\n  two"), "one two"],
    [new RangeError(""), "RangeError"],
    ["text", "text"],
    [undefined, "undefined"],
    [["a", "list"], "a,list"],
  ])("is one line of whatever was thrown", (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});

describe("nearest", () => {
  const known = ["rastrigin", "rosenbrock", "sphere", "lennard-jones"];
  it.each([
    ["rastrigan", "rastrigin"],
    ["Sphere", "sphere"],
    ["lennard", "lennard-jones"],
    ["rosenbrok", "rosenbrock"],
    ["zzzzzz", undefined],
    ["ras", "rastrigin"],
    ["", undefined],
  ])("%s → %s", (given, name) => {
    expect(nearest(given, known)).toBe(name);
  });

  it("is offered, or else the list where it is short", () => {
    expect(unknownName("engine", "mqho", ["mqhoa", "packets"]).message).toBe(
      "engine: unknown name 'mqho'; did you mean 'mqhoa'?",
    );
    expect(unknownName("engine", "zzzzz", ["mqhoa", "packets"]).message).toBe(
      "engine: unknown name 'zzzzz'; known: mqhoa, packets",
    );
    const many = Array.from({ length: 13 }, (_, i) => `name${i}`);
    expect(unknownName("engine", "zzzzzzzz", many).message).toBe("engine: unknown name 'zzzzzzzz'");
  });
});
