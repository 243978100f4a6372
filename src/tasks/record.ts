/**
 * The record of a run: what the two loops did, scale by scale, and the way down of the best value. It is plain data
 * of bounded size and a function of the frames alone, so that a resumed run keeps the same record.
 *
 * A descent is one fall of D through its scales. Engines that hold several states at once, or begin again, make many;
 * the scales that are shown are those of the descent that found the best value.
 */
import type { Engine, View } from "../core/engine.ts";
import { gridMoments } from "../core/lattice.ts";
import type { Frame } from "../core/run.ts";

/** One scale of the outer loop: consecutive steps of a descent whose D lies within a factor of 10. */
export type Scale = {
  /** D at the scale's first step. */
  D: number;
  /** Imaginary time spent in it. */
  tau: number;
  /** Energy and size of the state, and the best value so far, at its last step. */
  energy: number;
  spread: number;
  best: number;
  /** Evaluations when it ended. */
  evaluations: number;
  /** Where the state was when it began: mean and standard deviation per axis. */
  mean: Float64Array;
  deviation: Float64Array;
};

/** One row of the way down. */
export type Row = {
  evaluations: number;
  best: number;
  D: number;
  energy: number;
  spread: number;
  turn?: Turn;
};

/** Of several families: who moved, who had found the best so far, and births and evaluations in the order of `families`. */
export type Turn = { family: number; finder: number; births: number[]; spent: number[] };

/** What a family of states did, where an engine holds several. */
export type FamilyRecord = {
  readonly family: number;
  readonly label: string;
  births: number;
  evaluations: number;
  /** Steps in which it found a better value than all before, by more than rounding. */
  improvements: number;
};

/** Who found the best value, but for rounding: the family, which of its states, the evaluation, and that value. */
export type Finder = {
  readonly family: number;
  readonly births: number;
  readonly evaluations: number;
  readonly value: number;
};

export type RunRecord = {
  readonly scales: readonly Scale[];
  readonly rows: readonly Row[];
  /** Empty where the engine holds one state. */
  readonly families: readonly FamilyRecord[];
  readonly finder: Finder | null;
};

/** The fall of one state: `family` and `births` are what its engine tells of it, where there are several. */
type Descent = { family: number; births: number; scales: Scale[] };

/** A record in the making; plain data. */
export type Recording = {
  rows: Row[];
  /** The descents under way, one for each family. */
  descents: Descent[];
  /** The family whose descent holds the best value, or −1 where that descent has ended and is kept in `found`. */
  winner: number;
  found: Scale[];
  families: FamilyRecord[];
  finder: Finder | null;
  /** The best value after the first step. */
  first: number;
  /** Evaluations when the last step ended. */
  evaluations: number;
};

const SCALE = 10;
/** D that rises so far within one state is annealed anew. */
const REHEATED = 1000;
const SCALES_KEPT = 256;
// rows are spaced evenly in the logarithm of evaluations: about 2800 for a million
const ROW_GROWTH = 1.005;
/** What is less of the fall since the first step is not a better value. */
const ROUNDING = 1e-12;

export function freshRecording(): Recording {
  return {
    rows: [],
    descents: [],
    winner: -1,
    found: [],
    families: [],
    finder: null,
    first: Number.NaN,
    evaluations: 0,
  };
}

/** The record as it stands. */
export function recordOf({ rows, descents, winner, found, families, finder }: Recording): RunRecord {
  return { rows, scales: descents.find(({ family }) => family === winner)?.scales ?? found, families, finder };
}

/** Adds a frame to a recording; `nameOf` names the engine's families. */
export function recordFrame(recording: Recording, frame: Frame, nameOf?: Engine["nameOf"]): void {
  const { info, account } = frame;
  const D = info.D ?? frame.D;
  const energy = info.energy ?? Number.NaN;
  const spread = info.spread ?? Number.NaN;
  const now = { energy, spread, best: account.best.value, evaluations: account.evaluations };
  const row = recording.rows.at(-1);
  const improved = recording.rows.length === 0 || now.best < bestOf(recording);
  const family = info.family ?? 0;
  const descent = descentOf(recording, family, info.births ?? 0, D);
  const scale = descent.scales.at(-1);
  if (scale !== undefined && within(D, scale.D)) {
    Object.assign(scale, now, { tau: scale.tau + (info.dt ?? frame.dt) });
  } else {
    if (descent.scales.length >= SCALES_KEPT) descent.scales = mergePairs(descent.scales);
    descent.scales.push({ D, tau: info.dt ?? frame.dt, ...now, ...extent(frame.view(), family) });
  }
  if (improved) recording.winner = family;
  if (info.family !== undefined) recordFamily(recording, frame, family, nameOf?.(family));
  if (row === undefined || account.evaluations >= row.evaluations * ROW_GROWTH)
    recording.rows.push({ D, ...now, ...turnOf(recording, info.family) });
}

/** Books what a step cost and found on its family. */
function recordFamily(
  recording: Recording,
  { info, account }: Frame,
  family: number,
  label = `family ${family + 1}`,
): void {
  let record = recording.families.find((known) => known.family === family);
  if (record === undefined) {
    record = { family, label, births: 0, evaluations: 0, improvements: 0 };
    recording.families.push(record);
  }
  // the first state of all counts as born
  record.births = Math.max(1, info.births ?? 1);
  record.evaluations += account.evaluations - recording.evaluations;
  recording.evaluations = account.evaluations;
  const { value } = account.best;
  if (!Number.isFinite(recording.first)) recording.first = value;
  const before = recording.finder?.value ?? Number.POSITIVE_INFINITY;
  if (!(before - value > ROUNDING * (recording.first - value))) return;
  record.improvements++;
  recording.finder = { family, births: record.births, evaluations: account.bestAt, value };
}

function turnOf({ families, finder }: Recording, family: number | undefined): { readonly turn?: Turn } {
  if (family === undefined) return {};
  const births = families.map(({ births }) => births);
  const spent = families.map(({ evaluations }) => evaluations);
  return { turn: { family, finder: finder?.family ?? family, births, spent } };
}

/** The best value of the frames before: the winner's, since whoever finds a better one becomes the winner. */
function bestOf(recording: Recording): number {
  return recordOf(recording).scales.at(-1)?.best ?? Number.POSITIVE_INFINITY;
}

/** The descent under way of a family; a new one where a packet was born or D was raised. */
function descentOf(recording: Recording, family: number, births: number, D: number): Descent {
  const at = recording.descents.findIndex((descent) => descent.family === family);
  const current = recording.descents[at];
  const lowest = current?.scales.at(-1)?.D ?? Number.POSITIVE_INFINITY;
  if (current !== undefined && current.births === births && !(D > REHEATED * lowest)) return current;
  const fresh: Descent = { family, births, scales: [] };
  if (current === undefined) recording.descents.push(fresh);
  else recording.descents[at] = fresh;
  if (current !== undefined && recording.winner === family) {
    recording.winner = -1;
    recording.found = current.scales;
  }
  return fresh;
}

function within(a: number, b: number): boolean {
  return a === b || (a < SCALE * b && b < SCALE * a);
}

function mergePairs(scales: Scale[]): Scale[] {
  const merged: Scale[] = [];
  for (let i = 0; i < scales.length; i += 2) {
    const [first, second] = [scales[i], scales[i + 1]];
    merged.push(
      second === undefined
        ? first
        : { ...second, D: first.D, tau: first.tau + second.tau, mean: first.mean, deviation: first.deviation },
    );
  }
  return merged;
}

/** Where a state is: mean and standard deviation per axis; of several packets, those of the family that moved. */
export function extent(view: View, family: number): { mean: Float64Array; deviation: Float64Array } {
  if (view.kind === "grid") return gridMoments(view.axes, view.density);
  if (view.kind === "cloud") return cloudMoments(view);
  const { mean, deviation } = view.packets.find((packet) => packet.family === family) ?? view.packets[0];
  return { mean, deviation };
}

function cloudMoments({ points: { n, dim, x }, weight }: Extract<View, { kind: "cloud" }>) {
  const mean = new Float64Array(dim);
  const deviation = new Float64Array(dim);
  const share = (i: number): number => weight?.[i] ?? 1;
  let total = 0;
  for (let i = 0; i < n; i++) total += share(i);
  for (let i = 0; i < n; i++) for (let j = 0; j < dim; j++) mean[j] += (share(i) / total) * x[i * dim + j];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < dim; j++) deviation[j] += (share(i) / total) * (x[i * dim + j] - mean[j]) ** 2;
  return { mean, deviation: deviation.map(Math.sqrt) };
}
