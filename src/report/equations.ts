/**
 * The equations that an engine steps by, for the reports; numbers in brackets are the paper's. The texts carry the
 * marks of `rich()`.
 */

export type Equation = { readonly formula: string; readonly meaning: string; readonly source: string };

/** What every engine rests on. */
export const dynamics: readonly Equation[] = [
  {
    formula: "*H* = −*D* ∇^{2} + ζ(*x*)",
    meaning: "the objective ζ is the potential of a quantum system",
    source: "(3)(5)",
  },
  {
    formula: "∂*ψ*/∂*τ* = −*H* *ψ*",
    meaning: "in imaginary time the state relaxes to its ground state, which gathers at the global minimum as *D* → 0",
    source: "(8)",
  },
];

const LANGEVIN: Equation = {
  formula: "*x*′ = *x* − Δ*τ*∇ζ + (2*D*Δ*τ*)^{1/2} *ξ*",
  meaning: "down the slope, with noise: the law of many steps is e^{−ζ/D}, but for a term of order Δ*τ*",
  source: "(11), as Fokker–Planck",
};

const engines: Readonly<Record<string, readonly Equation[]>> = {
  packets: [
    {
      formula: "d*μ*/d*τ* = −2 Cov(*x*, ζ)",
      meaning: "the center of a Gaussian N(*μ*, *Σ*) goes where ζ is lower",
      source: "variational principle for (8)",
    },
    {
      formula: "d*Σ*/d*τ* = *D* *I* − 2 E[((*x* − *μ*)(*x* − *μ*)^{T} − *Σ*) ζ]",
      meaning: "quantum pressure *D* widens it, ζ shapes it; with ranks in place of ζ, both terms are those of CMA-ES",
      source: "variational principle for (8)",
    },
    { formula: "*E* = (*D*/4) tr *Σ*^{−1} + E[ζ]", meaning: "the energy of a packet", source: "(5)" },
    {
      formula: "*μ* = *x* − *K*^{−1}∇ζ,   *Σ* = (*D*/2)^{1/2} *K*^{−1/2}",
      meaning:
        "the ground state of a harmonic well of curvature *K*: where gradients are offered, a packet steps to it",
      source: "(5), 2-order Taylor",
    },
    {
      formula: "*P*_{k} = exp(−*E*_{k}*τ*) / Σ exp(−*E*_{i}*τ*)",
      meaning: "Softmax in the energies, by their rank, shares the evaluations out",
      source: "(23)",
    },
  ],
  walkers: [
    {
      formula: "*x*′ = *x* + (2*D*Δ*τ*)^{1/2} *ξ*,   *ξ* ~ N(0, *I*)",
      meaning: "a walker diffuses",
      source: "(9)(10)",
    },
    {
      formula: "*P*_{k} = exp(−ζ(*x*_{k})Δ*τ*) / Σ exp(−ζ(*x*_{i})Δ*τ*)",
      meaning: "its weight: Softmax of ζ over the population",
      source: "(23)",
    },
  ],
  pimc: [
    {
      formula: "∏_{k} exp(−|*x*_{k} − *x*_{k+1}|^{2}/4*D*Δ*τ* − ζ(*x*_{k})Δ*τ*)",
      meaning: "the weight of a ring of beads in imaginary time, on which e^{−*βH*} is a closed path",
      source: "(9)(10), by Trotter’s formula",
    },
    {
      formula: "*K* = −½ ln tanh(*Γ*Δ*τ*)",
      meaning: "of spins: what couples a spin to itself in the next slice; *D* is the transverse field *Γ*",
      source: "Suzuki 1976",
    },
  ],
  exhaustive: [
    {
      formula: "*E* = Σ_{i<j} *J*_{ij} *s*_{i}*s*_{j} + Σ *h*_{i}*s*_{i}",
      meaning: "the energy of each of 2^{n} configurations of spins, the potential part of *H* alone",
      source: "(5), *D* = 0",
    },
  ],
  metropolis: [
    {
      formula: "*p* = min(1, e^{−Δζ/D})",
      meaning: "the chance to accept a rise Δζ, which leaves e^{−ζ/D} unchanged",
      source: "Metropolis et al. 1953",
    },
    {
      formula: "*p* = 1 / (1 + e^{Δζτ}),   *τ* = 1/*D*",
      meaning: "the same by the Sigmoid (Barker's rule)",
      source: "(24)(25)",
    },
  ],
  langevin: [LANGEVIN],
  mala: [
    LANGEVIN,
    {
      formula: "*p* = min(1, e^{−Δζ/D} *q*(*x* | *x*′)/*q*(*x*′ | *x*))",
      meaning: "the chance to accept a step with the density *q*, which leaves e^{−ζ/D} unchanged at any Δ*τ*",
      source: "Besag 1994; Roberts, Tweedie 1996",
    },
  ],
  underdamped: [
    {
      formula: "d*x* = *v* d*t*,   d*v* = −∇ζ d*t* − *γv* d*t* + (2*γD*)^{1/2} d*W*",
      meaning: "a walker with momentum *v* and friction *γ*; its place has the law e^{−ζ/D}",
      source: "Langevin 1908, by splitting",
    },
  ],
  replica: [
    {
      formula: "*p* = min(1, exp((1/*D*_{i} − 1/*D*_{j})(ζ_{i} − ζ_{j})))",
      meaning: "the chance that chains at two *D*’s trade places, which leaves the law of each unchanged",
      source: "Swendsen, Wang 1986",
    },
  ],
  mqhoa: [
    {
      formula: "*x*′ = *x*_{i} + *σξ*,   *σ*^{2} = 2*Dτ*,   *τ* = 1",
      meaning: "each center samples a Gaussian about it and keeps the better point",
      source: "(9)(10)",
    },
    {
      formula: "*s* ≤ *σ*  ⇒  *σ* → *σ*/2",
      meaning: "when the spread *s* of the centers is within *σ*, the scale is halved",
      source: "MQHOA, 2013 and later",
    },
  ],
  descent: [
    {
      formula: "*x*′ = *x* − *η*∇ζ + (2*Dη*)^{1/2} *ξ*",
      meaning: "the 1-order level: down the slope, with noise while *D* > 0",
      source: "(11), as Fokker–Planck",
    },
    {
      formula: "∂ζ/∂*x* ≈ (ζ(*x* + Δ*x*) − ζ(*x* − Δ*x*)) / 2Δ*x*",
      meaning: "the slope from two samples, where the objective offers no gradient",
      source: "(14), centered",
    },
  ],
  random: [
    { formula: "*x* ~ uniform in the domain", meaning: "the limit in which ζ decides nothing", source: "(8), *D* → ∞" },
  ],
};

/** The equations of an engine; those that all share, where it is not one of ours. */
export function equationsOf(engine: string): readonly Equation[] {
  return Object.hasOwn(engines, engine) ? [...dynamics, ...engines[engine]] : dynamics;
}
