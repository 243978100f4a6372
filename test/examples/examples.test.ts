/** The examples at a reduced budget: each ends in its line, no better than what is known and not far above it. */
import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { root } from "../cli/wick.ts";

type Ending = { readonly name: string; readonly found: number; readonly known: number; readonly evaluations: number };

/** Runs an example and reads its last line. */
function ending(budget: number, file: string, ...args: string[]): Promise<Ending> {
  const child = spawn(process.execPath, [`examples/${file}.mjs`, ...args], {
    cwd: root,
    env: { ...process.env, BUDGET: String(budget) },
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  return new Promise((resolve) =>
    child.on("close", () => {
      const line = out.trimEnd().split("\n").at(-1) ?? "";
      const [, name, found, known, evaluations] =
        /^(.*): found (\S+), known (\S+), gap \S+, evaluations (\d+), seconds \S+$/.exec(line) ?? [];
      resolve({ name, found: Number(found), known: Number(known), evaluations: Number(evaluations) });
    }),
  );
}

// budget, and how far above the known value may be what it finds: the next level, the trivial solution, the noise
const problems: readonly (readonly [words: readonly string[], budget: number, within: number])[] = [
  [["lennard-jones", "7"], 2000, 2e-5],
  [["lennard-jones", "13"], 10_000, 2e-5],
  [["lennard-jones", "19"], 5000, 4],
  [["lennard-jones", "26"], 5000, 6],
  [["lennard-jones", "38"], 4000, 9],
  [["curve-fit"], 2000, 1],
  [["digits"], 12, 0.03],
  [["design", "pressure-vessel"], 30_000, 1],
  [["design", "welded-beam"], 2000, 1e-3],
  [["queue"], 1000, 0.1],
  [["transfer"], 500, 1e-3],
];

describe("examples", () => {
  test.each(problems)("%s", async ([file, ...args], budget, within) => {
    const { name, found, known, evaluations } = await ending(budget, file, ...args);
    expect(name.split(" ")).toEqual(args.length === 0 || file === "lennard-jones" ? [file, ...args] : args);
    expect(evaluations).toBeLessThanOrEqual(budget);
    expect(found - known).toBeLessThanOrEqual(within);
    // known values are rounded to their last digit
    expect(known - found).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(known)));
  });
});
