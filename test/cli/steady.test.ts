/** `wick minimize --steady`: workers' answers in any order, killed and resumed, with real processes. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Trial, trials } from "../../src/core/trials.ts";
import { setup } from "../../src/index.ts";
import { key, uniform } from "../../src/math/rng.ts";
import { root, wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-steady-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const UNEVEN = ["minimize", "test/fixtures/uneven.mjs", "--workers", "2", "--steady", "--json"];

type Line = { readonly trial: number; readonly asked: number; readonly x: number[][]; readonly value: number[] };

/** The arrivals in a journal. */
function arrivals(study: string): Line[] {
  const path = join(study, "journal.jsonl");
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line.startsWith('{"trial"'))
    .map((line) => JSON.parse(line));
}

/** The uninterrupted run with that order of answers: it must ask the same points, and finds the same. */
function replayed(lines: readonly Line[], budget: number) {
  const objective = { value: () => Number.NaN, domain: { lower: [-4, -4, -4], upper: [6, 6, 6] } };
  const all = trials(setup(objective, { budget }));
  for (const { trial, asked, x, value } of lines) {
    all.proposeTo(asked);
    expect(Array.from((all.outstanding(trial) as Trial).query.at.x)).toEqual(x[0]);
    all.tell(trial, { n: 1, value: Float64Array.from(value) });
  }
  return all.result("budget spent").best;
}

test("two workers, uneven costs: one overtakes the other, and the budget is exact", async () => {
  const study = join(folder, "two");
  const { code, out } = await wick([...UNEVEN, "--budget", "300", "--study", study]);
  expect(code).toBe(0);
  const { stop, evaluations, best } = JSON.parse(out);
  expect({ stop, evaluations }).toEqual({ stop: "budget spent", evaluations: 300 });
  const lines = arrivals(study);
  expect(lines.length).toBe(300);
  // an answer that comes later than the one asked after it
  expect(lines.some(({ trial }, i) => i > 0 && trial < lines[i - 1].trial)).toBe(true);
  expect(lines.every(({ asked }, i) => asked - i <= 2)).toBe(true);
  const whole = replayed(lines, 300);
  expect(best).toEqual({ value: whole.value, x: Array.from(whole.x) });

  // gone on with: the study knows that its answers come in any order
  const more = await wick(["minimize", "--study", study, "--resume", "--workers", "2", "--budget", "360", "--json"]);
  expect(JSON.parse(more.out)).toMatchObject({ stop: "budget spent", evaluations: 360 });
  expect(arrivals(study).slice(0, 300)).toEqual(lines);
  const shown = await wick(["studies", "show", study, "--json"]);
  expect(JSON.parse(shown.out)).toMatchObject({ evaluations: 360 });
});

test("programs answer in any order as well", async () => {
  const program = ["--exec", "node test/fixtures/program.mjs", "--domain", "-1:2", "--dim", "2"];
  const { code, out } = await wick(["minimize", ...program, "--workers", "2", "--steady", "--budget", "60", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ stop: "budget spent", evaluations: 60, unusable: { failures: 0 } });
});

const KILLS = 10;
const BUDGET = 1500;

/** Runs a study of uneven costs; killed so many milliseconds after its first new answer if a number is given. */
function life(study: string, asked: string, ms?: number): Promise<string | undefined> {
  const args = ["bin/wick.mjs", ...UNEVEN, "--budget", String(BUDGET), "--study", study, "--resume"];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ASKED: asked },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  if (ms !== undefined) {
    const size = (): number => (existsSync(asked) ? readFileSync(asked).length : 0);
    const before = size();
    const watch = setInterval(() => {
      if (size() === before) return;
      clearInterval(watch);
      setTimeout(() => child.kill("SIGKILL"), ms);
    }, 2);
  }
  return new Promise((resolve) => {
    child.on("close", (_code, signal) => resolve(signal === null ? output : undefined));
  });
}

test(`killed ${KILLS} times and resumed, a study ends as the uninterrupted run with its order of answers`, {
  timeout: 120_000,
}, async () => {
  const study = join(folder, "killed");
  const log = join(folder, "killed.log");
  for (let kill = 0; kill < KILLS; kill++)
    expect(await life(study, log, 80 * uniform(key(2), kill)), "the budget must outlast the kills").toBeUndefined();
  const outcome = JSON.parse((await life(study, log)) ?? "");
  const lines = arrivals(study);
  expect([outcome.stop, outcome.evaluations, lines.length]).toEqual(["budget spent", BUDGET, BUDGET]);
  const whole = replayed(lines, BUDGET);
  expect(outcome.best).toEqual({ value: whole.value, x: Array.from(whole.x) });
  // at each kill no more is lost than the two points in flight
  const asked = readFileSync(log, "utf8").trimEnd().split("\n").length;
  expect(asked).toBeGreaterThanOrEqual(BUDGET);
  expect(asked).toBeLessThanOrEqual(BUDGET + 2 * KILLS);
});

describe("refused", () => {
  test("an engine without the face, by its name, before a folder is made", async () => {
    const study = join(folder, "none");
    const { code, err } = await wick([...UNEVEN, "--engine", "mqhoa", "--study", study]);
    expect(code).toBe(2);
    expect(err).toContain("engine 'mqhoa': takes the answers of a step together, not in any order");
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(existsSync(study)).toBe(false);
  });

  test("a study of the other kind", async () => {
    const study = join(folder, "other");
    const plain = UNEVEN.filter((flag) => flag !== "--steady");
    await wick([...plain, "--budget", "20", "--study", study]);
    const { code, err } = await wick([...UNEVEN, "--budget", "40", "--study", study, "--resume"]);
    expect(code).toBe(2);
    expect(err).toContain("belongs to another study: its steady is not set, yours true");
  });
});
