/**
 * A minimization out of a configuration, on this machine: the objective is opened, the study too where there is one,
 * and both are closed however it ends.
 */
import { type Config, setupOf } from "../../config.ts";
import type { Observer } from "../../core/observe.ts";
import type { Evaluator, Potential } from "../../core/problem.ts";
import { checkParts, type Setup } from "../../core/run.ts";
import { steadyFace } from "../../core/trials.ts";
import { closeSession, FORMAT, type Header, openStudy, steadilyStudied, studied } from "../../study/study.ts";
import { type Minimization, minimize } from "../../tasks/minimize.ts";
import { freshSample, type Sample, sampled } from "../../tasks/sample.ts";
import { type Slices, slices, type Through } from "../../tasks/slices.ts";
import { openFolder } from "./folder.ts";
import { identity, openPotential } from "./objectives.ts";
import { sampleOf } from "./studies.ts";

export type MinimizationOptions = {
  /** Worker threads or processes; 0 is this thread. */
  readonly workers?: number;
  /** Seconds for one evaluation of a module or program. */
  readonly timeout?: number;
  /** Folder of a study. */
  readonly study?: string;
  /** Whether a study that is in the folder is gone on with; refused otherwise. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** Whether a sample of the evaluated points is kept, for a report. */
  readonly sample?: boolean;
  /** Made when the setup is known. */
  readonly observers?: (setup: Setup) => readonly Observer[];
};

export type Minimized = {
  readonly setup: Setup;
  readonly result: Minimization;
  readonly seconds: number;
  readonly sample?: Sample;
};

/**
 * Minimizes what a configuration describes.
 * @throws on bad input, before anything is evaluated
 */
export async function minimizeConfig(config: Config, options: MinimizationOptions = {}): Promise<Minimized> {
  const opened = await openPotential(config, options);
  try {
    return options.study === undefined
      ? await once(config, opened, options)
      : await inStudy(config, opened, { ...options, study: options.study });
  } finally {
    await opened.close();
  }
}

type Opened = { readonly potential: Potential; readonly evaluate: Evaluator };

async function once(config: Config, { potential, evaluate }: Opened, options: MinimizationOptions): Promise<Minimized> {
  const begun = performance.now();
  const setup = setupOf(config, potential);
  const sample = options.sample ? freshSample(potential) : undefined;
  const asked = sample === undefined ? evaluate : sampled(sample, evaluate);
  const outstanding = outstandingOf(config, options);
  const any = outstanding === undefined ? {} : { outstanding };
  const result = await minimize(setup, { evaluate: asked, ...any, ...watching(setup, options) });
  const seconds = (performance.now() - begun) / 1000;
  return { setup, result, seconds, ...(sample === undefined ? {} : { sample }) };
}

async function inStudy(
  config: Config,
  { potential, evaluate }: Opened,
  options: MinimizationOptions & { readonly study: string },
): Promise<Minimized> {
  const begun = performance.now();
  // the parts are refused before a folder is made for them
  const asked = setupOf(config, potential);
  const outstanding = outstandingOf(config, options);
  if (outstanding === undefined) checkParts(asked);
  else steadyFace(asked);
  const store = openFolder(options.study);
  try {
    const header = await openStudy(store, headerFor(config, asked), {
      resume: options.resume ?? false,
    });
    const { horizon } = header.config as { readonly horizon?: number };
    const setup = setupOf({ ...config, ...(horizon === undefined ? {} : { horizon }) }, potential);
    const { observers = [], ...kept } =
      outstanding === undefined
        ? await studied(store, evaluate, header, setup.budget)
        : await steadilyStudied(store, evaluate, header, outstanding, setup.budget);
    const { signal, observers: watchers } = watching(setup, options);
    const result = await minimize(setup, {
      ...kept,
      ...(signal === undefined ? {} : { signal }),
      observers: [...observers, ...watchers],
    });
    const seconds = (performance.now() - begun) / 1000;
    if (result.error === undefined) closeSession(store, result, seconds);
    // earlier sessions have points too
    return { setup, result, seconds, ...(options.sample ? { sample: await sampleOf(options.study) } : {}) };
  } finally {
    await store.close();
  }
}

/**
 * ζ on lines and planes through a point, by evaluations that are counted for themselves: the objective is opened for them.
 * @param order coordinates in the order in which they are sliced where not all can be
 * @throws where the objective cannot be opened or answered for
 */
export async function slicesOf(
  config: Config,
  point: Through,
  order: readonly number[],
  allowance: number,
  options: Pick<MinimizationOptions, "workers" | "timeout" | "signal"> = {},
): Promise<Slices> {
  const { potential, evaluate, close } = await openPotential(config, options);
  try {
    return await slices(evaluate, potential, point, order, allowance, options.signal);
  } finally {
    await close();
  }
}

/** Points at once in any order, where that was asked for: one for each worker. */
function outstandingOf({ steady }: Config, { workers }: MinimizationOptions): number | undefined {
  return steady === true ? Math.max(1, workers ?? 1) : undefined;
}

function watching(setup: Setup, { signal, observers }: MinimizationOptions) {
  return { ...(signal === undefined ? {} : { signal }), observers: observers?.(setup) ?? [] };
}

function headerFor(config: Config, { potential, engine, budget }: Setup): Header {
  const { name, names, truth, space, constraints } = potential;
  const { noise, known } = config;
  const { edge } = potential.domain;
  const [lower, upper] = [[...potential.domain.lower], [...potential.domain.upper]];
  return {
    wick: FORMAT,
    identity: {
      ...identity(config),
      ...{ lower, upper, edge, seed: config.seed, queries: engine.needs },
      ...given({ variables: space?.variables, constraints, noise: noise === "none" ? undefined : noise, known }),
      ...given({ steady: config.steady === true ? true : undefined }),
    },
    config: { ...config, ...(budget === undefined ? {} : { horizon: budget }) },
    problem: {
      ...{ name, lower, upper, edge },
      ...given({ names, space, constraints }),
      ...(truth?.minimum === undefined ? {} : { minimum: truth.minimum }),
    },
  };
}

/** A record without what is undefined. */
function given<T extends Readonly<Record<string, unknown>>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
