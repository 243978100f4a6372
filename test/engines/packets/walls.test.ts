import { describe, expect, it } from "vitest";
import { box, domain, potential } from "../../../src/core/problem.ts";
import { packets } from "../../../src/engines/packets/index.ts";
import { home, image } from "../../../src/engines/packets/walls.ts";
import { minimized, steps } from "./ground.ts";

describe("walls", () => {
  it("are mirrors: home is a triangle wave of period 2", () => {
    const wave: [number, number][] = [
      [0.3, 0.3],
      [1, 1],
      [0, 0],
      [1.25, 0.75],
      [2, 0],
      [2.25, 0.25],
      [-0.25, 0.25],
      [-1.25, 0.75],
      [7.5, 0.5],
    ];
    for (const [u, at] of wave) expect(home("wall", u)).toBeCloseTo(at, 14);
    for (const [u, at] of wave) expect(home("open", u)).toBeCloseTo(at, 14);
  });

  it("wrap where the domain is periodic", () => {
    expect(home("periodic", 1.25)).toBeCloseTo(0.25, 14);
    expect(home("periodic", -0.25)).toBeCloseTo(0.75, 14);
  });

  it("show the nearest image of a point, itself a place where ζ is what it is there", () => {
    for (const [u, at, near] of [
      [0.3, 0.9, 0.3],
      [0.9, 1.3, 1.1],
      [0.1, -0.4, -0.1],
      [0.1, 2.4, 2.1],
      [0.25, 7.5, 7.75],
      [0.9, -1.2, -1.1],
    ]) {
      expect(image("wall", u, at)).toBeCloseTo(near, 14);
      expect(home("wall", image("wall", u, at))).toBeCloseTo(u, 14);
    }
    expect(image("periodic", 0.9, 0.2)).toBeCloseTo(-0.1, 14);
    expect(image("periodic", 0.9, 3.2)).toBeCloseTo(2.9, 14);
    expect(image("open", 0.9, 1.3)).toBeCloseTo(1.1, 14);
  });

  it("a minimum in a corner is found exactly, and no sample leaves the box", async () => {
    const at = potential({
      name: "slope",
      domain: domain([-1, 2, 0], [1, 3, 10], "wall"),
      value: ([x, y, z]) => {
        if (Math.abs(x) > 1 || y < 2 || y > 3 || z < 0 || z > 10) throw new Error("outside");
        return x + 10 * y - z;
      },
    });
    const { best, stop } = await minimized(at, 1, { budget: 6000, target: 9 + 1e-8 });
    expect(stop).toBe("target reached");
    expect(best.x[0]).toBeCloseTo(-1, 7);
  });

  it("a minimum across the seam of a periodic domain is one minimum, and the packet is shown inside", async () => {
    const at = potential({
      name: "ring",
      domain: box(2, 0, 2, "periodic"),
      value: (x) => x.reduce((sum, v) => sum + 1 - Math.cos(Math.PI * (v - 1.999)), 0),
    });
    const engine = packets();
    const view = engine.view(steps(engine, at, 3, 60));
    if (view.kind !== "gaussian") throw new Error("packets are Gaussians");
    for (const { mean, weight } of view.packets) {
      expect(weight).toBeGreaterThan(0);
      expect(mean.every((v) => v >= 0 && v <= 2)).toBe(true);
    }
    expect((await minimized(at, 3, { budget: 2000, target: 1e-8 })).stop).toBe("target reached");
  });
});
