/**
 * The live line: share done, rate, time left, D, energy, best. On a terminal only, ten times a second at most.
 */
import type { Limits } from "../core/meter.ts";
import type { Observer } from "../core/observe.ts";
import type { Frame } from "../core/run.ts";
import { duration } from "../draw/numbers.ts";

export { duration } from "../draw/numbers.ts";

const EVERY_MS = 100;
const WIDTH = 24;

/** An observer that keeps a line on standard error up to date. */
export function liveLine(limits: Limits): Observer {
  const start = performance.now();
  let last = 0;
  let first: number | undefined;
  const write = (frame: Frame): void => {
    const seconds = (performance.now() - start) / 1000;
    first ??= frame.account.evaluations;
    const rate = (frame.account.evaluations - first) / Math.max(seconds, 1e-3);
    process.stderr.write(`\r${clip(line(limits, frame, seconds, rate))}\u001b[K`);
  };
  return {
    frame(frame) {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      write(frame);
    },
    end() {
      process.stderr.write("\r\u001b[K");
    },
  };
}

function line(limits: Limits, frame: Frame, seconds: number, rate: number): string {
  const { evaluations, failures } = frame.account;
  const budget = limits.budget ?? Number.POSITIVE_INFINITY;
  const share = Math.min(1, Math.max(evaluations / budget, limits.time === undefined ? 0 : seconds / limits.time));
  const byBudget = (budget - evaluations) / rate;
  const left = Math.min(byBudget, limits.time === undefined ? byBudget : limits.time - seconds);
  const full = Math.round(share * WIDTH);
  return [
    `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${(100 * share).toFixed(0).padStart(3)} %`,
    `${brief(evaluations)} evaluations`,
    `${brief(rate)}/s`,
    `${Number.isFinite(left) ? duration(left) : "–"} left`,
    `D ${(frame.info.D ?? frame.D).toExponential(1)}`,
    ...(frame.info.energy === undefined ? [] : [`energy ${frame.info.energy.toPrecision(6)}`]),
    `best ${frame.best.value.toPrecision(9)}`,
    ...(failures > 0 ? [`${failures} failed`] : []),
  ].join(" · ");
}

function clip(text: string): string {
  return text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1));
}

/** 12345678 → 12.3M */
export function brief(value: number): string {
  for (const [unit, size] of [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const)
    if (value >= size) return `${(value / size).toPrecision(3)}${unit}`;
  return value.toFixed(0);
}
