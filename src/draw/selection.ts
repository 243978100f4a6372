/**
 * Selection in time: the Sigmoid over the energy difference at several times (24)(25), and the populations of the
 * levels, which are the Softmax of −E τ (23).
 */
import { linearAxis, logAxis } from "./axes.ts";
import { chart, type KeyRow, type Line, sequence } from "./chart.ts";
import { about } from "./numbers.ts";
import { rich, type Scene } from "./scene.ts";

export type SigmoidInTime = {
  /** Energy differences ΔE. */
  readonly excess: ArrayLike<number>;
  readonly times: readonly number[];
  /** probability[k][i] of the lower level at times[k] and excess[i], from 0 to 1. */
  readonly probability: readonly ArrayLike<number>[];
};

/** One curve a time, steeper the later. */
export function sigmoidInTime({ excess, times, probability }: SigmoidInTime): Scene {
  const colors = sequence(times.length);
  const lines = probability.map((ys, k): Line => ({ xs: excess, ys, color: colors[k] }));
  return chart({
    name: "sigmoid",
    title: "The Sigmoid over time",
    x: linearAxis(rich("energy difference Δ*E* (units of ζ)"), excess[0], excess[excess.length - 1], 7),
    y: linearAxis(rich("probability of the lower level, 1/(1 + e^{−Δ*E* *τ*})"), 0, 1),
    lines,
    key: times.map((tau, k): KeyRow => ({ color: colors[k], label: `*τ* = ${about(tau)}` })),
  });
}

export type SoftmaxInTime = {
  /** Imaginary times, ascending, above 0. */
  readonly times: ArrayLike<number>;
  readonly energies: readonly number[];
  /** printed[k][i]: the Softmax of −E τ for level k at times[i], equation (23) as printed. */
  readonly printed: readonly ArrayLike<number>[];
  /** The same by Born's rule, |c_k|² e^(−2Eτ) normalized. */
  readonly born?: readonly ArrayLike<number>[];
};

const BORN = [5, 4];

/** One curve a level; Born's populations dashed beside those of (23). */
export function softmaxInTime({ times, energies, printed, born = [] }: SoftmaxInTime): Scene {
  const colors = sequence(energies.length);
  const family = (of: readonly ArrayLike<number>[], dash?: readonly number[]): Line[] =>
    of.map((ys, k) => ({ xs: times, ys, color: colors[k], ...(dash === undefined ? {} : { dash }) }));
  const kinds: KeyRow[] = [
    { color: "soft", label: "Softmax (23)" },
    { color: "soft", label: "Born’s rule", dash: BORN },
  ];
  return chart({
    name: "softmax",
    title: "Populations of the levels in imaginary time",
    x: logAxis(rich("imaginary time *τ* (1/units of ζ)"), times[0], times[times.length - 1]),
    y: linearAxis(rich("population"), 0, 1),
    lines: [...family(born, BORN), ...family(printed)],
    key: [
      ...energies.map(
        (energy, k): KeyRow => ({ color: colors[k], label: `*E*_{${k}} = ${about(energy, 3)}`, width: 2.4 }),
      ),
      ...(born.length > 0 ? kinds : []),
    ],
  });
}
