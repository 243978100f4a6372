/** What the paper holds that is not built yet: it stands in the ledger, undecided, so that nothing is passed over. */
import type { Chapter, Item } from "./item.ts";

const unbuilt: readonly Pick<Item, "id" | "title" | "equation" | "claim">[] = [
  {
    id: "F5",
    title: "Figure 5: diffusion models as quantum dynamics",
    equation: "*σ* = (2*Dτ*)^{1/2}",
    claim: "A diffusion model acts in the learning space in place of Gaussian sampling in the parameter space.",
  },
  {
    id: "F6",
    title: "Figure 6: the map from learning space to parameter space",
    equation: "*D*_{eff}(*σ*^{2})",
    claim: "Noise on the data samples the parameters.",
  },
  {
    id: "F7",
    title: "Figure 7: a diffusion model in front of another model",
    equation: "*x* → denoise(*x* + *σξ*) → model",
    claim: "As a preprocessor it improves what follows.",
  },
  {
    id: "H5",
    title: "Noise on the data diffuses the parameters",
    equation: "*D*_{eff} ∝ *σ*^{2}",
    claim: "It is a near-Gaussian diffusion, which grows with the variance of the noise.",
  },
  {
    id: "H6",
    title: "Many scales of noise beat one",
    equation: "*σ*_{1} > *σ*_{2} > …",
    claim: "In training a diffusion model, and in smoothing.",
  },
  {
    id: "H7",
    title: "A diffusion preprocessor improves a downstream model",
    equation: "accuracy, certified radius",
    claim: "With it accuracy and certified radius grow.",
  },
  {
    id: "R9",
    title: "References 9, 10, 14–17: diffusion models and score equations",
    equation: "∇ log *p*_{σ} = (denoise(*x*, *σ*) − *x*)/*σ*^{2}",
    claim: "They are 0-order and 1-order approximations of one dynamics.",
  },
  {
    id: "R21",
    title: "Reference 21: multi-scale denoised smoothing",
    equation: "*σ*_{1} > *σ*_{2} > …",
    claim: "Annealed noise makes classifiers robust.",
  },
  {
    id: "Q",
    title: "Conclusion: a road to quantum computers",
    equation: "e^{−iζΔ*t*/2} · QFT^{†} · e^{−i*Dk*²Δ*t*} · QFT · e^{−iζΔ*t*/2}",
    claim: "The same step runs as a circuit.",
  },
];

export const later: Chapter = {
  title: "Not built yet",
  items: unbuilt.map((item) => ({ ...item, files: [], tests: [] })),
  compute: async () => ({
    outcomes: Object.fromEntries(unbuilt.map(({ id }) => [id, { notes: ["Not built yet."] }])),
    figures: [],
  }),
};
