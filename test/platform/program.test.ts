import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { join as joined } from "../../src/core/ask.ts";
import { type Answer, box, type Points, points } from "../../src/core/problem.ts";
import { minimize } from "../../src/index.ts";
import { openPotential } from "../../src/platform/node/objectives.ts";
import { type Program, type ProgramOptions, program } from "../../src/platform/node/program.ts";
import { words } from "../../src/platform/node/words.ts";

const SIMULATE = `"${process.execPath}" "${join(import.meta.dirname, "../fixtures/simulate.mjs")}"`;
const some = points([[1], [2], [3], [4], [5]]);
const squares = [1, 4, 9, 16, 25];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wick-program-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let open: Program[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ close }) => close()));
  open = [];
});

async function opened(manner: string, options: Partial<ProgramOptions> = {}): Promise<Program> {
  const one = await program(`${SIMULATE} ${manner}`, { domain: box(1, -9, 9), timeout: 30, ...options });
  open.push(one);
  return one;
}

async function ask(manner: string, at: Points = some, options: Partial<ProgramOptions> = {}) {
  const { potential } = await opened(manner, options);
  return potential.answer({ kind: "value", at });
}

async function reasons(manner: string, at: Points = points([[1]]), options: Partial<ProgramOptions> = {}) {
  const { failures = [], n, value } = await ask(manner, at, options);
  expect(n).toBe(at.n);
  for (const { index } of failures) expect(value?.[index]).toBeNaN();
  return failures.map(({ index, reason }) => `${index}: ${reason}`);
}

describe("words", () => {
  test("are split as a shell splits them", () => {
    expect(words("./simulate  --json\t-n 3 ")).toEqual(["./simulate", "--json", "-n", "3"]);
    expect(words(`a 'b "c" \\d' "e 'f' \\" \\\\ \\n $x" g\\ h i'j'"k"l`)).toEqual([
      "a",
      'b "c" \\d',
      "e 'f' \" \\ \\n $x",
      "g h",
      "ijkl",
    ]);
    expect(words(`a "" ''`)).toEqual(["a", "", ""]);
  });

  test.each([
    [`a "b`, '--exec: the " at character 3 is not closed'],
    ["a 'b", "the ' at character 3 is not closed"],
    ["a \\", "ends with a backslash"],
    ["a | b", "has '|', but is run without a shell"],
    ["a > b", "has '>'"],
    ["  ", "names no program"],
  ])("%s is refused", (command, message) => {
    expect(() => words(command)).toThrow(message);
  });
});

describe("a program that behaves", () => {
  test.each([1, 2, 3])("answers in order (%i copies)", async (concurrency) => {
    expect(await ask("slow", some, { concurrency })).toEqual({ n: 5, value: Float64Array.from(squares) });
  });

  test.each([1, 3])("tells each point as it comes (%i copies)", async (concurrency) => {
    const { potential } = await opened("third", { concurrency });
    const told: Answer[] = new Array(5);
    const whole = await potential.answer({ kind: "value", at: some }, undefined, (from, part) => {
      expect([part.n, told[from]]).toEqual([1, undefined]);
      told[from] = part;
    });
    const parts = told.map((answer) => ({ asked: 1, answer }));
    expect(joined(parts, 1)).toEqual(whole);
  });

  test("numbers arrive bit for bit", async () => {
    const { value } = await ask("well", points([[0.1, 1 / 3, 1e-310, -5e15]]));
    expect(value?.[0]).toBe(0.1 ** 2 + (1 / 3) ** 2 + 1e-310 ** 2 + 25e30);
  });

  test.each(["once", "unended", "late", "drops", "long", "blank"])(
    "may answer in its own manner: %s",
    async (manner) => {
      expect(await ask(manner)).toEqual({ n: 5, value: Float64Array.from(squares) });
    },
  );

  test("gives gradients where it is said to", async () => {
    const { potential } = await opened("gradient", { gradient: true });
    expect(potential.can).toEqual(["value", "gradient"]);
    const answer = await potential.answer({
      kind: "gradient",
      at: points([
        [1, 2],
        [3, -4],
      ]),
    });
    expect(answer).toEqual({ n: 2, value: Float64Array.of(5, 25), gradient: Float64Array.of(2, 4, 6, -8) });
    const plain = await opened("well", { gradient: true });
    const failed = await plain.potential.answer({ kind: "gradient", at: points([[1, 2]]) });
    expect(failed.failures?.[0].reason).toContain("whose gradient is not a list of 2 finite numbers");
  });

  test("answers queries that overlap", async () => {
    const { potential } = await opened("slow", { concurrency: 2 });
    const both = await Promise.all([1, 2].map(() => potential.answer({ kind: "value", at: some })));
    for (const { value } of both) expect([...(value ?? [])]).toEqual(squares);
  });

  test("that tells constraints has a confined packet beside it", async () => {
    const exec = `"${process.execPath}" "${join(import.meta.dirname, "../fixtures/mixed-program.mjs")}"`;
    const variables = { a: [0, 10], kind: { choice: ["x", "y"] }, c: 0 };
    const { potential, close } = await openPotential(readConfig({ objective: { exec }, variables }));
    const { best, record } = await minimize(potential, { budget: 120 });
    await close();
    expect(record.families.map(({ label }) => label)).toContain("confined");
    expect(best.value).toBeGreaterThanOrEqual(1);
    expect(best.value).toBeLessThan(1 + 1e-8);
  });

  test("takes its domain from the configuration and has none of its own", async () => {
    const exec = `${SIMULATE} well`;
    await expect(openPotential(readConfig({ objective: { exec } }))).rejects.toThrow("--domain: is missing");
    const config = readConfig({ objective: { exec }, domain: { u: [0, 1], v: [0, 2] } });
    const { potential, evaluate, close } = await openPotential(config, { workers: 2 });
    expect(potential.names).toEqual(["u", "v"]);
    expect((await evaluate({ kind: "value", at: points([[3, 4]]) })).value?.[0]).toBe(25);
    await close();
  });
});

describe("a program that fails, point by point", () => {
  test("dies at once", async () => {
    expect(await reasons("dies", points([[1], [2]]))).toEqual([
      "0: exited with code 4: no licence",
      "1: exited with code 4: no licence",
    ]);
  });

  test("fails where it tells constraints elsewhere: those of that point alone are not known", async () => {
    const answer = await ask("bounded", points([[1], [2], [3], [4], [5], [6], [7]]));
    // it exits at every third line that a copy of it reads
    expect([...(answer.constraints ?? [])]).toEqual([-8, -7, Number.NaN, -5, Number.NaN, Number.NaN, -2]);
    expect(answer.failures?.map(({ index }) => index)).toEqual([2, 4, 5]);
  });

  test("that tells NaN has answered with a number, one that dies has not", async () => {
    const [nan] = (await ask("nan", points([[1]]))).failures ?? [];
    const [dead] = (await ask("dies", points([[1]]))).failures ?? [];
    expect([nan.number, dead.number]).toEqual([true, undefined]);
  });

  test("dies at every third point", async () => {
    const answer = await ask("third");
    expect([...(answer.value ?? [])]).toEqual([1, 4, Number.NaN, 16, 25]);
    expect(answer.failures).toEqual([{ index: 2, reason: "exited with code 3: Error: out of ink" }]);
  });

  test("hangs: the point fails in time, the others stand", async () => {
    const at = points([[1], [7], [2]]);
    expect(await reasons("hang", at, { timeout: 2 })).toEqual(["1: no answer within 2 s (--timeout)"]);
  });

  test.each([
    ["crash", "killed by SIGSEGV"],
    ["junk", "answered 'the answer is 42', not a JSON line"],
    ["banner", "answered 'Simulator 3.1', not a JSON line"],
    ["two", "answered with more than one line"],
    ["closes", "closed its output"],
    ["none", `answered '{"energy":1}', which has no value`],
    ["text", `answered '{"value":"12"}', whose value is not a finite number`],
    ["nan", `answered '{"value": NaN, "tail": [Infinity, -Infinity]}', whose value is not a finite number`],
    ["endless", "wrote 64 MB without ending the line"],
  ])("%s", async (manner, reason) => {
    const found = await reasons(manner, points([[1], [2]]));
    // how it is put together again must not matter to the next point
    expect(found).toEqual([`0: ${reason}`, `1: ${reason}`]);
  });

  test("a log on standard output is never taken for an answer", async () => {
    const reason = "answered 'evaluating', not a JSON line";
    expect(await reasons("log", points([[1], [2]]))).toEqual([`0: ${reason}`, `1: ${reason}`]);
  });
});

describe("a program that cannot be started", () => {
  const starting = (command: string) => program(command, { domain: box(1, -1, 1) });

  test("is an input error", async () => {
    const file = join(folder, "simulate");
    await expect(starting(file)).rejects.toMatchObject({ code: "WICK_INPUT" });
    await expect(starting(file)).rejects.toThrow("was not found; check the path");
    await expect(starting("no-such-program-here --json")).rejects.toThrow("--exec no-such-program-here: was not found");
    writeFileSync(file, "#!/no/such/interpreter\n");
    await expect(starting(file)).rejects.toThrow(`make it a program: chmod +x ${file}`);
    chmodSync(file, 0o755);
    await expect(starting(file)).rejects.toThrow("the interpreter named in its first line was not found");
  });
});

describe("ending", () => {
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const listed = (file: string): number[] => readFileSync(file, "utf8").trim().split("\n").map(Number);

  test("an abort gives what is answered so far", async () => {
    const { potential } = await opened("hang", { concurrency: 2 });
    const stop = new AbortController();
    const asked = points([[1], [2], [7], [3], [8], [4]]);
    setTimeout(() => stop.abort(), 1000);
    const { n, value } = await potential.answer({ kind: "value", at: asked }, stop.signal);
    expect(n).toBeLessThanOrEqual(2);
    expect([...(value ?? [])]).toEqual(squares.slice(0, n));
    expect([...((await potential.answer({ kind: "value", at: some })).value ?? [])]).toEqual(squares);
    expect(await potential.answer({ kind: "value", at: some }, AbortSignal.abort())).toMatchObject({ n: 0 });
  });

  test("no process outlives the program, not even one that refuses to go", async () => {
    const list = join(folder, "deaf");
    const { potential, close } = await opened(`deaf "${list}"`, { timeout: 2 });
    const { failures } = await potential.answer({ kind: "value", at: points([[1]]) });
    expect(failures).toEqual([{ index: 0, reason: "no answer within 2 s (--timeout)" }]);
    void potential.answer({ kind: "value", at: points([[2]]) });
    await expect.poll(() => listed(list).length, { timeout: 10_000 }).toBe(2);
    await close();
    await expect.poll(() => listed(list).filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  test("nor this process", () => {
    const list = join(folder, "orphan");
    const module = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../dist", path)).href);
    const script = `
      import { existsSync } from "node:fs";
      import { program } from ${module("platform/node/program.js")};
      import { box } from ${module("core/problem.js")};
      const { potential } = await program(${JSON.stringify(`${SIMULATE} deaf "${list}"`)}, { domain: box(1, -1, 1) });
      potential.answer({ kind: "value", at: { n: 1, dim: 1, x: Float64Array.of(1) } });
      setInterval(() => existsSync(${JSON.stringify(list)}) && process.exit(0), 20);`;
    expect(spawnSync(process.execPath, ["--input-type=module", "-e", script]).status).toBe(0);
    return expect.poll(() => listed(list).filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });
});
