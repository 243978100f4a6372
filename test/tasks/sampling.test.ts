/** Sampling held against laws whose moments and marginals are known: within four standard errors, at fixed seeds. */
import { describe, expect, it } from "vitest";
import { readValues } from "../../src/core/entry.ts";
import { box, domain, type Potential, potential } from "../../src/core/problem.ts";
import { kolmogorovSmirnov } from "../../src/math/stats.ts";
import { formula, gaussianCovariance, potentialEntries, smoluchowski } from "../../src/potentials/index.ts";
import { biasOf } from "../../src/tasks/bias.ts";
import { type Sampled, sampling } from "../../src/tasks/sampling.ts";
import { normalCdf } from "../math/distributions.ts";

function make(name: string, values: Record<string, unknown> = {}): Potential {
  const entry = potentialEntries.find((e) => e.name === name);
  if (entry === undefined) throw new Error(`no entry ${name}`);
  return entry.make(readValues(entry, values));
}

/** P(|z| > 4) of the normal law: what a Kolmogorov–Smirnov test may show at four standard errors. */
const FOUR = 6.3e-5;

function column({ samples: { n, dim, x } }: Sampled, j: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => x[i * dim + j]);
}

function expectMeans(found: Sampled, truth: readonly number[]): void {
  found.mean.forEach((m, j) => {
    expect(Math.abs(m - truth[j]), `mean of x${j + 1}`).toBeLessThan(4 * found.mcse[j]);
  });
}

function expectCovariance(
  { covariance, covarianceError, dim }: Sampled,
  truth: (i: number, j: number) => number,
): void {
  for (let i = 0; i < dim; i++)
    for (let j = 0; j <= i; j++) {
      const [value, error] = [covariance?.[i][j] ?? Number.NaN, covarianceError?.[i][j] ?? Number.NaN];
      expect(Math.abs(value - truth(i, j)), `covariance ${i + 1}, ${j + 1}`).toBeLessThan(4 * error);
    }
}

function expectMarginal(found: Sampled, j: number, cdf: (x: number) => number): void {
  expect(kolmogorovSmirnov(column(found, j), cdf).p, `marginal of x${j + 1}`).toBeGreaterThan(FOUR);
}

describe("a Gaussian of ten dimensions and condition 1000", () => {
  const gaussian = make("gaussian");
  const truth = gaussianCovariance(10, 1000, true);

  it.each(["mala", "underdamped"])("by %s: mean, covariance and marginals", async (engine) => {
    const found = await sampling(gaussian, { D: 1, engine, chains: 64, steps: 1500, seed: 1 });
    expect(found.warnings).toEqual([]);
    expectMeans(found, new Array(10).fill(0));
    expectCovariance(found, (i, j) => truth[i * 10 + j]);
    for (let j = 0; j < 10; j++) expectMarginal(found, j, (x) => normalCdf(x / Math.sqrt(truth[j * 11])));
    expect(found.ess.every((n) => n > 5000)).toBe(true);
  });

  it("by random-walk Metropolis, with and without Barker's rule, at another D", async () => {
    for (const rule of ["metropolis", "barker"]) {
      const options = { D: 0.3, engine: "metropolis", set: { rule }, chains: 64, steps: 1500, seed: 2 };
      const found = await sampling(gaussian, options);
      expectMeans(found, new Array(10).fill(0));
      expectCovariance(found, (i, j) => 0.3 * truth[i * 10 + j]);
    }
  });
});

describe("a double well on the line", () => {
  const well = make("double-well");
  const D = 0.5;
  // midpoint sums of e^{−ζ/D}: exact to rounding for what falls off so fast
  const cells = 4000;
  const xs = Float64Array.from({ length: cells }, (_, i) => -4 + ((i + 0.5) * 8) / cells);
  const weight = xs.map((x) => Math.exp(-((x * x - 1) ** 2) / D));
  const total = weight.reduce((a, b) => a + b);
  const second = xs.reduce((s, x, i) => s + (x * x * weight[i]) / total, 0);
  const sums = new Float64Array(cells);
  weight.reduce((s, w, i) => {
    sums[i] = s + w / total;
    return sums[i];
  }, 0);
  const cdf = (x: number): number => {
    const at = ((x + 4) / 8) * cells;
    const cell = Math.min(cells - 1, Math.max(0, Math.floor(at)));
    return (cell > 0 ? sums[cell - 1] : 0) + ((at - cell) * weight[cell]) / total;
  };

  it.each(["mala", "metropolis", "underdamped", "replica"])("by %s: mean, variance and marginal", async (engine) => {
    const found = await sampling(well, { D, engine, chains: 64, steps: 1500, n: 500, seed: 3 });
    expectMeans(found, [0]);
    expectCovariance(found, () => second);
    expectMarginal(found, 0, cdf);
  });

  it("on the cells of Fokker–Planck, and by Born on the grid, which is another law", async () => {
    const cellsFound = await sampling(well, { D, engine: "fokker-planck", n: 4000, seed: 1 });
    expect(cellsFound.covariance?.[0][0]).toBeCloseTo(second, 5);
    expect(cellsFound.law).toBe("e^(−ζ/D)");
    expectMarginal(cellsFound, 0, cdf);
    const born = await sampling(well, { D, engine: "grid", n: 4000, seed: 1 });
    expect(born.law).toBe("|ψ|² of the ground state");
    expect(Math.abs((born.covariance?.[0][0] ?? 0) - second)).toBeGreaterThan(0.1);
  });

  // Δτ Cov(x², V), with V the potential of the Schrödinger equation that belongs to e^{−ζ/D}
  const firstOrder = async (dt: number): Promise<number> => {
    const { value: v = xs } = await smoluchowski(well, D).answer({ kind: "value", at: { n: cells, dim: 1, x: xs } });
    const average = (f: (i: number) => number): number => weight.reduce((s, w, i) => s + (w * f(i)) / total, 0);
    const center = average((i) => v[i]);
    return dt * average((i) => (xs[i] * xs[i] - second) * (v[i] - center));
  };

  it("shows the bias of unadjusted steps, of the first order in Δτ, and none of adjusted ones", async () => {
    const dt = 0.04;
    const options = { D, dt, chains: 256, steps: 2000, warmup: 200, seed: 8 };
    const found = await sampling(well, { ...options, engine: "langevin" });
    const [value, error] = [found.covariance?.[0][0] ?? 0, found.covarianceError?.[0][0] ?? 0];
    const first = await firstOrder(dt);
    expect(Math.abs(value - second)).toBeGreaterThan(4 * error);
    expect(Math.abs(value - second - first)).toBeLessThan(4 * error);
    const exact = await sampling(well, { ...options, engine: "mala" });
    expectCovariance(exact, () => second);
  });

  it("has a bias that samples and slopes alone tell", async () => {
    const n = 100_000;
    const { samples } = await sampling(well, { D, engine: "fokker-planck", n, seed: 2 });
    const bias = await biasOf(samples, D, 0.02, well, Float64Array.of(1));
    // the scatter of one sample's share in it is 3.7 Δτ
    expect(Math.abs((bias?.variance[0] ?? 0) - (await firstOrder(0.02)))).toBeLessThan((4 * 3.7 * 0.02) / Math.sqrt(n));
    expect(Math.abs(bias?.mean[0] ?? 1)).toBeLessThan(1e-3);
  });
});

it("a Gaussian's bias by unadjusted steps is estimated as its closed form says, in any shape of step", async () => {
  for (const shape of ["none", "diagonal"]) {
    const found = await sampling(make("harmonic", { dim: 2 }), {
      ...{ D: 0.8, engine: "langevin", set: { shape }, chains: 64, steps: 2000, n: 20_000, seed: 5 },
      ...(shape === "none" ? { dt: 0.1 } : {}),
    });
    const variance = found.covariance?.[0][0] ?? 0;
    // of the law as it is sampled, D/(1 − kΔτ/2)
    const off = variance - 0.8;
    expect(Math.abs((found.run?.bias?.variance[0] ?? 0) - off)).toBeLessThan(
      0.02 + 4 * (found.covarianceError?.[0][0] ?? 0),
    );
  }
});

describe("a funnel with σ = 1", () => {
  const funnel = make("funnel", { dim: 5 });

  it.each(["mala", "underdamped"])("by %s: mean, covariance and marginals", async (engine) => {
    const found = await sampling(funnel, { D: 1, engine, chains: 64, steps: 3000, seed: 4 });
    expectMeans(found, new Array(5).fill(0));
    expectCovariance(found, (i, j) => (i !== j ? 0 : i === 0 ? 1 : Math.exp(0.5)));
    expectMarginal(found, 0, normalCdf);
    // x given v is normal: mixed over v by the trapezoid rule
    const cdf = (x: number): number => {
      let sum = 0;
      for (let k = -160; k <= 160; k++) sum += Math.exp(-((k / 20) ** 2) / 2) * normalCdf(x * Math.exp(-k / 40));
      return sum / 20 / Math.sqrt(2 * Math.PI);
    };
    for (let j = 1; j < 5; j++) expectMarginal(found, j, cdf);
  });
});

describe("a mixture of two Gaussians twelve widths apart", () => {
  const mixture = make("mixture", { separation: 12, weight: 0.3 });

  it("is right by replica exchange", async () => {
    const found = await sampling(mixture, { D: 1, engine: "replica", chains: 16, steps: 4000, seed: 6 });
    expect(found.warnings).toEqual([]);
    expectMeans(found, [0.4 * 6, 0]);
    expectCovariance(found, (i, j) => (i !== j ? 0 : i === 0 ? 1 + 0.21 * 144 : 1));
    const left = normalCdf;
    expectMarginal(found, 0, (x) => 0.3 * left(x + 6) + 0.7 * left(x - 6));
  });

  it.each(["langevin", "mala", "metropolis", "underdamped"])(
    "is flagged by R-hat where %s samples it",
    async (engine) => {
      const found = await sampling(mixture, { D: 1, engine, seed: 6, steps: 2000 });
      expect(found.rhat[0]).toBeGreaterThan(1.05);
      expect(found.warnings.some((w) => w.includes("R-hat") && w.includes("--engine replica"))).toBe(true);
    },
  );
});

describe("walls that grow steeper", () => {
  it.each([
    ["x^4", 1, 10],
    ["x^4 + y^4 + z^4 + w^4", 4, 10],
  ])("hold no chain of mala on a way to and fro (%s)", async (text, dim, wide) => {
    const D = 0.1;
    const found = await sampling(formula(text, { domain: box(dim, -wide, wide) }), { D, engine: "mala" });
    expect(found.warnings).toEqual([]);
    expectMeans(found, new Array(dim).fill(0));
    // ⟨x²⟩ = √D Γ(3/4)/Γ(1/4)
    expectCovariance(found, (i, j) => (i === j ? Math.sqrt(D) * 0.337989120030307 : 0));
  });
});

describe("what cannot be", () => {
  const bad = async (p: Potential, options: Parameters<typeof sampling>[1]): Promise<string> => {
    const thrown = await sampling(p, options).then(
      () => undefined,
      (error) => error,
    );
    expect(thrown).toMatchObject({ code: "WICK_INPUT" });
    return thrown.message;
  };
  const well = make("harmonic");

  it("is named: D, counts, steps, engines, dimensions", async () => {
    expect(await bad(well, { D: 0 })).toMatch(/D: 0 is not/);
    expect(await bad(well, { D: -1 })).toMatch(/D: -1/);
    expect(await bad(well, { D: 1, n: 0 })).toMatch(/n: 0 is not a whole number from 1 to 10000000/);
    expect(await bad(well, { D: 1, chains: 0 })).toMatch(/chains: 0 is below 1/);
    expect(await bad(well, { D: 1, steps: 3 })).toMatch(/steps: 3/);
    expect(await bad(well, { D: 1, steps: 1e15 })).toMatch(/steps: 1000000000000000 is not/);
    expect(await bad(well, { D: 1, dt: -0.1 })).toMatch(/dt: -0.1/);
    expect(await bad(well, { D: 1, engine: "mal" })).toMatch(/did you mean 'mala'/);
    expect(await bad(well, { D: 1, engine: "mala", set: { rungs: 3 } })).toMatch(/rungs/);
    expect(await bad(make("harmonic", { dim: 4 }), { D: 1, engine: "grid" })).toMatch(/4 dimensions/);
    expect(await bad(well, { D: 1, engine: "grid", n: -1 })).toMatch(/n: -1/);
    expect(await bad(well, { D: 1, engine: "grid", set: { foo: 1 } })).toMatch(/engine.foo: .*takes no settings/);
    expect(await bad(well, { D: 1, engine: "grid", n: 1e12 })).toMatch(/n: 1000000000000 is not/);
    expect(await bad(well, { D: 1, engine: "fokker-planck", steps: 10 })).toMatch(
      /steps: is given where 'fokker-planck'/,
    );
  });

  it("is warned of where ζ is no number, and where it has a pole", async () => {
    const brief = { D: 1, steps: 400, warmup: 400 };
    const half = await sampling(formula("log(x)", { domain: domain([-5], [5], "open") }), brief);
    expect(half.warnings.join()).toMatch(/ζ is not finite at \d+ % of the points/);
    const pole = await sampling(formula("-1/x^2", { domain: domain([-5], [5], "open") }), brief);
    expect(pole.warnings.join()).toMatch(/ζ fell to .* if it has no bottom there, e\^\(−ζ\/D\) is no law/);
    expect((await sampling(well, brief)).warnings.join()).not.toMatch(/not finite|no law/);
  });

  it.each(["langevin", "mala", "metropolis", "underdamped", "replica"])(
    "ends and is named where ζ has no floor (%s)",
    async (engine) => {
      for (const text of ["-x^2", "-x", "x^3"]) {
        const p = formula(text, { domain: box(1, -2, 2) });
        expect(await bad(p, { D: 1, engine })).toMatch(/does not hold the chains.*unbounded below/);
      }
    },
  );

  it("is told of: one chain, a step too large, differences, slopes that are not finite", async () => {
    const one = await sampling(well, { D: 1, chains: 1, steps: 500 });
    expect(one.rhat).toEqual([null]);
    expect(one.warnings.some((w) => w.includes("one chain"))).toBe(true);
    const large = await sampling(make("quartic"), { D: 1, engine: "mala", dt: 1000, steps: 500 });
    expect(large.warnings.some((w) => w.includes("hardly any step is taken"))).toBe(true);
    const { gradient: _, ...values } = { gradient: 0, value: (x: Float64Array) => 0.5 * x[0] * x[0] };
    const blank = potential({ name: "blank", domain: box(1, -5, 5), ...values });
    expect((await sampling(blank, { D: 1, steps: 500 })).engine).toBe("metropolis");
    const differences = await sampling(blank, { D: 1, engine: "mala", steps: 1000 });
    expect(differences.warnings.some((w) => w.includes("by differences"))).toBe(true);
    expect(Math.abs((differences.covariance?.[0][0] ?? 0) - 1)).toBeLessThan(
      4 * (differences.covarianceError?.[0][0] ?? 0),
    );
    const holed = potential({
      name: "holed",
      domain: box(1, -5, 5),
      value: (x) => 0.5 * x[0] * x[0],
      gradient(x, out) {
        out[0] = x[0] > 0 ? x[0] : Number.NaN;
        return 0.5 * x[0] * x[0];
      },
    });
    const seen = await sampling(holed, { D: 1, engine: "mala", steps: 500 });
    expect(seen.warnings.some((w) => w.includes("gradient was not finite"))).toBe(true);
    const nowhere = potential({ name: "nowhere", domain: box(1, -5, 5), value: () => Number.NaN });
    expect(await bad(nowhere, { D: 1 })).toMatch(/no finite value/);
  });
});

it.each(["mala", "underdamped", "metropolis"])("does not see the unit of x (%s)", async (engine) => {
  const [wide, unit, narrow] = await Promise.all(
    [1e-4, 1, 1e4].map((rate) =>
      sampling(formula(`${rate ** 2}*x^2/2`, { domain: box(1, -5 / rate, 5 / rate) }), { D: 1, engine, steps: 600 }),
    ),
  );
  expect(unit.acceptance).toBeGreaterThan(0.2);
  for (const [found, rate] of [
    [wide, 1e-4],
    [narrow, 1e4],
  ] as const) {
    expect(Math.abs(found.mean[0] * rate - unit.mean[0])).toBeLessThan(4 * unit.mcse[0]);
    expect(Math.abs((found.run?.dt ?? 0) / (unit.run?.dt ?? 1) - 1)).toBeLessThan(0.1);
  }
});

it("with momentum a step is worth more than half a draw of a quartic well", async () => {
  const { ess, rhat } = await sampling(make("quartic"), { D: 1, engine: "underdamped", steps: 3000 });
  expect(ess[0]).toBeGreaterThan(0.55 * 8 * 3000);
  expect(rhat[0]).toBeLessThan(1.01);
});

it("stopped in warm-up tells what it saw of it, and says so", async () => {
  const control = new AbortController();
  const observers = [{ frame: ({ index }: { index: number }) => void (index === 700 && control.abort()) }];
  // fewer rows are kept than warm-up has steps
  const options = { D: 0.5, engine: "mala", steps: 500, warmup: 5000 };
  const cut = await sampling(make("harmonic"), options, { signal: control.signal, observers });
  expect(cut.stop).toBe("aborted");
  expect(cut.warnings[0]).toMatch(/stopped at step 70\d of 5000 of warm-up/);
  expect(cut.run?.warmup.declared).toBe(0);
  expect(Math.abs(cut.mean[0])).toBeLessThan(5 * cut.mcse[0]);
});

it("is the same for the same seed, and stops when told to with what it has", async () => {
  const options = { D: 0.5, engine: "mala", steps: 500, seed: 9 } as const;
  const [a, b] = [await sampling(make("gaussian"), options), await sampling(make("gaussian"), options)];
  expect(a).toEqual(b);
  const control = new AbortController();
  const frame = ({ index }: { readonly index: number }): void => {
    if (index === 1300) control.abort();
  };
  const cut = await sampling(make("gaussian"), options, { signal: control.signal, observers: [{ frame }] });
  expect(cut.stop).toBe("aborted");
  expect(cut.run?.steps).toBe(300);
  expect(cut.samples.n).toBe(1000);
});
