/** Everything that can be named: one line an entry, kept by the rooms themselves. */
export { engineEntries as engines } from "./engines/index.ts";
export { potentialEntries as potentials } from "./potentials/index.ts";
export { scheduleEntries as schedules } from "./schedules/index.ts";
