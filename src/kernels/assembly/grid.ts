/**
 * ψ on a grid of n0 × n1 × n2 points under the split operator: kicks exp(−cζ) in position, drifts exp(−dT) in momentum.
 * Memory is swept twice a step, whatever the dimension. One sweep goes by planes (rows, where there are two dimensions):
 * each is brought from momentum to position along its own axes, kicked, and brought back while it is near. The other
 * goes by strips across the planes: forward, the drift of all three axes, and back.
 */
import { im as productIm, re as productRe } from "./complex";
import { factors, multiply } from "./factor";
import { row } from "./row";
import { BACK, ELEMENT, FORWARD, IM, ROUND, WIDTH, strip } from "./strip";
import { Team, barrier, claim, close, join, membersOf, next, start } from "./team";

/** What the threads share: lengths, then addresses in bytes. */
@unmanaged
export class Grid {
  n0: i32;
  n1: i32;
  n2: i32;
  job: i32;
  /** ψ: its real parts, and how far from them its imaginary parts lie. */
  psi: usize;
  far: usize;
  potential: usize;
  /** 0 where there is none. */
  absorber: usize;
  /** exp(−cζ − aω) − 1 of one kick, parts `far` apart, and that kick where `tabled` is set. */
  table: usize;
  tabled: i32;
  tableKick: usize;
  roots0: usize;
  roots1: usize;
  roots2: usize;
  /** T of each axis, in the order of its momentum. */
  kinetic0: usize;
  kinetic1: usize;
  kinetic2: usize;
  /** Room of each thread: a strip, factors across it, then factors of each axis, then factors of a row. */
  rooms: usize;
  room: usize;
  /** Re c, Im c and the absorber's a of steps + 1 kicks; Re d, Im d of the drifts between them. */
  kicks: usize;
  drifts: usize;
  steps: i32;
  team: Team;
}

const EVOLVE: i32 = 0;
const TABULATE: i32 = 1;
const TO_MOMENTUM: i32 = 2;
const TO_POSITION: i32 = 3;

/** Has the team do the job that the grid states, and takes part in it. */
export function work(grid: Grid): void {
  take(grid, 0, start(grid.team));
}

/** A thread's life: jobs until there are no more. */
export function serve(grid: Grid): void {
  let ticket = grid.team.ticket;
  const number = join(grid.team);
  while ((ticket = next(grid.team, ticket)) != -1) {
    if (number < membersOf(ticket)) take(grid, number, membersOf(ticket));
  }
}

/** Ends the lives of the others. */
export function dismiss(grid: Grid): void {
  close(grid.team);
}

function take(grid: Grid, member: i32, members: i32): void {
  if (grid.job == EVOLVE) evolve(grid, member, members);
  else if (grid.job == TABULATE) tabulate(grid, members);
  else if (grid.job == TO_MOMENTUM) {
    sweepPlanes(grid, FORWARD, 0, member, members);
    barrier(grid.team, members);
    sweepStrips(grid, FORWARD, member, members);
  } else if (grid.job == TO_POSITION) {
    sweepStrips(grid, BACK, member, members);
    barrier(grid.team, members);
    sweepPlanes(grid, BACK, 0, member, members);
  }
  barrier(grid.team, members);
}

/** Bytes of a kick, of a drift and of a complex number. */
const KICK: usize = 24;
const DRIFT: usize = 16;
const COMPLEX: usize = 16;
/** Portions that a member takes in a sweep, about. */
const PORTIONS: i32 = 16;

function evolve(grid: Grid, member: i32, members: i32): void {
  const last = grid.kicks + <usize>grid.steps * KICK;
  let to = grid.drifts;
  sweepPlanes(grid, grid.steps > 0 ? FORWARD : 0, grid.kicks, member, members);
  for (let kick = grid.kicks + KICK; kick <= last; kick += KICK, to += DRIFT) {
    barrier(grid.team, members);
    drift(grid, to, member);
    sweepStrips(grid, ROUND, member, members);
    barrier(grid.team, members);
    sweepPlanes(grid, kick < last ? ROUND : BACK, kick, member, members);
  }
}

/** Fills the table. */
function tabulate(grid: Grid, members: i32): void {
  const rows = grid.n0 * grid.n1;
  const bytes = <usize>grid.n2 * 8;
  const some = share(rows, members);
  for (let start = claim(grid.team, some); start < rows; start = claim(grid.team, some)) {
    const end = min(start + some, rows);
    for (let i = start; i < end; i++) {
      const skip = <usize>i * bytes;
      const to = grid.table + skip;
      phases(grid, grid.tableKick, skip, to, to + grid.far);
    }
  }
}

/** How many of n a member takes at once: so few that all end together, though one be slower than another. */
function share(n: i32, members: i32): i32 {
  return members == 1 ? n : max(1, n / (members * PORTIONS));
}

/** exp(−cζ − aω) − 1 of a kick along the row that lies `skip` bytes into the grid. */
function phases(grid: Grid, kick: usize, skip: usize, toRe: usize, toIm: usize): void {
  const absorber = grid.absorber ? grid.absorber + skip : 0;
  factors(grid.potential + skip, absorber, grid.n2, load<f64>(kick), load<f64>(kick, 8), load<f64>(kick, 16), toRe, toIm);
}

function sweepPlanes(grid: Grid, mode: i32, kick: usize, member: i32, members: i32): void {
  const bytes = <usize>grid.n1 * grid.n2 * 8;
  const some = share(grid.n0, members);
  for (let start = claim(grid.team, some); start < grid.n0; start = claim(grid.team, some)) {
    const end = min(start + some, grid.n0);
    for (let i = start; i < end; i++) plane(grid, <usize>i * bytes, mode, kick, member);
  }
}

/** Back to position, the kick, and forward to momentum, along the axes of the plane `skip` bytes into the grid. */
function plane(grid: Grid, skip: usize, mode: i32, kick: usize, member: i32): void {
  const bytes = <usize>grid.n2 * 8;
  const kicks = kick != 0 && !(load<f64>(kick) == 0 && load<f64>(kick, 8) == 0 && load<f64>(kick, 16) == 0);
  if (mode & BACK) across(grid, skip, BACK, member);
  const end = skip + bytes * grid.n1;
  for (let i = skip; i < end; i += bytes) {
    const at = grid.psi + i;
    if (mode & BACK) row(at, grid.far, grid.n2, grid.roots2, BACK);
    if (kicks) kickRow(grid, at, i, kick, member);
    if (mode & FORWARD) row(at, grid.far, grid.n2, grid.roots2, FORWARD);
  }
  if (mode & FORWARD) across(grid, skip, FORWARD, member);
}

function kickRow(grid: Grid, at: usize, skip: usize, kick: usize, member: i32): void {
  const known = grid.tableKick;
  if (
    grid.tabled &&
    load<f64>(kick) == load<f64>(known) &&
    load<f64>(kick, 8) == load<f64>(known, 8) &&
    load<f64>(kick, 16) == load<f64>(known, 16)
  ) {
    const table = grid.table + skip;
    multiply(at, grid.far, grid.n2, table, table + grid.far);
    return;
  }
  const re = rowFactors(grid, member);
  const im = re + <usize>grid.n2 * 8;
  phases(grid, kick, skip, re, im);
  multiply(at, grid.far, grid.n2, re, im);
}

/** Transforms a plane along its first axis. */
function across(grid: Grid, skip: usize, mode: i32, member: i32): void {
  if (grid.n1 == 1) return;
  const near = buffer(grid, member);
  const stride = <usize>grid.n2 * 8;
  const start = grid.psi + skip;
  for (let at = start; at < start + stride; at += WIDTH * 8) {
    gather(near, at, grid.far, stride, grid.n1, 1);
    strip(near, grid.n1, grid.roots1, mode, 0, 0);
    scatter(near, at, grid.far, stride, grid.n1);
  }
}

/** Transforms along the first axis; ROUND: forward, drift, and back. */
function sweepStrips(grid: Grid, mode: i32, member: i32, members: i32): void {
  const columns = grid.n1 * grid.n2;
  const stride = <usize>columns * 8;
  const near = buffer(grid, member);
  const along = alongFactors(grid, member);
  const across = columnFactors(grid, member);
  const scale = mode & BACK ? 1 / (<f64>grid.n0 * columns) : 1;
  const strips = columns / WIDTH;
  const some = share(strips, members);
  for (let start = claim(grid.team, some); start < strips; start = claim(grid.team, some)) {
    const end = min(start + some, strips);
    for (let s = start; s < end; s++) {
      const at = grid.psi + <usize>s * (WIDTH * 8);
      if (mode == ROUND) acrossFactors(grid, s * WIDTH, member);
      gather(near, at, grid.far, stride, grid.n0, scale);
      strip(near, grid.n0, grid.roots0, mode, along, across);
      scatter(near, at, grid.far, stride, grid.n0);
    }
  }
}

function gather(to: usize, at: usize, far: usize, stride: usize, n: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  for (const end = to + <usize>n * ELEMENT; to < end; to += ELEMENT, at += stride) {
    for (let i: usize = 0; i < IM; i += 16) {
      v128.store(to + i, f64x2.mul(v128.load(at + i), factor));
      v128.store(to + i, f64x2.mul(v128.load(at + far + i), factor), IM);
    }
  }
}

function scatter(at: usize, to: usize, far: usize, stride: usize, n: i32): void {
  for (const end = at + <usize>n * ELEMENT; at < end; at += ELEMENT, to += stride) {
    copy(to, at);
    copy(to + far, at + IM);
  }
}

/** A number of each column. */
@inline
function copy(to: usize, at: usize): void {
  for (let i: usize = 0; i < IM; i += 16) v128.store(to + i, v128.load(at + i));
}

/** The factors of the drift at `d` along each axis. */
function drift(grid: Grid, d: usize, member: i32): void {
  const re = load<f64>(d);
  const im = load<f64>(d, 8);
  if (d > grid.drifts && re == load<f64>(d - DRIFT) && im == load<f64>(d - DRIFT, 8)) return;
  pairs(grid.kinetic0, grid.n0, re, im, alongFactors(grid, member), rowFactors(grid, member));
  pairs(grid.kinetic1, grid.n1, re, im, planeFactors(grid, member), rowFactors(grid, member));
  const to = lineFactors(grid, member);
  factors(grid.kinetic2, 0, grid.n2, re, im, 0, to, to + <usize>grid.n2 * 8);
}

/** exp(−dT) − 1 of an axis as pairs, by way of `split`. */
function pairs(kinetic: usize, n: i32, re: f64, im: f64, to: usize, split: usize): void {
  const even = (n + 1) & ~1;
  factors(kinetic, 0, even, re, im, 0, split, split + <usize>even * 8);
  for (let i = 0; i < n; i++, split += 8, to += COMPLEX) {
    store<f64>(to, load<f64>(split));
    store<f64>(to, load<f64>(split + <usize>even * 8), 8);
  }
}

/** The factors of the second and the third axis for the 32 columns from `column`. */
function acrossFactors(grid: Grid, column: i32, member: i32): void {
  const plane = planeFactors(grid, member) + <usize>(column / grid.n2) * COMPLEX;
  const pr = v128.load64_splat(plane);
  const pi = v128.load64_splat(plane, 8);
  const imaginary = <usize>grid.n2 * 8;
  let from = lineFactors(grid, member) + <usize>(column % grid.n2) * 8;
  let to = columnFactors(grid, member);
  for (const end = to + IM; to < end; to += 16, from += 16) {
    const lr = v128.load(from);
    const li = v128.load(from + imaginary);
    v128.store(to, f64x2.add(f64x2.add(pr, lr), productRe(pr, pi, lr, li)));
    v128.store(to, f64x2.add(f64x2.add(pi, li), productIm(pr, pi, lr, li)), IM);
  }
}

// the room of a member, in this order

function buffer(grid: Grid, member: i32): usize {
  return grid.rooms + <usize>member * grid.room;
}

function columnFactors(grid: Grid, member: i32): usize {
  return buffer(grid, member) + <usize>max(grid.n0, grid.n1) * ELEMENT;
}

function alongFactors(grid: Grid, member: i32): usize {
  return columnFactors(grid, member) + ELEMENT;
}

function planeFactors(grid: Grid, member: i32): usize {
  return alongFactors(grid, member) + <usize>grid.n0 * COMPLEX;
}

function lineFactors(grid: Grid, member: i32): usize {
  return planeFactors(grid, member) + <usize>grid.n1 * COMPLEX;
}

/** Of a row, or of whatever axis is longest. */
function rowFactors(grid: Grid, member: i32): usize {
  return lineFactors(grid, member) + <usize>grid.n2 * COMPLEX;
}
