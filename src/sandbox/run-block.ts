/** Runs one block in an engine of its own, which is dropped with all that the run left in it. */
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from "quickjs-emscripten-core";
import { type CodeResult, faulty, type ThreadJob, tooLong } from "./job.ts";
import { answerCall, libraryAt } from "./library.ts";
import { RESULT_BYTES, STACK_BYTES } from "./limits.ts";
import { type BlockEnd, PRELUDE, type ThrownError } from "./prelude.ts";
import { startStopwatch } from "./stopwatch.ts";
import { BLOCK_FILE, syntaxFault, thrownFault, tooMuchMemory } from "./thrown.ts";

const NAME = /^[A-Za-z_$][\w$]*$/;

/** Runs a block until it ends or its time is over; a single long step of the engine is not interrupted. */
export function runBlock(engine: QuickJSWASMModule, job: ThreadJob): CodeResult {
  const nameless = job.inputNames.find((name) => !NAME.test(name));
  if (nameless !== undefined) return faulty("syntax", `An input can't have the name ${JSON.stringify(nameless)}.`);
  const context = engine.newRuntime({ maxStackSizeBytes: STACK_BYTES }).newContext();
  const run = prepare(context, job.now);
  const watch = startStopwatch(job.timeoutMs);
  context.runtime.setInterruptHandler(() => watch.read());
  const result = evaluate(context, run, job);
  return watch.over() ? tooLong(job.timeoutMs) : result;
}

function evaluate(context: QuickJSContext, run: QuickJSHandle, job: ThreadJob): CodeResult {
  const lines = job.source.split("\n").length;
  // In one line with the first of the block, so that lines count from it.
  const text = `(function (${job.inputNames.join(", ")}) { "use strict"; ${job.source}\n})`;
  const compiled = context.evalCode(text, BLOCK_FILE);
  if (compiled.error !== undefined) return syntaxFault(dumped(context, compiled.error), lines);
  const inputs = context.newString(job.inputs);
  const ended = context.callFunction(run, context.undefined, compiled.value, inputs);
  // All that a block throws is told in the result, unless there is no memory left to tell it.
  const end = ended.error === undefined ? context.getString(ended.value) : "";
  return end === "" ? tooMuchMemory : resultOf(JSON.parse(end) as BlockEnd, lines);
}

/** Evaluates the prelude; returns the function that runs a block. */
function prepare(context: QuickJSContext, now: string): QuickJSHandle {
  const library = libraryAt(now);
  const door = context.newFunction("library", (name, values) =>
    context.newString(answerCall(library, context.getString(name), context.getString(values))),
  );
  const names = context.newString(JSON.stringify(Object.keys(library)));
  const prelude = context.unwrapResult(context.evalCode(PRELUDE, "library"));
  return context.unwrapResult(context.callFunction(prelude, context.undefined, door, names));
}

function resultOf(end: BlockEnd, lines: number): CodeResult {
  if ("threw" in end) return thrownFault(end.threw, lines);
  if ("refused" in end) return faulty("not_json", `${end.refused}; it has to be plain JSON.`);
  if (Buffer.byteLength(JSON.stringify(end.value)) <= RESULT_BYTES) return { ok: true, value: end.value };
  return faulty("not_json", `The result has more than ${RESULT_BYTES / 1_000} kB.`);
}

/** An error from before the run, most often the engine's own; a text that breaks out of its function may throw anything. */
function dumped(context: QuickJSContext, error: QuickJSHandle): ThrownError {
  const thrown = (context.dump(error) ?? {}) as { readonly [Key in keyof ThrownError]?: unknown };
  return { name: textOf(thrown.name), message: textOf(thrown.message), stack: textOf(thrown.stack) };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
