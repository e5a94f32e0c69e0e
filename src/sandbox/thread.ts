/** The thread's program: runs one block after another. Only its files load the engine. */
import { on } from "node:events";
import { parentPort as port } from "node:worker_threads";
import { loadEngine } from "./engine.ts";
import type { ThreadJob } from "./job.ts";
import { runBlock } from "./run-block.ts";

if (port === null) throw new Error("This is the program of a thread; openThread starts it");
const newEngine = await loadEngine();
// The first run takes many times as long as later ones, and none should be charged for it.
runBlock(await newEngine(), { source: "return 0", inputNames: [], inputs: "[]", now: "", timeoutMs: 0 });
port.postMessage("ready");
for await (const [job] of on(port, "message")) port.postMessage(runBlock(await newEngine(), job as ThreadJob));
