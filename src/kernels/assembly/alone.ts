/** What the kernels offer on memory of their own: kernels/instance.ts is the other side. */
export { branch, kick, normals, offspring, weigh } from "./cloud";
export { product32, product64 } from "./matrix";
