/** What the kernels offer: kernels/instance.ts is the other side. */
export { branch, kick, normals, offspring, weigh } from "./cloud";
export { dismiss, serve, work } from "./grid";
export { product32, product64 } from "./matrix";
