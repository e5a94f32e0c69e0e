/** Code blocks of procedures. They only calculate, so that running one again is harmless and gives the same. */
import type { CallError } from "../../domain/call.ts";
import { project } from "../../domain/typed-value.ts";
import { own } from "../../lib/own.ts";
import type { CodeBlock, Procedure } from "../../procedure/definition.ts";
import { returnedBy } from "../../procedure/returned-by.ts";
import type { CodeFault, CodeJob, CodeResult } from "../../sandbox/job.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { AskAnswer, CodeAsk } from "../core/ask.ts";
import { type AskHandler, failedAnswer } from "./kind.ts";

export interface CodeHandlerOptions {
  /** The procedure of that id in that release; null where there is none. */
  procedure: (release: number, id: string) => Promise<Procedure | null>;
  runCode: Sandbox["run"];
}

export const codeHandler = ({ procedure, runCode }: CodeHandlerOptions): AskHandler<"code"> => ({
  async prepare(request, release) {
    const found = await procedure(release, request.procedure);
    return {
      effect: null,
      inFlightMs: null,
      async run({ signal, fence }) {
        const either = AbortSignal.any([signal, fence.signal]);
        const result = await answerCode(request, {
          procedure: found,
          runCode: (job) => runCode(job, { signal: either }),
        });
        return { result, uncertain: false };
      },
    };
  },
});

/** Runs a block of a procedure; null: the release has no such procedure. */
export async function answerCode(
  request: CodeAsk,
  { procedure, runCode }: { procedure: Procedure | null; runCode: (job: CodeJob) => Promise<CodeResult> },
): Promise<AskAnswer<"code">> {
  const code = procedure === null ? undefined : own(procedure.code, request.block);
  if (procedure === null || code === undefined) return missing(request);
  const { inputs, now } = request;
  const ended = await runCode({ source: code.source, inputNames: code.inputs, inputs, now });
  return answerOf(ended, code, procedure);
}

/** The answer with a result of the declared type, or with the block's fault. */
function answerOf(ended: CodeResult, { returns }: CodeBlock, { types }: Procedure): AskAnswer<"code"> {
  if (!ended.ok) return { ok: false, error: errorOf(ended.fault) };
  const type = returnedBy(types, returns);
  if (type === null) return failedAnswer("bad_input", `There is no type ${returns} in this release.`);
  const typed = project(ended.value, type, { at: returns, undeclared: "refuse" });
  return typed.ok ? typed : failedAnswer("bad_answer", `Its result is not as declared: ${typed.fault}.`);
}

/** A block's fault is its own, so that it would fail again. */
function errorOf({ kind, message }: CodeFault): CallError {
  switch (kind) {
    case "timeout":
      return { reason: "timeout", message, retryable: false };
    case "cancelled":
      return { reason: "cancelled", message, retryable: true };
    case "memory":
    case "threw":
    case "syntax":
    case "not_json":
      return { reason: "bad_answer", name: kind, message, retryable: false };
  }
}

const missing = ({ procedure, block }: CodeAsk): AskAnswer<"code"> =>
  failedAnswer("bad_input", `There is no code block ${block} of the procedure ${procedure} in this release.`);
