/**
 * Axes: where a number stands between 0 and 1, and which ticks say so. Ticks are chosen by d3; logarithmic axes and
 * their labels are made here, since they must stand numbers from 1e-300 to 1e300 and label powers of ten as such.
 */
import { ticks } from "d3-array";
import { scaleLinear } from "d3-scale";
import { about } from "./numbers.ts";
import { rich, type Text } from "./scene.ts";

export type Tick = { readonly at: number; readonly label: Text };

export type Axis = {
  readonly label: Text;
  readonly ticks: readonly Tick[];
  /** Places of the finer ticks that carry no label. */
  readonly minor: readonly number[];
  /** 0 at the lower end, 1 at the upper; NaN for what has no place. */
  place(value: number): number;
};

const LARGEST = 1.7e308;
const SMALLEST = 5e-324;

/** The axis that runs the other way. */
export function reversed(axis: Axis): Axis {
  return {
    label: axis.label,
    ticks: axis.ticks.map(({ at, label }) => ({ at: 1 - at, label })),
    minor: axis.minor.map((at) => 1 - at),
    place: (value) => 1 - axis.place(value),
  };
}

/** A linear axis over [low, high]; a common power of ten goes into the label. */
export function linearAxis(label: Text, low: number, high: number, room = 5): Axis {
  const [a, b] = widened(low, high);
  const size = Math.max(Math.abs(a), Math.abs(b));
  const exponent = Math.floor(Math.log10(size));
  const power = exponent > 4 || exponent < -2 ? Math.max(-300, exponent) : 0;
  const unit = 10 ** power;
  const scale = scaleLinear([a / unit, b / unit], [0, 1]);
  const format = scale.tickFormat(room);
  const place = (value: number): number => scale(value / unit);
  return {
    label: power === 0 ? label : [...label, ...rich(`, in 10^{${minus(power)}}`)],
    ticks: scale.ticks(room).map((tick) => ({ at: scale(tick), label: rich(format(tick)) })),
    minor: [],
    place,
  };
}

/** A logarithmic axis over [low, high], both above 0. */
export function logAxis(label: Text, low: number, high: number, room = 6): Axis {
  const spread = high / low < 1.02 ? 3 : 1;
  const a = Math.log10(Math.max(SMALLEST, low / spread));
  const b = Math.log10(Math.min(LARGEST, high * spread));
  const place = (value: number): number => (value > 0 ? (Math.log10(value) - a) / (b - a) : Number.NaN);
  const { major, minor } = b - a < 2 ? fewDecades(10 ** a, 10 ** b) : decades(a, b, room);
  return {
    label,
    ticks: major.map(({ value, label }) => ({ at: place(value), label })),
    minor: minor.map(place),
    place,
  };
}

/** An axis of things counted 0 … labels.length − 1, each in the middle of its cell, with the labels there is room for. */
export function orderAxis(label: Text, labels: readonly Text[], room = 8): Axis {
  const place = (index: number): number => (index + 0.5) / labels.length;
  const step = STEPS.find((s) => labels.length / s <= room) ?? labels.length;
  const ticks = labels.map((label, i) => ({ at: place(i), label }));
  // by twos 1, 3, 5 …; by fives 1, 5, 10, 15 …
  const shown = ticks.filter((_, i) => (step < 5 ? i % step === 0 : i === 0 || (i + 1) % step === 0));
  return { label, ticks: shown, minor: [], place };
}

const STEPS = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200];

/** At most `room` of the numbers 0 … n − 1, evenly spaced, the first and the last among them. */
export function evenly(n: number, room: number): number[] {
  if (n <= room) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: room }, (_, k) => Math.round((k * (n - 1)) / (room - 1)));
}

type Marked = { readonly value: number; readonly label: Text };

function decades(a: number, b: number, room: number): { major: Marked[]; minor: number[] } {
  const first = Math.ceil(a - 1e-9);
  const last = Math.floor(b + 1e-9);
  const step = STEPS.find((s) => (last - first) / s <= room) ?? 200;
  const small = first >= -2 && last <= 3;
  const major: Marked[] = [];
  for (let k = Math.ceil(first / step) * step; k <= last; k += step) {
    const value = Number(`1e${k}`);
    major.push({ value, label: rich(small ? String(value) : `10^{${minus(k)}}`) });
  }
  const minor: number[] = [];
  if (step === 1 && b - a < 6)
    for (let k = first - 1; k <= last; k++) for (let m = 2; m < 10; m++) minor.push(Number(`${m}e${k}`));
  else if (step < 10) for (let k = first; k <= last; k++) if (k % step !== 0) minor.push(Number(`1e${k}`));
  return { major, minor: minor.filter((v) => v > 0 && Math.log10(v) >= a && Math.log10(v) <= b) };
}

function fewDecades(low: number, high: number): { major: Marked[]; minor: number[] } {
  const major: Marked[] = [];
  const k = Math.floor(Math.log10(low));
  for (const exponent of [k, k + 1, k + 2])
    for (const m of [1, 2, 5]) {
      const value = Number(`${m}e${exponent}`);
      if (value >= low && value <= high) major.push({ value, label: rich(about(value)) });
    }
  if (major.length >= 2) return { major, minor: [] };
  const unit = 10 ** Math.max(-300, k);
  const fine = ticks(low / unit, high / unit, 4).map((t) => ({ value: t * unit, label: rich(about(t * unit, 7)) }));
  return { major: fine, minor: [] };
}

/** An interval of some width; d3 needs one, and one that the numbers between its ends can resolve. */
function widened(low: number, high: number): [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const half = Math.max(1e-9 * size, size === 0 ? 1 : 1e-300);
  if (high - low > half) return [low, high];
  return [Math.max(-LARGEST, low - half), Math.min(LARGEST, high + half)];
}

function minus(value: number): string {
  return String(value).replace("-", "−");
}
