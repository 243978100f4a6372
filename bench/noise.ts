/**
 * Noise: what ζ is worth, without it, at the point that is reported. BBOB's functions and normal noise of σ = 1 at every
 * value; ours beside one run of CMA-ES (deap, its own number of samples and ten times as many; the center is reported)
 * and scipy's differential evolution (the point of the least value). And problems under constraints, their g without
 * noise, beside differential evolution with constraints (the allowed point of the least value); in units of σ.
 */
import { minimize } from "../src/index.ts";
import { fold, key, normal } from "../src/math/rng.ts";
import { bbob, bbobFunctions } from "../src/potentials/bbob/index.ts";
import { problems } from "./limited.ts";
import { converse, openPeer, versionOf } from "./peers/conversation.ts";

const PEERS = ["cma-noise", "cma-large-noise", "de-noise"];
const FUNCTIONS = [1, 8, 10, 14, 7, 15, 21];
const DIM = 5;
const BUDGETS = [500, 2000, 10_000];
const SEEDS = 15;
const SIGMA = 1;
/** Problems under constraints, the noise there, and the peer. */
const LIMITED: readonly (readonly [keyof typeof problems, number])[] = [
  ["a parabola beside a wall of its own", 0.5],
  ["a plane in a disk", 0.1],
  ["a sliver between two circles (g06)", 100],
  ["five variables, six constraints, two of them active (g04)", 100],
  ["a welded beam", 0.2],
  ["seven variables, two of four constraints active (g09)", 20],
  ["ten variables, eight constraints, six of them active (g07)", 5],
];
const LIMITED_PEER = "de-limits";

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

/** Values of a problem under constraints with noise, each new; and the excess in units of it, +∞ where a g is broken. */
function limited(name: string, sigma: number, seed: number) {
  const { value, constraints, least, domain } = problems[name];
  const draws = fold(key(seed), name.length);
  let asked = 0;
  return {
    ...{ constraints, domain, asked: (): number => asked },
    see: (x: number[]): number => value(x) + sigma * normal(draws, asked++),
    excess: (x: number[]): number =>
      x.length > 0 && constraints(x).every((g) => g <= 0) ? (value(x) - least) / sigma : Number.POSITIVE_INFINITY,
  };
}

async function oursLimited(name: string, sigma: number, budget: number, seed: number): Promise<number> {
  const { see, constraints, domain, excess } = limited(name, sigma, seed);
  const given = { domain: domain as [number, number][], constraints, budget, seed, noise: "auto" as const };
  return excess([...(await minimize((x: number[]) => see(x), given)).best.x]);
}

async function theirsLimited(name: string, sigma: number, budget: number, seed: number): Promise<number> {
  const { see, constraints, domain, excess, asked } = limited(name, sigma, seed);
  const peer = openPeer();
  const dim = domain.length;
  const limits = constraints(domain.map(([low]) => low)).length;
  const task = { peer: LIMITED_PEER, dim, lower: 0, upper: 1, seed: [seed, dim], budget, limits, boxes: domain };
  let best: { value: number; x: number[] } = { value: Number.POSITIVE_INFINITY, x: [] };
  await converse(peer, task, (at, out) => {
    if (asked() === budget) return false;
    const x = [...at];
    const g = constraints(x);
    out[0] = see(x);
    out.set(g, 1);
    if (out[0] < best.value && g.every((v) => v <= 0)) best = { value: out[0], x };
    return true;
  });
  peer.stdin?.end();
  return excess(best.x);
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
  for (const [name, sigma] of LIMITED)
    for (const budget of BUDGETS) {
      const own = [];
      const other = [];
      for (let seed = 0; seed < SEEDS; seed++) {
        own.push(await oursLimited(name, sigma, budget, seed));
        if (peers.length > 0) other.push(await theirsLimited(name, sigma, budget, seed));
      }
      const beside = other.length === 0 ? {} : { de: median(other) };
      rows.push({ function: `${name}, σ = ${sigma}`, evaluations: budget, packets: median(own), ...beside });
    }
  const versions = [...new Set(peers.map(versionOf))].join(", ") || "absent";
  return {
    name: `noise (σ = ${SIGMA} and d = ${DIM} where nothing else is said): median of (ζ − minimum)/σ at the point reported; peers: ${versions}`,
    rows,
  };
}
