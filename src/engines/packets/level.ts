/**
 * A level: one wide or small packet with its past and its reading, and the step that asks ζ for one generation of it.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import type { Key } from "../../math/rng.ts";
import { blankPast, ends, type Past, startPast } from "./ending.ts";
import { halfOf, orthogonalNormals } from "./normals.ts";
import { blankReading, type Reading, read, traceOfInverse } from "./reading.ts";
import { type Lowest, see } from "./sight.ts";
import type { Constants } from "./weights.ts";
import { type Bench, blankWide, learn, rank, sampleWide, startWide, type Wide } from "./wide.ts";

export type Level = { packet: Wide; past: Past; reading: Reading };

export function blankLevel(dim: number): Level {
  return { packet: blankWide(dim), past: blankPast(dim), reading: blankReading(dim) };
}

/** Begins a packet about its present mean. */
export function startLevel({ packet, past }: Level, lambda: number, sigma: number): void {
  startWide(packet, lambda, sigma);
  startPast(past);
}

/**
 * One generation: sample, ask, rank, learn.
 * @param lowest brought up to date
 * @returns whether it was the packet's last
 */
export function* generation(
  { packet, past, reading }: Level,
  of: Constants,
  domain: Domain,
  key: Key,
  bench: Bench,
  lowest: Lowest,
): Ask<boolean> {
  const { dim, lambda } = of;
  orthogonalNormals(key, halfOf(lambda), dim, bench.z);
  sampleWide(packet, of, bench);
  const u = new Float64Array(lambda * dim);
  for (let k = 0, e = 0; k < lambda; k++)
    for (let j = 0; j < dim; j++, e++) u[e] = packet.mean[j] + packet.sigma * bench.y[e];
  const value = yield* see(domain, lowest, lambda, u);

  const flat = rank(of, value, bench);
  const trace = traceOfInverse(packet);
  learn(packet, of, bench, flat);
  read(reading, of, trace, packet.momentum, bench.squares, value);
  return ends(past, packet, of, value, bench.order, lowest.value);
}
