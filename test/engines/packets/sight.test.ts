import { describe, expect, it } from "vitest";
import { domain, type Edge, potential } from "../../../src/core/problem.ts";
import { see } from "../../../src/engines/packets/sight.ts";
import { toUnit } from "../../../src/engines/packets/walls.ts";
import { fillNormal, key } from "../../../src/math/rng.ts";
import { answered, nowhere } from "./ground.ts";

const box = (edge: Edge) => domain([-1, 0.1, 1e6], [1, 0.3, 1e6 + 3], edge);

describe("ζ as packets see it", () => {
  it.each(["wall", "open", "periodic"] as const)("is asked inside the domain, wherever they look (%s)", (edge) => {
    const at = potential({ name: "seen", domain: box(edge), value: (x) => x[0] });
    const u = new Float64Array(300);
    fillNormal(key(1), u);
    for (let e = 0; e < 300; e++) u[e] *= 5;
    u.set([0, 1, 0.5, 1 + 1e-16, -1e-16, 1 - 1e-16]);
    const asked: Float64Array[] = [];
    answered(see(at.domain, nowhere(3), 100, u), at, asked);
    const { lower, upper } = at.domain;
    for (const x of asked) expect(x.every((v, j) => v >= lower[j] && v <= upper[j])).toBe(true);
  });

  it("is asked at the bounds themselves where they look at 0 and 1, and comes back from there", () => {
    const at = potential({ name: "corner", domain: box("wall"), value: (x) => x[0] });
    const asked: Float64Array[] = [];
    answered(see(at.domain, nowhere(3), 2, Float64Array.of(0, 0, 0, 1, 1, 1)), at, asked);
    expect(asked.map((x) => [...x])).toEqual([[...at.domain.lower], [...at.domain.upper]]);
    for (let j = 0; j < 3; j++)
      expect([toUnit(at.domain, j, asked[0][j]), toUnit(at.domain, j, asked[1][j])]).toEqual([0, 1]);
  });

  it("has its best point kept, the first of equals, in the user's coordinates; +∞ and what is no number never", () => {
    const at = potential({ name: "kept", domain: box("wall"), value: ([x]) => (x > 0.5 ? Number.NaN : Math.round(x)) });
    const lowest = nowhere(3);
    answered(see(at.domain, lowest, 1, Float64Array.of(0.9, 0.5, 0.5)), at);
    expect(lowest.value).toBe(Infinity);
    answered(see(at.domain, lowest, 3, Float64Array.of(0.5, 0, 0, 0.1, 0.5, 0, 0.05, 1, 1)), at);
    expect(lowest.value).toBe(-1);
    expect(lowest.x[0]).toBeCloseTo(-0.8, 14);
    expect(lowest.x[1]).toBeCloseTo(0.2, 14);
  });
});
