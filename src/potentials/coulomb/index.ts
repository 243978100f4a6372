/**
 * Electrons among fixed nuclei, the simplest atoms and molecules: ζ = −Σ Z/|r_i − R| + Σ 1/|r_i − r_j| + 1/R. With D = ½
 * energies are in hartree and lengths in bohr. Each offers a guide that cancels the poles; without one, walkers near a
 * nucleus have no bound to their weight.
 */
import { entry } from "../../core/entry.ts";
import { box, type Potential, potential } from "../../core/problem.ts";
import { oneElectron, twoElectrons } from "./guide.ts";
import { atomic, bond } from "./orbital.ts";

/** Where to look, in bohr, either side of the middle. */
const REACH = 10;
const AXES = ["x", "y", "z"];
const PAIR = ["x1", "y1", "z1", "x2", "y2", "z2"];

type Nucleus = { readonly charge: number; readonly z: number };

/** ζ and ∇ζ of `electrons` electrons among nuclei on the z axis; `repulsion` is that of the nuclei. */
function coulomb(
  name: string,
  electrons: 1 | 2,
  nuclei: readonly Nucleus[],
  repulsion: number,
  guide: NonNullable<Potential["guide"]>,
  energies?: (D: number) => readonly number[],
): Potential {
  const slope = new Float64Array(3 * electrons);
  const gradient = (x: Float64Array, out: Float64Array): number => {
    let value = repulsion;
    out.fill(0);
    for (let k = 0; k < electrons; k++) for (const { charge, z } of nuclei) value += pull(x, 3 * k, charge, z, out);
    return electrons === 2 ? value + push(x, out) : value;
  };
  return potential({
    ...{ name, domain: box(3 * electrons, -REACH, REACH), names: electrons === 1 ? AXES : PAIR },
    ...{ value: (x) => gradient(x, slope), gradient, guide },
    ...(energies === undefined ? {} : { truth: { energies } }),
  });
}

/** −Z/r of the electron at `e`, its slope added to `out`. */
function pull(x: Float64Array, e: number, charge: number, z: number, out: Float64Array): number {
  const along = x[e + 2] - z;
  const r = Math.sqrt(x[e] * x[e] + x[e + 1] * x[e + 1] + along * along);
  const force = charge / (r * r * r);
  out[e] += force * x[e];
  out[e + 1] += force * x[e + 1];
  out[e + 2] += force * along;
  return -charge / r;
}

/** 1/r between two electrons, its slope added to `out`. */
function push(x: Float64Array, out: Float64Array): number {
  let square = 0;
  for (let j = 0; j < 3; j++) square += (x[j] - x[3 + j]) ** 2;
  const r = Math.sqrt(square);
  for (let j = 0; j < 3; j++) {
    const force = (x[j] - x[3 + j]) / (r * square);
    out[j] -= force;
    out[3 + j] += force;
  }
  return 1 / r;
}

const LEVELS = 14;

export const hydrogenEntry = entry({
  name: "hydrogen",
  summary: "Hydrogen-like atom −Z/r with levels −Z²/4Dn² (hartree at D = ½)",
  reference: "E. Schrödinger, Ann. Phys. 384, 361 (1926); Landau and Lifshitz, Quantum Mechanics, §36",
  params: { charge: { help: "charge of the nucleus", symbol: "Z", default: 1, min: 0.01, max: 100 } },
  make: ({ charge: Z }): Potential =>
    coulomb(
      "hydrogen",
      1,
      [{ charge: Z, z: 0 }],
      0,
      (D) => oneElectron("hydrogen", atomic(Z, Z, 1), D),
      (D) => shells(LEVELS).map((n) => (-Z * Z) / (4 * D * n * n)),
    ),
});

/** The principal numbers of the lowest states: n occurs n² times. */
function shells(count: number): number[] {
  const lowest: number[] = [];
  for (let n = 1; lowest.length < count; n++) for (let k = 0; k < n * n && lowest.length < count; k++) lowest.push(n);
  return lowest;
}

const distance = (value: number) =>
  ({ help: "distance of the protons", symbol: "R", default: value, min: 0.2, max: 10 }) as const;

const protons = (R: number): readonly Nucleus[] => [
  { charge: 1, z: -R / 2 },
  { charge: 1, z: R / 2 },
];

export const h2PlusEntry = entry({
  name: "h2-plus",
  summary: "Hydrogen molecule ion: one electron and two protons at distance R; −0.6026342144950 hartree at R = 2",
  reference: "Ø. Burrau, K. Dan. Vidensk. Selsk. 7, 14 (1927); T. C. Scott et al., Chem. Phys. 324, 323 (2006)",
  params: { distance: distance(2) },
  make: ({ distance: R }): Potential =>
    coulomb("h2-plus", 1, protons(R), 1 / R, (D) => {
      const apart = R / (2 * D);
      return oneElectron("h2-plus", bond(apart, Math.exp(-0.5 - 0.62 * apart ** 0.72)), D);
    }),
});

export const h2Entry = entry({
  name: "h2",
  summary: "Hydrogen molecule: two electrons and two protons at distance R; −1.174475 hartree at R = 1.4",
  reference: "W. Kołos and L. Wolniewicz, J. Chem. Phys. 49, 404 (1968)",
  params: { distance: distance(1.4) },
  make: ({ distance: R }): Potential =>
    coulomb("h2", 2, protons(R), 1 / R, (D) => {
      const apart = R / (2 * D);
      const orbital = bond(apart, Math.exp(-1.27 - 0.24 * apart));
      return twoElectrons("h2", orbital, orbital, 0.44 * Math.exp(-0.34 * apart), D);
    }),
});

export const hMinusEntry = entry({
  name: "h-minus",
  summary: "Hydrogen anion: two electrons and one proton; −0.527751 hartree",
  reference: "H. Bethe, Z. Phys. 57, 815 (1929); S. Chandrasekhar, Astrophys. J. 100, 176 (1944)",
  params: {},
  make: (): Potential =>
    coulomb("h-minus", 2, [{ charge: 1, z: 0 }], 0, (D) =>
      twoElectrons("h-minus", atomic(1, 1.03, 2), atomic(1, 0.35, 0.5), 0.28, D),
    ),
});
