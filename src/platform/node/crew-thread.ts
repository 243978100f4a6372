/** A thread of a crew: it serves one kernel after another, each until the kernel closes. */
import { parentPort } from "node:worker_threads";
import { sharedInstance } from "../../kernels/instance.ts";
import type { Order } from "./crew.ts";

parentPort?.on("message", ({ module, memory, at }: Order) => {
  sharedInstance(module, memory).serve(at);
});
