export * from "./bbob.ts";
export * from "./ecdf.ts";
export * from "./evolve.ts";
export * from "./minimize.ts";
export * from "./record.ts";
export * from "./spectrum.ts";
export * from "./sweep.ts";
