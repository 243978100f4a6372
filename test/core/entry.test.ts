import { describe, expect, it } from "vitest";
import { entry, readValues } from "../../src/core/entry.ts";
import { isInputError } from "../../src/core/errors.ts";

const well = entry({
  name: "well",
  summary: "",
  reference: "",
  params: {
    k: { help: "", default: 1, min: 0, max: 10 },
    n: { help: "", default: 3, integer: true },
    shape: { help: "", default: "round", choices: ["round", "flat"] },
    open: { help: "", default: false },
  },
  make: ({ k, n, shape, open }) => `${k} ${n} ${shape} ${open}`,
});

describe("the values of an entry's parameters", () => {
  it("are its defaults where nothing is given", () => {
    expect(readValues(well, {})).toEqual({ k: 1, n: 3, shape: "round", open: false });
    expect(readValues(well, { k: undefined })).toEqual({ k: 1, n: 3, shape: "round", open: false });
    expect(well.make(readValues(well, {}))).toBe("1 3 round false");
  });

  it("may come as text, as flags do", () => {
    expect(readValues(well, { k: "2.5", n: " 7 ", shape: "flat", open: "true" })).toEqual({
      k: 2.5,
      n: 7,
      shape: "flat",
      open: true,
    });
  });

  it("may lie on the ends of their range", () => {
    expect(readValues(well, { k: 0 }).k).toBe(0);
    expect(readValues(well, { k: 10 }).k).toBe(10);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ q: 1 }, "parameter of well: unknown name 'q'"],
    [{ shap: "flat" }, "parameter of well: unknown name 'shap'; did you mean 'shape'?"],
    [{ constructor: 1 }, "parameter of well: unknown name 'constructor'"],
    [{ k: -1 }, "well.k: -1 is below 0"],
    [{ k: 11 }, "well.k: 11 is above 10"],
    [{ k: "many" }, "well.k: 'many' is not a finite number"],
    [{ k: "" }, "well.k: '' is not a finite number"],
    [{ k: Number.NaN }, "well.k: 'NaN' is not a finite number"],
    [{ k: "Infinity" }, "well.k: 'Infinity' is not a finite number"],
    [{ k: true }, "well.k: 'true' is not a finite number"],
    [{ n: 1.5 }, "well.n: 1.5 is not a whole number"],
    [{ shape: "square" }, "well.shape: 'square' is none of round, flat"],
    [{ open: "yes" }, "well.open: 'yes' is neither true nor false"],
    [{ open: 1 }, "well.open: '1' is neither true nor false"],
  ])("are refused: %o", (given, message) => {
    let thrown: unknown;
    try {
      readValues(well, given);
    } catch (error) {
      thrown = error;
    }
    expect(isInputError(thrown)).toBe(true);
    expect((thrown as Error).message).toContain(message);
  });
});
