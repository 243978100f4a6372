/** `wick minimize` as people and scripts use it, and what it does when the objective misbehaves. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { minimize as library } from "../../src/index.ts";
import { root, wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-minimize-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
const objectives = "test/fixtures/objectives";

async function minimized(...args: string[]) {
  const { code, out, err } = await wick(["minimize", ...args, "--json"]);
  const lines = out.trimEnd().split("\n");
  expect(lines.length).toBe(1);
  const { timing, ...result } = JSON.parse(lines[0]);
  return { code, err, result, timing };
}

describe("the contract of --json", () => {
  test("has its keys, the same bytes for the same seed, and what the library finds", async () => {
    const args = ["rastrigin", "--dim", "3", "--budget", "2000", "--seed", "7"];
    const [a, b] = await Promise.all([minimized(...args), minimized(...args)]);
    expect(a.code).toBe(0);
    expect(JSON.stringify(a.result)).toBe(JSON.stringify(b.result));
    expect(a.result).toMatchObject({ stop: "budget spent", evaluations: 2000, engine: "packets", dim: 3, seed: 7 });
    expect(Object.keys(a.result.scales[0])).toEqual(expect.arrayContaining(["D", "tau", "energy", "spread", "best"]));
    const { best } = await library({ entry: "rastrigin", set: { dim: 3 } }, { budget: 2000, seed: 7 });
    expect(a.result.best).toEqual(best);
    expect(a.timing.seconds).toBeGreaterThan(0);
  });

  test("holds for a formula, a module, a program and any number of workers alike", async () => {
    const by = async (...args: string[]) => (await minimized(...args, "--budget", "400", "--no-gradient")).result;
    const formula = await by("--formula", "a^2 + (b-2)^2", "--domain", "-5:5");
    const module = await by(`${objectives}/sphere.mjs`, "--workers", "0");
    expect(module.names).toEqual(["a", "b"]);
    for (const workers of ["1", "3"]) {
      expect(await by(`${objectives}/sphere.mjs`, "--workers", workers)).toEqual(module);
      const formulaByWorkers = await by("--formula", "a^2 + (b-2)^2", "--domain", "-5:5", "--workers", workers);
      expect(formulaByWorkers).toEqual(formula);
    }
    const program = ["--exec", "node test/fixtures/program.mjs", "--domain", "-5:5", "--dim", "2"];
    const one = await by(...program);
    expect(await by(...program, "--workers", "3")).toEqual(one);
    expect(one.best.value).toBeLessThan(1e-6);
  });

  test("stays one object when the module talks", async () => {
    const { result } = await minimized(`${objectives}/chatty.mjs`, "--budget", "50");
    expect(result.evaluations).toBe(50);
  });
});

test("stops at the target, in time, and when it stalls", async () => {
  expect((await minimized("sphere", "--target", "1e-3")).result.stop).toBe("target reached");
  const timed = await minimized("rastrigin", "--engine", "random", "--time", "300ms", "--budget", "1e12");
  expect(timed.result.stop).toBe("time spent");
  expect((await minimized("sphere", "--engine", "random", "--stall", "500")).result.stop).toBe("stalled");
});

test("takes a configuration from YAML, flags win", async () => {
  writeFileSync(
    path("run.yaml"),
    "objective: { entry: ackley, set: { dim: 4 } }\nbudget: 300\nseed: 5\nengine: random\n",
  );
  const { result } = await minimized("--config", path("run.yaml"), "--seed", "6");
  expect(result).toMatchObject({ evaluations: 300, seed: 6, engine: "random", dim: 4 });
  writeFileSync(path("bad.yaml"), "objective: { entry: ackley }\nbugdet: 300\n");
  const bad = await wick(["minimize", "--config", path("bad.yaml")]);
  expect(bad.err).toContain("bugdet");
  expect(bad.code).toBe(2);
});

test("writes the report and the result where it is told", async () => {
  const report = path("report.html");
  const { result } = await minimized("branin", "--budget", "500", "--report", report, "--out", path("out.json"));
  expect(JSON.parse(readFileSync(path("out.json"), "utf8")).best).toEqual(result.best);
  const html = readFileSync(report, "utf8");
  expect(html).toContain("<svg");
  expect(html.includes(String(result.best.value))).toBe(true);
  // it loads nothing and runs nothing
  expect(/<script|<link|\ssrc=|url\(\s*["']?http/.exec(html)).toBeNull();
});

test("writes the report's pictures as SVG where it is told", async () => {
  const { code } = await wick(["minimize", "branin", "--budget", "500", "--figures", path("figures/new")]);
  expect(code).toBe(0);
  expect(readdirSync(path("figures/new"))).toEqual(
    expect.arrayContaining(["convergence.svg", "whereabouts.svg", "profiles.svg", "parallel.svg"]),
  );
  for (const name of readdirSync(path("figures/new")))
    expect(readFileSync(path(`figures/new/${name}`), "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
});

test("takes a formula's variables in the order of --vars", async () => {
  const formula = ["--formula", "(a+1)^2 + (b-2)^2", "--domain", "-5:5", "--target", "1e-8"];
  const plain = (await minimized(...formula)).result;
  const turned = (await minimized(...formula, "--vars", "b,a")).result;
  expect([plain.names, turned.names]).toEqual([
    ["a", "b"],
    ["b", "a"],
  ]);
  expect(plain.best.x.map(Math.round)).toEqual([-1, 2]);
  expect(turned.best.x.map(Math.round)).toEqual([2, -1]);
});

describe("an objective that misbehaves", () => {
  test("now and then is counted, reported, and minimized all the same", async () => {
    const { code, result } = await minimized(`${objectives}/moody.mjs`, "--budget", "300", "--workers", "0");
    expect(code).toBe(0);
    expect(result.unusable.count).toBe(100);
    const reasons = Object.keys(result.unusable.reasons).join("; ");
    for (const mood of ["NaN", "twelve", "nothing", "out of range"]) expect(reasons).toContain(mood);
    expect(result.best.value).toBeLessThan(1e-3);
  });

  test("always ends as diverged, exit 1", async () => {
    const { code, result } = await minimized(`${objectives}/always-throws.mjs`);
    expect(result.stop).toBe("diverged");
    expect(result.best.value).toBeNull();
    expect(code).toBe(1);
    expect(result.evaluations).toBeGreaterThanOrEqual(110);
    const { out } = await wick(["minimize", `${objectives}/always-throws.mjs`]);
    expect(out).toMatch(/none of the first \d+ evaluations gave .* given up after 100 \+ 10 d failures.*--known/);
    expect(out).toMatch(/× threw: always/);
  });

  test("by NaN outside of a corner is minimized there", async () => {
    const corner = [`${objectives}/corner.mjs`, "--budget", "3000", "--target", "1e-6", "--workers", "0"];
    for (let seed = 0; seed < 10; seed++)
      expect((await minimized(...corner, "--seed", String(seed))).result.stop).toBe("target reached");
  });

  test("by never returning is ended by its timeout, and by the run's time", async () => {
    const args = [`${objectives}/endless.mjs`, "--budget", "3"];
    const { result } = await minimized(...args, "--timeout", "300ms");
    expect(result.unusable.failures).toBe(3);
    expect(Object.keys(result.unusable.reasons)[0]).toContain("--timeout");
    expect((await minimized(...args, "--time", "500ms")).result.stop).toBe("time spent");
  });

  test.each([
    ["dies", "exited with code 3"],
    ["hangs", "--timeout"],
    ["sometimes junk", "not a JSON line"],
  ])("as a program that %s loses those points only", async (habit, reason) => {
    const exec = `node test/fixtures/program.mjs '${habit}'`;
    const args = ["--exec", exec, "--domain", "-5:5", "--dim", "2", "--budget", "60", "--timeout", "400ms"];
    const { code, result } = await minimized(...args);
    expect(code).toBe(0);
    expect(result.evaluations).toBe(60);
    expect(result.unusable.failures).toBeGreaterThan(0);
    expect(result.unusable.failures).toBeLessThan(40);
    expect(Object.keys(result.unusable.reasons).join()).toContain(reason);
  });

  test("as a program that prints junk only is given up", async () => {
    const exec = "node test/fixtures/program.mjs junk";
    const { code, result } = await minimized("--exec", exec, "--domain", "-5:5", "--dim", "2");
    expect(result.stop).toBe("diverged");
    expect(code).toBe(1);
  });
});

describe("a study", () => {
  const study = (name: string, ...args: string[]) => minimized("rastrigin", "--study", path(name), ...args);

  test("with a torn last line goes on as if nothing had been", async () => {
    const whole = (await minimized("rastrigin", "--budget", "1000")).result;
    await study("torn", "--budget", "500");
    const journal = path("torn/journal.jsonl");
    truncateSync(journal, readFileSync(journal).length - 300);
    rmSync(path("torn/checkpoint.bin"));
    expect((await study("torn", "--budget", "1000", "--resume")).result).toEqual(whole);
  });

  test("whose checkpoint cannot be read says so and loses nothing", async () => {
    const whole = (await study("spoilt", "--budget", "500")).result;
    rmSync(path("spoilt/checkpoint.bin"));
    mkdirSync(path("spoilt/checkpoint.bin"));
    const refused = await wick(["minimize", "rastrigin", "--study", path("spoilt"), "--budget", "500", "--resume"]);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/checkpoint.bin: cannot be read: .*; move it away: the journal alone will do\n$/);
    rmdirSync(path("spoilt/checkpoint.bin"));
    expect((await study("spoilt", "--budget", "500", "--resume")).result).toEqual(whole);
  });

  test("resumed where there is none yet begins", async () => {
    expect((await study("fresh/deep", "--budget", "100", "--resume")).result.evaluations).toBe(100);
    mkdirSync(path("half"));
    writeFileSync(path("half/journal.jsonl"), '{"wick":1,"ident');
    expect((await study("half", "--budget", "100", "--resume")).result.evaluations).toBe(100);
  });

  test("on a full disk keeps what it has and says how to go on", async () => {
    const args = `minimize rastrigin --budget 2000 --study ${path("full")} --json`;
    // a limit on the size of files stands in for the full disk
    const command = `trap '' XFSZ; ulimit -f 16; exec "${process.execPath}" bin/wick.mjs ${args}`;
    const full = await shell(command);
    expect(full.err).toMatch(/cannot be written: .*make room and go on with --resume/);
    expect(full.code).toBe(1);
    const partial = JSON.parse(full.out);
    expect(partial.stop).toBe("evaluator failed");
    expect(partial.best.value).toBeGreaterThanOrEqual(0);
    const resumed = (await study("full", "--budget", "2000", "--resume")).result;
    expect(resumed).toEqual((await minimized("rastrigin", "--budget", "2000")).result);
  });

  test("interrupted by Ctrl-C ends cleanly with status 130 and goes on", async () => {
    const objective = `${objectives}/sphere.mjs`;
    const args = ["minimize", objective, "--budget", "1e7", "--study", path("ctrl-c"), "--json"];
    const { code, out, err } = await interrupted(args, () => journalLength("ctrl-c") > 5000);
    expect(code).toBe(130);
    const { stop, evaluations } = JSON.parse(out);
    expect(stop).toBe("aborted");
    expect(err).toContain(`Go on with: wick minimize --study ${path("ctrl-c")} --resume\n`);
    // what the study was begun with it keeps; what a later session was given must be said again
    const later = ["minimize", "--study", path("ctrl-c"), "--resume", "--budget", "2e7", "--workers", "1"];
    const before = journalLength("ctrl-c");
    const again = await interrupted(later, () => journalLength("ctrl-c") > before + 1000);
    expect(again.err).toContain("--resume --workers 1 --budget 2e7\n");
    const more = String(Number(/(\d+) evaluations/.exec(again.out)?.[1]) + 100);
    const resumed = await minimized(objective, "--budget", more, "--study", path("ctrl-c"), "--resume");
    expect(resumed.result.evaluations).toBe(Number(more));
    expect(Number(more)).toBeGreaterThan(evaluations + 100);
  });

  test("interrupted says nothing on standard error with --quiet", async () => {
    const args = ["minimize", "rastrigin", "--budget", "1e7", "--study", path("quiet"), "--quiet"];
    const { code, out, err } = await interrupted(args, () => journalLength("quiet") > 5000);
    expect(code).toBe(130);
    expect(out).not.toBe("");
    expect(err).toBe("");
  });

  test.each([
    ["loops for ever in a thread", `${objectives}/endless.mjs`, "1"],
    ["never answers in this thread", `${objectives}/pending.mjs`, "0"],
  ])("whose objective %s ends at the second Ctrl-C", async (_, objective, workers) => {
    const folder = `stuck-${workers}`;
    // nothing else can end it: the objective has an hour
    const limits = ["--workers", workers, "--timeout", "1h", "--study", path(folder)];
    const { code } = await interrupted(["minimize", objective, ...limits], () => journalLength(folder) > 0, true);
    expect(code).toBe(130);
  });

  test("can be listed, shown, exported and reported", async () => {
    const { result } = await study("kept", "--budget", "200", "--dim", "2");
    const list = await wick(["studies", "list", folder, "--json"]);
    const kept = JSON.parse(list.out).studies.find((s: { folder: string }) => s.folder === path("kept"));
    expect(kept).toMatchObject({ evaluations: 200, best: result.best.value, stop: "budget spent", engine: "packets" });
    expect(JSON.parse((await wick(["studies", "show", path("kept"), "--json"])).out).x).toEqual(result.best.x);
    const rows = (await wick(["studies", "export", path("kept")])).out.trimEnd().split("\n");
    expect(rows[0]).toBe("trial,x1,x2,value,failure");
    expect(rows.length).toBe(201);
    const values = rows.slice(1).map((row) => Number(row.split(",")[3]));
    expect(Math.min(...values)).toBe(result.best.value);
    const object = JSON.parse((await wick(["studies", "export", path("kept"), "--json"])).out);
    expect(object.trials.map(({ value }: { value: number }) => value)).toEqual(values);
    const file = await wick([
      "studies",
      "export",
      path("kept"),
      "--format",
      "jsonl",
      "--out",
      path("t.jsonl"),
      "--json",
    ]);
    expect(JSON.parse(file.out)).toEqual({ export: path("t.jsonl"), trials: 200 });
    expect(readFileSync(path("t.jsonl"), "utf8").trimEnd().split("\n").length).toBe(200);
    await wick(["studies", "report", path("kept"), "--report", path("kept.html")]);
    expect(readFileSync(path("kept.html"), "utf8")).toContain(String(result.best.value));
  });
});

describe("a closed pipe on standard output is no fault", () => {
  test("while more is printed than the pipe holds", async () => {
    await minimized("sphere", "--engine", "random", "--budget", "6000", "--study", path("long"));
    const whole = await shell(`${WICK} studies export ${path("long")}`);
    expect(whole.out.length).toBeGreaterThan(200_000);
    const { code, out, err } = await shell(
      `${WICK} studies export ${path("long")} | head -c 10; exit \${PIPESTATUS[0]}`,
    );
    expect(out).toBe(whole.out.slice(0, 10));
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  test("and the files that were asked for are written all the same", async () => {
    const files = `--report ${path("unread.html")} --figures ${path("unread")}`;
    const run = `${WICK} minimize sphere --budget 200 --json ${files}`;
    // the reader is gone before the run begins
    const { code, err } = await shell(`{ sleep 0.2; ${run}; } | true; exit \${PIPESTATUS[0]}`);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(readFileSync(path("unread.html"), "utf8")).toContain("</html>");
    expect(existsSync(path("unread/convergence.svg"))).toBe(true);
  });
});

const WICK = `"${process.execPath}" bin/wick.mjs`;

function journalLength(study: string): number {
  const journal = path(`${study}/journal.jsonl`);
  return existsSync(journal) ? readFileSync(journal).length : 0;
}

/** Runs the command, interrupts it when it is ready and, where `again`, goes on to until it has ended. */
function interrupted(args: readonly string[], ready: () => boolean, again = false) {
  const child = spawn(process.execPath, ["bin/wick.mjs", ...args], { cwd: root });
  const watch = setInterval(() => {
    if (!ready()) return;
    if (!again) clearInterval(watch);
    child.kill("SIGINT");
  }, 20);
  return outcome(child).finally(() => clearInterval(watch));
}

function shell(command: string) {
  return outcome(spawn("bash", ["-c", command], { cwd: root }));
}

function outcome(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  // as a shell tells it: 130 where the signal itself ended the program
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code: signal === "SIGINT" ? 130 : code, out, err })),
  );
}
