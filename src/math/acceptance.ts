/**
 * Acceptance rules of Markov chains that leave e^{−ζ/D} invariant: the probability to go where ζ is higher by dE. Each
 * satisfies a(dE) / a(−dE) = e^{−dE/D}, which is detailed balance for a proposal that is as likely forth as back.
 */

/** The probability to accept a rise dE of ζ at temperature D; at D = 0 its limit. */
export type Rule = (dE: number, D: number) => number;

/** min(1, e^{−dE/D}) (Metropolis et al. 1953). */
export const metropolisRule: Rule = (dE, D) => (dE <= 0 ? 1 : D > 0 ? Math.exp(-dE / D) : 0);

/** The Sigmoid 1/(1 + e^{dE τ}), τ = 1/D: (24), with dE the rise where the paper writes the fall (Barker 1965). */
export const barkerRule: Rule = (dE, D) => (dE === 0 ? 0.5 : 1 / (1 + (D > 0 ? Math.exp(dE / D) : dE > 0 ? 1 / 0 : 0)));

export type RuleName = "metropolis" | "barker";

/** The rules by their names. */
export const acceptanceRules: Readonly<Record<RuleName, Rule>> = { metropolis: metropolisRule, barker: barkerRule };
