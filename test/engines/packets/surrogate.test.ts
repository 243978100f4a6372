import { describe, expect, it } from "vitest";
import type { Value } from "../../../src/core/problem.ts";
import {
  agreement,
  archiveRoom,
  blankArchive,
  type Fit,
  fitBench,
  fitModel,
  load,
  modelAt,
  modelMinimum,
  remember,
  rise,
  whitened,
} from "../../../src/engines/packets/surrogate.ts";
import { blankWide, startWide, type Wide } from "../../../src/engines/packets/wide.ts";
import { fillNormal, fold, key, uniform } from "../../../src/math/rng.ts";
import { median } from "../../../src/math/stats.ts";
import { rotation, sphere, turn } from "./ground.ts";

/** A packet with axes 10⁻ⁱ, turned. */
function packetOf(dim: number): Wide {
  const packet = blankWide(dim);
  startWide(packet, 8, 0.1);
  packet.mean.forEach((_, i) => {
    packet.mean[i] = 0.3 + 0.05 * i;
  });
  packet.axes.forEach((_, i) => {
    packet.axes[i] = 10 ** -i;
  });
  packet.basis.set(rotation(dim, 4));
  return packet;
}

/** n points about the packet, as they would be sampled, with a value of z: f(z). */
function seen(
  packet: Wide,
  n: number,
  f: Value,
  from = 0,
): { archive: ReturnType<typeof blankArchive>; z: Float64Array[] } {
  const { mean, sigma, axes, basis } = packet;
  const dim = mean.length;
  const archive = blankArchive(dim);
  const all: Float64Array[] = [];
  for (let k = from; k < from + n; k++) {
    const z = new Float64Array(dim);
    fillNormal(fold(key(9), k), z);
    const x = mean.map((m, j) => m + sigma * z.reduce((s, v, i) => s + axes[i] * v * basis[i * dim + j], 0));
    all.push(z);
    remember(archive, x, 0, dim, f(z));
  }
  return { archive, z: all };
}

function fitted(packet: Wide, archive: ReturnType<typeof blankArchive>): { fit: Fit; found: boolean } {
  const fit = fitBench(packet.mean.length);
  load(fit, archive, packet);
  return { fit, found: fitModel(fit) };
}

/** 2 + gᵀz + ½ (z − c)ᵀK(z − c), positive definite. */
function quadratic(dim: number): { value: Value; least: Float64Array } {
  const least = Float64Array.from({ length: dim }, (_, i) => 0.7 * uniform(key(3), i) - 0.3);
  const a = rotation(dim, 6);
  const value: Value = (z) => {
    const u = turn(
      a,
      z.map((v, i) => v - least[i]),
    );
    return 2 + u.reduce((s, v, i) => s + ((i + 1) * v * v) / 2, 0);
  };
  return { value, least };
}

const terms = (dim: number): number => ((dim + 1) * (dim + 2)) / 2;

describe.each([1, 2, 5, 10])("the model in %i dimensions", (dim) => {
  const packet = packetOf(dim);
  const { value, least } = quadratic(dim);
  const enough = Math.ceil(1.1 * terms(dim) + 1);

  it("is an exact quadratic's own, everywhere", () => {
    const { archive } = seen(packet, 2 * terms(dim), value);
    const { fit, found } = fitted(packet, archive);
    expect(found).toBe(true);
    expect(fit.terms).toBe(terms(dim));
    const values = archive.value.subarray(0, archive.count);
    const best = Math.min(...values);
    expect(fit.scale).toBeCloseTo(median(values.slice()) - best, 12);
    for (let n = 0; n < 20; n++) {
      const z = new Float64Array(dim);
      fillNormal(fold(key(77), n), z);
      expect(Math.abs(best + fit.scale * modelAt(fit, z, 0) - value(z))).toBeLessThan(1e-6 * (1 + Math.abs(value(z))));
    }
  });

  it("has its minimum where the quadratic has it", () => {
    const { archive } = seen(packet, enough, value);
    const { fit } = fitted(packet, archive);
    const out = new Float64Array(dim);
    const fall = modelMinimum(fit, packet, out);
    const z = whitened(packet, out, 1);
    const drop = value(new Float64Array(dim)) - value(z);
    expect(fall).toBeCloseTo(drop, 6);
    expect(rise(fit, packet, out)).toBeCloseTo(-drop, 6);
    least.forEach((c, i) => {
      expect(Math.abs(z[i] - c)).toBeLessThan(1e-6);
    });
  });

  it("has none where the quadratic falls for ever", () => {
    const { archive } = seen(packet, 2 * terms(dim), (z) => z[0] - z[dim - 1] ** 2);
    const { fit, found } = fitted(packet, archive);
    expect(found).toBe(true);
    expect(modelMinimum(fit, packet, new Float64Array(dim))).toBe(0);
  });

  it("is as rich as its points support: quadratic, aligned, linear, none", () => {
    const richest = (n: number): number => {
      const { fit, found } = fitted(packet, seen(packet, n, value).archive);
      expect(found).toBe(fit.terms > 0);
      return fit.terms;
    };
    expect(richest(enough)).toBe(terms(dim));
    const alignedFrom = Math.ceil(1.1 * (2 * dim + 1) + 1);
    if (alignedFrom < enough) expect([richest(enough - 1), richest(alignedFrom)]).toEqual([2 * dim + 1, 2 * dim + 1]);
    const linearFrom = Math.ceil(1.2 * (dim + 1));
    expect(richest(linearFrom)).toBe(dim + 1);
    expect(richest(linearFrom - 1)).toBe(0);
    expect(richest(0)).toBe(0);
  });

  it("is the same for aζ + b, in other units", () => {
    const { archive } = seen(packet, 2 * terms(dim), value);
    const { archive: other } = seen(packet, 2 * terms(dim), (z) => 2 ** 70 * value(z));
    const [a, b] = [fitted(packet, archive).fit, fitted(packet, other).fit];
    expect(b.coefficient).toEqual(a.coefficient);
    expect(b.scale).toBe(2 ** 70 * a.scale);
    const lifted = fitted(packet, seen(packet, 2 * terms(dim), (z) => value(z) - 1000).archive).fit;
    lifted.coefficient.forEach((c, i) => {
      expect(Math.abs(c - a.coefficient[i])).toBeLessThan(1e-8 * (1 + Math.abs(c)));
    });
  });

  it("is none on a plateau; +∞ is but a high value, unless half of all are", () => {
    expect(fitted(packet, seen(packet, enough, () => 3).archive).found).toBe(false);
    expect(fitted(packet, seen(packet, enough, () => Infinity).archive).found).toBe(false);
    const some = seen(packet, 2 * terms(dim), (z) => (z[0] > 1.2 ? Infinity : value(z)));
    const { fit, found } = fitted(packet, some.archive);
    expect(found).toBe(true);
    expect(fit.coefficient.every(Number.isFinite)).toBe(true);
    const most = seen(packet, enough, (z) => (sphere(z) > 0.01 ? Infinity : 1));
    expect(fitted(packet, most.archive).found).toBe(false);
  });

  it("is none where all points are one", () => {
    const archive = blankArchive(dim);
    for (let n = 0; n < enough; n++) remember(archive, packet.mean, 0, dim, n);
    const { fit, found } = fitted(packet, archive);
    if (found) expect(fit.coefficient.every(Number.isFinite)).toBe(true);
    expect(modelMinimum(fit, packet, new Float64Array(dim))).toBe(0);
  });

  it("agrees with the truth by Kendall's τ (brute force)", () => {
    const rough: Value = (z) => z.reduce((s, v) => s + Math.abs(v) + Math.sin(9 * v), 0);
    const { archive, z } = seen(packet, 2 * terms(dim), rough);
    const { fit } = fitted(packet, archive);
    for (const n of [2, 7, 15, 40]) {
      const newest = z.slice(-Math.min(n, z.length));
      let [concordant, discordant] = [0, 0];
      for (let i = 0; i < newest.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [newest[i], newest[j]];
          const product = (rough(a) - rough(b)) * (modelAt(fit, a, 0) - modelAt(fit, b, 0));
          if (product > 0) concordant++;
          if (product < 0) discordant++;
        }
      const pairs = (newest.length * (newest.length - 1)) / 2;
      expect(agreement(fit, n)).toBeCloseTo((concordant - discordant) / pairs, 10);
    }
    expect(agreement(fit, 1)).toBe(0);
    const same = fitted(packet, seen(packet, 2 * terms(dim), value).archive).fit;
    expect(agreement(same, 15)).toBe(1);
  });
});

describe("the archive", () => {
  it("keeps the newest points, each with its own value", () => {
    const dim = 3;
    const archive = blankArchive(dim);
    const room = archiveRoom(dim);
    expect(room).toBe(Math.ceil(2.2 * 10) + 20);
    const u = new Float64Array(2 * dim);
    for (let n = 0; n < 100; n++) {
      u.fill(n, dim);
      remember(archive, u, dim, dim, -n);
    }
    expect([...archive.value].sort((a, b) => b - a)).toEqual(Array.from({ length: room }, (_, i) => -(100 - room) - i));
    archive.value.forEach((v, slot) => {
      expect([...archive.x.subarray(slot * dim, (slot + 1) * dim)]).toEqual([-v, -v, -v]);
    });
  });

  it("is seen newest first", () => {
    const packet = packetOf(2);
    const { archive, z } = seen(packet, 100, sphere);
    const { fit } = fitted(packet, archive);
    expect(fit.n).toBe(archiveRoom(2));
    for (let k = 0; k < fit.n; k++) for (let i = 0; i < 2; i++) expect(fit.z[2 * k + i]).toBeCloseTo(z[99 - k][i], 9);
  });
});
