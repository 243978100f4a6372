import { describe, expect, test } from "vitest";
import { drawPairs, marginals, type Scene, traces } from "../../src/draw/index.ts";
import { fold, key, normal } from "../../src/math/rng.ts";
import { flat, sound, words } from "./sound.ts";

const noise = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => normal(fold(key(seed), 1), i));
const xs = Float64Array.from({ length: 201 }, (_, i) => -4 + 0.04 * i);
const bell = xs.map((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));

describe("pictures of draws", () => {
  test("traces, a panel a coordinate", () => {
    const steps = Array.from({ length: 400 }, (_, i) => 10 * i);
    const paths = [1, 2].map((j) => [1, 2, 3].map((c) => noise(400, 10 * j + c)));
    const scene = traces({ steps, paths, names: ["v", "width"] });
    sound(scene);
    expect(words(scene)).toEqual(expect.arrayContaining(["v", "width", "step"]));
  });

  test.each([1, 3, 6])("marginals of %i coordinates, with and without the exact ones", (n) => {
    const draws = Array.from({ length: n }, (_, j) => noise(5000, j));
    const plain = marginals({ marginals: draws.map((d) => ({ draws: d })), law: "e^{−*ζ*/*D*}" });
    sound(plain);
    expect(words(plain)).not.toContain("e−ζ/D");
    const exact = marginals({
      marginals: draws.map((d) => ({ draws: d, exact: { xs, density: bell } })),
      law: "e^{−*ζ*/*D*}",
    });
    sound(exact);
    expect(words(exact)).toContain("e−ζ/D");
    expect(
      flat(exact.marks).filter((m) => m.kind === "path" && m.stroke === "orange" && m.d.includes("L")),
    ).toHaveLength(n);
  });

  test("marginals of draws that are all the same", () => {
    sound(marginals({ marginals: [{ draws: new Float64Array(50).fill(2) }], law: "|*ψ*|^{2}" }));
  });

  test("pairs of two over the exact law, of three without, of one none", () => {
    const columns = [1, 2, 3].map((seed) => noise(300, seed));
    const axes = [xs, xs];
    const density = Float64Array.from({ length: xs.length ** 2 }, (_, e) => bell[Math.floor(e / 201)] * bell[e % 201]);
    const two = drawPairs({ columns: columns.slice(0, 2), law: "e^{−*ζ*/*D*}", exact: { axes, density } });
    const three = drawPairs({ columns, law: "e^{−*ζ*/*D*}", names: ["v", "x1", "x2"] });
    for (const scene of [two, three]) sound(scene as Scene);
    expect(words(two as Scene).some((word) => word.includes("ninths"))).toBe(true);
    expect(drawPairs({ columns: columns.slice(0, 1), law: "" })).toBeNull();
  });
});
