/** Tunneling against thermal hopping (H8): evaluations until a quarter has crossed a barrier, over a hundred paired seeds. */
import { tunneling } from "../src/tasks/tunneling.ts";

const SEEDS = 100;
const BUDGET = 4e5;

export async function bench() {
  const { rows, verdict, reason } = await tunneling({ seeds: SEEDS, budget: BUDGET });
  return {
    name: `tunneling: medians of ${SEEDS} seeds with 95 % intervals; H8 ${verdict}: ${reason}`,
    rows: rows.map(({ height, width, dim, exact, passages }) => ({
      "height/D": height,
      width,
      dim,
      "thermal, exact": Math.round(exact.thermal),
      "imaginary time, exact": Math.round(exact.imaginary),
      ...Object.fromEntries(
        passages.map(({ dynamics, median, low, high, crossed }) => [
          dynamics,
          crossed < 0.5 ? `> ${BUDGET}` : `${Math.round(median)} (${Math.round(low)}–${Math.round(high)})`,
        ]),
      ),
    })),
  };
}
