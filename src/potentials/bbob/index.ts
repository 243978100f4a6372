/**
 * The BBOB noiseless suite as potentials: 24 functions, any dimension from 2, any instance, equal to COCO's.
 * N. Hansen, S. Finck, R. Ros, A. Auger, "Real-parameter black-box optimization benchmarking 2009: noiseless
 * functions definitions", INRIA RR-6829; code numbbo/coco-experiment, commit e6356d2.
 */
import { entry, readValues } from "../../core/entry.ts";
import { inputError } from "../../core/errors.ts";
import { box, type Potential, points, potential, type Value } from "../../core/problem.ts";
import { bbobFunctions } from "./functions.ts";
import { offset } from "./random.ts";

export { type BbobFunction, type BbobGroup, bbobFunctions } from "./functions.ts";

/** The seeds of f4 and f18 are those of the functions they derive from. */
const SEEDS: Readonly<Record<number, number>> = { 4: 3, 18: 17 };

export const bbobEntry = entry({
  name: "bbob",
  summary: "the 24 noiseless functions of the BBOB suite, with their instances",
  reference: "Hansen, Finck, Ros, Auger, INRIA RR-6829 (2009); numbbo/coco-experiment e6356d2",
  params: {
    f: { help: "function, 1 to 24", symbol: "f", default: 1, min: 1, max: bbobFunctions.length, integer: true },
    // above it a seed would pass the generator's 2³¹ − 1
    instance: { help: "instance: shifts, rotations and offset", default: 1, min: 1, max: 200_000, integer: true },
    dim: {
      help: "dimension, 2 or more: the functions divide by d − 1",
      symbol: "d",
      default: 2,
      min: 2,
      max: 1000,
      integer: true,
    },
  },
  make: ({ f, instance, dim }) => bbob(f, dim, instance),
});

/**
 * BBOB function f in `dim` dimensions: ζ(x) on [−5, 5]^dim, open (values go on outside), with its minimum known.
 * Values too large for a double are +∞.
 * @param f 1 to 24
 * @param dim 2 to 1000; the definition spreads axes over i/(dim − 1), so that there is no dimension 1
 * @param instance 1 to 200 000
 * @throws where a parameter is outside its range
 */
export function bbob(f: number, dim: number, instance = 1): Potential {
  if (dim === 1) throw inputError("bbob.dim", "1 is below 2: the functions divide by dim − 1", "take 2 or more");
  readValues(bbobEntry, { f, dim, instance });
  const { name, make } = bbobFunctions[f - 1];
  const seed = (SEEDS[f] ?? f) + 10_000 * instance;
  const { argmin, value } = make(dim, seed);
  const minimum = offset(seed);
  return potential({
    name: `bbob f${f} (${name}), instance ${instance}`,
    domain: box(dim, -5, 5),
    value: finite((x) => value(x) + minimum),
    truth: { minimum, argmin: points([argmin]) },
  });
}

/** Where terms overflow and cancel to NaN at a point of numbers, the value is +∞. */
function finite(value: Value): Value {
  return (x) => {
    const f = value(x);
    return Number.isNaN(f) && !x.some(Number.isNaN) ? Number.POSITIVE_INFINITY : f;
  };
}
