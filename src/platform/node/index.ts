/** What Wick can do on Node: objectives in modules and programs, worker threads, studies in folders. */
export { openFolder } from "./folder.ts";
export { type MinimizationOptions, type Minimized, minimizeConfig } from "./minimization.ts";
export { type Opened, type OpenOptions, openPotential } from "./objectives.ts";
export { findStudies, minimizationOf, readStudy, type StoredStudy, type Trial, trials } from "./studies.ts";
