/**
 * The compiled kernels: WebAssembly with vectors of two doubles, made of assembly/ by the build. Where an engine cannot run
 * them there is no module, and the plain twins take their place.
 */
import { alone, shared } from "./generated.ts";

const compiled = new Map<string, WebAssembly.Module | undefined>();

/** The kernels that share their memory with threads, or undefined where this engine has no vectors or no shared memory. */
export function sharedModule(): WebAssembly.Module | undefined {
  return compiledOnce(shared, () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
}

/** The kernels that work alone, or undefined where this engine has no vectors. */
export function aloneModule(): WebAssembly.Module | undefined {
  return compiledOnce(alone);
}

/** @param precondition throws where the engine lacks what else must be had */
function compiledOnce(code: string, precondition?: () => void): WebAssembly.Module | undefined {
  if (!compiled.has(code)) compiled.set(code, compile(code, precondition));
  return compiled.get(code);
}

function compile(code: string, precondition?: () => void): WebAssembly.Module | undefined {
  try {
    precondition?.();
    return new WebAssembly.Module(Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
