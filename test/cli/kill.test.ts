/** kill −9 at a random moment, then --resume, a hundred times in a row with a real process. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { key, uniform } from "../../src/math/rng.ts";
import { trials } from "../../src/platform/node/studies.ts";

const root = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "wick-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KILLS = 100;
const BUDGET = 6000;
const WORKERS = 2;
/** Of points that take a millisecond: a first 10 ms and a piece of 4 ms in each thread. */
const UNTOLD = WORKERS * (10 + 4);

type Outcome = { readonly best: unknown; readonly evaluations: number; readonly scales: unknown };

type Life = { readonly ms: number; readonly from: "its start" | "its first answer" };

/** Runs `wick minimize` on a study; killed in the middle if given a life. */
function minimize(study: string, asked: string, life?: Life): Promise<Outcome | undefined> {
  const args = ["minimize", "test/fixtures/logged.mjs", "--budget", String(BUDGET), "--workers", String(WORKERS)];
  const child = spawn(process.execPath, ["bin/wick.mjs", ...args, "--study", study, "--resume", "--json"], {
    cwd: root,
    env: { ...process.env, ASKED: asked },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const kill = (): unknown => setTimeout(() => child.kill("SIGKILL"), life?.ms);
  if (life?.from === "its start") kill();
  else if (life !== undefined) whenAsked(asked, kill);
  return new Promise((resolve) => {
    child.on("close", (_code, signal) => resolve(signal === null ? JSON.parse(output) : undefined));
  });
}

/** Calls back once the log has grown, or after two seconds: a whole replay asks nothing. */
function whenAsked(path: string, then: () => void): void {
  const size = (): number => (existsSync(path) ? readFileSync(path).length : 0);
  const before = size();
  const begun = performance.now();
  const watch = setInterval(() => {
    if (size() === before && performance.now() - begun < 2000) return;
    clearInterval(watch);
    then();
  }, 2);
}

/** Most kills fall among the answers, every fifth anywhere, before the study is open or while it is replayed too. */
function lifeOf(kill: number): Life {
  const share = uniform(key(1), kill);
  return kill % 5 === 0 ? { ms: 800 * share, from: "its start" } : { ms: 40 * share, from: "its first answer" };
}

const lines = (path: string): string[] => (existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : []);

/** The points in a journal. */
function journaled(study: string): string[] {
  return lines(join(study, "journal.jsonl"))
    .map((line) => (JSON.parse(line) as { x?: number[][] }).x ?? [])
    .flatMap((x) => x.map((point) => JSON.stringify(point)));
}

async function pointsIn(study: string): Promise<(readonly number[])[]> {
  const points = [];
  for await (const { x } of trials(study)) points.push(x);
  return points;
}

test(`killed ${KILLS} times and resumed, a study ends as the uninterrupted run, bit for bit`, {
  timeout: 300_000,
}, async () => {
  const whole = await minimize(join(folder, "whole"), join(folder, "whole.log"));
  const study = join(folder, "killed");
  const asked = join(folder, "killed.log");
  let kills = 0;
  let journaledBefore = 0;
  let askedBefore = 0;
  while (kills < KILLS) {
    const outcome = await minimize(study, asked, lifeOf(kills));
    expect(outcome, "the budget must outlast the kills").toBeUndefined();
    kills++;
    const inJournal = existsSync(join(study, "journal.jsonl")) ? journaled(study).length : 0;
    const inLog = lines(asked).length;
    // what was asked and not journaled is what was quick: some milliseconds of each thread
    expect(inLog - askedBefore - (inJournal - journaledBefore)).toBeLessThanOrEqual(UNTOLD);
    [journaledBefore, askedBefore] = [inJournal, inLog];
  }
  const outcome = await minimize(study, asked);
  expect(outcome?.best).toEqual(whole?.best);
  expect(outcome?.evaluations).toBe(whole?.evaluations);
  expect(outcome?.scales).toEqual(whole?.scales);
  // every point of the run is journaled once, and read in the order of the uninterrupted run
  expect(journaled(study).sort()).toEqual(journaled(join(folder, "whole")).sort());
  expect(await pointsIn(study)).toEqual(await pointsIn(join(folder, "whole")));
});
