/** Makes one attempt of a call to a function of a module: typed and bounded like a call over HTTP. */
import type { CallError, CallResult } from "../domain/call.ts";
import type { ModuleManifest, ModuleOperation } from "../domain/connector-schema.ts";
import { beforeAbort } from "../lib/before-abort.ts";
import { own } from "../lib/own.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { argumentsOf, type BadCall } from "./arguments.ts";
import type { AttemptOptions, AttemptOutcome } from "./attempt.ts";
import type { ModuleExports } from "./modules.ts";
import { unknownOutcome, valueOutcome } from "./outcome.ts";
import { redactOutcome } from "./redact-outcome.ts";
import { NO_SANDBOX, type Requested } from "./request.ts";

/** An exported function, as its module declares it. */
type Exported = (input: Readonly<Record<string, unknown>>, context: ModuleContext) => unknown;

/** The second argument of every function. */
export interface ModuleContext {
  /** Aborted at the deadline, and when nobody wants the answer any more. */
  signal: AbortSignal;
  /** The same for every attempt of one call. */
  key: string;
  /** The secrets that the manifest names, by its names for them. */
  secrets: Readonly<Record<string, string>>;
}

export interface ModuleCall {
  call: Exported;
  input: Readonly<Record<string, unknown>>;
  key: string;
  secrets: Readonly<Record<string, string>>;
}

/** Finds the function and checks its arguments; a fault is one sentence naming what is missing. */
export function moduleCallFor(
  manifest: ModuleManifest,
  operation: ModuleOperation,
  { exports, given }: { exports: ModuleExports; given: Requested },
): Result<ModuleCall, BadCall> {
  if (given.sandbox === true && operation.kind === "write") {
    const message = `This is a trial, and ${manifest.id} is a module, which has no sandbox, so nothing was changed there.`;
    return fail({ message, name: NO_SANDBOX });
  }
  const args = argumentsOf(operation, given);
  if (!args.ok) return args;
  const call = own(exports, operation.name);
  if (typeof call !== "function")
    return fail({ message: `${manifest.module} exports no function ${operation.name}.`, name: "" });
  const secrets: [string, string][] = [];
  for (const [name, ref] of Object.entries(manifest.secrets)) {
    const secret = given.secrets(ref);
    if (!secret.ok) return fail({ message: secret.fault, name: "" });
    secrets.push([name, secret.value]);
  }
  return ok({ call: call as Exported, input: args.value, key: given.key, secrets: Object.fromEntries(secrets) });
}

/** Calls the function once. Throws only on bugs of ours. */
export async function attemptModule(
  operation: ModuleOperation,
  { call, input, key, secrets }: ModuleCall,
  options: AttemptOptions & { onFault?: ((error: unknown) => void) | undefined },
): Promise<AttemptOutcome> {
  if (options.mayLeave?.() === false) return HELD_BACK;
  const timeoutMs = options.timeoutMs ?? operation.timeoutMs;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const called = (async () => ({ value: await call(structuredClone(input), { signal, key, secrets }) }))();
  let outcome: AttemptOutcome;
  try {
    const done = await beforeAbort(called, signal);
    outcome =
      done === null
        ? unanswered(operation, { timeoutMs, late: deadline.aborted })
        : settled(valueOf(operation, done.value));
  } catch (error) {
    outcome = failed(operation, { error, onFault: options.onFault });
  }
  return redactOutcome(outcome, Object.values(secrets));
}

const HELD_BACK: AttemptOutcome = {
  result: failure({
    reason: "timeout",
    message: "The call was held back, since its claim had lapsed.",
    retryable: true,
  }),
  status: null,
  uncertain: false,
  answered: null,
};

function failure(error: CallError): CallResult {
  return { ok: false, error };
}

const settled = (result: CallResult): AttemptOutcome => ({ result, status: null, uncertain: false, answered: true });

/** A function that finds nothing gives null. */
function valueOf(operation: ModuleOperation, value: unknown): CallResult {
  if (operation.returns !== null && (value === null || value === undefined))
    return failure({ reason: "not_found", message: "It was not found there.", retryable: false });
  return valueOutcome(operation, jsonOf(value));
}

/** The value as JSON has it; undefined where it has none, which no declared type fits. */
function jsonOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    return undefined;
  }
}

function unanswered(operation: ModuleOperation, o: { timeoutMs: number; late: boolean }): AttemptOutcome {
  const message = o.late ? `There was no answer within ${o.timeoutMs} ms.` : "The call was aborted.";
  const result = unknownOutcome(operation, { reason: "timeout", message });
  return { result, status: null, uncertain: true, answered: o.late ? false : null };
}

/** A declared code says that nothing was done; after any other error nobody knows. */
function failed(
  operation: ModuleOperation,
  { error, onFault }: { error: unknown; onFault: ((error: unknown) => void) | undefined },
): AttemptOutcome {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (operation.errors.includes(code))
    return settled(failure({ reason: "refused", name: code, message: `It answered ${code}.`, retryable: false }));
  onFault?.(error);
  const kind = error instanceof Error ? error.name : typeof error;
  const result = unknownOutcome(operation, { reason: "server_error", message: `Its function failed (${kind}).` });
  return { result, status: null, uncertain: true, answered: false };
}
