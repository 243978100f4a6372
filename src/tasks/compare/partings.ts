/** Where a level parts from its exact partner, in words that rest on its numbers, and why it does. */
import type { ExactLaw, LawName, Mass } from "./laws.ts";

type Measured = Mass & {
  readonly level: string;
  readonly law: LawName;
  readonly energy: number;
  readonly error: number | null;
  readonly trusted: boolean;
  readonly distance: number | null;
  readonly chance: number;
};

/** Standard errors beyond which an energy is off, and chances beyond which a law is. */
const OFF = 4;
const FAR = 1.5;
/** A packet this much narrower than the state holds one of its wells. */
const ONE_WELL = 0.6;
/** Shares of E₀, and distances, that nobody would see. */
const UNSEEN = 1e-3;

/** What is to be said of a level; nothing where there is no partner. */
export function partings(
  row: Measured,
  partner: ExactLaw | undefined,
  exact: Readonly<Record<LawName, ExactLaw>> | undefined,
  D: number,
): string[] {
  if (partner === undefined || exact === undefined || row.distance === null) return [];
  if (row.level === "packets") return ofPacket(row, partner, row.distance);
  const energy = energyOff(row, partner);
  const law = row.distance > FAR * row.chance ? lawOff(row, row.distance) : [];
  const agrees = energy.length + law.length === 0 ? [agreement(row)] : [];
  const other = row.law === "ψ" ? [wider(exact)] : [];
  return [...agrees, ...energy, ...law, ...(row.level === "langevin" ? [unadjusted(D)] : []), ...other];
}

function agreement({ law, trusted }: Measured): string {
  return trusted
    ? `agrees with ${partnerName(law)} within its error bars`
    : `not to be told from ${partnerName(law)}, by error bars that cannot be trusted`;
}

function partnerName(law: LawName): string {
  return law === "ψ" ? "φ₀" : law;
}

function energyOff({ energy, error }: Measured, partner: ExactLaw): string[] {
  if (error === null) return ["its error bar could not be told"];
  const off = (energy - partner.energy) / (error + 1e-9);
  if (Math.abs(off) <= OFF) return [];
  return [`its energy is ${off.toFixed(0)} standard errors ${off > 0 ? "above" : "below"} the exact one`];
}

function lawOff({ level, law }: Measured, distance: number): string[] {
  const part = `up to ${(100 * distance).toPrecision(2)} % of the mass is elsewhere`;
  const why = {
    walkers: "few walkers and a finite Δτ",
    langevin: "steps that are not adjusted, of order Δτ, and chains that hardly change wells",
  }[level];
  return [`${part} than under ${partnerName(law)}: ${why ?? "the chains have not seen all of it"}`];
}

function unadjusted(D: number): string {
  return `its steps are all taken: at D = ${D} its law is off by a term of order Δτ, which mala's acceptance takes away`;
}

function wider(exact: Readonly<Record<LawName, ExactLaw>>): string {
  const ratio = exact.ψ.deviation.map((s, j) => s / exact["|ψ|²"].deviation[j]);
  return `without a guide it samples ψ, not |ψ|²: ${Math.max(...ratio).toPrecision(3)} times as wide`;
}

function ofPacket({ energy, distance, deviation }: Measured, partner: ExactLaw, off: number): string[] {
  const above = energy - partner.energy;
  const share = above / Math.abs(partner.energy);
  if (share < UNSEEN && off < 10 * UNSEEN)
    return ["a Gaussian is the ground state of a harmonic ζ, and this ζ is nearly one"];
  const narrow = deviation.some((s, j) => s < ONE_WELL * partner.deviation[j]);
  const why = narrow
    ? "it stands in one well of several"
    : "a Gaussian is the ground state of a harmonic ζ only, and this ζ is not";
  return [
    `its energy is ${above.toPrecision(3)} above E₀ (an upper bound), ${(100 * (distance ?? 0)).toPrecision(2)} % of the mass is elsewhere: ${why}`,
  ];
}
