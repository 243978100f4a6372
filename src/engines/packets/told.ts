/** What a wide or small packet tells of itself, in the lengths of the user. */
import { meanWidth } from "../../core/bounds.ts";
import type { Info } from "../../core/engine.ts";
import type { Domain } from "../../core/problem.ts";
import type { Level } from "./level.ts";
import { spread } from "./reading.ts";
import type { Family } from "./superposition.ts";

/** The info of the packet of family `a` after a generation. */
export function levelInfo(a: number, { births }: Family, { packet, reading }: Level, domain: Domain): Info {
  const width = meanWidth(domain);
  return {
    energy: reading.energy,
    scatter: reading.scatter,
    D: reading.D * width * width,
    dt: reading.dt,
    spread: spread(packet, domain),
    sigma: packet.sigma * width,
    lambda: packet.lambda,
    family: a,
    births,
  };
}
