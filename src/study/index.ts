export * from "./arrivals.ts";
export * from "./asker.ts";
export * from "./journal.ts";
export * from "./steady-asker.ts";
export * from "./study.ts";
