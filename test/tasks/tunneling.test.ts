import { describe, expect, it } from "vitest";
import { BARRIERS, tunneling } from "../../src/tasks/tunneling.ts";

const THIN = BARRIERS[0];
const WIDE = BARRIERS[BARRIERS.length - 1];

describe("H8: tunneling against thermal hopping", async () => {
  const found = await tunneling({ barriers: [THIN, WIDE], seeds: 16, budget: 1e5 });
  const [tall, low] = found.rows;

  it("crosses the tall thin barrier sooner and the low wide one later than thermal dynamics", () => {
    expect(tall.times.real).toBeLessThan(0.1 * tall.times.thermal);
    expect(low.times.real).toBeGreaterThan(5 * low.times.thermal);
    expect(found.verdict).toBe("holds");
    for (const { dynamics, lead } of tall.passages) if (dynamics !== "metropolis") expect(lead.low).toBeGreaterThan(1);
    for (const { dynamics, lead } of low.passages) if (dynamics !== "metropolis") expect(lead.high).toBeLessThan(1);
  });

  it("relaxes thermally at Kramers' rate, which holds to D over the height", () => {
    for (const { relaxation, kramers, height } of found.rows)
      expect(Math.abs(relaxation / kramers - 1)).toBeLessThan(1 / height);
  });

  it("measures passages as long as the exact rates say, but for steps that are not short", () => {
    const [thermal, walkers] = tall.passages;
    expect(thermal.median).toBeGreaterThan(0.5 * tall.exact.thermal);
    expect(thermal.median).toBeLessThan(2 * tall.exact.thermal);
    expect(walkers.median).toBeGreaterThan(0.5 * tall.exact.imaginary);
    expect(walkers.median).toBeLessThan(2 * tall.exact.imaginary);
  });

  it("is a function of its seed", async () => {
    const options = { barriers: [{ height: 3, width: 1, dim: 2 }], seeds: 4, budget: 5000 };
    expect(await tunneling(options)).toEqual(await tunneling(options));
    expect((await tunneling({ ...options, seed: 9 })).rows).not.toEqual((await tunneling(options)).rows);
  });

  it("refuses what it cannot do", async () => {
    await expect(tunneling({ barriers: [] })).rejects.toThrow("barriers");
    await expect(tunneling({ seeds: 0 })).rejects.toThrow("seeds");
    await expect(tunneling({ budget: 10 })).rejects.toThrow("budget");
    await expect(tunneling({ barriers: [{ height: -1, width: 1, dim: 1 }] })).rejects.toThrow("height -1");
  });
});
