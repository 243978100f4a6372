// An objective as a program, in any language: one JSON line {"x":[…]} in, one JSON line {"value":…} out.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const [a, b] = JSON.parse(line).x;
  const value = (a * a + b - 11) ** 2 + (a + b * b - 7) ** 2;
  console.log(JSON.stringify({ value }));
}
