/**
 * Noise: what ζ is worth, without it, at the point that is reported. BBOB's functions and normal noise of σ = 1 at every
 * value; ours beside one run of CMA-ES (deap, its own number of samples and ten times as many; the center is reported)
 * and scipy's differential evolution (the point of the least value).
 */
import { minimize } from "../src/index.ts";
import { fold, key, normal } from "../src/math/rng.ts";
import { bbob, bbobFunctions } from "../src/potentials/bbob/index.ts";
import { converse, openPeer, versionOf } from "./peers/conversation.ts";

const PEERS = ["cma-noise", "cma-large-noise", "de-noise"];
const FUNCTIONS = [1, 8, 10, 14, 7, 15, 21];
const DIM = 5;
const BUDGETS = [500, 2000, 10_000];
const SEEDS = 15;
const SIGMA = 1;

/** A function with noise, and its excess over the minimum without. */
function noisy(f: number, seed: number) {
  const { answer, truth } = bbob(f, DIM, 1 + (seed % 3));
  const minimum = truth?.minimum ?? Number.NaN;
  const draws = fold(key(seed), f);
  let asked = 0;
  const value = (x: ArrayLike<number>): number => {
    const told = answer({ kind: "value", at: { n: 1, dim: DIM, x: Float64Array.from(x) } });
    if (told instanceof Promise || told.value === undefined) throw new Error("a function that does not answer at once");
    return told.value[0];
  };
  return {
    asked: (): number => asked,
    see: (x: ArrayLike<number>): number => value(x) + SIGMA * normal(draws, asked++),
    excess: (x: ArrayLike<number>): number => value(x) - minimum,
    error: (claimed: number, x: ArrayLike<number>): number => claimed - value(x),
  };
}

type Peer = ReturnType<typeof openPeer>;

async function ours(f: number, budget: number, seed: number): Promise<{ excess: number; away: number }> {
  const { see, excess, error } = noisy(f, seed);
  const { best } = await minimize((x: number[]) => see(x), { domain: [-5, 5], dim: DIM, budget, seed, noise: "auto" });
  return { excess: excess(best.x), away: Math.abs(error(best.value, best.x)) / (best.error ?? Number.NaN) };
}

async function theirs(peer: Peer, name: string, f: number, budget: number, seed: number): Promise<number> {
  const { see, asked, excess } = noisy(f, seed);
  let reported = Number.NaN;
  await converse(peer, { peer: name, dim: DIM, lower: -5, upper: 5, seed: [seed, f], budget }, (x, out) => {
    if (asked() === budget) {
      reported = excess(x);
      return false;
    }
    out[0] = see(x);
    return true;
  });
  return reported;
}

function median(values: readonly number[]): string {
  return [...values].sort((a, b) => a - b)[values.length >> 1].toPrecision(2);
}

export async function bench(): Promise<{ name: string; rows: Record<string, number | string>[] }> {
  const peers = PEERS.filter((peer) => versionOf(peer) !== undefined);
  const rows = [];
  const process = openPeer();
  for (const f of FUNCTIONS)
    for (const budget of BUDGETS) {
      const own = [];
      const other: Record<string, number[]> = Object.fromEntries(peers.map((name) => [name, []]));
      for (let seed = 0; seed < SEEDS; seed++) {
        own.push(await ours(f, budget, seed));
        for (const peer of peers) other[peer].push(await theirs(process, peer, f, budget, seed));
      }
      const within = own.filter(({ away }) => away <= 2).length;
      rows.push({
        function: `f${f} ${bbobFunctions[f - 1].name}`,
        evaluations: budget,
        packets: median(own.map(({ excess }) => excess)),
        ...Object.fromEntries(peers.map((name) => [name.replace("-noise", ""), median(other[name])])),
        "claims within 2 errors": `${within}/${SEEDS}`,
      });
    }
  process.stdin?.end();
  const versions = [...new Set(peers.map(versionOf))].join(", ") || "absent";
  return {
    name: `noise of σ = ${SIGMA}, d = ${DIM}: median of ζ − minimum at the point reported; peers: ${versions}`,
    rows,
  };
}
