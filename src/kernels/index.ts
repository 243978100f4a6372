/**
 * The kernels and the choice between their two forms: WebAssembly vectors where the engine has them and the sizes suit,
 * else the plain twins, which stand in math/ beside their mathematics and are the reference.
 */
import { type GridKernel, type GridSetup, plainGrid } from "../math/grid.ts";
import { type Crew, suits, wasmGrid } from "./grid.ts";
import { kernelModule } from "./module.ts";

export { DRIFT, type GridKernel, type GridSetup, KICK, norm2 } from "../math/grid.ts";
export { type Crew, gridBytes, suits } from "./grid.ts";
export { instance } from "./instance.ts";
export { kernelModule } from "./module.ts";

/**
 * ψ on a periodic grid of one to three axes, ready for kicks and drifts.
 * @param crew threads to share the work with, where the grid is large enough
 * @throws RangeError where the memory does not suffice: see `gridBytes`
 */
export function gridKernel(setup: GridSetup, crew?: Crew): GridKernel {
  const module = suits(setup.shape) ? kernelModule() : undefined;
  return module === undefined ? plainGrid(setup) : wasmGrid(module, setup, crew);
}
