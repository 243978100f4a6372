/**
 * The kernels and the choice between their two forms: WebAssembly vectors where the engine has them and the sizes suit,
 * else the plain twins, which stand in math/ beside their mathematics and are the reference.
 */
import { type CloudKernel, plainCloud } from "../math/cloud.ts";
import { type GridKernel, type GridSetup, plainGrid } from "../math/grid.ts";
import { matMat, matMatSingle } from "../math/linalg.ts";
import { wasmCloud } from "./cloud.ts";
import { type Crew, suits, wasmGrid } from "./grid.ts";
import { wasmProduct } from "./matrix.ts";
import { aloneModule, sharedModule } from "./module.ts";

export type { Branched, CloudKernel } from "../math/cloud.ts";
export { DRIFT, type GridKernel, type GridSetup, KICK, norm2 } from "../math/grid.ts";
export { type Crew, gridBytes, suits } from "./grid.ts";
export { aloneModule, sharedModule } from "./module.ts";

/**
 * ψ on a periodic grid of one to three axes, ready for kicks and drifts.
 * @param crew threads to share the work with, where the grid is large enough
 * @throws RangeError where the memory does not suffice: see `gridBytes`
 */
export function gridKernel(setup: GridSetup, crew?: Crew): GridKernel {
  const module = suits(setup.shape) ? sharedModule() : undefined;
  return module === undefined ? plainGrid(setup) : wasmGrid(module, setup, crew);
}

let cloud: CloudKernel | undefined;

/** What a step does to a cloud of walkers; the same bits from both forms. */
export function cloudKernel(): CloudKernel {
  if (cloud === undefined) {
    const module = aloneModule();
    cloud = module === undefined ? plainCloud : wasmCloud(module);
  }
  return cloud;
}

/** With fewer products the way into the kernel and back costs more than they do. */
const WORTH = 2 ** 9;

/**
 * out = A B for A [m × k] and B [k × n], row by row, all doubles or all singles; `out` is neither. The same bits from
 * both forms: each entry adds up its k products in their order.
 * @throws RangeError where the memory does not suffice for the three of them
 */
export function product<M extends Float64Array | Float32Array>(
  a: M,
  b: M,
  out: M,
  m: number,
  k: number,
  n: number,
): void {
  const module = m * k * n >= WORTH ? aloneModule() : undefined;
  if (module !== undefined) wasmProduct(module, a, b, out, [m, k, n]);
  else if (a instanceof Float64Array) matMat(a, b as Float64Array, out as Float64Array, m, k, n);
  else matMatSingle(a, b as Float32Array, out as Float32Array, m, k, n);
}
