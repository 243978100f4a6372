/**
 * A packet guided by its surrogate: ζ is asked at the samples that the model holds for the best, a few more at a time,
 * until the model, fitted anew where it must be, orders what was seen last as ζ does; the rest are ranked by the model
 * alone. The minimum of the model is tried in the next generation: the harmonic step.
 */
import type { Ask } from "../../core/ask.ts";
import {
  type Archive,
  agreement,
  blankArchive,
  type Fit,
  fitModel,
  load,
  modelAt,
  modelMinimum,
  remember,
  whitened,
} from "./surrogate.ts";
import type { Wide } from "./wide.ts";

export type Guide = {
  archive: Archive;
  /** Where the next generation tries the harmonic step, in the unit box; `ready` says whether it does. */
  step: Float64Array;
  ready: boolean;
  /** What ζ is held to be there, and how far that lies below the mean. */
  level: number;
  drop: number;
  /** Generations in a row for which the model was of no use, and how many are left without it. */
  failures: number;
  pause: number;
};

/** Asks ζ at the samples of these numbers; returns how many there were. */
export type Look = (samples: Int32Array) => Ask<number>;

/** Agreement (Kendall's τ) at which the model stands in for ζ, and the least points that it is judged by. */
const AGREES = 0.85;
const JUDGED = 15;
/** The samples first asked, a share of all, and how their number grows. */
const FIRST = 0.02;
const GROWTH = 1.5;
const LONGEST_PAUSE = 50;

export function blankGuide(dim: number): Guide {
  return {
    archive: blankArchive(dim),
    step: new Float64Array(dim),
    ready: false,
    level: 0,
    drop: 0,
    failures: 0,
    pause: 0,
  };
}

/** Forgets what another packet has seen. */
export function startGuide(guide: Guide): void {
  guide.archive.count = 0;
  guide.ready = false;
  guide.failures = 0;
  guide.pause = 0;
}

/**
 * Fills `value` for the samples u [λ × d]: with ζ where it is asked, elsewhere with the model's value, set level with the
 * truth at the best.
 * @returns evaluations spent
 */
export function* seeBest(
  guide: Guide,
  packet: Wide,
  fit: Fit,
  u: Float64Array,
  value: Float64Array,
  look: Look,
): Ask<number> {
  const { archive } = guide;
  const lambda = value.length;
  const dim = packet.mean.length;
  const left = Int32Array.from({ length: lambda }, (_, k) => k);
  const ask = function* (samples: Int32Array): Ask<number> {
    const n = yield* look(samples);
    for (const k of samples) remember(archive, u, k * dim, dim, value[k]);
    return n;
  };
  if (guide.pause > 0) {
    guide.pause--;
    return yield* ask(left);
  }
  load(fit, archive, packet);
  if (!fitModel(fit)) return yield* ask(left);

  const z = whitened(packet, u, lambda);
  const asked = yield* askUntilAgreed(fit, archive, packet, z, left, ask);
  if (asked === lambda) {
    guide.failures++;
    if (guide.failures > 1) guide.pause = Math.min(LONGEST_PAUSE, 2 ** (guide.failures - 1));
    return asked;
  }
  guide.failures = 0;
  const truth = complete(fit, z, left, asked, value);
  guide.drop = modelMinimum(fit, packet, guide.step);
  guide.ready = guide.drop > 0;
  guide.level = truth + fit.scale * fit.coefficient[0] - guide.drop;
  return asked;
}

/**
 * Asks the samples `left` (ordered on the way) from the model's best on, in growing batches, until it agrees with ζ on
 * what was asked. Returns how many were.
 */
function* askUntilAgreed(
  fit: Fit,
  archive: Archive,
  packet: Wide,
  z: Float64Array,
  left: Int32Array,
  ask: Look,
): Ask<number> {
  const lambda = left.length;
  const model = new Float64Array(lambda);
  let asked = 0;
  for (let batch = 1 + Math.round(FIRST * lambda); asked < lambda; batch = Math.ceil(GROWTH * batch)) {
    const rest = left.subarray(asked);
    for (const k of rest) model[k] = modelAt(fit, z, k * fit.dim);
    rest.sort((a, b) => model[a] - model[b] || a - b);
    asked += yield* ask(rest.slice(0, batch));
    load(fit, archive, packet);
    const judged = Math.max(JUDGED, Math.min(1.2 * asked, 0.75 * lambda));
    // what foretold the newest is not fitted anew: fits are most of a packet's own time
    if (agreement(fit, judged) >= AGREES) break;
    if (!fitModel(fit)) asked += yield* ask(left.slice(asked));
    else if (agreement(fit, judged) >= AGREES) break;
  }
  return asked;
}

/**
 * Gives the samples behind the first `asked` of `order` the model's value, its least one level with the least ζ seen.
 * Returns what that adds to the model.
 */
function complete(fit: Fit, z: Float64Array, order: Int32Array, asked: number, value: Float64Array): number {
  let truth = Number.POSITIVE_INFINITY;
  for (let n = 0; n < asked; n++) truth = Math.min(truth, value[order[n]]);
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < order.length; n++) {
    const model = fit.scale * modelAt(fit, z, order[n] * fit.dim);
    least = Math.min(least, model);
    if (n >= asked) value[order[n]] = model;
  }
  for (let n = asked; n < order.length; n++) value[order[n]] += truth - least;
  return truth - least;
}
