/**
 * ψ between hard walls: kicks point by point, drifts line by line along each axis in the sines that vanish at the walls.
 */
import type { Lattice } from "../../core/index.ts";
import { exp, turn } from "../../math/elementary.ts";
import { DRIFT, KICK } from "../../math/grid.ts";
import { kicker } from "./kick.ts";
import type { Propagator } from "./propagator.ts";
import { type SineTransform, sineTransform } from "./sine.ts";

type Axis = {
  readonly transform: SineTransform;
  /** Eigenvalues of −∂² by the places of the transform. */
  readonly square: Float64Array;
  /** Factors of the drift, over what the transform leaves. */
  readonly factorRe: Float64Array;
  readonly factorIm: Float64Array;
  readonly lineRe: Float64Array;
  readonly lineIm: Float64Array;
};

/** The propagator of a ψ that vanishes at the outer faces of the lattice's cells. */
export function walled(lattice: Lattice): Propagator {
  const re = new Float64Array(lattice.size);
  const im = new Float64Array(lattice.size);
  const axes = lattice.shape.map((n, j) => axisOf(n, n * lattice.spacing[j]));
  const { setPotential, kick } = kicker(re, im);
  const drift = (dr: number, di: number): void =>
    axes.forEach((axis, j) => {
      setFactors(axis, dr, di);
      eachLine(lattice, j, (at, stride) => driftLine(axis, re, im, at, stride));
    });
  return {
    re,
    im,
    setPotential,
    evolve(kicks, drifts) {
      for (let k = 0; k < kicks.length / KICK; k++) {
        if (k > 0) drift(drifts[DRIFT * (k - 1)], drifts[DRIFT * (k - 1) + 1]);
        kick(kicks[KICK * k], kicks[KICK * k + 1], kicks[KICK * k + 2]);
      }
    },
    squaredMomentum: () => axes.reduce((sum, axis, j) => sum + squareAlong(lattice, j, axis, re, im), 0),
    close() {},
  };
}

function axisOf(n: number, width: number): Axis {
  const [factorRe, factorIm, lineRe, lineIm] = Array.from({ length: 4 }, () => new Float64Array(n));
  const square = Float64Array.from({ length: n }, (_, q) => ((Math.PI * (n - q)) / width) ** 2);
  return { transform: sineTransform(n), square, factorRe, factorIm, lineRe, lineIm };
}

function setFactors({ square, factorRe, factorIm }: Axis, dr: number, di: number): void {
  const pair = new Float64Array(2);
  for (let q = 0; q < square.length; q++) {
    const size = exp(-dr * square[q]) / square.length;
    turn(-di * square[q], pair);
    factorRe[q] = size * pair[0];
    factorIm[q] = size * pair[1];
  }
}

function driftLine(axis: Axis, re: Float64Array, im: Float64Array, at: number, stride: number): void {
  const { transform, factorRe, factorIm, lineRe, lineIm } = axis;
  take(axis, re, im, at, stride);
  transform.forward(lineRe, lineIm);
  for (let q = 0; q < lineRe.length; q++) {
    const x = lineRe[q] * factorRe[q] - lineIm[q] * factorIm[q];
    lineIm[q] = lineRe[q] * factorIm[q] + lineIm[q] * factorRe[q];
    lineRe[q] = x;
  }
  transform.back(lineRe, lineIm);
  for (let j = 0, e = at; j < lineRe.length; j++, e += stride) {
    re[e] = lineRe[j];
    im[e] = lineIm[j];
  }
}

function take({ lineRe, lineIm }: Axis, re: Float64Array, im: Float64Array, at: number, stride: number): void {
  for (let j = 0, e = at; j < lineRe.length; j++, e += stride) {
    lineRe[j] = re[e];
    lineIm[j] = im[e];
  }
}

/** ⟨−∂²⟩ along one axis. */
function squareAlong(lattice: Lattice, j: number, axis: Axis, re: Float64Array, im: Float64Array): number {
  const { transform, square, lineRe, lineIm } = axis;
  let above = 0;
  let below = 0;
  eachLine(lattice, j, (at, stride) => {
    take(axis, re, im, at, stride);
    transform.forward(lineRe, lineIm);
    for (let q = 0; q < lineRe.length; q++) {
      // the shortest wave, at place 0, is ±1 at every point: twice the norm of the others
      const share = (lineRe[q] * lineRe[q] + lineIm[q] * lineIm[q]) * (q === 0 ? 0.5 : 1);
      above += share * square[q];
      below += share;
    }
  });
  return above / below;
}

function eachLine({ shape, stride, size }: Lattice, j: number, visit: (at: number, stride: number) => void): void {
  const step = stride[j];
  for (let block = 0; block < size; block += shape[j] * step)
    for (let at = block; at < block + step; at++) visit(at, step);
}
