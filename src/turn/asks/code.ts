/** Code blocks of procedures. They only calculate, so that running one again is harmless and gives the same. */
import type { CallError } from "../../domain/call.ts";
import { project } from "../../domain/typed-value.ts";
import { own } from "../../lib/own.ts";
import type { CodeBlock, Procedure } from "../../procedure/definition.ts";
import { returnedBy } from "../../procedure/returned-by.ts";
import type { CodeFault, CodeResult } from "../../sandbox/job.ts";
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
    const code = found === null ? undefined : own(found.code, request.block);
    return {
      effect: null,
      inFlightMs: null,
      async run({ signal, fence }) {
        if (found === null || code === undefined) return { result: missing(request), uncertain: false };
        const { inputs: inputNames, source } = code;
        const { inputs, now } = request;
        const ended = await runCode(
          { source, inputNames, inputs, now },
          { signal: AbortSignal.any([signal, fence.signal]) },
        );
        return { result: answerOf(ended, code, found), uncertain: false };
      },
    };
  },
});

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
