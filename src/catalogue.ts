/** Everything that can be named: one line an entry, kept by the rooms themselves. */
import type { EngineEntry } from "./core/engine.ts";
import { engineEntries, spinEntries } from "./engines/index.ts";

export { potentialEntries as potentials } from "./potentials/index.ts";
export { scheduleEntries as schedules } from "./schedules/index.ts";

export const engines: readonly EngineEntry[] = [...engineEntries, ...spinEntries];
