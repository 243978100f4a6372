/** `--explain` and the explanations of stored studies, as people use them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

test("slices cost what was allowed at most, beside the budget, and the objective saw as many", async () => {
  writeFileSync(
    path("counted.mjs"),
    `import { appendFileSync } from "node:fs";
     export default { value: ([a, b, c]) => { appendFileSync(${JSON.stringify(path("log"))}, "."); return a * a + 3 * b * b; },
       domain: [[-1, 1], [-1, 1], [-1, 1]], names: ["a", "b", "c"] };`,
  );
  const args = ["minimize", path("counted.mjs"), "--budget", "400", "--report", path("a.html")];
  const { code, out } = await wick([...args, "--figures", path("figures"), "--explain", "600", "--json"]);
  expect(code).toBe(0);
  const { evaluations, slices, importance } = JSON.parse(out);
  expect(evaluations).toBe(400);
  expect(slices.evaluations).toBeGreaterThan(300);
  expect(slices.evaluations).toBeLessThanOrEqual(600);
  expect(readFileSync(path("log"), "utf8").length).toBe(400 + slices.evaluations);
  expect(importance.shares[2].low).toBeLessThanOrEqual(0);
  expect(importance.shares[1].estimate).toBeGreaterThan(importance.shares[2].estimate);
  expect(readdirSync(path("figures"))).toEqual(
    expect.arrayContaining(["importance.svg", "profiles.svg", "pairs.svg", "parallel.svg"]),
  );
});

test("a stored study is explained as the run itself was, also when it was resumed", async () => {
  const study = ["--study", path("s"), "--report", path("s.html"), "--json"];
  const first = ["minimize", "rastrigin", "--dim", "2", "--seed", "4"];
  expect((await wick([...first, "--budget", "700", ...study])).code).toBe(0);
  const resumed = JSON.parse((await wick([...first, "--budget", "1500", "--resume", ...study])).out);
  const stored = JSON.parse((await wick(["studies", "report", path("s"), "--json"])).out);
  expect(stored.importance).toEqual(resumed.importance);
  expect(existsSync(path("s/report.html"))).toBe(true);
  const sliced = await wick(["studies", "report", path("s"), "--explain", "500", "--json"]);
  expect(JSON.parse(sliced.out).slices.evaluations).toBeLessThanOrEqual(500);
  expect(readFileSync(path("s/report.html"), "utf8")).toContain("ζ on lines through the best point");
});

test.each([
  [["--explain", "100"], "wick: --explain: says nothing without a report; add --report FILE or --figures DIR\n"],
  [
    ["--explain", "3", "--report", path("x.html")],
    "wick: --explain: 3 is not a whole number of evaluations, 9 or more\n",
  ],
  [["--explain", "many", "--report", path("x.html")], "wick: --explain: 'many' is not a number\n"],
])("bad input is refused before the work: %j", async (flags, message) => {
  const { code, err } = await wick(["minimize", "rastrigin", "--budget", "100", ...flags]);
  expect([code, err]).toEqual([2, message]);
});

test("where slices fail, nothing that was found is lost", async () => {
  const once = path("once");
  writeFileSync(
    path("twice.mjs"),
    `import { existsSync, writeFileSync } from "node:fs";
     if (existsSync(${JSON.stringify(once)})) throw new Error("gone");
     writeFileSync(${JSON.stringify(once)}, "");
     export default { value: ([a, b]) => a * a + b * b, domain: [[-1, 1], [-1, 1]] };`,
  );
  const args = ["minimize", path("twice.mjs"), "--budget", "100", "--explain", "100", "--report", path("t.html")];
  const { code, out, err } = await wick(args);
  expect(code).toBe(0);
  expect(out).toContain("100 evaluations");
  expect(err).toMatch(/^wick: no slices: .*gone/);
  expect(existsSync(path("t.html"))).toBe(true);
});
