/**
 * The compiled kernels: WebAssembly with vectors of two doubles over shared memory, made of assembly/ by the build. Where
 * an engine cannot run them there is no module, and the plain twins take their place.
 */
import { code } from "./generated.ts";

let compiled: WebAssembly.Module | null | undefined;

/** The module, or undefined where this engine has no vectors or no shared memory. */
export function kernelModule(): WebAssembly.Module | undefined {
  if (compiled === undefined) compiled = compile();
  return compiled ?? undefined;
}

function compile(): WebAssembly.Module | null {
  try {
    const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
    // shared memory, too, must be had
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return new WebAssembly.Module(bytes);
  } catch {
    return null;
  }
}
