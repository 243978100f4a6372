/** The mathematics the rest stands on: addressed random numbers, stable sums, linear algebra, statistics. */
export { eigenSymmetric } from "./eigen.ts";
export { type Fitted, fitLinear } from "./fit.ts";
export { configurations, type GrayWalk, grayOn, grayWalk, MOST_SPINS } from "./gray.ts";
export { green, greenPrinted } from "./green.ts";
export { groundCovariance, harmonicLevels, strangGrowthEnergy } from "./harmonic.ts";
export {
  couplingsOf,
  fieldScales,
  flip,
  type Ising,
  ising,
  isingEnergy,
  isingOfQubo,
  localFields,
  type Pair,
  quboOfIsing,
} from "./ising.ts";
export { cholesky, dot, matVec, matVecTransposed, norm, rankOne, solveCholesky } from "./linalg.ts";
export { bornPopulations, sigmoid, softmaxPopulations } from "./populations.ts";
export {
  fillNormal,
  fillUniform,
  fold,
  integer,
  type Key,
  key,
  normal,
  permutation,
  threefry2x32,
  uniform,
} from "./rng.ts";
export { autocorrelationTime, type Blocked, blocked, equilibrated } from "./series.ts";
export { effectiveSize, logSumExp, softmax } from "./softmax.ts";
export {
  type Bootstrap,
  bootstrap,
  centroid,
  covariance,
  kolmogorovSmirnov,
  kolmogorovTail,
  mean,
  median,
  quantile,
  ranks,
  variance,
} from "./stats.ts";
export { BLOCK, sum, sumProducts } from "./sum.ts";
export { sweepWorldlines } from "./worldlines.ts";
