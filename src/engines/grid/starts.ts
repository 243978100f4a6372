/**
 * Where ψ starts: a Gaussian packet that moves, a uniform amplitude, or any wave that is given.
 */
import { inputError, type Lattice } from "../../core/index.ts";
import { squareSum } from "./observables.ts";
import { eachRow } from "./state.ts";

export type Start =
  | {
      readonly kind: "gaussian";
      /** The center of |ψ|² per axis; the middle of the box where it is left out. */
      readonly mean?: readonly number[] | undefined;
      /** Standard deviations of |ψ|² per axis; a sixteenth of the box where they are left out. */
      readonly sigma?: readonly number[] | undefined;
      /** Mean wave numbers per axis; 0 where they are left out. A packet moves at 2D · momentum. */
      readonly momentum?: readonly number[] | undefined;
    }
  | { readonly kind: "uniform" }
  /** Amplitudes at the lattice's points, row-major, up to a factor. */
  | { readonly kind: "wave"; readonly re: Float64Array; readonly im?: Float64Array | undefined };

const SIGMA = 1 / 16;

/** Writes the start into ψ, with Σ |ψ|² · volume = 1. */
export function begin(start: Start, lattice: Lattice, re: Float64Array, im: Float64Array): void {
  if (start.kind === "gaussian") packet(start, lattice, re, im);
  else if (start.kind === "uniform") {
    re.fill(1);
    im.fill(0);
  } else given(start, lattice, re, im);
  const square = squareSum(re, im);
  if (!(square > 0 && square < Number.POSITIVE_INFINITY))
    throw inputError("start", "ψ vanishes on the grid", "start inside the domain, wider than the grid's spacing");
  const scale = 1 / Math.sqrt(square * lattice.volume);
  for (let i = 0; i < re.length; i++) {
    re[i] *= scale;
    im[i] *= scale;
  }
}

/** ψ = Π_j exp(−(x_j − mean_j)² / 4σ_j² + i p_j x_j) */
function packet(
  { mean, sigma, momentum }: Extract<Start, { kind: "gaussian" }>,
  lattice: Lattice,
  re: Float64Array,
  im: Float64Array,
): void {
  const dim = lattice.shape.length;
  const width = (j: number): number => lattice.spacing[j] * lattice.shape[j];
  // around a ring the last point lies one spacing before the end, between walls the points lie evenly about the middle
  const span = (j: number): number => width(j) - (lattice.periodic ? 0 : lattice.spacing[j]);
  const centers = perAxis("mean", mean, dim, (j) => lattice.axes[j][0] + span(j) / 2);
  const sigmas = perAxis("sigma", sigma, dim, (j) => SIGMA * width(j));
  const waves = perAxis("momentum", momentum, dim, () => 0);
  sigmas.forEach((s) => {
    if (!(s > 0)) throw inputError("start.sigma", `${s} is not above 0`);
  });
  waves.forEach((p, j) => {
    const most = Math.PI / lattice.spacing[j];
    if (Math.abs(p) > most)
      throw inputError("start.momentum", `${p} is beyond the largest wave number of the grid, ${most}`, "refine it");
  });
  const along = lattice.axes.map((axis, j) => ({
    log: axis.map((x) => -(((x - centers[j]) / sigmas[j]) ** 2) / 4),
    phase: axis.map((x) => waves[j] * x),
  }));
  const last = along[dim - 1];
  eachRow(lattice, (row, outer) => {
    let log = 0;
    let phase = 0;
    for (let j = 0; j < dim - 1; j++) {
      log += along[j].log[outer[j]];
      phase += along[j].phase[outer[j]];
    }
    for (let i = 0; i < last.log.length; i++) {
      const modulus = Math.exp(log + last.log[i]);
      re[row + i] = modulus * Math.cos(phase + last.phase[i]);
      im[row + i] = modulus * Math.sin(phase + last.phase[i]);
    }
  });
}

function perAxis(
  name: string,
  values: readonly number[] | undefined,
  dim: number,
  otherwise: (j: number) => number,
): readonly number[] {
  if (values === undefined) return Array.from({ length: dim }, (_, j) => otherwise(j));
  const bad = values.find((v) => !Number.isFinite(v));
  if (bad !== undefined) throw inputError(`start.${name}`, `${bad} is not a finite number`);
  if (values.length !== dim && values.length !== 1)
    throw inputError(`start.${name}`, `has ${values.length} numbers where ζ has ${dim} axes`, "give one for each axis");
  return Array.from({ length: dim }, (_, j) => values[values.length === 1 ? 0 : j]);
}

function given(wave: Extract<Start, { kind: "wave" }>, { size, shape }: Lattice, re: Float64Array, im: Float64Array) {
  for (const part of [wave.re, wave.im])
    if (part !== undefined && part.length !== size)
      throw inputError(
        "start",
        `holds ${part.length} numbers where the grid has ${shape.length > 1 ? `${shape.join(" × ")} = ` : ""}${size} points`,
      );
  re.set(wave.re);
  if (wave.im === undefined) im.fill(0);
  else im.set(wave.im);
}
