/**
 * Constraints: packets beside scipy's COBYLA and SLSQP, started again and again from uniform points, and its differential
 * evolution with constraints. Solved: every g ≤ 10⁻⁶ and ζ ≤ least + 10⁻⁴ (1 + |least|). Values of ζ and of g at a point
 * are one evaluation; differences count.
 */
import { minimize } from "../src/index.ts";
import { type Limited, problems } from "./limited.ts";
import { converse, openPeer, versionOf } from "./peers/conversation.ts";

const PEERS = ["cobyla-limits", "slsqp-limits", "de-limits"];
const SEEDS = 9;
const MOST = 10_000;
const BROKEN = 1e-6;
const WITHIN = 1e-4;

/** A problem that notes the evaluation at which it is solved. */
function watched({ value, constraints, least }: Limited) {
  let [asked, solvedAt] = [0, Number.POSITIVE_INFINITY];
  return {
    solvedAt: (): number => solvedAt,
    over: (): boolean => solvedAt < Infinity || asked >= MOST,
    see: (x: number[]): { value: number; g: number[] } => {
      const seen = { value: value(x), g: constraints(x) };
      asked++;
      const solved = seen.g.every((v) => v <= BROKEN) && seen.value <= least + WITHIN * (1 + Math.abs(least));
      if (solved) solvedAt = Math.min(solvedAt, asked);
      return seen;
    },
  };
}

async function ours(p: Limited, seed: number): Promise<number> {
  const { see, solvedAt } = watched(p);
  let last: { value: number; g: number[] } = { value: 0, g: [] };
  const value = (x: number[]): number => {
    last = see(x);
    return last.value;
  };
  const domain = p.domain as [number, number][];
  const target = p.least + WITHIN * (1 + Math.abs(p.least));
  await minimize(value, { domain, constraints: () => last.g, budget: MOST, seed, target });
  return solvedAt();
}

async function theirs(name: string, p: Limited, seed: number): Promise<number> {
  const peer = openPeer();
  const { see, solvedAt, over } = watched(p);
  const dim = p.domain.length;
  const limits = p.constraints(p.domain.map(([low]) => low)).length;
  const task = { peer: name, dim, lower: 0, upper: 1, seed: [seed, dim], budget: MOST, limits, boxes: p.domain };
  await converse(peer, task, (x, out) => {
    if (over()) return false;
    const { value, g } = see([...x]);
    out[0] = value;
    out.set(g, 1);
    return true;
  });
  peer.stdin?.end();
  return solvedAt();
}

/** The median of the evaluations, and how many of the seeds arrived. */
function told(hits: readonly number[]): string {
  const median = [...hits].sort((a, b) => a - b)[hits.length >> 1];
  const arrived = hits.filter((hit) => hit < Infinity).length;
  return `${median < Infinity ? median : "–"} (${arrived}/${hits.length})`;
}

export async function bench(): Promise<{ name: string; rows: Record<string, number | string>[] }> {
  const peers = PEERS.filter((peer) => versionOf(peer) !== undefined);
  const rows = [];
  for (const [problem, p] of Object.entries(problems)) {
    const hits: Record<string, number[]> = Object.fromEntries(["packets", ...peers].map((name) => [name, []]));
    for (let seed = 0; seed < SEEDS; seed++) {
      hits.packets.push(await ours(p, seed));
      for (const peer of peers) hits[peer].push(await theirs(peer, p, seed));
    }
    const cells = Object.entries(hits).map(([name, of]) => [name.replace("-limits", ""), told(of)]);
    rows.push({
      problem,
      d: p.domain.length,
      constraints: p.constraints(p.domain.map(([low]) => low)).length,
      ...Object.fromEntries(cells),
    });
  }
  const beside = peers.length === 0 ? "peers are absent" : versionOf(peers[0]);
  return { name: `constrained: median evaluations until solved (runs that were, of ${SEEDS}); peers: ${beside}`, rows };
}
