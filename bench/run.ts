/** What the runner costs: time and memory of a long run on a cheap objective. */
import { minimize } from "../src/index.ts";

const EVALUATIONS = 1_000_000;
/** MB of memory that a run must stay below. */
const MUST = 300;

/** A million evaluations of a formula in one run, by each engine that needs values only. */
export async function bench() {
  const rows = [];
  for (const engine of ["packets", "random", "mqhoa"]) {
    globalThis.gc?.();
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 50);
    const begun = performance.now();
    const formula = "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)";
    const { evaluations } = await minimize({ formula }, { engine, budget: EVALUATIONS, gradient: false });
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(watch);
    peak = Math.max(peak, process.memoryUsage().rss);
    rows.push({
      engine,
      evaluations,
      seconds: Number(seconds.toFixed(2)),
      "µs/evaluation": Number(((1e6 * seconds) / evaluations).toFixed(2)),
      "peak MB": Math.round(peak / 2 ** 20),
      must: `< ${MUST} MB`,
      reached: peak < MUST * 2 ** 20 ? "yes" : "no",
    });
  }
  return { name: "a million evaluations of a formula in one run (the whole process's memory)", rows };
}
