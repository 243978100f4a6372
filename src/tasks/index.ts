export * from "./bbob.ts";
export { type Hits, hitsOf, type Score, score, type Trace } from "./ecdf.ts";
export * from "./evolve.ts";
export * from "./minimize.ts";
export * from "./record.ts";
export * from "./spectrum.ts";
export * from "./standing.ts";
export * from "./sweep.ts";
