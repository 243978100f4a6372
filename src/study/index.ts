export * from "./asker.ts";
export * from "./journal.ts";
export * from "./study.ts";
