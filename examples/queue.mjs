// A noisy simulation: three service stations in a row. Customers arrive at random, one a minute on average; each station
// serves one at a time, at a rate that costs money; waiting costs money too. What a choice of rates costs is known only
// from simulated days. The truth is known in closed form: by Burke's theorem each station is an M/M/1 queue with
// 1/(μ − λ) minutes a customer, so that μ = λ + √(λ w/c) is best and costs Σ c λ + 2 √(λ w c).
// J. R. Jackson, Operations Research 5, 518 (1957); P. J. Burke, Operations Research 4, 699 (1956).
import { minimize } from "wick";
import { fold, key, uniform } from "wick/math";
import { budget, verdict } from "./verdict.mjs";

const arrival = 1;
const wait = 1; // a customer's minute
const price = [0.25, 0.5, 1]; // of a unit of rate
const customers = 2000;
const seed = key(7);

let days = 0;

/** The cost per minute, over a day that begins in the stationary state, as its first customer meets it. */
function simulated(rates) {
  const draw = fold(seed, days++);
  let n = 0;
  const exponential = (rate) => -Math.log(1 - uniform(draw, n++)) / rate;
  const free = rates.map(() => 0);
  const serve = (arrived, first) => {
    let time = arrived;
    for (let s = first; s < rates.length; s++) {
      time = Math.max(time, free[s]) + exponential(rates[s]);
      free[s] = time;
    }
    return time;
  };
  // the customers that are there when the day begins; the last station's stand before all others
  for (let s = rates.length - 1; s >= 0; s--) while (uniform(draw, n++) < arrival / rates[s]) serve(0, s);
  let [clock, waited] = [0, 0];
  for (let i = 0; i < customers; i++) {
    waited += serve(clock, 0) - clock;
    clock += exponential(arrival);
  }
  return rates.reduce((sum, rate, s) => sum + price[s] * rate, 0) + (wait * arrival * waited) / customers;
}

const truth = (rates) => rates.reduce((sum, rate, s) => sum + price[s] * rate + (wait * arrival) / (rate - arrival), 0);
const known = truth(price.map((c) => arrival + Math.sqrt((arrival * wait) / c)));

const { best, evaluations } = await minimize(simulated, {
  domain: [
    [1.2, 6],
    [1.2, 6],
    [1.2, 6],
  ],
  noise: "auto",
  budget: budget(20_000),
});
console.log(
  `rates ${best.x.map((r) => r.toFixed(3)).join(" ")}; ${best.value.toFixed(4)} ± ${best.error.toFixed(4)} claimed`,
);
verdict("queue", { found: truth(best.x), known, within: 0.01 * known, evaluations });
