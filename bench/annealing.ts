/**
 * Quantum against thermal annealing of spins at equal cost: one evaluation is one sweep of one replica, slice or walker.
 * Random glasses, ten instances and ten seeds of each: the share of runs that end in the ground state, the residual energy
 * (E − E₀)/|E₀| of all, each ± one standard error, and sweeps a second on one thread. E₀ is that of exhaustive search where
 * there are 24 spins, else the least that any run has found, those five times as long included.
 */
import type { EngineEntry } from "../src/core/engine.ts";
import { readValues } from "../src/core/entry.ts";
import { metropolisEntry } from "../src/engines/metropolis.ts";
import { pimcEntry } from "../src/engines/pimc/index.ts";
import { walkersEntry } from "../src/engines/walkers.ts";
import { configurations, grayOn, grayWalk } from "../src/math/gray.ts";
import { type Ising, ising, type Pair } from "../src/math/ising.ts";
import { key, normal } from "../src/math/rng.ts";
import { spins } from "../src/potentials/ising/index.ts";
import { minimize } from "../src/tasks/minimize.ts";

const INSTANCES = 10;
const SEEDS = 10;
/** Runs as many times as long look for a lower energy still. */
const LONG = 5;

type Glass = { readonly name: string; readonly make: (seed: number) => Ising; readonly budgets: readonly number[] };

const glasses: readonly Glass[] = [
  { name: "all pairs, normal, n = 24", make: (seed) => mesh(24, seed), budgets: [100, 1000] },
  { name: "all pairs, normal, n = 64", make: (seed) => mesh(64, seed), budgets: [300, 3000] },
  { name: "torus 12 × 12, normal", make: (seed) => torus(12, seed), budgets: [300, 3000] },
];

const entries: readonly EngineEntry[] = [metropolisEntry, pimcEntry, walkersEntry];

export async function bench() {
  const rows: Record<string, number | string>[] = [];
  for (const { name, make, budgets } of glasses) {
    const problems = Array.from({ length: INSTANCES }, (_, seed) => make(seed));
    const least = problems.map((problem) => (problem.n <= 24 ? proved(problem) : Number.POSITIVE_INFINITY));
    const runs = [];
    for (const entry of entries)
      for (const budget of [...budgets, LONG * budgets[budgets.length - 1]]) {
        const begun = performance.now();
        const found: { instance: number; energy: number }[] = [];
        const seeds = budgets.includes(budget) ? SEEDS : 1;
        for (const [instance, couplings] of problems.entries())
          for (let seed = 0; seed < seeds; seed++) {
            const made = entry.spins?.({ couplings, budget }, readValues(entry, {}));
            if (made === undefined) throw new Error(`${entry.name} knows no spins`);
            const { best } = await minimize({ potential: spins(couplings), ...made, budget, seed });
            found.push({ instance, energy: best.value });
            least[instance] = Math.min(least[instance], best.value);
          }
        const rate = (budget * found.length) / ((performance.now() - begun) / 1000);
        if (seeds > 1) runs.push({ engine: entry.name, budget, found, rate });
      }
    for (const { engine, budget, found, rate } of runs) {
      const residual = found.map(({ instance, energy }) => (100 * (energy - least[instance])) / -least[instance]);
      const hits = residual.map((r) => Number(r < 1e-7));
      rows.push({
        problem: name,
        engine,
        sweeps: budget,
        "ground state": told(hits, 2),
        "residual energy, %": told(residual, 3),
        "sweeps/s": Math.round(rate),
      });
    }
  }
  return { name: `annealing of spins: ${INSTANCES} instances × ${SEEDS} seeds each`, rows };
}

function told(values: readonly number[], digits: number): string {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(square / values.length).toFixed(digits)}`;
}

function proved(problem: Ising): number {
  const walk = grayWalk(problem);
  grayOn(problem, walk, configurations(problem));
  return walk.energy;
}

/** Every pair coupled, by normal numbers of variance 1/n. */
function mesh(n: number, seed: number): Ising {
  const root = key(1000 + seed);
  const pairs: Pair[] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) pairs.push([i, j, normal(root, i * n + j) / Math.sqrt(n)]);
  return ising(n, pairs);
}

/** A square lattice whose edges are joined. */
function torus(side: number, seed: number): Ising {
  const root = key(2000 + seed);
  const pairs: Pair[] = [];
  for (let x = 0; x < side; x++)
    for (let y = 0; y < side; y++) {
      const i = x * side + y;
      pairs.push([i, ((x + 1) % side) * side + y, normal(root, 2 * i)]);
      pairs.push([i, x * side + ((y + 1) % side), normal(root, 2 * i + 1)]);
    }
  return ising(side * side, pairs);
}
