import { spawn } from "node:child_process";
import { openSync } from "node:fs";

export const root = new URL("../..", import.meta.url).pathname;

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs the built command and waits for its end. */
export function wick(args: readonly string[], options: { input?: string; stdout?: string } = {}): Promise<Outcome> {
  const stdout = options.stdout === undefined ? "pipe" : openSync(options.stdout, "w");
  const child = spawn(process.execPath, [`${root}/bin/wick.mjs`, ...args], {
    cwd: root,
    stdio: ["pipe", stdout, "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin?.end(options.input ?? "");
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
