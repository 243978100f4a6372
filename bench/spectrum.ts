/**
 * Spectra beside scipy and QuTiP on the same levels, in one run on one core: milliseconds and the worst error against
 * what is known. Ours chooses box and grid itself and says its error; the peers are handed a grid or basis that does.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Potential } from "../src/core/problem.ts";
import { formula } from "../src/potentials/formula/index.ts";
import { spectrum } from "../src/tasks/spectrum.ts";

type Case = {
  readonly name: string;
  readonly make: () => Potential;
  readonly tolerance: number;
  /** Milliseconds to be reached. */
  readonly allowed: number;
  readonly levels: readonly number[];
};

/** Levels at D = ½: closed forms, and those computed in 40 digits and in an oscillator basis (test/reference/spectra.json). */
const CASES: readonly Case[] = [
  {
    name: "double well",
    make: () => formula("5*(x^2 - 1)^2"),
    tolerance: 1e-12,
    allowed: 10,
    levels: [
      2.6659115588052607, 3.0370286208658697, 6.647855522661863, 9.308548951438492, 13.00863978394853,
      17.13235063594517, 21.680211922428413, 26.588075275352114, 31.8181753943461, 37.3405489753301,
    ],
  },
  {
    name: "Hénon–Heiles",
    make: () => formula("(x^2 + y^2)/2 + lam*(x^2*y - y^3/3)", { params: { lam: Math.sqrt(0.0125) } }),
    tolerance: 1e-12,
    allowed: 100,
    levels: [
      0.998594772604624, 1.990076760083145, 1.9900767600831624, 2.956242988987813, 2.9853264280644103,
      2.9853264280644134, 3.925963721091131, 3.9259637210911453, 3.982417283274553, 3.98576092607717,
    ],
  },
  {
    name: "3-D oscillator",
    make: () => formula("(x^2 + y^2 + z^2)/2"),
    tolerance: 1e-9,
    allowed: 3000,
    levels: [1, 3, 6, 10].flatMap((count, n) => new Array<number>(count).fill(n + 1.5)),
  },
];

const ROUNDS_MS = 2000;
const FEWEST = 3;
const PEERS = ["scipy", "qutip"];

export async function bench() {
  const theirs = PEERS.map((peer) => ({ peer, told: ask(peer) }));
  const rows = [];
  for (const given of CASES) {
    const { first, warm, error, estimate } = await measure(given);
    const row: Record<string, number | string> = {
      levels: `${given.levels.length} of the ${given.name}`,
      tolerance: given.tolerance.toExponential(0),
      "ms at first": first.toFixed(1),
      "ms warm": warm.toFixed(2),
      error: error.toExponential(0),
      "its estimate": estimate.toExponential(0),
      reached: warm <= given.allowed ? "yes" : `no, ${given.allowed} ms is asked`,
    };
    for (const { peer, told } of theirs) {
      const found = told?.find(({ name }) => name === given.name);
      row[`${peer} ms`] = told === undefined ? "absent" : (found?.ms.toFixed(1) ?? "–");
      row[`${peer} error`] = found?.error.toExponential(0) ?? "–";
    }
    rows.push(row);
  }
  const absent = theirs.filter(({ told }) => told === undefined).map(({ peer }) => peer);
  const missing = absent.map((peer) => `; ${peer} absent: install python3-${peer}`).join("");
  return { name: `spectrum: lowest levels at D = ½, on one core${missing}`, rows };
}

/** The first solution in this process, and the quickest of those after it. */
async function measure({ make, levels, tolerance }: Case) {
  const options = { D: 0.5, levels: levels.length, tolerance };
  const begun = performance.now();
  const found = await spectrum(make(), options);
  const first = performance.now() - begun;
  let warm = Number.POSITIVE_INFINITY;
  for (let round = 0; round < FEWEST || performance.now() - begun < ROUNDS_MS; round++) {
    const started = performance.now();
    await spectrum(make(), options);
    warm = Math.min(warm, performance.now() - started);
  }
  const error = Math.max(...found.levels.map((E, n) => Math.abs(E - levels[n])));
  return { first, warm, error, estimate: Math.max(...found.error) };
}

/** What a peer's program measures of the same cases; undefined where it cannot run here. */
function ask(peer: string): { name: string; ms: number; error: number }[] | undefined {
  const script = join("bench", "peers", `spectrum_${peer}.py`);
  const input = JSON.stringify(CASES.map(({ name, levels }) => ({ name, levels })));
  const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const { status, stdout } = spawnSync("python3", [script], {
    input,
    encoding: "utf8",
    env: { ...process.env, ...one },
    stdio: ["pipe", "pipe", "ignore"],
  });
  return status === 0 ? JSON.parse(stdout) : undefined;
}
