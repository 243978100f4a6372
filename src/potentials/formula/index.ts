/** Formulas as potentials: ζ(x) written as text, such as `x^4 - 3*x^2 + y^2`, with its exact gradient. */
import { inputError } from "../../core/errors.ts";
import { box, type Domain, type Potential, potential } from "../../core/problem.ts";
import { compile, type FormulaOptions } from "./compile.ts";

export { compile, type Formula, type FormulaOptions } from "./compile.ts";
export { checkLimits, type Limit, limit } from "./constraint.ts";

/**
 * The potential of a formula; it answers `value` and `gradient`, and its `names` are the variables.
 * @param options `vars` and `params` as for {@link compile}; `domain` is [−5, 5] on every axis, open, if left out
 * @throws as {@link compile} does, and where the domain has another dimension than the formula
 * @example formula("lam*(x^2 - 1)^2", { params: { lam: 0.1 }, domain: box(1, -2, 2) })
 */
export function formula(
  text: string,
  options: FormulaOptions & { readonly domain?: Domain | undefined } = {},
): Potential {
  const { names, value, gradient } = compile(text, options);
  const domain = options.domain ?? box(names.length, -5, 5);
  if (domain.lower.length !== names.length)
    throw inputError(
      "domain",
      `has ${domain.lower.length} axes where the formula has ${names.length} variables (${names.join(", ")})`,
      "give one axis for each variable",
    );
  return potential({ name: text.trim(), domain, value, gradient, names });
}
