/**
 * Samplers beside a plain MALA in numpy, in one run on one core: effective draws a second of processor time, of the coordinate
 * whose draws are worth least, after warm-up. Both learn a dense shape and their step in the same warm-up and make as many
 * steps; what the draws are worth is found by one estimator for both.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readValues } from "../src/core/entry.ts";
import type { Potential } from "../src/core/problem.ts";
import { potentialEntries } from "../src/potentials/index.ts";
import { type Draws, momentsOf } from "../src/tasks/draws.ts";
import { sampling } from "../src/tasks/sampling.ts";

type Case = {
  readonly law: string;
  readonly set: Readonly<Record<string, number>>;
  readonly D: number;
  readonly chains: number;
  readonly steps: number;
};

const LAWS = [
  { law: "gaussian", set: { dim: 10, condition: 1000 }, D: 1 },
  { law: "funnel", set: { dim: 10 }, D: 1 },
  { law: "double-well", set: {}, D: 0.5 },
] as const;
/** Few chains are many small steps for numpy, many chains what it does best. */
const CASES: readonly Case[] = [
  ...LAWS.map((law) => ({ ...law, chains: 16, steps: 8000 })),
  ...LAWS.map((law) => ({ ...law, chains: 256, steps: 1500 })),
];
const WARMUP = 1000;
const ROUNDS = 3;

export async function bench() {
  const folder = mkdtempSync(join(tmpdir(), "wick-bench-"));
  try {
    const theirs = numpy(folder);
    const rows = [];
    for (const [i, given] of CASES.entries()) {
      const peer = theirs?.[i];
      const numpyRate = peer === undefined ? undefined : peer.ess / peer.seconds;
      const row: Record<string, number | string> = {
        law: `${given.law}${given.set && "dim" in given.set ? `, ${given.set.dim}-d` : ""}`,
        chains: given.chains,
        "numpy mala": numpyRate?.toFixed(0) ?? "absent",
      };
      for (const engine of ["mala", "underdamped"]) {
        const rate = await ours(given, engine);
        row[`our ${engine}`] = rate.toFixed(0);
        if (numpyRate !== undefined) row[`${engine}: ratio`] = (rate / numpyRate).toFixed(2);
      }
      rows.push(row);
    }
    const missing = theirs === undefined ? "; numpy absent: install python3-numpy" : "";
    return { name: `samplers: effective draws a second of processor time (${ROUNDS} runs)${missing}`, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function make({ law, set }: Case): Potential {
  const entry = potentialEntries.find(({ name }) => name === law);
  if (entry === undefined) throw new Error(`no potential '${law}'`);
  return entry.make(readValues(entry, set));
}

function worth(draws: Draws): number {
  return Math.min(...momentsOf(draws).ess);
}

/** Effective draws a second of ours: their mean over the runs, the seconds of the quickest. */
async function ours(given: Case, engine: string): Promise<number> {
  const { D, chains, steps } = given;
  let [seconds, ess] = [Number.POSITIVE_INFINITY, 0];
  for (let seed = 0; seed < ROUNDS; seed++) {
    let [from, to] = [process.cpuUsage(), process.cpuUsage()];
    const frame = ({ index }: { readonly index: number }): void => {
      if (index === WARMUP) from = process.cpuUsage();
      if (index === WARMUP + steps) to = process.cpuUsage(from);
    };
    const options = { D, engine, chains, steps, warmup: WARMUP, seed, set: { shape: "dense" } };
    const found = await sampling(make(given), options, { observers: [{ frame }] });
    const took = (to.user + to.system) / 1e6;
    seconds = Math.min(seconds, took);
    ess += Math.min(...found.ess) / ROUNDS;
  }
  return ess / seconds;
}

/** What the draws of numpy's chains are worth and the seconds they took; undefined where it cannot run here. */
function numpy(folder: string): { readonly ess: number; readonly seconds: number }[] | undefined {
  const files = CASES.map((_, i) => Array.from({ length: ROUNDS }, (_, round) => join(folder, `${i}-${round}.f64`)));
  const input = CASES.map(({ set, ...given }, i) => ({ ...given, ...set, files: files[i], warmup: WARMUP }));
  const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const { status, stdout } = spawnSync("python3", [join("bench", "peers", "mala_numpy.py")], {
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, ...one },
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) return undefined;
  const seconds: number[] = JSON.parse(stdout);
  return CASES.map((given, i) => ({
    ess: files[i].reduce((sum, file) => sum + worth(drawsIn(file, given)) / ROUNDS, 0),
    seconds: seconds[i],
  }));
}

function drawsIn(file: string, { chains, set }: Case): Draws {
  const bytes = readFileSync(file);
  const x = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const dim = set.dim ?? 1;
  return { chains, dim, every: 1, x, value: new Float64Array(x.length / dim) };
}
