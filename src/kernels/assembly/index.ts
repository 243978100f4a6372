/** What the kernels offer: see kernels/wasm.ts for the other side. */
export { dismiss, serve, work } from "./grid";
