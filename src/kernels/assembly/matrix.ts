/**
 * Products of matrices, the other side of kernels/matrix.ts. Each entry adds up its products one by one in their order,
 * as the plain twin does: what runs side by side are entries, never the terms of one. Tiles of four rows and 32 bytes of
 * columns stay in registers; B is packed into panels as wide, so that a panel stays near while rows of A pass it.
 */

/** Rows of a tile, and the bytes of its columns. */
const ROWS: i32 = 4;
const PANEL: usize = 32;
/** Terms that are added up in one go, and rows of A that pass a panel: together they fit a second-level cache. */
const DEPTH: i32 = 256;
const PASSING: i32 = 64;

/** out = AB of doubles: A [m × k], B [k × n], m a multiple of 4 and a row of B one of 32 bytes; room for DEPTH rows of B. */
export function product64(a: usize, b: usize, out: usize, room: usize, m: i32, k: i32, n: i32): void {
  product<f64>(a, b, out, room, m, k, n);
}

/** The same of singles. */
export function product32(a: usize, b: usize, out: usize, room: usize, m: i32, k: i32, n: i32): void {
  product<f32>(a, b, out, room, m, k, n);
}

function product<T>(a: usize, b: usize, out: usize, room: usize, m: i32, k: i32, n: i32): void {
  const along = <usize>k * sizeof<T>();
  const wide = <usize>n * sizeof<T>();
  memory.fill(out, 0, <usize>m * wide);
  for (let l = 0; l < k; l += DEPTH) {
    const depth = min(DEPTH, k - l);
    pack(b + <usize>l * wide, room, depth, wide);
    for (let i = 0; i < m; i += PASSING) {
      const end = min(i + PASSING, m);
      for (let column: usize = 0, panel = room; column < wide; column += PANEL, panel += <usize>depth * PANEL) {
        for (let r = i; r < end; r += ROWS) {
          const from = a + <usize>r * along + <usize>l * sizeof<T>();
          tile<T>(from, along, panel, depth, out + <usize>r * wide + column, wide);
        }
      }
    }
  }
}

/** Rows of `wide` bytes as panels, one after another. */
function pack(from: usize, to: usize, depth: i32, wide: usize): void {
  for (let column: usize = 0; column < wide; column += PANEL) {
    let at = from + column;
    for (let l = 0; l < depth; l++, at += wide, to += PANEL) {
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
    }
  }
}

/** Adds the products of four rows of A and a panel of B to a tile. */
function tile<T>(a0: usize, along: usize, panel: usize, depth: i32, out: usize, wide: usize): void {
  const a1 = a0 + along;
  const a2 = a1 + along;
  const a3 = a2 + along;
  const o1 = out + wide;
  const o2 = o1 + wide;
  const o3 = o2 + wide;
  let s0 = v128.load(out);
  let t0 = v128.load(out, 16);
  let s1 = v128.load(o1);
  let t1 = v128.load(o1, 16);
  let s2 = v128.load(o2);
  let t2 = v128.load(o2, 16);
  let s3 = v128.load(o3);
  let t3 = v128.load(o3, 16);
  const bytes = <usize>depth * sizeof<T>();
  for (let l: usize = 0; l < bytes; l += sizeof<T>(), panel += PANEL) {
    const p = v128.load(panel);
    const q = v128.load(panel, 16);
    let x = v128.splat<T>(load<T>(a0 + l));
    s0 = v128.add<T>(s0, v128.mul<T>(x, p));
    t0 = v128.add<T>(t0, v128.mul<T>(x, q));
    x = v128.splat<T>(load<T>(a1 + l));
    s1 = v128.add<T>(s1, v128.mul<T>(x, p));
    t1 = v128.add<T>(t1, v128.mul<T>(x, q));
    x = v128.splat<T>(load<T>(a2 + l));
    s2 = v128.add<T>(s2, v128.mul<T>(x, p));
    t2 = v128.add<T>(t2, v128.mul<T>(x, q));
    x = v128.splat<T>(load<T>(a3 + l));
    s3 = v128.add<T>(s3, v128.mul<T>(x, p));
    t3 = v128.add<T>(t3, v128.mul<T>(x, q));
  }
  v128.store(out, s0);
  v128.store(out, t0, 16);
  v128.store(o1, s1);
  v128.store(o1, t1, 16);
  v128.store(o2, s2);
  v128.store(o2, t2, 16);
  v128.store(o3, s3);
  v128.store(o3, t3, 16);
}
