/**
 * Diffusion Monte Carlo beside vectorised numpy doing the same work (kick, weigh, branch) in the same run: walker steps a
 * second of processor time on one core. Hydrogen is cut off at 0.1 bohr on both sides.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { answerAll } from "../src/core/ask.ts";
import { box, type Potential } from "../src/core/problem.ts";
import { dmc } from "../src/engines/index.ts";
import { fold, key, normal } from "../src/math/index.ts";

type Case = { readonly name: string; readonly make: () => Potential; readonly walkers: number; readonly dt: number };

const CUT = 0.1;
/** As fast as numpy twice over. */
const MUST = 2;

const CASES: readonly Case[] = [
  {
    name: "harmonic",
    make: () =>
      batched(1, (x, n, out) => {
        for (let i = 0; i < n; i++) out[i] = 0.5 * x[i] * x[i];
      }),
    walkers: 10_000,
    dt: 0.05,
  },
  {
    name: "hydrogen",
    make: () =>
      batched(3, (x, n, out) => {
        for (let i = 0, e = 0; i < n; i++, e += 3) {
          const square = x[e] * x[e] + x[e + 1] * x[e + 1] + x[e + 2] * x[e + 2];
          out[i] = -1 / Math.sqrt(square > CUT * CUT ? square : CUT * CUT);
        }
      }),
    walkers: 10_000,
    dt: 0.01,
  },
];

/** A potential that is evaluated many points at once, as numpy's is. */
function batched(dim: number, value: (x: Float64Array, n: number, out: Float64Array) => void): Potential {
  return {
    ...{ name: "bench", domain: box(dim, -10, 10), can: ["value"] },
    answer({ at: { n, x } }) {
      const out = new Float64Array(n);
      value(x, n, out);
      return { n, value: out };
    },
  };
}

/** The quickest window counts, on both sides: others may be at work on the machine. The first ones warm up. */
const WINDOWS = 60;
const WARM = 5;
const STEPS = 100;

export async function bench() {
  const theirs = numpy();
  const rows = CASES.map((given) => {
    const { rate, energy } = measure(given);
    const peer = theirs?.find(({ name }) => name === given.name);
    return {
      case: `${given.name}, ${given.walkers} walkers`,
      "ours, M steps/s": (rate / 1e6).toFixed(1),
      "numpy, M steps/s": peer === undefined ? "absent" : (peer.rate / 1e6).toFixed(1),
      "times numpy": peer === undefined ? "–" : (rate / peer.rate).toFixed(2),
      "energy, ours": energy.toFixed(4),
      "energy, numpy": peer?.energy.toFixed(4) ?? "–",
      reached: peer === undefined ? "–" : rate >= MUST * peer.rate ? "yes" : `no, ${MUST} is asked`,
    };
  });
  const missing = theirs === undefined ? "; numpy absent: install python3-numpy" : "";
  return { name: `walkers: diffusion Monte Carlo without a guide, on one core${missing}`, rows };
}

/** Walker steps a second of processor time, and the mean energy. */
function measure({ make, walkers, dt }: Case): { readonly rate: number; readonly energy: number } {
  const at = make();
  const start = (k: Parameters<typeof normal>[0], n: number): Float64Array =>
    Float64Array.from({ length: n * at.domain.lower.length }, (_, e) => normal(k, e));
  const engine = dmc({ population: walkers, memory: 1, start });
  const answer = (query: Parameters<typeof at.answer>[0]) => {
    const reply = at.answer(query);
    if (reply instanceof Promise) throw new Error("answers at once");
    return reply;
  };
  const state = answerAll(engine.init(at.domain, key(1)), answer);
  let [steps, total, count, rate] = [0, 0, 0, 0];
  for (let window = 0; window < WINDOWS; window++) {
    const begun = processor();
    let done = 0;
    for (let i = 0; i < STEPS; i++) {
      const { energy, population } = answerAll(
        engine.step(state, { D: 0.5, dt, index: steps, key: fold(key(1), ++steps) }),
        answer,
      );
      done += population;
      if (window < WARM) continue;
      total += energy;
      count++;
    }
    rate = Math.max(rate, (1e6 * done) / (processor() - begun));
  }
  return { rate, energy: total / count };
}

/** Microseconds of processor time, the system's share included, as the other side counts it. */
function processor(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function numpy(): { name: string; rate: number; energy: number }[] | undefined {
  const input = JSON.stringify(CASES.map(({ name, walkers, dt }) => ({ name, walkers, dt })));
  const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const { status, stdout } = spawnSync("python3", [join("bench", "peers", "walkers_numpy.py")], {
    input,
    encoding: "utf8",
    env: { ...process.env, ...one },
    stdio: ["pipe", "pipe", "ignore"],
  });
  return status === 0 ? JSON.parse(stdout) : undefined;
}
