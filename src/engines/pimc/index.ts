/**
 * Path-integral Monte Carlo: e^{−βH} as a ring of P beads in imaginary time, each link the free propagator (10) over
 * Δτ = β/P, each bead weighed by e^{−ζΔτ}:
 *   ∏_k exp(−|x_k − x_{k+1}|²/4DΔτ − ζ(x_k)Δτ).
 * A bead samples the density |ψ|² of the ground state where β is long. Links contract as D is annealed: the ring gathers at
 * the minimum (quantum annealing by path integrals).
 */
import {
  askValue,
  confine,
  type Domain,
  type Engine,
  engineEntry,
  meanWidth,
  moments,
  proportions,
  uniformPoints,
} from "../../core/index.ts";
import { fold, integer, type Key, normal, uniform } from "../../math/index.ts";
import { anneal } from "../../schedules/index.ts";
import { fallingField, spinPaths } from "./spins.ts";

export type PimcOptions = {
  /** Beads P of the ring. */
  readonly beads: number;
  /** As of walkers: `box` shares D out in proportion to the widths of the axes. */
  readonly metric: "box" | "space";
};

type Ring = {
  readonly domain: Domain;
  /** Row-major: bead k at k · dim. */
  readonly x: Float64Array;
  readonly value: Float64Array;
  /** Length of the kicks of the whole ring, in widths of the box. */
  shift: number;
};

// the share of shifts to accept
const WANTED = 0.3;
const ADAPTATION = 0.5;
const FIRST_SHIFT = 0.3;
const LONGEST = 1;
const SHORTEST = 1e-15;

/**
 * One ring. By turns a step redraws pieces of it, each as a free path between two beads that stay (staging), or shifts the
 * whole; ζ decides by Metropolis' rule. At the edges of the domain paths are folded back.
 */
export function pimc({ beads, metric }: PimcOptions): Engine<Ring> {
  return {
    name: "pimc",
    needs: ["value"],

    *init(domain, key) {
      const at = uniformPoints(domain, key, beads);
      return { domain, x: at.x, value: Float64Array.from(yield* askValue(at)), shift: FIRST_SHIFT };
    },

    *step(working, { D, dt, index, key }) {
      const { domain, x, value } = working;
      const dim = domain.lower.length;
      const share = metric === "box" ? proportions(domain) : new Float64Array(dim).fill(1);
      const length = integer(fold(key, 0), 0, Math.max(1, Math.floor(Math.log2(beads))));
      // links without length leave the whole ring only
      const isShift = index % 2 === 1 || D * dt === 0;
      const pieces = !isShift ? staged(2 ** (length + 1), beads, key) : [whole(beads)];
      const trial = x.slice();
      if (isShift) shift(working, trial, fold(key, 1));
      else for (const piece of pieces) redraw(domain, trial, piece, share, 2 * D * dt, fold(key, 1));
      const found = yield* askValue({ n: beads, dim, x: trial });
      const accepted = decide(working, trial, found, pieces, dt, fold(key, 2));
      const acceptance = accepted / pieces.length;
      if (isShift) working.shift = bounded(working.shift * Math.exp(ADAPTATION * (acceptance - WANTED)));
      return { ...moments(x, dim, value), acceptance };
    },

    view: ({ domain, x, value }) => ({ kind: "cloud", points: { n: beads, dim: domain.lower.length, x }, value }),
  };
}

/** Beads `from` + 1 … `from` + `links` − 1 of the ring, between two that stay. */
type Piece = { readonly from: number; readonly links: number };

function whole(beads: number): Piece {
  return { from: -1, links: beads + 1 };
}

/** As many pieces of `links` links as fit the ring, from a bead at random on. */
function staged(links: number, beads: number, key: Key): Piece[] {
  const offset = integer(fold(key, 0), 1, beads);
  return Array.from({ length: Math.max(1, Math.floor(beads / links)) }, (_, q) => ({
    from: offset + q * links,
    links: Math.min(links, beads),
  }));
}

/** A free path between the two ends of a piece: each bead on the way to the end, with the variance of a bridge. */
function redraw(
  domain: Domain,
  x: Float64Array,
  { from, links }: Piece,
  share: Float64Array,
  variance: number,
  key: Key,
): void {
  const dim = share.length;
  const beads = x.length / dim;
  const end = ((from + links) % beads) * dim;
  for (let step = 1; step < links; step++) {
    const rest = links - step + 1;
    const here = ((from + step) % beads) * dim;
    const before = ((from + step - 1) % beads) * dim;
    const width = Math.sqrt((variance * (rest - 1)) / rest);
    for (let j = 0; j < dim; j++) {
      const way = gap(domain, j, x[before + j], x[end + j]) / rest;
      x[here + j] = confine(domain, j, x[before + j] + way + width * share[j] * normal(key, here + j));
    }
  }
}

/** From a to b, the short way round where the edge is periodic. */
function gap({ lower, upper, edge }: Domain, j: number, a: number, b: number): number {
  const width = upper[j] - lower[j];
  return edge === "periodic" ? b - a - width * Math.round((b - a) / width) : b - a;
}

function shift({ domain, shift }: Ring, x: Float64Array, key: Key): void {
  const { lower, upper } = domain;
  const dim = lower.length;
  for (let e = 0; e < x.length; e++) {
    const j = e % dim;
    x[e] = confine(domain, j, x[e] + shift * (upper[j] - lower[j]) * normal(key, j));
  }
}

/** Metropolis' rule for each piece, with the potential part of its action; how many were accepted. */
function decide(
  { x, value }: Ring,
  trial: Float64Array,
  found: Float64Array,
  pieces: readonly Piece[],
  dt: number,
  key: Key,
): number {
  const beads = value.length;
  const dim = x.length / beads;
  let accepted = 0;
  pieces.forEach(({ from, links }, q) => {
    let rise = 0;
    for (let step = 1; step < links; step++) {
      const k = (from + step) % beads;
      // both may be +∞: then there is nothing to choose by
      if (found[k] !== value[k]) rise += found[k] - value[k];
    }
    if (rise > 0 && uniform(key, q) >= Math.exp(-dt * rise)) return;
    accepted++;
    for (let step = 1; step < links; step++) {
      const k = (from + step) % beads;
      value[k] = found[k];
      for (let j = 0; j < dim; j++) x[k * dim + j] = trial[k * dim + j];
    }
  });
  return accepted;
}

function bounded(shift: number): number {
  return Math.min(LONGEST, Math.max(SHORTEST, shift));
}

// in widths of the box
const FIRST_LINK = 0.2;
const LAST_LINK = 1e-7;
const SELECTION = 2;
const LONGEST_DESCENT = 200;

export const pimcEntry = engineEntry({
  name: "pimc",
  summary: "quantum annealing by path-integral Monte Carlo: a ring of beads in imaginary time under annealed D",
  reference:
    "paper refs 3, 8; Kadowaki, Nishimori, Phys. Rev. E 58, 5355 (1998); Santoro et al., Science 295, 2427 (2002); Stella, Santoro, Tosatti, Phys. Rev. B 73, 144302 (2006)",
  params: {
    beads: { help: "beads of the ring, or slices of spins", symbol: "P", default: 8, min: 2, integer: true },
    metric: {
      help: "box: each axis diffuses in proportion to its width; space: the same D on every axis",
      default: "box",
      choices: ["box", "space"],
    },
  },
  make: ({ beads, metric }): Engine => pimc({ beads, metric: metric === "space" ? "space" : "box" }) as Engine,
  anneal({ domain, budget }, { beads }) {
    const width = meanWidth(domain);
    const steps = Math.max(1, Math.min(LONGEST_DESCENT * domain.lower.length, Math.floor(budget / beads) - 1));
    return anneal({ from: FIRST_LINK * width, to: LAST_LINK * width, steps, selection: SELECTION });
  },
  spins: ({ couplings, budget }, { beads }) => ({
    engine: spinPaths(couplings, beads) as Engine,
    schedule: fallingField(couplings, beads, budget),
  }),
});
