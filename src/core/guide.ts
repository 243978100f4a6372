/**
 * Guides: trial wave functions φ of diffusion Monte Carlo. With one, walkers sample ψφ instead of ψ: they drift along
 * 2D ∇ln φ and are weighed by the local energy E_L = ζ − D ∇²φ/φ, which varies the less the nearer φ is to ψ.
 */
import type { Key } from "../math/rng.ts";
import type { Points } from "./problem.ts";

/** What is known of φ at n points, each array with room for them. */
export type Guidance = {
  /** ln |φ|; −∞ where φ vanishes. */
  readonly log: Float64Array;
  /** ∇ln φ, row-major. */
  readonly gradient: Float64Array;
  /** ∇²φ/φ */
  readonly laplacian: Float64Array;
};

export type Guide = {
  readonly name: string;
  /** Writes ln φ, ∇ln φ and ∇²φ/φ at the points; they are borrowed for the call. */
  at(points: Points, out: Guidance): void;
  /** Points from which walkers soon come to φ², [n × dim]; about the middle of the domain where it is left out. */
  sample?(key: Key, n: number): Float64Array;
  /**
   * Where drift and diffusion over Δτ are known exactly together: turns places x of n walkers, and standard normals z for
   * them, into their places afterwards, written to x. Nothing is then rejected.
   */
  transition?(D: number, dt: number): (x: Float64Array, z: Float64Array, n: number) => void;
  /** Coordinates of one particle, whose drift is limited together near nodes and cusps; φ has neither where it is 0. */
  readonly particle: number;
};
