import { expect, test } from "vitest";
import { isSecondsTurn } from "../../src/core/turns.ts";

test.each([
  [undefined, 0.25, 0.25],
  [0, 0.25, 0.25 / Math.E],
  [1, 0.25, 0.25 * Math.E],
  [undefined, 1, 1],
] as const)("two share by Softmax: %s lies lower, π = %f, the second has %f of the first's", (lower, prior, share) => {
  const spent = [0, 0];
  for (let n = 0; n < 20_000; n++) spent[isSecondsTurn(spent, lower, prior) ? 1 : 0]++;
  expect(spent[1] / spent[0]).toBeCloseTo(share, 2);
});
