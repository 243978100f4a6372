/**
 * Adiabatic schedules: D falls only as fast as the gap allows (theory of §4.1: D → 0 selects the global minimum when it
 * falls slowly against the gap). |dD/dt| = ε gap(D)², the local adiabatic condition of Roland and Cerf.
 */
import { entry, inputError, type Schedule, type Setting, shareOf } from "../core/index.ts";

/** The gap E₁ − E₀ at some D, as a sweep of the spectrum gives it. */
export type GapAt = { readonly D: number; readonly gap: number };

export type Adiabatic = {
  /** D at the first step, above 0. */
  readonly from: number;
  /** D at the last step, above 0. */
  readonly to: number;
  /** Steps until the schedule ends, at least 1. */
  readonly steps: number;
  readonly dt: number;
  /** The gap at two or more D; between them it is a power of D, beyond them the nearest power goes on. */
  readonly gaps: readonly GapAt[];
};

/** D_k with equal shares of ∫ dD / gap² between them for k = 0 … steps − 1, then the end. */
export function adiabatic({ from, to, steps, dt, gaps }: Adiabatic): Schedule<number> {
  if (!(from > 0 && to > 0))
    throw inputError("schedule adiabatic", `falls from ${from} to ${to}`, "give two numbers above 0");
  const clock = clockOf(gaps, from, to);
  const at = (k: number): Setting => ({ D: clock.D(shareOf(k, steps)), dt });
  return {
    name: "adiabatic",
    init: () => 0,
    next: (k) => (k < steps ? [at(k), k + 1] : null),
    at: (t) => at(dt > 0 ? Math.min(steps - 1, t / dt) : 0),
  };
}

/** ε = |dD/dt| / gap², the same all along the schedule: the smaller, the less is lost to higher levels. */
export function adiabaticity({ from, to, steps, dt, gaps }: Adiabatic): number {
  return clockOf(gaps, from, to).total / ((steps - 1) * dt);
}

/** On this piece of the way gap = scale · D^power, from D = from to D = to. */
type Piece = { readonly from: number; readonly to: number; readonly scale: number; readonly power: number };

/** The time ∫ dD / gap² from one D to another, up to ε, and the D at a share of it. */
function clockOf(gaps: readonly GapAt[], from: number, to: number): { total: number; D: (share: number) => number } {
  const pieces = piecesOf(gaps, from, to);
  const times = pieces.map((piece) => duration(piece, piece.to));
  const total = times.reduce((a, b) => a + b, 0);
  return {
    total,
    D: (share) => {
      let rest = share * total;
      let i = 0;
      while (i < pieces.length - 1 && rest > times[i]) rest -= times[i++];
      return share <= 0 ? from : share >= 1 ? to : reached(pieces[i], times[i] > 0 ? rest / times[i] : 1);
    },
  };
}

/** |∫ D^{−2p} dD| / scale² from the piece's start to D; with q = 1 − 2p the integrand is D^q d ln D. */
function duration({ from, scale, power }: Piece, D: number): number {
  const q = 1 - 2 * power;
  const log = Math.log(D / from);
  return Math.abs((from ** q * growth(q, log)) / scale ** 2);
}

/** The D at which a share of the piece's time has passed. */
function reached({ from, to, power }: Piece, share: number): number {
  const q = 1 - 2 * power;
  const whole = growth(q, Math.log(to / from));
  const log = Math.abs(q) < 1e-12 ? share * whole : Math.log1p(q * share * whole) / q;
  return Math.min(Math.max(from, to), Math.max(Math.min(from, to), from * Math.exp(log)));
}

/** (e^{q·log} − 1) / q, and log where q is 0 */
const growth = (q: number, log: number): number => (Math.abs(q) < 1e-12 ? log : Math.expm1(q * log) / q);

function piecesOf(gaps: readonly GapAt[], from: number, to: number): Piece[] {
  const table = [...gaps].sort((a, b) => a.D - b.D);
  if (table.length < 2) throw inputError("schedule adiabatic", `has ${table.length} gaps`, "give two or more");
  for (const { D, gap } of table)
    if (!(D > 0 && gap > 0 && Number.isFinite(D * gap)))
      throw inputError("schedule adiabatic", `the gap at D = ${D} is ${gap}`, "give numbers above 0");
  for (let i = 1; i < table.length; i++)
    if (table[i].D === table[i - 1].D)
      throw inputError("schedule adiabatic", `gives the gap at D = ${table[i].D} twice`, "give it once");
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const inner = table.map(({ D }) => D).filter((D) => D > low && D < high);
  const knots = [low, ...inner, high];
  const rising = knots.slice(1).map((upper, i): Piece => {
    const { scale, power } = lawAt(table, Math.sqrt(knots[i] * upper));
    return { from: knots[i], to: upper, scale, power };
  });
  return to >= from ? rising : rising.reverse().map((piece) => ({ ...piece, from: piece.to, to: piece.from }));
}

/** The power law through the two gaps on either side of D, or the two nearest to it. */
function lawAt(table: readonly GapAt[], D: number): { scale: number; power: number } {
  let i = 1;
  while (i < table.length - 1 && table[i].D < D) i++;
  const [a, b] = [table[i - 1], table[i]];
  const power = Math.log(b.gap / a.gap) / Math.log(b.D / a.D);
  return { scale: a.gap / a.D ** power, power };
}

/** Reads "D:gap, D:gap, …". */
function readGaps(text: string): GapAt[] {
  return text.split(",").map((pair) => {
    const [D, gap, ...more] = pair.split(":").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (!Number.isFinite(D) || !Number.isFinite(gap) || more.length > 0)
      throw inputError("adiabatic.gaps", `'${pair.trim()}' is not of the form D:gap`);
    return { D, gap };
  });
}

export const adiabaticEntry = entry({
  name: "adiabatic",
  summary: "D falls only as fast as the gap allows, |dD/dt| = ε gap², then the run ends",
  reference: "J. Roland, N. J. Cerf, Phys. Rev. A 65, 042308 (2002), eq. (14); paper §4.1",
  params: {
    from: { help: "D at the first step", symbol: "D", default: 1, min: 1e-300, log: true },
    to: { help: "D at the last step", default: 1e-6, min: 1e-300, log: true },
    steps: { help: "steps", default: 1000, min: 1, integer: true },
    dt: { help: "imaginary time of a step", symbol: "Δτ", default: 0.01, min: 0 },
    gaps: {
      help: "the gap at some D, as D:gap,D:gap…; an oscillator's where it is left alone",
      default: "1e-6:1e-3,1:1",
    },
  },
  make: ({ gaps, ...values }): Schedule => adiabatic({ ...values, gaps: readGaps(gaps) }),
});
