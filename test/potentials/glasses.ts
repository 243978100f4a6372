/** Random Ising problems in tests: every pair of spins coupled, by ±1 or by normal numbers. */
import { type Ising, ising, type Pair } from "../../src/math/ising.ts";
import { fold, key, normal, uniform } from "../../src/math/rng.ts";

export type Glass = {
  readonly n: number;
  readonly seed: number;
  readonly law: "sign" | "normal";
  readonly fields?: boolean;
};

export function glass({ n, seed, law, fields = false }: Glass): Ising {
  const root = fold(key(seed), n);
  let element = 0;
  const draw = (): number => {
    const e = element++;
    return law === "normal" ? normal(root, e) : uniform(root, e) < 0.5 ? -1 : 1;
  };
  const pairs: Pair[] = [];
  for (let i = 0; i < n; i++) for (let j = fields ? i : i + 1; j < n; j++) pairs.push([i, j, draw()]);
  return ising(n, pairs);
}

/** All configurations of a few spins. */
export function allOf(n: number): Float64Array[] {
  return Array.from({ length: 2 ** n }, (_, code) =>
    Float64Array.from({ length: n }, (_, i) => ((code >> i) & 1) * 2 - 1),
  );
}
