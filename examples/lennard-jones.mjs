// Clusters of Lennard-Jones atoms: the arrangement of least energy, in reduced units, by exact gradients. The number of
// local minima grows exponentially, from 4 for 7 atoms to some 10¹⁴ for 38, whose ground state, a truncated octahedron,
// stands at the end of a narrow funnel beside a wide one that ends in icosahedra 0.676 higher.
// A walk from well to well finds it: see src/engines/packets/walk.ts.
// Lowest energies known: D. J. Wales, J. P. K. Doye, J. Phys. Chem. A 101, 5111 (1997); Cambridge Cluster Database.
//
//   node examples/lennard-jones.mjs 38
import { minimize } from "wick";
import { budget, verdict } from "./verdict.mjs";

const atoms = Number(process.argv[2] ?? 13);
const energies = { 7: -16.505384, 13: -44.326801, 19: -72.659782, 26: -108.315616, 38: -173.928427 };
const known = energies[atoms];

const { best, evaluations } = await minimize(
  { entry: "lennard-jones", set: { atoms } },
  { budget: budget(atoms === 38 ? 1_140_000 : 300_000), target: known + 1e-5 },
);
verdict(`lennard-jones ${atoms}`, { found: best.value, known, within: 2e-5, evaluations });
