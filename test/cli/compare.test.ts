import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("wick compare", () => {
  test("writes rows, a page and pictures, the same bytes for the same seed", async () => {
    const page = join(folder, "page.html");
    const figures = join(folder, "figures");
    const args = ["compare", "--formula", "x^2 + x^4", "--domain", "-4:4", "--D", "0.5", "--budget", "1e5", "--json"];
    const { code, out } = await wick([...args, "--quiet", "--report", page, "--figures", figures]);
    expect(code).toBe(0);
    const { rows, D, timing, ...rest } = JSON.parse(out);
    expect([D, rest.dim, typeof timing.seconds]).toEqual([0.5, 1, "number"]);
    for (const row of rows)
      expect(Object.keys(row)).toEqual(
        expect.arrayContaining(["level", "law", "energy", "error", "mean", "deviation", "cost", "why"]),
      );
    expect(readFileSync(page, "utf8")).toContain("Where each parts from the truth");
    expect(readdirSync(figures).sort()).toEqual(["ground-x1.svg", "thermal-x1.svg"]);
    const again = await wick([...args, "--quiet"]);
    expect({ ...JSON.parse(again.out), timing: null }).toEqual({ rows, D, ...rest, timing: null });
  });

  test.each([
    [["compare"], "objective"],
    [["compare", "double-well", "--D", "-1"], "D: -1 is not a finite number above 0"],
    [["compare", "double-well", "--budget", "10"], "budget: 10 is less than"],
    [["compare", "double-well", "--png"], "--png"],
    [["compare", "double-well", "--report", "/nowhere/page.html"], "--report"],
    [["compare", "--formula=-x^4", "--domain", "-5:5", "--edge", "open", "--budget", "5e4"], "no ground state"],
  ])("refuses %j in words", async (args, said) => {
    const { code, err } = await wick(args);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toContain("    at ");
  });
});
