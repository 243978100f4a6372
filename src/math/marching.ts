/**
 * Fast marching: the time at which a front arrives that moves with speed 1/slowness, |∇T| = slowness, on the points of a
 * product grid. Sethian, PNAS 93, 1591 (1996); first order in the spacing.
 */
import { strides } from "./dvr.ts";

export type Front = {
  /** The coordinates of each axis, ascending; the last axis runs fastest. */
  readonly axes: readonly Float64Array[];
  /** At every point, in time per length; the front starts from where it is 0. */
  readonly slowness: Float64Array;
  /** Whether every axis closes on itself. */
  readonly periodic: boolean;
};

type March = Front & {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly time: Float64Array;
  readonly settled: Uint8Array;
};

/** The front's time of arrival at every point, right up to `limit` and Infinity beyond. */
export function arrivalTimes(front: Front, limit: number): Float64Array {
  const { axes, slowness } = front;
  const shape = axes.map(({ length }) => length);
  const time = new Float64Array(slowness.length).fill(Number.POSITIVE_INFINITY);
  const settled = new Uint8Array(slowness.length);
  const march: March = { ...front, shape, stride: strides(shape), time, settled };
  const queue = heap();
  for (let p = 0; p < slowness.length; p++)
    if (slowness[p] === 0) {
      time[p] = 0;
      settled[p] = 1;
    }
  const pass = (p: number): void => {
    for (let j = 0; j < shape.length; j++)
      for (let side = -1; side <= 1; side += 2) {
        const q = neighbor(march, p, j, side);
        if (q < 0 || settled[q] === 1) continue;
        const found = arrival(march, q);
        if (found < time[q] && found <= limit) {
          time[q] = found;
          queue.push(found, q);
        }
      }
  };
  for (let p = 0; p < slowness.length; p++) if (time[p] === 0) pass(p);
  for (let p = queue.pop(); p >= 0; p = queue.pop()) {
    if (settled[p] === 1) continue;
    settled[p] = 1;
    pass(p);
  }
  return time;
}

/** The neighbor of p on an axis, or −1 at the end of the grid. */
function neighbor({ shape, stride, periodic }: March, p: number, j: number, side: number): number {
  const c = Math.floor(p / stride[j]) % shape[j];
  const next = c + side;
  if (next >= 0 && next < shape[j]) return p + side * stride[j];
  return periodic ? p - side * (shape[j] - 1) * stride[j] : -1;
}

// the settled neighbors of a point, one an axis at most, the nearest first
const before = new Float64Array(3);
const step = new Float64Array(3);
const slow = new Float64Array(3);

/** When the front reaches q from its settled neighbors: the largest root of Σ ((T − T_j) / h_j)² = s² over the axes upwind. */
function arrival(march: March, q: number): number {
  const count = upwind(march, q);
  // the mean along the last step, as the trapezoid rule takes it
  const s = 0.5 * (march.slowness[q] + slow[0]);
  let found = before[0] + s * step[0];
  let a = 1 / step[0] ** 2;
  let b = before[0] / step[0] ** 2;
  let c = (before[0] / step[0]) ** 2 - s * s;
  for (let j = 1; j < count && found > before[j]; j++) {
    a += 1 / step[j] ** 2;
    b += before[j] / step[j] ** 2;
    c += (before[j] / step[j]) ** 2;
    found = (b + Math.sqrt(Math.max(0, b * b - a * c))) / a;
  }
  return found;
}

/** Fills in the settled neighbors of q and counts them. */
function upwind(march: March, q: number): number {
  const { shape, time, slowness, settled } = march;
  let count = 0;
  for (let j = 0; j < shape.length; j++) {
    const left = neighbor(march, q, j, -1);
    const right = neighbor(march, q, j, 1);
    let best = left >= 0 && settled[left] === 1 ? left : -1;
    if (right >= 0 && settled[right] === 1 && (best < 0 || time[right] < time[best])) best = right;
    if (best < 0) continue;
    let at = count++;
    for (; at > 0 && before[at - 1] > time[best]; at--) {
      before[at] = before[at - 1];
      step[at] = step[at - 1];
      slow[at] = slow[at - 1];
    }
    before[at] = time[best];
    step[at] = gap(march, q, best, j);
    slow[at] = slowness[best];
  }
  return count;
}

function gap({ axes, shape, stride }: March, p: number, q: number, j: number): number {
  const x = axes[j];
  const a = Math.floor(p / stride[j]) % shape[j];
  const b = Math.floor(q / stride[j]) % shape[j];
  // across the seam of a ring the points are as far apart as anywhere else
  return Math.abs(a - b) === 1 ? Math.abs(x[a] - x[b]) : x[1] - x[0];
}

/** A queue of points by time; `pop` gives −1 where it is empty. */
function heap(): { push(key: number, point: number): void; pop(): number } {
  const keys: number[] = [];
  const points: number[] = [];
  return {
    push(key, point) {
      let i = keys.length;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (keys[parent] <= key) break;
        keys[i] = keys[parent];
        points[i] = points[parent];
        i = parent;
      }
      keys[i] = key;
      points[i] = point;
    },
    pop() {
      const key = keys.pop();
      const point = points.pop();
      if (key === undefined || point === undefined) return -1;
      if (keys.length === 0) return point;
      const top = points[0];
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= keys.length) break;
        if (child + 1 < keys.length && keys[child + 1] < keys[child]) child++;
        if (keys[child] >= key) break;
        keys[i] = keys[child];
        points[i] = points[child];
        i = child;
      }
      keys[i] = key;
      points[i] = point;
      return top;
    },
  };
}
