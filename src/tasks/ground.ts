/**
 * Ground: the energy E₀ of the ground state of H = −D∇² + ζ (17)–(20), by one of three levels of approximation. Walkers
 * (diffusion Monte Carlo) in any dimension, extrapolated to Δτ → 0 and to N → ∞; the grid, exact, in up to three; the best
 * single packet, an upper bound.
 */
import { inputError } from "../core/errors.ts";
import type { Potential } from "../core/problem.ts";
import { counting } from "./counting.ts";
import { variational } from "./relaxed.ts";
import { spectrum } from "./spectrum.ts";
import { type Walked, type WalksOptions, type WalksRun, type WalksStop, walks } from "./walks.ts";

export type { GuideName } from "./guiding.ts";
export type { Progress, Walked } from "./walks.ts";

export type GroundOptions = WalksOptions & {
  /** Walkers, the grid, or the best packet; walkers where it is left out, to which alone all but D and seed belong. */
  readonly engine?: "dmc" | "grid" | "packets" | undefined;
};

export type Ground = {
  readonly objective: string;
  readonly engine: "dmc" | "grid" | "packets";
  readonly D: number;
  readonly energy: number;
  /** One standard error, the extrapolation included: 0 on a grid; null where walks were too short to tell. */
  readonly error: number | null;
  readonly dim: number;
  readonly seed: number;
  readonly stop: WalksStop | "solved";
  /** Evaluations of ζ. */
  readonly evaluations: number;
  readonly warnings: readonly string[];
  /** What walkers tell beyond the energy. */
  readonly walk?: Walked;
};

/**
 * E₀ of a potential.
 * @throws on bad input, and where the walkers cannot be held: died out, exploded, ran away
 * @example await ground(formula("0.5*(exp(-2*x) - 2*exp(-x))", { domain: domain([-6], [40], "wall") }), { D: 0.5 })
 */
export async function ground(potential: Potential, options: GroundOptions, run: WalksRun = {}): Promise<Ground> {
  checkNumbers(options);
  const { engine = "dmc", D, seed = 0 } = options;
  const known = { objective: potential.name, engine, D, dim: potential.domain.lower.length, seed };
  if (engine === "dmc") return { ...known, ...(await walks(potential, options, run)) };
  for (const name of WALKERS_ONLY)
    if (options[name] !== undefined)
      throw inputError(
        name,
        `belongs to walkers, and ${engine} takes ${engine === "grid" ? "D alone" : "D and seed"}`,
        "leave it out, or choose dmc",
      );
  const solved = engine === "grid" ? await onGrid(potential, D, run) : await ofPacket(potential, D, seed);
  return { ...known, stop: "solved", ...solved };
}

const WALKERS_ONLY = ["walkers", "dt", "guide", "node", "error", "budget", "duration", "time"] as const;

type Solved = Pick<Ground, "energy" | "error" | "evaluations" | "warnings">;

async function onGrid(potential: Potential, D: number, { signal }: WalksRun): Promise<Solved> {
  const { levels, warnings, evaluations } = await spectrum(potential, { D, levels: 1 }, { signal });
  return { energy: levels[0], error: 0, evaluations, warnings };
}

async function ofPacket(potential: Potential, D: number, seed: number): Promise<Solved> {
  const counted = counting(potential);
  const { energy, error, settled } = await variational(counted.potential, D, seed);
  const warnings = ["the energy of the best Gaussian is an upper bound of E₀: its error tells of the bound, not of E₀"];
  if (!settled) warnings.push("the packet did not come to rest: a better one may exist");
  return { energy, error, evaluations: counted.count(), warnings };
}

function checkNumbers({ D, walkers, dt, error, budget, duration, time, seed = 0 }: GroundOptions): void {
  for (const [name, value] of Object.entries({ D, dt, error, budget, duration, time }))
    if (value !== undefined && !(value > 0 && value < Number.POSITIVE_INFINITY))
      throw inputError(name, `${value} is not a finite number above 0`);
  if (walkers !== undefined && !(Number.isSafeInteger(walkers) && walkers >= 2 && walkers <= MOST_WALKERS))
    throw inputError("walkers", `${walkers} is not a whole number from 2 to ${MOST_WALKERS}`);
  if (!Number.isSafeInteger(seed)) throw inputError("seed", `${seed} is not a whole number`);
}

const MOST_WALKERS = 10_000_000;
