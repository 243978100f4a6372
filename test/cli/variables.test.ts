/** Variables, constraints, noise, known points and retries as the command line has them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-variables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

async function minimized(...args: string[]) {
  const { code, out, err } = await wick(["minimize", ...args, "--json"]);
  const { timing: _, ...result } = JSON.parse(out);
  return { code, err, result };
}

const PLACES = ["--domain", "lr=log:1e-5:1", "--domain", "n=int:1:6", "--domain", "c=0.5"];

describe.concurrent("evaluate", () => {
  const settings = ["./examples/settings.mjs", "--json", "--at"];
  const mixed = ["--formula", "(x-1)^2+n", "--domain", "x=-5:5", "--domain", "n=int:0:3", "--at"];
  const evaluated = async (...args: string[]) => {
    const { out, err } = await wick(["evaluate", ...args]);
    return { values: out === "" ? undefined : JSON.parse(out).values, err };
  };

  test("takes a module's variables, as numbers or by name", async () => {
    const list = await evaluated(...settings, "[[0.1,3,1,0.2,3]]");
    expect(list).toEqual({ values: [closeTo(1.603)], err: "" });
    const record = await evaluated(...settings, '[{"lr":0.1,"layers":3,"kind":"tanh","dropout":0.2}]');
    expect(record).toEqual(list);
    const inline = await evaluated(...settings, "[[0.1,3,1,0.2,3]]", "--workers", "0");
    expect(inline).toEqual(list);
  });

  test.each([
    [[...settings, "[[0.1,3,1,0.2,4]]"], "--at point 1: seed is 4 where it is fixed at 3"],
    [[...settings, '[{"lr":0.1,"layers":3,"kind":"tank","dropout":0.2}]'], "point 1: kind is 'tank'; it is one of"],
    [[...settings, "[[0.1,3,1,0.2,3]]", "--domain", "-1:1"], "domain: names no axis where the objective has variables"],
    [[...mixed, "[[1,2],[1,2.5]]"], "--at point 2: n is 2.5, not a whole number"],
    [[...mixed, "[[7,2]]"], "--at point 1: x is 7; it lies in -5:5"],
    [[...mixed, '[[1,2],{"x":1,"n":2}]'], "--at: has both lists and records"],
  ])("refuses what is no point of the variables: %s", async (args, message) => {
    const { code, out, err } = await wick(["evaluate", ...args]);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });

  test("remarks on a point beyond a plain domain, where one is told", async () => {
    const beyond = await evaluated("--formula", "x^2 + y", "--domain", "-1:1", "--json", "--at", '{"y":0.5,"x":3}');
    expect(beyond).toEqual({ values: [9.5], err: "wick: point 1: x = 3 lies outside -1:1\n" });
    expect(await evaluated("--formula", "x^2", "--json", "--at", "[[3000]]")).toEqual({ values: [9e6], err: "" });
    // a function of lists tells no domain, and none is asked for
    expect((await evaluated("test/fixtures/function.mjs", "--json", "--at", "[[3,4]]")).err).toBe("");
  });
});

const closeTo = (value: number): unknown => expect.closeTo(value, 10);

describe.concurrent("variables", () => {
  test("on the command line, in a file and in a study", async () => {
    const study = path("study");
    const text = "(n - 4)^2 + (log(lr) + 4.6)^2 + c";
    const flags = await minimized("--formula", text, ...PLACES, "--budget", "600", "--study", study);
    expect(flags.code).toBe(0);
    const { best, names } = flags.result;
    expect(names).toEqual(["lr", "n", "c"]);
    expect(best.values).toEqual({ lr: best.x[0], n: 4, c: 0.5 });
    expect(best.value).toBeCloseTo(0.5, 6);
    writeFileSync(
      path("run.yaml"),
      `objective: { formula: "${text}" }\nbudget: 600\nvariables: { lr: { log: [1.0e-5, 1] }, n: { integer: [1, 6] }, c: 0.5 }\n`,
    );
    const file = await minimized("--config", path("run.yaml"));
    expect(file.result).toEqual(flags.result);

    const shown = JSON.parse((await wick(["studies", "show", study, "--json"])).out);
    expect(shown.values).toEqual(best.values);
    expect(shown.best).toBe(best.value);
    const exported = (await wick(["studies", "export", study])).out.split("\n");
    expect(exported[0]).toBe("trial,lr,n,c,value,failure");
    expect(Number(exported[1].split(",")[2]) % 1).toBe(0);
    const more = await minimized("--study", study, "--resume", "--budget", "900");
    const whole = await minimized("--formula", text, ...PLACES, "--budget", "900");
    expect(more.result).toEqual(whole.result);
    const page = path("page.html");
    expect((await wick(["studies", "report", study, "--report", page])).code).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("n whole from 1 to 6");
  });

  test("in a module, whatever the number of workers", async () => {
    const by = async (...args: string[]) =>
      (await minimized("examples/settings.mjs", "--budget", "300", ...args)).result;
    const inline = await by("--workers", "0");
    expect(inline.best.values.kind).toBe("gelu");
    expect(await by("--workers", "2")).toEqual(inline);
    expect(await by()).toEqual(inline);
    // one of its variables otherwise, the others as it has them
    const fixed = await by("--workers", "0", "--domain", "kind=tanh", "--domain", "layers=int:5:8");
    expect(fixed.best.values).toMatchObject({ kind: "tanh", layers: 5, seed: 3 });
  });

  test("in a program, with its constraints", async () => {
    const { code, result } = await minimized(
      ...["--exec", "node test/fixtures/mixed-program.mjs", "--workers", "2"],
      ...["--domain", "a=int:0:9", "--domain", "kind=choice:x|y|z", "--domain", "c=0.5"],
    );
    expect(code).toBe(0);
    expect(result.stop).toBe("space exhausted");
    expect(result.evaluations).toBe(30);
    expect(result.best).toEqual({ value: 1.5, x: [2, 1, 0.5], values: { a: 2, kind: "y", c: 0.5 } });
  });

  test("one point is a space too", async () => {
    const { code, result } = await minimized("--formula", "x^2 + y", "--domain", "x=3:3", "--domain", "y=1");
    expect([code, result.stop, result.evaluations, result.best.value]).toEqual([0, "space exhausted", 1, 10]);
  });
});

describe.concurrent("constraints", () => {
  test("are kept, and a study under them goes on as it would have", async () => {
    const study = path("constrained");
    const args = ["--formula", "x + y", "--domain", "0:5", "--constraint", "x*y >= 4"];
    await minimized(...args, "--budget", "700", "--study", study);
    const more = await minimized("--study", study, "--resume", "--budget", "1500");
    const whole = await minimized(...args, "--budget", "1500");
    expect(more.result).toEqual(whole.result);
    const [x, y] = whole.result.best.x;
    expect(x * y).toBeGreaterThanOrEqual(4);
    expect(whole.result.best.value).toBeCloseTo(4, 6);
    const shown = JSON.parse((await wick(["studies", "show", study, "--json"])).out);
    expect(shown.best).toBe(whole.result.best.value);
  });

  test("that no point keeps: status 1, the nearest point, and which", async () => {
    const args = ["--formula", "x + y", "--domain", "0:5", "--constraint", "x^2 + y^2 <= 9", "--constraint", "x >= 4"];
    const report = path("none.html");
    const { code, result } = await minimized(...args, "--budget", "300", "--report", report);
    expect(code).toBe(1);
    expect(result.best).toEqual({ value: null, x: [] });
    expect(result.nearest.conflicts).toEqual([["x^2 + y^2 <= 9", "x >= 4"]]);
    expect(result.nearest.x.length).toBe(2);
    expect(readFileSync(report, "utf8")).toContain("No feasible point");
    const text = await wick(["minimize", ...args, "--budget", "300"]);
    expect(text.out).toContain("no feasible point was found");
    expect(text.out).toContain("never   'x^2 + y^2 <= 9' and 'x >= 4' held together");
  });

  test("that are nowhere numbers are told", async () => {
    const report = path("unknown.html");
    const args = ["--formula", "x + y", "--domain", "0:5", "--constraint", "sqrt(x - 9) <= 2", "--budget", "50"];
    const { code, out } = await wick(["minimize", ...args, "--report", report]);
    expect(code).toBe(1);
    expect(out).toContain("no point is known at which ζ and all constraints are numbers");
    expect(out).toContain("never   'sqrt(x - 9) <= 2' was a number");
    const page = readFileSync(report, "utf8");
    expect(page).toContain("No point is known at which ζ and all constraints are numbers.");
    expect(page).toContain("<code>sqrt(x - 9) &lt;= 2</code> was a number at no evaluated point");
    const { result } = await minimized(...args, "--constraint", "x >= 1", "--study", path("unknown"));
    expect(result.unknown).toEqual(["sqrt(x - 9) <= 2"]);
    const shown = await wick(["studies", "show", path("unknown"), "--json"]);
    expect(JSON.parse(shown.out).unknown).toEqual(result.unknown);
  });
});

test("known points begin a search, from CSV and from JSON, and from what a study exports", async () => {
  writeFileSync(path("known.csv"), 'x,y,value\n1.1,0.1,0.02\n3,"3",13\n');
  writeFileSync(path("known.json"), '[{"x":{"x":1.1,"y":0.1},"value":0.02},{"x":[3,3],"value":13}]');
  const args = ["--formula", "(x-1)^2 + y^2", "--domain", "-500:500", "--no-gradient", "--budget", "10"];
  const csv = await minimized(...args, "--known", path("known.csv"));
  const json = await minimized(...args, "--known", path("known.json"));
  expect(csv.result).toEqual(json.result);
  expect(csv.result.best.value).toBeLessThanOrEqual(0.02);
  const study = path("first");
  const first = await minimized(...args, "--study", study);
  await wick(["studies", "export", study, "--out", path("trials.csv")]);
  const second = await minimized(...args, "--known", path("trials.csv"));
  expect(second.result.best.value).toBeLessThanOrEqual(first.result.best.value);
});

test("a known value that is no number is refused, not left out", async () => {
  writeFileSync(path("typo.csv"), "x,y,value\n1.1,0.1,0.02\n3,3,1o\n");
  const { code, err } = await wick(["minimize", "--formula", "x + y", "--known", path("typo.csv")]);
  expect(code).toBe(2);
  expect(err).toContain("typo.csv line 3: value '1o' is not a number");
});

test("retries are counted", async () => {
  writeFileSync(
    path("flaky.mjs"),
    "let n = 0;\nexport default ([x]) => { if (n++ % 3 === 0) throw new Error('now and then'); return x * x; };\n",
  );
  const { result } = await minimized(
    path("flaky.mjs"),
    "--domain",
    "-1:1",
    "--dim",
    "1",
    "--budget",
    "60",
    "--retries",
    "5",
  );
  expect(result.evaluations).toBe(60);
  expect(result.unusable).toMatchObject({ count: 0, failures: 0 });
  expect(result.unusable.retries).toBeGreaterThan(10);
});

const minimize = (...args: string[]): string[] => ["minimize", ...args];
const refused: readonly (readonly [string, readonly string[], string | RegExp])[] = [
  [
    "an unknown kind",
    minimize("--formula", "x", "--domain", "x=lgo:1:2"),
    "unknown kind 'lgo'; known: log, int, choice",
  ],
  ["a logarithm of zero", minimize("--formula", "x", "--domain", "x=log:0:2"), "needs positive bounds"],
  ["fractional integers", minimize("--formula", "x", "--domain", "x=int:0.5:2"), "are not whole numbers"],
  ["an empty choice", minimize("--formula", "x", "--domain", "x=choice:"), "empty option"],
  ["an option twice", minimize("--formula", "x", "--domain", "x=choice:a|a"), "has 'a' twice"],
  ["no value", minimize("--formula", "x", "--domain", "x="), "gives no value"],
  ["inverted bounds", minimize("--formula", "x", "--domain", "x=int:3:1"), "lower 3 is not below upper 1"],
  [
    "variables of other names",
    minimize("examples/settings.mjs", "--domain", "rl=log:1e-5:1"),
    "unknown name 'rl'; known: lr, layers",
  ],
  ["a contradiction", minimize("--formula", "x", "--domain", "0:5", "--constraint", "x >= 6"), "cannot hold anywhere"],
  [
    "two that contradict",
    minimize("--formula", "x+y", "--domain", "0:5", "--constraint", "x + y <= 3", "--constraint", "x + y >= 4"),
    "'x + y <= 3' and 'x + y >= 4' contradict each other",
  ],
  ["an equation", minimize("--formula", "x", "--domain", "0:5", "--constraint", "x = 2"), "is an equation"],
  [
    "a constraint on nothing",
    minimize("--formula", "x", "--domain", "0:5", "--constraint", "q <= 2"),
    "unknown name 'q'",
  ],
  ["noise in words", minimize("sphere", "--noise", "loud"), "--noise: 'loud'"],
  ["noise below 0", minimize("sphere", "--noise", "-1"), "noise: -1"],
  ["retries in words", minimize("sphere", "--retries", "some"), "--retries: 'some'"],
  ["retries below 0", minimize("sphere", "--retries", "-1"), "retries: -1"],
  ["known points nowhere", minimize("sphere", "--known", "nowhere.csv"), "--known"],
  [
    "known points without values",
    minimize("sphere", "--known", "test/fixtures/points-abc.csv"),
    "has no column 'value'",
  ],
  [
    "a wave function over integers",
    ["spectrum", "--formula", "x^2", "--D", "1", "--domain", "x=int:0:9"],
    "is of the kind integer",
  ],
];

describe.concurrent("refused with exit 2", () => {
  test.each(refused)("%s: %j", async (_name, args, message) => {
    const { code, out, err } = await wick(args);
    expect(err).toMatch(message);
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

test("what is refused leaves no study behind", async () => {
  const study = path("never");
  await wick(minimize("--formula", "x", "--domain", "0:5", "--constraint", "x >= 6", "--study", study));
  expect(existsSync(study)).toBe(false);
});

test("several values are refused in words", async () => {
  writeFileSync(path("two.mjs"), "export default (x) => [x[0], x[1]];\n");
  const { code, result } = await minimized(path("two.mjs"), "--domain", "0:1", "--dim", "2");
  expect(code).toBe(1);
  expect(Object.keys(result.unusable.reasons)[0]).toContain("returned 2 values; Wick minimizes one");
});
