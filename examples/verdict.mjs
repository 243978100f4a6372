// What the examples end with: a line that sets what was found beside what is known, and a status that scripts can read.
// BUDGET in the environment makes an example shorter than it is by itself.
export const budget = (full) => Number(process.env.BUDGET ?? full);

/** Prints `name: found …`; the exit status is 1 where the gap between `found` and `known` is above `within`. */
export function verdict(name, { found, known, within, evaluations }) {
  const gap = Math.abs(found - known);
  const seconds = performance.now() / 1000;
  console.log(
    `${name}: found ${found}, known ${known}, gap ${gap.toExponential(1)}, ` +
      `evaluations ${evaluations}, seconds ${seconds.toFixed(1)}`,
  );
  if (gap <= within) return;
  console.error(`${name}: the gap is above ${within}`);
  process.exitCode = 1;
}
