/**
 * Lennard-Jones clusters: ζ(x) = Σ_{i<j} 4 (r_ij⁻¹² − r_ij⁻⁶) in reduced units (ε = σ = 1), where x holds the
 * coordinates x₁ y₁ z₁ x₂ … of the atoms. The lowest energies known are those of the Cambridge Cluster Database.
 */
import { entry } from "../core/entry.ts";
import type { Gradient, Points, Potential, Value } from "../core/problem.ts";
import { box, points, potential } from "../core/problem.ts";

/**
 * Below this s = r² the energy of a pair goes on as its tangent in s: overlapping atoms give large but finite
 * values (1.1·10⁵ a pair at most) and the gradient stays continuous. In relaxed clusters every r is above 1.
 */
const CORE = 0.25;
const CORE_SLOPE = slope(CORE);
const CORE_ENERGY = energy(CORE);

/** Half the width of the domain is REACH · atoms^(1/3). */
const REACH = 0.7;

/** Energy of a pair, 4 (s⁻⁶ − s⁻³). */
function energy(s: number): number {
  if (s < CORE) return CORE_ENERGY + CORE_SLOPE * (s - CORE);
  const v = 1 / s;
  const w = v * v * v;
  return 4 * w * (w - 1);
}

/** Its derivative by s. */
function slope(s: number): number {
  if (s < CORE) return CORE_SLOPE;
  const v = 1 / s;
  const w = v * v * v;
  return 12 * v * w * (1 - 2 * w);
}

const value: Value = (x) => {
  let total = 0;
  for (let i = 3; i < x.length; i += 3)
    for (let j = 0; j < i; j += 3) {
      const dx = x[i] - x[j];
      const dy = x[i + 1] - x[j + 1];
      const dz = x[i + 2] - x[j + 2];
      total += energy(dx * dx + dy * dy + dz * dz);
    }
  return total;
};

const gradient: Gradient = (x, out) => {
  out.fill(0);
  let total = 0;
  for (let i = 3; i < x.length; i += 3) {
    let gx = 0;
    let gy = 0;
    let gz = 0;
    for (let j = 0; j < i; j += 3) {
      const dx = x[i] - x[j];
      const dy = x[i + 1] - x[j + 1];
      const dz = x[i + 2] - x[j + 2];
      const s = dx * dx + dy * dy + dz * dz;
      const pull = 2 * slope(s);
      total += energy(s);
      gx += pull * dx;
      gy += pull * dy;
      gz += pull * dz;
      out[j] -= pull * dx;
      out[j + 1] -= pull * dy;
      out[j + 2] -= pull * dz;
    }
    out[i] = gx;
    out[i + 1] = gy;
    out[i + 2] = gz;
  }
  return total;
};

/**
 * A cluster of `atoms` Lennard-Jones atoms; dimension 3 · atoms. Where atoms overlap, see CORE.
 *
 * The domain is a cube about the origin of half width 0.7 · atoms^(1/3): the global minima fit into it however they
 * are turned, and atoms thrown into it at random lie at about a third of the density of the solid, close enough that
 * nothing is lost to infinity. From such a start a local minimization of 13 atoms ends in the icosahedron once in 14.
 */
export const lennardJonesEntry = entry({
  name: "lennard-jones",
  summary: "Energy of a cluster of Lennard-Jones atoms in reduced units",
  reference: "J. E. Jones, Proc. R. Soc. A 106, 463 (1924); minima: Wales et al., Cambridge Cluster Database",
  params: { atoms: { help: "number of atoms", symbol: "N", default: 13, min: 2, max: 1000, integer: true } },
  make: ({ atoms }): Potential => {
    const half = REACH * Math.cbrt(atoms);
    const minimum = MINIMA[atoms - 2];
    const argmin = simplex(atoms);
    return potential({
      name: "lennard-jones",
      domain: box(3 * atoms, -half, half),
      value,
      gradient,
      names: Array.from({ length: 3 * atoms }, (_, j) => `${"xyz"[j % 3]}${Math.floor(j / 3) + 1}`),
      truth: { ...(minimum === undefined ? {} : { minimum }), ...(argmin === undefined ? {} : { argmin }) },
    });
  },
});

/** Two to four atoms, all at the distance 2^(1/6) at which a pair has its minimum −1. */
function simplex(atoms: number): Points | undefined {
  const corners: Readonly<Record<number, readonly number[]>> = {
    2: [-1, 0, 0, 1, 0, 0].map((c) => c / 2),
    3: [-1.5, -Math.sqrt(0.75), 0, 1.5, -Math.sqrt(0.75), 0, 0, Math.sqrt(3), 0].map((c) => c / 3),
    4: [1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1].map((c) => c / Math.sqrt(8)),
  };
  const unit = corners[atoms];
  return unit && points([unit.map((c) => c * 2 ** (1 / 6))]);
}

/** Lowest energies known for 2, 3 … 150 atoms, to the six decimals of the database (its table "LJ 3–150"). */
const MINIMA: readonly number[] = [
  -1, -3, -6, -9.103852, -12.712062, -16.505384, -19.821489, -24.11336, -28.422532, -32.76597, -37.9676, -44.326801,
  -47.845157, -52.322627, -56.815742, -61.317995, -66.530949, -72.659782, -77.177043, -81.684571, -86.809782,
  -92.844472, -97.348815, -102.372663, -108.315616, -112.873584, -117.822402, -123.587371, -128.286571, -133.586422,
  -139.635524, -144.842719, -150.044528, -155.756643, -161.825363, -167.033672, -173.928427, -180.033185, -185.249839,
  -190.536277, -196.277534, -202.364664, -207.688728, -213.784862, -220.68033, -226.012256, -232.199529, -239.091864,
  -244.549926, -251.253964, -258.229991, -265.203016, -272.208631, -279.24847, -283.643105, -288.342625, -294.378148,
  -299.73807, -305.875476, -312.008896, -317.353901, -323.489734, -329.620147, -334.971532, -341.110599, -347.252007,
  -353.394542, -359.882566, -366.892251, -373.349661, -378.637253, -384.789377, -390.9085, -397.492331, -402.894866,
  -409.083517, -414.794401, -421.810897, -428.083564, -434.343643, -440.550425, -446.924094, -452.657214, -459.055799,
  -465.384493, -472.098165, -479.03263, -486.053911, -492.433908, -498.81106, -505.185309, -510.877688, -517.264131,
  -523.640211, -529.879146, -536.681383, -543.665361, -550.666526, -557.03982, -563.411308, -569.363652, -575.766131,
  -582.086642, -588.266501, -595.061072, -602.00711, -609.033011, -615.411166, -621.788224, -628.068416, -634.874626,
  -641.794704, -648.8331, -655.756307, -662.809353, -668.282701, -674.769635, -681.419158, -687.021982, -693.819577,
  -700.939379, -707.802109, -714.920896, -721.303235, -727.349853, -734.479629, -741.3321, -748.460647, -755.271073,
  -762.441558, -768.042203, -775.023203, -782.206157, -790.27812, -797.453259, -804.631473, -811.81278, -818.993848,
  -826.174676, -833.358586, -840.53861, -847.721698, -854.904499, -862.087012, -869.272573, -876.461207, -881.072971,
  -886.693405, -893.310258,
];
