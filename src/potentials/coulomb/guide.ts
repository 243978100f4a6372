/**
 * Guides of one and two electrons among fixed nuclei: orbitals, symmetric in the electrons, times a Jastrow factor e^u with
 * u = ½r/(1 + κr), r the electrons' distance, whose slope ½ at r = 0 cancels their pole. Lengths are in units of 2D, in
 * which H is that of hartree units over 2D.
 */
import type { Guidance, Guide, Points } from "../../core/index.ts";
import { type Key, normal } from "../../math/index.ts";
import { CURVE, LOG, type Orbital, SLOPE, SLOT } from "./orbital.ts";

/** Spread of the first places about the nuclei, in bohr. */
const CLOUD = 0.9;

/** The guide of one electron in an orbital. */
export function oneElectron(name: string, orbital: Orbital, D: number): Guide {
  const unit = 2 * D;
  const seen = new Float64Array(SLOT);
  return {
    ...common(name, 3, unit),
    at({ n, x }, out) {
      for (let i = 0; i < n; i++) {
        orbital(x[3 * i] / unit, x[3 * i + 1] / unit, x[3 * i + 2] / unit, seen, 0);
        out.log[i] = seen[LOG];
        for (let j = 0; j < 3; j++) out.gradient[3 * i + j] = seen[SLOPE + j] / unit;
        out.laplacian[i] = seen[CURVE] / unit ** 2;
      }
    },
  };
}

/** The guide (f(1)g(2) + g(1)f(2)) e^u of two electrons. */
export function twoElectrons(name: string, f: Orbital, g: Orbital, kappa: number, D: number): Guide {
  const unit = 2 * D;
  const seen = new Float64Array(4 * SLOT);
  return {
    ...common(name, 6, unit),
    at({ n, x }: Points, out: Guidance) {
      for (let i = 0, e = 0; i < n; i++, e += 6) {
        for (let k = 0; k < 2; k++) {
          const [a, b, c] = [x[e + 3 * k] / unit, x[e + 3 * k + 1] / unit, x[e + 3 * k + 2] / unit];
          f(a, b, c, seen, k * SLOT);
          if (f === g) seen.copyWithin((2 + k) * SLOT, k * SLOT, (k + 1) * SLOT);
          else g(a, b, c, seen, (2 + k) * SLOT);
        }
        pair(x, e, unit, kappa, seen, out, i);
      }
    },
  };
}

/** Puts the orbitals f(1), f(2), g(1), g(2) of a pair and its Jastrow factor together. */
function pair(
  x: Float64Array,
  e: number,
  unit: number,
  kappa: number,
  seen: Float64Array,
  out: Guidance,
  i: number,
): void {
  const [f1, f2, g1, g2] = [0, SLOT, 2 * SLOT, 3 * SLOT];
  const direct = seen[f1 + LOG] + seen[g2 + LOG];
  const exchanged = seen[g1 + LOG] + seen[f2 + LOG];
  const top = Math.max(direct, exchanged);
  const total = Math.exp(direct - top) + Math.exp(exchanged - top);
  const w = Math.exp(direct - top) / total;
  let [square, along] = [0, 0];
  for (let j = 0; j < 3; j++) square += ((x[e + j] - x[e + 3 + j]) / unit) ** 2;
  const r = Math.sqrt(square);
  const near = 1 / (1 + kappa * r);
  const first = 0.5 * near * near;
  const second = -kappa * near * near * near;
  for (let j = 0; j < 3; j++) {
    const toward = (x[e + j] - x[e + 3 + j]) / unit / r;
    const one = w * seen[f1 + SLOPE + j] + (1 - w) * seen[g1 + SLOPE + j];
    const two = w * seen[g2 + SLOPE + j] + (1 - w) * seen[f2 + SLOPE + j];
    along += toward * (one - two);
    out.gradient[e + j] = (one + first * toward) / unit;
    out.gradient[e + 3 + j] = (two - first * toward) / unit;
  }
  const orbitals = w * (seen[f1 + CURVE] + seen[g2 + CURVE]) + (1 - w) * (seen[g1 + CURVE] + seen[f2 + CURVE]);
  out.log[i] = top + Math.log(total) + 0.5 * r * near;
  out.laplacian[i] = (orbitals + 2 * first * along + 2 * (first * first + second + (2 * first) / r)) / unit ** 2;
}

function common(name: string, dim: number, unit: number): Pick<Guide, "name" | "particle" | "sample"> {
  return {
    name,
    particle: 3,
    sample: (key: Key, n: number) => Float64Array.from({ length: n * dim }, (_, e) => CLOUD * unit * normal(key, e)),
  };
}
