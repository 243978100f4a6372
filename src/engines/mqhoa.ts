/**
 * MQHOA, the multi-scale quantum harmonic oscillator algorithm of Wang Peng and co-workers, in three of its forms.
 * k centers, each with a Gaussian of scale σ about it: 0-order sampling with σ² = 2Dτ, τ = 1. When the spread of the
 * centers is within σ the scale is halved: the outer loop, which this engine runs itself.
 *
 * What each form rests on:
 * - `2016`, the energy-level stabilizing form: the abstract of Wang and Huang (2016), the rest reconstructed, since the
 *   full text was not at hand; restarted here when σ reaches its smallest.
 * - `script`: the authors' visualization script, as read (YuweiJiao/Visualization-of-MQHOA, doi 10.1049/ell2.12112);
 *   it neither restarts nor stops refining.
 * - `2013`, the m × k form: a C program found in public code, as read; k, m and the smallest σ were not in it;
 *   restarted here when σ reaches its smallest.
 * The descendants (multiple populations, truncated mean, guiding information and others) are not reproduced.
 */
import {
  type Ask,
  along,
  askValue,
  type Domain,
  type Engine,
  engineEntry,
  type Info,
  meanWidth,
  moments,
  uniformPoints,
} from "../core/index.ts";
import { fold, type Key, normal, uniform } from "../math/index.ts";

const formNames = ["2016", "script", "2013"] as const;
export type MqhoaForm = (typeof formNames)[number];

export type MqhoaOptions = {
  readonly form: MqhoaForm;
  /** Centers k, at least 2. */
  readonly centers: number;
  /** Samples m about each center in a sweep of the 2013 form. */
  readonly samples: number;
};

type Centers = {
  readonly domain: Domain;
  readonly x: Float64Array;
  readonly value: Float64Array;
  /** The scale σ, in widths of the box. */
  scale: number;
};

type Sweep = (state: Centers, key: Key, samples: number) => Ask<void>;

const SMALLEST = 1e-7;
const FIRST = 1;

const sweeps: Readonly<Record<MqhoaForm, Sweep>> = {
  *"2016"(state, key) {
    if (state.scale <= SMALLEST) return yield* begin(state, key);
    const before = spread(state);
    yield* improve(state, state.scale, key);
    const stable = Math.abs(spread(state) - before) <= state.scale;
    if (!stable) return;
    yield* reduceLevel(state);
    if (spread(state) <= state.scale) state.scale /= 2;
  },

  *script(state, key) {
    const changed = yield* improve(state, state.scale / 2, key);
    if (!changed) {
      yield* reduceLevel(state);
      state.scale /= 2;
    }
    if (spread(state) <= state.scale) state.scale /= 2;
  },

  *"2013"(state, key, samples) {
    if (state.scale <= SMALLEST) return yield* begin(state, key);
    yield* pool(state, samples, key);
    if (spread(state) < state.scale) state.scale /= 2;
  },
};

/** The engine of one form; its info reports D = σ_s²/2 of the samples' standard deviation σ_s. */
export function mqhoa({ form, centers, samples }: MqhoaOptions): Engine<Centers> {
  const sweep = sweeps[form];
  return {
    name: "mqhoa",
    needs: ["value"],
    *init(domain, key) {
      const at = uniformPoints(domain, key, centers);
      return { domain, x: at.x, value: Float64Array.from(yield* askValue(at)), scale: FIRST };
    },
    *step(working, { key }) {
      yield* sweep(working, key, samples);
      return report(working, form === "script" ? working.scale / 2 : working.scale);
    },
    view: ({ domain, x, value }) => ({ kind: "cloud", points: { n: centers, dim: domain.lower.length, x }, value }),
  };
}

/** Starts anew: uniform centers, σ as wide as the box. */
function* begin(state: Centers, key: Key): Ask<void> {
  const at = uniformPoints(state.domain, key, state.value.length);
  state.value.set(yield* askValue(at));
  state.x.set(at.x);
  state.scale = FIRST;
}

/** One sample about each center, which takes its place if it is better; a coordinate out of the box is drawn uniformly. */
function* improve({ domain, x, value }: Centers, deviation: number, key: Key): Ask<boolean> {
  const { lower, upper } = domain;
  const dim = lower.length;
  const again = fold(key, 0);
  const trial = new Float64Array(x.length);
  for (let e = 0; e < x.length; e++) {
    const j = e % dim;
    const y = x[e] + deviation * (upper[j] - lower[j]) * normal(key, e);
    trial[e] = y >= lower[j] && y <= upper[j] ? y : along(domain, j, uniform(again, e));
  }
  const found = yield* askValue({ n: value.length, dim, x: trial });
  let changed = false;
  for (let i = 0; i < value.length; i++) {
    if (!(found[i] < value[i])) continue;
    changed = true;
    value[i] = found[i];
    for (let e = i * dim; e < (i + 1) * dim; e++) x[e] = trial[e];
  }
  return changed;
}

/** The mean of the centers takes the place of the worst. */
function* reduceLevel({ domain, x, value }: Centers): Ask<void> {
  const dim = domain.lower.length;
  const k = value.length;
  const mean = new Float64Array(dim);
  for (let j = 0; j < dim; j++) {
    for (let i = 0; i < k; i++) mean[j] += x[i * dim + j] / k;
    mean[j] = Math.min(domain.upper[j], Math.max(domain.lower[j], mean[j]));
  }
  const found = yield* askValue({ n: 1, dim, x: mean });
  const worst = indexOfWorst(value);
  value[worst] = found[0];
  x.set(mean, worst * dim);
}

/** m samples about each center as it was, each coordinate drawn until it is inside; the k best of all stay. */
function* pool({ domain, x, value, scale }: Centers, samples: number, key: Key): Ask<void> {
  const dim = domain.lower.length;
  const n = value.length * samples;
  const trial = new Float64Array(n * dim);
  for (let e = 0; e < trial.length; e++) {
    const center = x[Math.floor(e / (dim * samples)) * dim + (e % dim)];
    trial[e] = drawInside(domain, e % dim, center, scale, key, e);
  }
  const found = yield* askValue({ n, dim, x: trial });
  for (let i = 0; i < n; i++) {
    const worst = indexOfWorst(value);
    if (!(found[i] < value[worst])) continue;
    value[worst] = found[i];
    x.set(trial.subarray(i * dim, (i + 1) * dim), worst * dim);
  }
}

const ATTEMPTS = 100;

/** A normal about the center, drawn until it lies inside; at least a third of the draws do. */
function drawInside(domain: Domain, j: number, center: number, scale: number, key: Key, element: number): number {
  const deviation = scale * (domain.upper[j] - domain.lower[j]);
  let y = center + deviation * normal(key, element);
  for (let a = 1; a < ATTEMPTS && (y < domain.lower[j] || y > domain.upper[j]); a++)
    y = center + deviation * normal(fold(key, a), element);
  return y < domain.lower[j] || y > domain.upper[j] ? center : y;
}

function indexOfWorst(value: Float64Array): number {
  let worst = 0;
  for (let i = 1; i < value.length; i++) if (value[i] > value[worst]) worst = i;
  return worst;
}

/** The largest standard deviation of the centers along an axis, in widths of the box. */
function spread({ domain, x, value }: Centers): number {
  const { lower, upper } = domain;
  const dim = lower.length;
  const k = value.length;
  let largest = 0;
  for (let j = 0; j < dim; j++) {
    let mean = 0;
    for (let e = j; e < x.length; e += dim) mean += x[e] / k;
    let square = 0;
    for (let e = j; e < x.length; e += dim) square += (x[e] - mean) ** 2;
    largest = Math.max(largest, Math.sqrt(square / k) / (upper[j] - lower[j]));
  }
  return largest;
}

function report({ domain, x, value }: Centers, deviation: number): Info {
  const length = deviation * meanWidth(domain);
  return { ...moments(x, domain.lower.length, value), D: (length * length) / 2, dt: 1, scale: deviation };
}

export const mqhoaEntry = engineEntry({
  name: "mqhoa",
  summary: "multi-scale quantum harmonic oscillator algorithm: k Gaussians whose common scale is halved",
  reference:
    "Wang, Huang, J. Commun. 37(7), 79 (2016), from its abstract; YuweiJiao/Visualization-of-MQHOA (doi 10.1049/ell2.12112)",
  params: {
    form: {
      help: "2016: energy-level stabilizing, restarted; script: the authors' script; 2013: m × k samples, restarted",
      default: "2016",
      choices: formNames,
    },
    centers: { help: "Gaussians", symbol: "k", default: 30, min: 2, integer: true },
    samples: {
      help: "samples about each center in a sweep of the 2013 form",
      symbol: "m",
      default: 10,
      min: 1,
      integer: true,
    },
  },
  make: ({ form, centers, samples }): Engine => mqhoa({ form: readForm(form), centers, samples }),
});

function readForm(name: string): MqhoaForm {
  return formNames.find((form) => form === name) ?? "2016";
}
