/**
 * Every level of approximation on one problem, with the same D, side by side, and each beside its own exact partner where a
 * grid can hold that: the best packet beside |φ₀|², walkers beside φ₀, chains beside e^{−ζ/D}, which is another law.
 */
import { uniformPoints } from "../../core/bounds.ts";
import { inputError, isInterruption } from "../../core/errors.ts";
import type { Potential } from "../../core/problem.ts";
import { key } from "../../math/rng.ts";
import { kolmogorovSmirnov } from "../../math/stats.ts";
import { type Along, distribution, type ExactLaw, exactLaws, gaussianAlong, type LawName, type Mass } from "./laws.ts";
import { chainsLevel, type Found, type LevelRun, packetsLevel, walkersLevel } from "./levels.ts";
import { partings } from "./partings.ts";
import { costOf, GRADIENT, priced } from "./priced.ts";

export type CompareOptions = {
  /** D of H = −D∇² + ζ and of e^{−ζ/D}; above 0. */
  readonly D: number;
  readonly seed?: number | undefined;
  /** What each level is to cost, in evaluations of ζ, a gradient as three; 2·10⁶ where it is left out. */
  readonly budget?: number | undefined;
};

export type CompareRun = {
  readonly signal?: AbortSignal | undefined;
  /** Told of each level before it begins. */
  readonly progress?: ((level: string, done: number, of: number) => void) | undefined;
};

export type Row = Mass & {
  readonly level: string;
  readonly law: LawName;
  /** The exact level that it approximates; null for the exact ones, and where there is none to be had. */
  readonly partner: string | null;
  readonly energy: number;
  readonly error: number | null;
  /** The partner's energy. */
  readonly exact: number | null;
  /** The largest distance between the distribution functions of row and partner, over the axes. */
  readonly distance: number | null;
  /** What that distance would be by chance (5 %) for so many draws; 0 where there are none. */
  readonly chance: number;
  readonly evaluations: number;
  readonly gradients: number;
  /** In evaluations; a gradient counts as three. */
  readonly cost: number;
  /** Where it parts from its partner, and why. */
  readonly why: readonly string[];
};

export type Compared = {
  readonly objective: string;
  readonly names?: readonly string[] | undefined;
  readonly D: number;
  readonly dim: number;
  readonly seed: number;
  readonly rows: readonly Row[];
  readonly stop: "all levels" | "aborted";
  readonly warnings: readonly string[];
  /** The densities along each axis, for pictures: exact ones, draws, Gaussians. */
  readonly seen: readonly Seen[];
};

export type Seen = {
  readonly level: string;
  readonly law: LawName;
  readonly along?: readonly Along[] | undefined;
  readonly draws?: readonly Float64Array[] | null | undefined;
};

const BUDGET = 2e6;
/** With less, walkers do not settle. */
const LEAST_BUDGET = 5e4;
/** Axes of the largest grid. */
const MOST_AXES = 3;
/** Kolmogorov's law at 5 %. */
const KOLMOGOROV = 1.358;

type Level = {
  readonly name: string;
  readonly find: (potential: Potential, run: LevelRun) => Promise<Found>;
};

/**
 * All levels that apply to a potential.
 * @throws on bad input, and where no level applies
 * @example (await compare(formula("(x^2 - 1)^2"), { D: 0.2 })).rows
 */
export async function compare(
  potential: Potential,
  { D, seed = 0, budget = BUDGET }: CompareOptions,
  { signal, progress }: CompareRun = {},
): Promise<Compared> {
  if (!(D > 0 && D < Infinity)) throw inputError("D", `${D} is not a finite number above 0`, "give D of H = −D∇² + ζ");
  if (!(budget >= LEAST_BUDGET && budget < Infinity))
    throw inputError("budget", `${budget} is less than ${LEAST_BUDGET} evaluations, or no number`);
  if (!Number.isSafeInteger(seed)) throw inputError("seed", `${seed} is not a whole number`);
  await refuseFree(potential, D, seed);
  const dim = potential.domain.lower.length;
  const warnings: string[] = [];
  const levels = levelsFor(potential);
  const hasGrid = dim <= MOST_AXES;
  const of = levels.length + (hasGrid ? 1 : 0);
  if (!hasGrid) warnings.push(`no exact level: a grid holds at most ${MOST_AXES} dimensions, and there are ${dim}`);
  if (hasGrid) progress?.("grid", 0, of);
  const exact = hasGrid ? await known(potential, D, warnings) : undefined;
  const rows: Row[] = exact === undefined ? [] : exactRows(exact);
  const seen: Seen[] =
    exact === undefined ? [] : Object.values(exact).map(({ law, along }) => ({ level: partnerOf(law), law, along }));
  for (const [k, { name, find }] of levels.entries()) {
    if (signal?.aborted) break;
    progress?.(name, k + (hasGrid ? 1 : 0), of);
    const asked = priced(potential);
    try {
      const found = await find(asked.potential, { D, seed, budget, signal });
      if (signal?.aborted) break;
      const { values: evaluations, gradients } = asked.bill;
      rows.push(rowOf(found, exact, D, { evaluations, gradients, cost: costOf(asked.bill) }));
      seen.push({ level: name, law: found.law, draws: found.draws, along: gaussian(found, exact) });
    } catch (error) {
      if (isInterruption(error)) break;
      // a level that does not apply is no reason to say nothing of the others
      warnings.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (!rows.some(({ law }) => law !== "e^(−ζ/D)") && !signal?.aborted)
    throw inputError(potential.name, `has no ground state that any level finds: ${warnings.join("; ")}`);
  const stop = signal?.aborted ? "aborted" : "all levels";
  return { objective: potential.name, names: potential.names, D, dim, seed, rows, stop, warnings, seen };
}

const LOOKS = 256;
/** D Σ 1/w², w the widths of the domain, beside the range of ζ there: beyond it no level knows of ζ. */
const FREE = 1e8;

/** Refuses a D beside which ζ is nothing in an open domain: no law is held by it. */
async function refuseFree({ domain, answer }: Potential, D: number, seed: number): Promise<void> {
  const { lower, upper, edge } = domain;
  if (edge !== "open") return;
  const { value = new Float64Array(0) } = await answer({ kind: "value", at: uniformPoints(domain, key(seed), LOOKS) });
  const seen = value.filter(Number.isFinite);
  const range = seen.reduce((a, b) => Math.max(a, b), -Infinity) - seen.reduce((a, b) => Math.min(a, b), Infinity);
  const kinetic = D * lower.reduce((sum, low, j) => sum + 1 / (upper[j] - low) ** 2, 0);
  if (seen.length === 0 || kinetic <= FREE * range) return;
  throw inputError(
    "D",
    `${D} is too large: beside it ζ, which varies by ${range.toPrecision(3)} over the open domain, holds nothing`,
    "take a smaller one, a wider domain, or walls (--edge wall)",
  );
}

function levelsFor({ can }: Potential): Level[] {
  const hasSlopes = can.includes("gradient");
  const slopes = hasSlopes ? ["langevin", "mala", "underdamped"] : [];
  const chains = (name: string): Level => {
    const price = hasSlopes && name !== "metropolis" ? GRADIENT : 1;
    return { name, find: (potential, run) => chainsLevel(name, price, potential, run) };
  };
  return [
    { name: "walkers", find: walkersLevel },
    { name: "packets", find: packetsLevel },
    ...[...slopes, "metropolis", "replica"].map(chains),
  ];
}

type Exact = Readonly<Record<LawName, ExactLaw>>;

async function known(potential: Potential, D: number, warnings: string[]): Promise<Exact | undefined> {
  try {
    const exact = await exactLaws(potential, D);
    warnings.push(...new Set(Object.values(exact).flatMap((law) => law.warnings)));
    return exact;
  } catch (error) {
    warnings.push(`grid: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function exactRows(exact: Exact): Row[] {
  return (["|ψ|²", "e^(−ζ/D)"] as const).map((law) => {
    const { along: _, warnings: _w, evaluations, ...found } = exact[law];
    return {
      ...{ level: partnerOf(law), ...found, partner: null, error: 0, exact: null, distance: null, chance: 0 },
      ...{ evaluations, gradients: 0, cost: evaluations },
      why: law === "|ψ|²" ? ["exact: H solved on a grid"] : [anotherLaw(exact)],
    };
  });
}

function anotherLaw(exact: Exact): string {
  const [born, thermal] = [exact["|ψ|²"], exact["e^(−ζ/D)"]].map(({ deviation }) => size(deviation));
  const ratio = (thermal / born).toPrecision(3);
  return `exact, and another law than |ψ|²: the stationary one of Fokker–Planck, here ${ratio} times as wide`;
}

function partnerOf(law: LawName): string {
  return law === "e^(−ζ/D)" ? "fokker-planck" : "grid";
}

function rowOf(
  { draws, remarks, worth, trusted, ...found }: Found,
  exact: Exact | undefined,
  D: number,
  bill: { readonly evaluations: number; readonly gradients: number; readonly cost: number },
): Row {
  const partner = exact?.[found.law];
  const distance = partner === undefined ? null : distanceTo(found, draws, partner);
  const chance = draws === null ? 0 : KOLMOGOROV / Math.sqrt(Math.max(1, Math.min(...worth)));
  const row = { ...found, ...bill, distance, chance, exact: partner?.energy ?? null };
  return {
    ...row,
    partner: partner === undefined ? null : partnerOf(found.law),
    why: [...partings({ ...row, trusted }, partner, exact, D), ...remarks],
  };
}

/** The largest distance between distribution functions. */
function distanceTo({ mean, deviation }: Mass, draws: readonly Float64Array[] | null, { along }: ExactLaw): number {
  return Math.max(
    ...along.map((one, j) => {
      const law = distribution(one);
      if (draws !== null) return kolmogorovSmirnov(draws[j], law).distance;
      const gaussian = distribution(gaussianAlong(one.xs, mean[j], deviation[j]));
      return one.xs.reduce((most, x) => Math.max(most, Math.abs(gaussian(x) - law(x))), 0);
    }),
  );
}

/** The density of a packet on the partner's axes. */
function gaussian({ level, law, mean, deviation }: Found, exact: Exact | undefined): readonly Along[] | undefined {
  if (level !== "packets" || exact === undefined) return undefined;
  return exact[law].along.map(({ xs }, j) => gaussianAlong(xs, mean[j], deviation[j]));
}

function size(deviation: readonly number[]): number {
  return Math.sqrt(deviation.reduce((sum, s) => sum + s * s, 0) / deviation.length);
}
