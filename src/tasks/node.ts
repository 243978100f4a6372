/** A node for excited states: a formula whose zero set is the surface on which ψ is to vanish. */
import { uniformPoints } from "../core/bounds.ts";
import { inputError } from "../core/errors.ts";
import type { Potential } from "../core/problem.ts";
import type { Node } from "../engines/dmc/index.ts";
import { key } from "../math/index.ts";
import { compile } from "../potentials/formula/index.ts";

const LOOKS = 64;
const LETTERS = ["x", "y", "z"];

/**
 * The node g(x) = 0. Its names are those of the potential's axes; where they have none x, y, z in up to three dimensions
 * and x1, x2 … in more.
 * @throws where g is no formula of these names, or is 0 everywhere
 */
export function formulaNode(text: string, { domain, names }: Potential): Node {
  const dim = domain.lower.length;
  const vars =
    names ?? (dim <= LETTERS.length ? LETTERS.slice(0, dim) : Array.from({ length: dim }, (_, j) => `x${j + 1}`));
  const { gradient } = compile(text, { vars });
  const point = new Float64Array(dim);
  const slope = new Float64Array(dim);
  const isNothing = (x: Float64Array): boolean => gradient(x, slope) === 0 && slope.every((g) => g === 0);
  const { x: looks } = uniformPoints(domain, key(0), LOOKS);
  if (Array.from({ length: LOOKS }, (_, i) => looks.subarray(i * dim, (i + 1) * dim)).every(isNothing))
    throw inputError("--node", `${text} vanishes everywhere`, "give a formula that is 0 on a surface");
  return {
    name: text,
    distance({ n, x }, out) {
      for (let i = 0, row = 0; i < n; i++, row += dim) {
        for (let j = 0; j < dim; j++) point[j] = x[row + j];
        const g = gradient(point, slope);
        let square = 0;
        for (let j = 0; j < dim; j++) square += slope[j] * slope[j];
        out[i] = square > 0 ? g / Math.sqrt(square) : g === 0 ? 0 : Math.sign(g) * Number.MAX_VALUE;
        if (Number.isNaN(out[i])) throw inputError("--node", `${text} is no number at ${Array.from(point).join(", ")}`);
      }
    },
  };
}
