/**
 * Measures the cost of a message, from POST to delivered, beside the cost of its parts; see README.md. A run interleaves
 * all subjects, because rates vary twofold with the machine's other load: trust the ratios within a run.
 */
import { parseArgs } from "node:util";
import { build } from "./build.ts";
import { table } from "./report.ts";
import { runBench } from "./run.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "4000" },
    threads: { type: "string", default: "400" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

await build();
const result = await runBench({
  messages: Number(values.messages),
  threads: Number(values.threads),
  rounds: Number(values.rounds),
  say: (words) => process.stderr.write(`${words}\n`),
});
process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : table(result));
