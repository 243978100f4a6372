/** Ising and QUBO problems on the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { minimize } from "../../src/index.ts";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-spins-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
const write = (name: string, text: string): string => {
  writeFileSync(path(name), text);
  return path(name);
};

// the larger of the two independent sets of a path of three: bits 1 0 1
const QUBO = "c a path\np qubo 0 3 3 2\n0 0 -1\n1 1 -1\n2 2 -1\n0 1 2\n1 2 2\n";
const cover = write("path.qubo", QUBO);
const ring = write("ring.txt", "5 5\n1 2 1\n2 3 1\n3 4 1\n4 5 1\n5 1 1\n");
const matrix = write("path.json", "[[-1,2,0],[0,-1,2],[0,0,-1]]");

async function minimized(...args: string[]) {
  const { code, out, err } = await wick(["minimize", ...args, "--json"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  const { timing: _, ...result } = JSON.parse(out);
  return result;
}

describe.concurrent("spins", () => {
  test("are read by the end of the file's name, by a flag, and from a configuration, to the same result", async () => {
    const { best, engine, dim, objective } = await minimized(cover, "--budget", "200");
    expect(best).toEqual({ value: -2, x: [1, 0, 1] });
    expect([engine, dim, objective]).toEqual(["pimc", 3, "path.qubo"]);
    expect((await minimized("--qubo", matrix, "--budget", "200")).best).toEqual(best);
    const file = write("run.yaml", "objective: path.qubo\nbudget: 200\n");
    expect((await minimized("--config", file)).best).toEqual(best);
    expect((await minimize({ qubo: QUBO }, { budget: 200 })).best).toEqual(best);
    expect((await minimize({ qubo: JSON.parse(readFileSync(matrix, "utf8")) }, { budget: 200 })).best).toEqual(best);
  });

  test("of an odd ring are frustrated, by each engine, in threads too", async () => {
    for (const engine of ["pimc", "metropolis", "walkers", "exhaustive"]) {
      const { best, stop } = await minimized("--ising", ring, "--engine", engine, "--budget", "400");
      expect(best.value).toBe(-3);
      expect(best.x.every((s: number) => Math.abs(s) === 1)).toBe(true);
      expect(stop).toBe(engine === "exhaustive" ? "space exhausted" : "budget spent");
    }
    const inline = await minimized("--ising", ring, "--budget", "400");
    expect(await minimized("--ising", ring, "--budget", "400", "--workers", "2")).toEqual(inline);
  });

  test("are kept in a study, resumed without their file, and reported", async () => {
    const study = path("study");
    const own = write("own.ising", readFileSync(ring, "utf8"));
    const page = path("page.html");
    await minimized(own, "--budget", "300", "--study", study, "--report", page);
    expect(readFileSync(page, "utf8")).toContain("own.ising");
    rmSync(own);
    const more = await minimized("--study", study, "--resume", "--budget", "600");
    expect(more.best.value).toBe(-3);
    expect(more.evaluations).toBe(600);
  });

  test("are evaluated where they are spins", async () => {
    const { out } = await wick(["evaluate", "--ising", ring, "--at", "[[1,1,1,1,1],[1,-1,1,-1,1]]", "--json"]);
    expect(JSON.parse(out).values).toEqual([5, -3]);
  });
});

const ISING = "1 2 1\n2 x 1\n";
const refused: readonly (readonly [string, readonly string[], string])[] = [
  ["a bad line", ["minimize", write("bad.ising", ISING)], "bad.ising line 2: 'x' is not a whole number"],
  ["an empty file", ["minimize", "--qubo", write("empty.txt", "# none\n")], "empty.txt: holds no coefficients"],
  ["a missing file", ["minimize", "nowhere.qubo"], "there is no such file"],
  [
    "an asymmetric QUBO",
    ["minimize", "--qubo", write("a.csv", "1,2\n3,4\n")],
    "a.csv: is asymmetric: Q(1, 2) is 2 where Q(2, 1) is 3",
  ],
  ["one that is not square", ["minimize", "--qubo", write("b.json", "[[1,2]]")], "b.json: is not square"],
  ["another engine", ["minimize", cover, "--engine", "packets"], "moves real variables, not spins"],
  ["a domain", ["minimize", cover, "--domain", "0:1"], "domain: is given where the axes are spins"],
  ["a setting", ["minimize", cover, "--set", "n=3"], "a problem of spins takes none"],
  ["two objectives", ["minimize", cover, "--ising", ring], "2 were given"],
  ["answers in any order", ["minimize", cover, "--steady", "--workers", "2"], "pimc"],
  ["half a spin", ["evaluate", cover, "--at", "[[1,0,0.5]]"], "spin 3 is 0.5"],
  [
    "all of many",
    ["minimize", "--qubo", write("many.txt", "0 33 1\n"), "--engine", "exhaustive"],
    "34 spins have 2^34",
  ],
  ["a wave function", ["spectrum", cover, "--D", "1"], "has spins for axes"],
  ["no spins", ["minimize", "rastrigin", "--engine", "exhaustive"], "engine 'exhaustive'"],
];

describe.concurrent("of spins is refused with exit 2", () => {
  test.each(refused)("%s", async (_name, args, message) => {
    const { code, out, err } = await wick(args);
    expect(err).toContain(message);
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
