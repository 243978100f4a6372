export { comparisonReport, comparisonScenes } from "./comparison.ts";
export { type Complex, csv, type NdArray, type Numbers, npy, npz, readNpy, readNpz } from "./data.ts";
export { evolutionScenes, type Film, filming } from "./evolution.ts";
export { type Figure, type FigureInput, figures } from "./figures.ts";
export { groundReport, groundScenes } from "./ground.ts";
export { type MinimizationReport, minimizationReport } from "./minimization.ts";
export { type ReproductionReport, reproductionReport } from "./reproduction.ts";
export { samplesCsv, samplingReport, samplingScenes } from "./sampling.ts";
export { spectrumCsv, spectrumNpz, spectrumScenes, sweepCsv, sweepScene } from "./spectrum.ts";
