import { describe, expect, test } from "vitest";
import {
  DRIFT,
  type GridKernel,
  type GridSetup,
  gridBytes,
  gridKernel,
  KICK,
  norm2,
  sharedModule,
  suits,
} from "../../src/kernels/index.ts";
import { transform, wavenumbers } from "../../src/math/fft.ts";
import { plainGrid } from "../../src/math/grid.ts";
import { key, uniform } from "../../src/math/rng.ts";
import { crew } from "../../src/platform/node/crew.ts";

const wasm = sharedModule() !== undefined;
const backends = [
  ["plain", plainGrid],
  ...(wasm ? [["wasm", (setup: GridSetup) => gridKernel(setup)] as const] : []),
] as const;

const shapes = [
  ...[32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384].map((n) => [n]),
  ...[
    [1, 32],
    [2, 32],
    [4, 32],
    [8, 32],
    [16, 128],
    [64, 64],
    [32, 256],
    [512, 32],
  ],
  ...[
    [1, 1, 32],
    [2, 4, 32],
    [4, 2, 64],
    [8, 8, 64],
    [16, 32, 32],
    [64, 16, 32],
  ],
];

const squares = (shape: readonly number[], length = 7): Float64Array[] =>
  shape.map((n) => wavenumbers(n, length).map((k) => k * k));
const noise = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => uniform(key(seed), i) - 0.5);

function fill(grid: GridKernel): GridKernel {
  grid.re.set(noise(grid.re.length, 1));
  grid.im.set(noise(grid.im.length, 2));
  return grid;
}

/** max |a − b| / max |b| */
function difference(a: Pick<GridKernel, "re" | "im">, b: Pick<GridKernel, "re" | "im">): number {
  let far = 0;
  let size = 0;
  for (let i = 0; i < a.re.length; i++) {
    far = Math.max(far, Math.hypot(a.re[i] - b.re[i], a.im[i] - b.im[i]));
    size = Math.max(size, Math.hypot(b.re[i], b.im[i]));
  }
  return far / size;
}

/** What stands in momentum space, sorted by frequency. */
function sorted({ shape, order, re, im }: GridKernel): Pick<GridKernel, "re" | "im"> {
  const out = { re: new Float64Array(re.length), im: new Float64Array(im.length) };
  for (let i = 0; i < re.length; i++) {
    let rest = i;
    let to = 0;
    let stride = 1;
    for (let a = shape.length - 1; a >= 0; a--) {
      to += stride * order[a][rest % shape[a]];
      rest = Math.floor(rest / shape[a]);
      stride *= shape[a];
    }
    out.re[to] = re[i];
    out.im[to] = im[i];
  }
  return out;
}

/** Kicks and drifts of `steps` equal Strang steps along exp(−e^{iα}Hs), H = −D∇² + ζ; squares of k are T. */
function strang(steps: number, dt: number, angle: number, D: number) {
  const [cos, sin] = angle === Math.PI / 2 ? [0, 1] : [Math.cos(angle), Math.sin(angle)];
  const kicks = new Float64Array(KICK * (steps + 1));
  const drifts = new Float64Array(DRIFT * steps);
  for (let k = 0; k <= steps; k++)
    kicks.set(
      [cos, sin].map((x) => (x * dt) / (k % steps === 0 ? 2 : 1)),
      KICK * k,
    );
  for (let k = 0; k < steps; k++) drifts.set([cos * dt * D, sin * dt * D], DRIFT * k);
  return [kicks, drifts] as const;
}

test("the compiled kernels are there", () => {
  expect(wasm).toBe(true);
});

describe("sizes", () => {
  test("the kernel takes powers of two, 32 at least along rows", () => {
    expect([[32], [1, 32], [2, 2, 32], [2048, 2048]].map(suits)).toEqual([true, true, true, true]);
    expect([[16], [48], [32, 16], [3, 32], [2, 2, 2, 32], [16384, 16384], []].map(suits)).toEqual(Array(7).fill(false));
  });

  test("others are the plain twin's", () => {
    expect(gridKernel({ shape: [6, 10], kinetic: squares([6, 10]) }).backend).toBe("plain");
    expect(gridBytes([2048, 2048])).toBeLessThan(512 * 2 ** 20);
  });
});

describe.each(backends)("%s", (backend, make) => {
  test.each(shapes)("the transform over %i × %i × %i is that of each axis in turn", (...numbers) => {
    const shape = numbers.filter((n) => n !== undefined);
    const grid = fill(make({ shape, kinetic: squares(shape) }));
    expect(grid.backend).toBe(backend);
    const before = { re: grid.re.slice(), im: grid.im.slice() };
    const expected = { re: grid.re.slice(), im: grid.im.slice() };
    shape.forEach((n, a) => {
      const stride = shape.slice(a + 1).reduce((product, m) => product * m, 1);
      const { forward } = transform(n);
      for (let i = 0; i < grid.re.length; i++) {
        if (Math.floor(i / stride) % n === 0) forward(expected.re, expected.im, i, stride);
      }
    });
    grid.toMomentum();
    expect(difference(sorted(grid), expected)).toBeLessThan(2e-15);
    expect(norm2(grid) / grid.re.length / norm2(before)).toBeCloseTo(1, 13);
    grid.toPosition();
    expect(difference(grid, before)).toBeLessThan(2e-15);
    grid.close();
  });

  test("a shift turns each frequency by its phase, and sums transform to sums", () => {
    const shape = [8, 32];
    const [a, b, c] = [0, 1, 2].map(() => fill(make({ shape, kinetic: squares(shape) })));
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 32; j++) {
        const from = 32 * ((i + 3) % 8) + ((j + 5) % 32);
        b.re[32 * i + j] = a.re[from];
        b.im[32 * i + j] = a.im[from];
      }
    }
    c.re.set(a.re.map((x, i) => 2 * x - b.re[i]));
    c.im.set(a.im.map((x, i) => 2 * x - b.im[i]));
    for (const grid of [a, b, c]) grid.toMomentum();
    const turned = { re: new Float64Array(256), im: new Float64Array(256) };
    const first = sorted(a);
    for (let i = 0; i < 256; i++) {
      const angle = (2 * Math.PI * ((12 * Math.floor(i / 32) + 5 * (i % 32)) % 32)) / 32;
      turned.re[i] = first.re[i] * Math.cos(angle) - first.im[i] * Math.sin(angle);
      turned.im[i] = first.re[i] * Math.sin(angle) + first.im[i] * Math.cos(angle);
    }
    expect(difference(sorted(b), turned)).toBeLessThan(2e-15);
    const sums = { re: a.re.map((x, i) => 2 * x - b.re[i]), im: a.im.map((x, i) => 2 * x - b.im[i]) };
    expect(difference(c, sums)).toBeLessThan(2e-15);
  });

  test("a kick is exp(−cζ − aω) at each point; none leaves every bit", () => {
    const shape = [2, 32];
    const [zeta, omega] = [noise(64, 3), noise(64, 4)];
    const grid = fill(make({ shape, kinetic: squares(shape) }));
    grid.setPotential(zeta, omega);
    const before = { re: grid.re.slice(), im: grid.im.slice() };
    grid.evolve(Float64Array.of(0, 0, 0), new Float64Array(0));
    expect([grid.re, grid.im]).toEqual([before.re, before.im]);
    const expected = { re: new Float64Array(64), im: new Float64Array(64) };
    for (let i = 0; i < 64; i++) {
      const size = Math.exp(-0.7 * zeta[i] - 0.2 * omega[i]);
      const [cos, sin] = [size * Math.cos(-9 * zeta[i]), size * Math.sin(-9 * zeta[i])];
      expected.re[i] = before.re[i] * cos - before.im[i] * sin;
      expected.im[i] = before.re[i] * sin + before.im[i] * cos;
    }
    grid.evolve(Float64Array.of(0.7, 9, 0.2), new Float64Array(0));
    expect(difference(grid, expected)).toBeLessThan(1e-15);
  });

  test("a new potential is not taken for the one before", () => {
    const shape = [32];
    const grid = fill(make({ shape, kinetic: squares(shape) }));
    const [kicks, drifts] = strang(3, 0.1, Math.PI / 2, 1);
    grid.setPotential(noise(32, 3));
    grid.evolve(kicks, drifts);
    const other = noise(32, 4);
    grid.setPotential(other);
    const fresh = make({ shape, kinetic: squares(shape) });
    fresh.setPotential(other);
    fresh.re.set(grid.re);
    fresh.im.set(grid.im);
    grid.evolve(kicks, drifts);
    fresh.evolve(kicks, drifts);
    expect(grid.re).toEqual(fresh.re);
  });

  test("a free packet disperses: σ(t)² = σ₀² + (Dt/σ₀)²", () => {
    const [n, length, D, t] = [512, 80, 0.5, 6];
    const grid = make({ shape: [n], kinetic: squares([n], length) });
    const x = Float64Array.from({ length: n }, (_, i) => (i / n - 0.5) * length);
    grid.re.set(x.map((at) => Math.exp(-(at * at) / 4)));
    grid.setPotential(new Float64Array(n));
    grid.evolve(...strang(60, t / 60, Math.PI / 2, D));
    const density = grid.re.map((re, i) => re * re + grid.im[i] * grid.im[i]);
    const mass = density.reduce((sum, p) => sum + p, 0);
    const spread = density.reduce((sum, p, i) => sum + p * x[i] * x[i], 0) / mass;
    expect(spread).toBeCloseTo(1 + (D * t) ** 2, 10);
  });

  test("10⁴ steps in real time keep the norm to 1e-12", () => {
    const [n, length] = [128, 20];
    const grid = make({ shape: [n], kinetic: squares([n], length) });
    const x = Float64Array.from({ length: n }, (_, i) => (i / n - 0.5) * length);
    grid.re.set(x.map((at) => Math.exp(-((at - 1) ** 2))));
    grid.setPotential(x.map((at) => 0.25 * at ** 4 - at * at));
    const before = norm2(grid);
    grid.evolve(...strang(10_000, 2e-3, Math.PI / 2, 0.5));
    expect(Math.abs(norm2(grid) / before - 1)).toBeLessThan(1e-12);
  });

  test.each([[[32, 32]], [[8, 8, 32]]])("10³ steps on %j keep it to 1e-13", (shape) => {
    const grid = fill(make({ shape, kinetic: squares(shape) }));
    grid.setPotential(noise(grid.re.length, 3));
    const before = norm2(grid);
    grid.evolve(...strang(1000, 2e-3, Math.PI / 2, 0.5));
    expect(Math.abs(norm2(grid) / before - 1)).toBeLessThan(1e-13);
  });

  test("the harmonic well grows at asinh(Δτ/2)/Δτ in imaginary time", () => {
    const [n, length, dt, steps] = [128, 20, 0.2, 200];
    const grid = make({ shape: [n], kinetic: squares([n], length) });
    const x = Float64Array.from({ length: n }, (_, i) => (i / n - 0.5) * length);
    grid.re.fill(1);
    grid.setPotential(x.map((at) => 0.5 * at * at));
    grid.evolve(...strang(steps, dt, 0, 0.5));
    const before = norm2(grid);
    grid.evolve(...strang(1, dt, 0, 0.5));
    expect(-Math.log(norm2(grid) / before) / (2 * dt)).toBeCloseTo(Math.asinh(dt / 2) / dt, 12);
  });
});

describe.runIf(wasm)("both", () => {
  test.each(shapes)("agree to rounding on a grid of %i × %i × %i", (...numbers) => {
    const shape = numbers.filter((n) => n !== undefined);
    const setup = { shape, kinetic: squares(shape) };
    const grids = [gridKernel(setup), plainGrid(setup)].map(fill);
    // repeated kicks and a changing one, decay, turn and absorber
    const kicks = [0.05, 0.2, 0.1, 0.1, 0.4, 0.2, 0.1, 0.4, 0.2, 0.05, 0.2, 0, 0, 3, 0];
    const drifts = [0.01, 0.1, 0.01, 0.1, 0, 0.3, 0.02, 0];
    for (const grid of grids) {
      grid.setPotential(noise(grid.re.length, 3), noise(grid.re.length, 4));
      grid.evolve(Float64Array.from(kicks), Float64Array.from(drifts));
    }
    expect(difference(grids[0], grids[1])).toBeLessThan(5e-15);
  });

  test("kicks have the same bits", () => {
    const setup = { shape: [4096], kinetic: squares([4096]) };
    const grids = [gridKernel(setup), plainGrid(setup)];
    const zeta = noise(4096, 3).map((x, i) => (x + 0.5) * 10 ** (i % 16));
    for (const [cr, ci] of [
      [1, 0],
      [0, 1],
      [1e-3, 2],
    ]) {
      for (const grid of grids) {
        grid.re.fill(1);
        grid.im.fill(0);
        grid.setPotential(zeta);
        grid.evolve(Float64Array.of(cr, ci, 0), new Float64Array(0));
      }
      expect(grids[0].re).toEqual(grids[1].re.map((x) => x));
      expect(grids[0].im.map((x) => x + 0)).toEqual(grids[1].im.map((x) => x + 0));
    }
  });

  test("many steps in one call are many calls", () => {
    const setup = { shape: [64], kinetic: squares([64]) };
    const [whole, parts] = [gridKernel(setup), gridKernel(setup)].map(fill);
    const [kicks, drifts] = strang(600, 1e-3, Math.PI / 2, 1);
    for (const grid of [whole, parts]) grid.setPotential(noise(64, 3));
    whole.evolve(kicks, drifts);
    for (let k = 0; k < 600; k += 200) {
      const part = kicks.slice(KICK * k, KICK * (k + 201));
      if (k > 0) part.fill(0, 0, KICK);
      parts.evolve(part, drifts.slice(DRIFT * k, DRIFT * (k + 200)));
    }
    expect(whole.re).toEqual(parts.re);
  });
});

describe.runIf(wasm)("threads", () => {
  test.each([[[128, 256]], [[32, 16, 64]]])("give the bits of one on %j", async (shape) => {
    const team = crew(2);
    const setup = { shape, kinetic: squares(shape) };
    const [one, more] = [fill(gridKernel(setup)), fill(gridKernel(setup, team))];
    for (const grid of [one, more]) grid.setPotential(noise(grid.re.length, 3));
    const [kicks, drifts] = strang(5, 0.1, 1, 1);
    // before the threads are up, while they come up, and with them
    for (let call = 0; call < 20; call++) {
      for (const grid of [one, more]) grid.evolve(kicks, drifts);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    more.toMomentum();
    one.toMomentum();
    expect(more.re).toEqual(one.re);
    expect(more.im).toEqual(one.im);
    more.close();
    await team.close();
  });

  test("serve one kernel after another", async () => {
    const team = crew(1);
    const setup = { shape: [128, 128], kinetic: squares([128, 128]) };
    const results = [0, 1, 2].map(() => {
      const grid = fill(gridKernel(setup, team));
      grid.setPotential(noise(grid.re.length, 3));
      grid.evolve(...strang(20, 0.1, 1, 1));
      grid.close();
      return grid.re.slice();
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    await team.close();
  });
});
