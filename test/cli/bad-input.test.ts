/** Bad input: one or two lines that name what was given and what to change, exit 2, nothing evaluated, nothing lost. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-bad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const objectives = "test/fixtures/objectives";
const minimize = (...args: string[]): string[] => ["minimize", ...args];

const refused: readonly (readonly [string, readonly string[], string | RegExp])[] = [
  ["unknown entry", minimize("rastrign"), "did you mean 'rastrigin'?"],
  ["unknown engine", minimize("rastrigin", "--engine", "packet"), "did you mean 'packets'?"],
  ["unknown parameter", minimize("lennard-jones", "--set", "atom=13"), "did you mean 'atoms'?"],
  ["unknown engine parameter", minimize("rastrigin", "--set", "engine.nonsense=1"), "unknown name 'nonsense'"],
  [
    "an engine of gradients without them",
    minimize("rastrigin", "--engine", "mala", "--no-gradient"),
    "'mala' asks for it",
  ],
  ["engine settings where none are taken", ["spectrum", "harmonic", "--D", "1", "--set", "engine.a=1"], "engine.a: no"],
  ["a node that is everywhere", ["ground", "harmonic", "--D", "0.5", "--node", "0*x1"], /vanishes everywhere|unknown/],
  ["a D beside which ζ is nothing", ["compare", "harmonic", "--D", "1e300"], "holds nothing"],
  ["unknown flag", minimize("rastrigin", "--budgte", "10"), "unknown option '--budgte'"],
  ["unknown command", ["minimise", "rastrigin"], "unknown command 'minimise'"],
  ["unknown kind", ["list", "engine"], "did you mean 'engines'?"],
  ["unknown benchmark", ["bench", "bbbo"], "did you mean 'bbob'?"],
  ["no objective", minimize(), "none was given"],
  ["two objectives", minimize("rastrigin", "--formula", "x"), "2 were given"],
  ["a flag without its value", minimize("rastrigin", "--budget"), "argument missing"],
  ["missing domain", minimize("--exec", "cat"), "--domain"],
  ["missing domain of a module", minimize("test/fixtures/function.mjs"), "--domain"],
  ["inverted domain", minimize("--formula", "x^2", "--domain", "3:1"), "lower 3 is not below upper 1; swap them"],
  ["inverted named domain", minimize("--formula", "x^2", "--domain", "x=3:1"), "domain.x"],
  ["a wave function without width", ["spectrum", "--formula", "x^2", "--domain", "1:1", "--D", "0.5"], "both 1"],
  ["NaN bounds", minimize("--formula", "x^2", "--domain", "nan:1"), "'nan' is not a number"],
  ["NaN bounds spelled", minimize("--formula", "x^2", "--domain", "NaN:1"), "is not a number"],
  ["infinite bounds", minimize("--formula", "x^2", "--domain", "-Infinity:1"), /finite/],
  ["bounds too far apart", minimize("--formula", "x", "--domain", "-1e308:1e308"), "further apart"],
  ["malformed domain", minimize("--formula", "x^2", "--domain", "5"), "is not of the form lower:upper"],
  ["domain of an unknown axis", minimize("--formula", "x^2", "--domain", "z=0:1"), "z"],
  ["dimension 0", minimize("rastrigin", "--dim", "0"), /dim.*0 is below 1/],
  ["negative dimension", minimize("rastrigin", "--dim", "-3"), /dim/],
  ["fractional dimension", minimize("rastrigin", "--dim", "2.5"), /dim/],
  ["dimension beyond what fits", minimize("rastrigin", "--dim", "1e9"), /dim/],
  [
    "a dimension whose matrices do not fit",
    minimize("--exec", "cat", "--domain", "0:1", "--dim", "200000"),
    "is above 4000",
  ],
  [
    "a dimension beyond any memory",
    minimize(`${objectives}/sphere.mjs`, "--domain", "0:1", "--dim", "1e12"),
    /^wick: dim: 1/,
  ],
  ["known points that are no list", minimize("sphere", "--known", "package.json"), "is not a list in JSON"],
  ["dimension of a formula that has another", minimize("--formula", "x+y", "--dim", "3"), /dim/],
  ["an empty name", minimize(""), /unknown name ''; `wick list potentials` shows/],
  ["a name of nothing", minimize("nosuch"), "unknown name 'nosuch'; `wick list potentials` shows all there are, and a"],
  ["a folder for an objective", minimize("."), /is a directory; give the file in it$/m],
  ["a study without a name", minimize("sphere", "--study", ""), "--study: is empty; name a folder"],
  ["a formula with more names than the domain", minimize("--formula", "x+y", "--domain", "x=0:1"), "variables are x"],
  ["unknown formula name", minimize("--formula", "sine(x)"), "did you mean 'sin'?"],
  ["a formula that reaches for JavaScript", minimize("--formula", "x.constructor"), /formula/],
  ["another", minimize("--formula", "constructor(x)"), /constructor/],
  ["another", minimize("--formula", "globalThis"), /globalThis/],
  ["another", minimize("--formula", "x[0]"), /formula/],
  ["an unbalanced formula", minimize("--formula", "(x+1"), /formula/],
  ["an empty formula", minimize("--formula", ""), /formula/],
  ["a constant formula", minimize("--formula", "1+1"), /variable|dimension/],
  ["a module that is not there", minimize("./nowhere.mjs"), /nowhere\.mjs/],
  ["a module that throws on load", minimize(`${objectives}/throws-on-load.mjs`), "no such solver"],
  ["a module without a default export", minimize(`${objectives}/no-default.mjs`), /default/],
  ["a module that exports a number", minimize(`${objectives}/number.mjs`), /function/],
  ["a program that is not there", minimize("--exec", "./nowhere", "--domain", "0:1", "--dim", "1"), /nowhere/],
  ["a program with an open quote", minimize("--exec", "'abc", "--domain", "0:1", "--dim", "1"), /not closed/],
  ["budget 0", minimize("rastrigin", "--budget", "0"), "budget: 0 is not"],
  ["budget below 0", minimize("rastrigin", "--budget", "-5"), "budget: -5 is not"],
  ["budget in words", minimize("rastrigin", "--budget", "many"), "--budget: 'many' is not a number"],
  ["fractional budget", minimize("rastrigin", "--budget", "10.5"), "budget: 10.5"],
  ["target in words", minimize("rastrigin", "--target", "low"), "--target: 'low' is not a number"],
  ["time 0", minimize("rastrigin", "--time", "0"), "--time"],
  ["time in words", minimize("rastrigin", "--time", "soon"), "--time: 'soon'"],
  ["fractional seed", minimize("rastrigin", "--seed", "1.5"), /seed/],
  ["workers below 0", minimize("rastrigin", "--workers", "-1"), "--workers"],
  ["resume without a study", minimize("rastrigin", "--resume"), "--study"],
  ["unwritable report", minimize("rastrigin", "--report", "/nowhere/report.html"), "--report: cannot write"],
  ["a folder as report", minimize("rastrigin", "--report", "."), "--report: cannot write"],
  ["unwritable study", minimize("rastrigin", "--study", "/dev/null/study"), "cannot be used as a study folder"],
  ["a configuration that is not there", minimize("--config", "nowhere.yaml"), "--config"],
  [
    "an unknown name in a configuration",
    minimize("--config", "test/fixtures/misspelled.yaml"),
    /^wick: --config test\/fixtures\/misspelled.yaml: unknown name 'budgte'; did you mean 'budget'\?$/m,
  ],
  ["settings of a module", minimize(`${objectives}/sphere.mjs`, "--set", "a=1"), "--set"],
  ["a setting without =", minimize("rastrigin", "--set", "a"), "key=value"],
  ["evaluate without points", ["evaluate", "rastrigin"], "--at"],
  ["points that are not JSON", ["evaluate", "rastrigin", "--at", "[[1,"], "--at: is not JSON"],
  ["points of unequal length", ["evaluate", "rastrigin", "--at", "[[1,2],[3]]"], "point 2"],
  ["no points", ["evaluate", "rastrigin", "--at", "[]"], "--at"],
  ["show where there is no study", ["studies", "show", "test"], "holds no study"],
  ["columns that are no axes", ["evaluate", "--formula", "y/x", "--at", "test/fixtures/points-abc.csv"], "a, b"],
  ["points that are not numbers", ["evaluate", "sphere", "--at", "test/fixtures/points-nan.csv"], "point 1"],
  ["an axis given twice", minimize("--formula", "x", "--domain", "x=0:1", "--domain", "x=2:3"), "twice"],
  ["one file for two results", minimize("sphere", "--report", "out.html", "--out", "out.html"), "--report"],
  ["an unwritable result", ["list", "--out", "/nowhere/list.json"], "--out: cannot write"],
  ["an inverted range", ["bench", "bbob", "--instances", "3-1"], "inverted"],
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

test("a folder that belongs to another objective keeps what it holds", async () => {
  const study = join(folder, "own");
  const first = await wick(minimize("rastrigin", "--budget", "300", "--study", study, "--json"));
  expect(first.code).toBe(0);
  const { code, err } = await wick(minimize("ackley", "--budget", "300", "--study", study, "--resume"));
  expect(err).toContain("belongs to another study: its objective is");
  expect(code).toBe(2);
  const plain = await wick(minimize("rastrigin", "--budget", "300", "--study", study));
  expect(plain.err).toContain("add --resume");
  expect(plain.code).toBe(2);
  const again = await wick(minimize("rastrigin", "--budget", "300", "--study", study, "--resume", "--json"));
  expect(JSON.parse(again.out).best).toEqual(JSON.parse(first.out).best);
});

test("a study is the same however its settings were spelled, and needs no objective to be resumed", async () => {
  const study = join(folder, "spelled");
  const json = async (...args: string[]) =>
    JSON.parse((await wick([...minimize(...args), "--study", study, "--json"])).out);
  const begun = await json("rosenbrock", "--dim", "3", "--no-gradient", "--budget", "200");
  const again = await json(
    "rosenbrock",
    "--set",
    "dim=3",
    "--engine",
    "packets:gradients=false",
    "--resume",
    "--budget",
    "200",
  );
  expect(again.best).toEqual(begun.best);
  const { timing: _, ...further } = await json("--resume", "--budget", "300");
  const whole = await wick(minimize("rosenbrock", "--dim", "3", "--no-gradient", "--budget", "300", "--json"));
  expect(further).toEqual(JSON.parse(whole.out.replace(/,"timing".*/, "}")));
  const less = await wick(minimize("--resume", "--budget", "100", "--study", study));
  expect(less.err).toContain("give more");
  expect(less.code).toBe(2);
});

test("columns are matched to the axes by their names", async () => {
  const { out } = await wick(["evaluate", "--formula", "y/x", "--at", "-", "--json"], { input: "y,x\n1,2\n3,4\n" });
  expect(JSON.parse(out).values).toEqual([0.5, 0.75]);
});

test.runIf(existsSync("/dev/full"))("a full standard output is one line and status 1", async () => {
  const { code, err } = await wick(["list"], { stdout: "/dev/full" });
  expect(err).toMatch(/^wick: standard output cannot be written: .*\n$/);
  expect(code).toBe(1);
});

test("a promise that is never settled is no silent success", async () => {
  const { code, err } = await wick(minimize("test/fixtures/never.mjs", "--workers", "0"));
  expect(err).toContain("the objective never answered");
  expect(code).toBe(1);
});

test("a refused run leaves no folder behind", async () => {
  const study = join(folder, "never");
  await wick(minimize("rastrigin", "--engine", "nonsense", "--study", study));
  expect(existsSync(study)).toBe(false);
});

test.runIf(existsSync("/dev/full"))("a full disk costs the file it was met in, and nothing else", async () => {
  const run = minimize("sphere", "--budget", "100");
  const full = await wick([...run, "--report", "/dev/full"]);
  expect(full.err).toBe("wick: --report: cannot write /dev/full: the disk is full\n");
  expect(full.out).toMatch(/^best +0 /m);
  expect(full.out).not.toContain("report");
  expect(full.code).toBe(1);

  const report = join(folder, "beside.html");
  const beside = await wick([...run, "--json", "--out", "/dev/full", "--report", report]);
  expect(beside.err).toBe("wick: --out: cannot write /dev/full: the disk is full\n");
  expect(JSON.parse(beside.out).best.value).toBe(0);
  expect(existsSync(report)).toBe(true);
  expect(beside.code).toBe(1);

  const study = join(folder, "exported");
  await wick([...run, "--study", study]);
  const exported = await wick(["studies", "export", study, "--out", "/dev/full"]);
  expect(exported.err).toBe("wick: --out: cannot write /dev/full: the disk is full\n");
  expect(exported.code).toBe(1);
});

test("an error that a module throws where nobody waits for it is not called ours", async () => {
  const { code, err } = await wick(minimize(`${objectives}/late.mjs`, "--workers", "0"));
  expect(err).toBe(
    "wick: too late\nNobody awaited this error: it is a fault of the objective, or of the program; --debug shows where.\n",
  );
  expect(code).toBe(1);
});

test("a module that does not finish loading is named", async () => {
  const { code, err } = await wick(minimize(`${objectives}/exits-on-load.mjs`));
  expect(err).toMatch(/^wick: .*exits-on-load\.mjs: cannot be loaded: ended its thread with code 3$/m);
  expect(code).toBe(2);
});
