#!/usr/bin/env node
import("../dist/cli/main.js").then(
  ({ main }) => main(process.argv.slice(2)),
  (error) => {
    const unbuilt = error?.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("dist");
    console.error(unbuilt ? "wick: not built yet; run `npm run build`" : error);
    process.exitCode = 1;
  },
);
