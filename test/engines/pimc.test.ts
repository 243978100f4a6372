import { describe, expect, it } from "vitest";
import { observe } from "../../src/core/observe.ts";
import { box, domain, potential } from "../../src/core/problem.ts";
import { run, type Setup } from "../../src/core/run.ts";
import { pimc } from "../../src/engines/pimc/index.ts";
import { blocked } from "../../src/math/series.ts";
import { steady } from "../../src/schedules/index.ts";

/** ⟨x²⟩ of a bead of the ring in ½kx²: its modes are independent oscillators. */
function beadVariance({ beads, D, dt, k }: { beads: number; D: number; dt: number; k: number }): number {
  let sum = 0;
  for (let m = 0; m < beads; m++) sum += 1 / ((2 * Math.sin((Math.PI * m) / beads) ** 2) / (D * dt) + k * dt);
  return sum / beads;
}

/** The mean square over the ring, step by step. */
async function squares(setup: Pick<Setup, "potential" | "engine" | "schedule">, budget: number): Promise<Float64Array> {
  const series: number[] = [];
  await observe(run({ ...setup, seed: 7, budget }), [
    {
      frame: (frame) => {
        const view = frame.view();
        if (view.kind === "cloud") series.push(view.points.x.reduce((sum, x) => sum + x * x, 0) / view.points.x.length);
      },
    },
  ]);
  return Float64Array.from(series.slice(200));
}

describe("path-integral Monte Carlo of the harmonic well", () => {
  const k = 1;
  const well = potential({ name: "well", domain: box(1, -60, 60), value: (x) => 0.5 * k * x[0] * x[0] });

  it.each([
    [8, 0.5, 0.5],
    [16, 0.5, 0.1],
    [5, 2, 1],
    [2, 0.5, 1],
    [16, 1e-6, 0.1],
  ])("has the variance of a ring of %i beads at D = %f, Δτ = %f, within four standard errors", async (beads, D, dt) => {
    const series = await squares(
      { potential: well, engine: pimc({ beads, metric: "space" }) as Setup["engine"], schedule: steady({ D, dt }) },
      beads * 12_000,
    );
    const { mean, error } = blocked(series);
    expect(Math.abs(mean - beadVariance({ beads, D, dt, k }))).toBeLessThan(4 * error);
  });

  it("has the density |ψ|² of the ground state where β is long and Δτ short: √(D/2k)", async () => {
    const [D, beads, dt] = [0.5, 64, 0.2];
    expect(beadVariance({ beads, D, dt, k })).toBeCloseTo(Math.sqrt(D / (2 * k)), 2);
  });
});

it("goes round a periodic box: a free ring covers it evenly", async () => {
  const flat = potential({ name: "flat", domain: domain([0], [1], "periodic"), value: () => 0 });
  const means: number[] = [];
  const setup: Setup = {
    ...{ potential: flat, seed: 1, budget: 40_000, schedule: steady({ D: 0.01, dt: 0.1 }) },
    engine: pimc({ beads: 4, metric: "space" }) as Setup["engine"],
  };
  await observe(run(setup), [
    {
      frame: (frame) => {
        const view = frame.view();
        if (view.kind === "cloud") means.push(Math.cos(2 * Math.PI * view.points.x[0]));
      },
    },
  ]);
  const { mean, error } = blocked(Float64Array.from(means));
  expect(Math.abs(mean)).toBeLessThan(4 * error);
});
