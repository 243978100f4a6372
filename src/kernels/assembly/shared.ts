/** What the kernels offer on memory that threads share: kernels/instance.ts is the other side. */
export { dismiss, serve, work } from "./grid";
