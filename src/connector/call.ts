/** Calls one operation of a connector: with retries, the circuit breaker, and answers that are still fresh. */
import { setTimeout as pause } from "node:timers/promises";
import type { CallResult } from "../domain/call.ts";
import type { ConnectorManifest, ConnectorOperation } from "../domain/connector-schema.ts";
import { type Breaker, createBreaker } from "../lib/breaker.ts";
import { sha256 } from "../lib/digest.ts";
import { own } from "../lib/own.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { type Answers, createAnswers } from "./answers.ts";
import { argumentsOf, type BadCall } from "./arguments.ts";
import type { AttemptOptions, AttemptOutcome } from "./attempt.ts";
import { attemptHttp } from "./http.ts";
import { attemptModule, moduleCallFor } from "./module.ts";
import { createModules, type Modules, type ModulesOptions } from "./modules.ts";
import { NO_SANDBOX, requestFor } from "./request.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** Random share added to each wait between attempts, so that callers do not all retry at once. */
const JITTER = 0.3;

/** All that a process keeps between calls. */
export interface CallMemory {
  breaker: Breaker;
  tokens: Tokens;
  answers: Answers;
  modules: Modules;
}

export const createCallMemory = (modules: ModulesOptions): CallMemory => ({
  breaker: createBreaker(),
  tokens: createTokens(),
  answers: createAnswers(),
  modules: createModules(modules),
});

export interface CallOptions extends Omit<AttemptOptions, "tokens" | "nowMs"> {
  memory: CallMemory;
  /** True where an earlier answer won't do, whatever `cache:` says. */
  fresh?: boolean | undefined;
  /** A clock that nobody sets; default: the process's. */
  nowMs?: () => number;
  /** Called with the error of a module's function; it may contain anything. */
  onFault?: (error: unknown) => void;
}

/** Data for the `connector_call` row. Contains no input, answer or secret. */
export interface CallRecord {
  result: CallResult;
  durationMs: number;
  /** HTTP status of the last attempt; null: there was no answer. */
  status: number | null;
  /** 0: nothing was sent, since the call can't be made or an earlier answer will do. */
  tries: number;
  /** True when a request left and nobody knows what came of it. */
  uncertain: boolean;
}

/** Calls an operation, with retries as the manifest's `retry` allows. Throws only on bugs. */
export async function callOperation(
  manifest: ConnectorManifest,
  name: string,
  options: CallOptions,
): Promise<CallRecord> {
  const { nowMs = performance.now.bind(performance) } = options;
  const begunMs = nowMs();
  const call = await answered(manifest, name, { ...options, nowMs, tokens: options.memory.tokens });
  return { ...call, durationMs: nowMs() - begunMs };
}

type TriedCall = Omit<CallRecord, "durationMs">;
type Trying = CallOptions & AttemptOptions;

/** A call that can be made. */
interface Ready {
  operation: ConnectorOperation;
  attempt: (options: Trying) => Promise<AttemptOutcome>;
}

async function answered(manifest: ConnectorManifest, name: string, options: Trying): Promise<TriedCall> {
  const ready = await readyCall(manifest, name, options);
  if (!ready.ok) return notCalled(ready.fault);
  const { operation } = ready.value;
  if (operation.kind === "write") return written(manifest.id, ready.value, options);
  return operation.cacheMs === null
    ? withRetries(manifest.id, ready.value, options)
    : cached(manifest, ready.value, options);
}

async function readyCall(manifest: ConnectorManifest, name: string, options: Trying): Promise<Result<Ready, BadCall>> {
  const missing = { message: `The connector ${manifest.id} has no operation ${name}.`, name: "" };
  switch (manifest.kind) {
    case "http": {
      const operation = own(manifest.operations, name);
      if (operation === undefined) return fail(missing);
      const request = requestFor(manifest, operation, options);
      if (!request.ok) return request;
      return ok({ operation, attempt: (o) => attemptHttp(operation, { request: request.value, options: o }) });
    }
    case "module": {
      const operation = own(manifest.operations, name);
      if (operation === undefined) return fail(missing);
      const exports = await options.memory.modules.load(manifest.module);
      if (!exports.ok) return fail({ message: exports.fault, name: "" });
      const call = moduleCallFor(manifest, operation, { exports: exports.value, given: options });
      if (!call.ok) return call;
      return ok({ operation, attempt: (o) => attemptModule(operation, call.value, o) });
    }
  }
}

function notCalled({ message, name }: BadCall): TriedCall {
  const reason = name === NO_SANDBOX ? "refused" : "bad_input";
  const error = { reason, ...(name === "" ? {} : { name }), message, retryable: false } as const;
  return { result: { ok: false, error }, status: null, tries: 0, uncertain: false };
}

/** What was read before a write may be so no longer, also where it was read while the write was under way. */
async function written(connector: string, ready: Ready, options: Trying): Promise<TriedCall> {
  const { answers } = options.memory;
  answers.drop(connector);
  const call = await withRetries(connector, ready, options);
  answers.drop(connector);
  return call;
}

async function cached(manifest: ConnectorManifest, ready: Ready, options: Trying): Promise<TriedCall> {
  const { operation } = ready;
  const { answers } = options.memory;
  const key = keyOf(manifest, operation, options);
  const atMs = options.nowMs();
  const found = options.fresh === true ? null : answers.get(key, { nowMs: atMs, maxAgeMs: operation.cacheMs ?? 0 });
  if (found !== null) return { result: { ok: true, value: found.value }, status: null, tries: 0, uncertain: false };
  const epoch = answers.epoch(manifest.id);
  const call = await withRetries(manifest.id, ready, options);
  if (call.result.ok) answers.keep(key, { connector: manifest.id, epoch, value: call.result.value, atMs });
  return call;
}

/** A digest of the manifest, the operation, its arguments, and the place that it is called at. */
function keyOf(manifest: ConnectorManifest, { name }: ConnectorOperation, options: Trying): string {
  const { operations, ...place } = manifest;
  const operation = own<ConnectorOperation>(operations, name);
  const args = operation === undefined ? null : argumentsOf(operation, options);
  return sha256(JSON.stringify([place, operation, options.sandbox === true, args]));
}

async function withRetries(connector: string, { operation, attempt }: Ready, options: Trying): Promise<TriedCall> {
  const { times, waitMs } = operation.retry ?? { times: 0, waitMs: 0 };
  const { signal, memory, nowMs } = options;
  let uncertain = false;
  for (let tries = 1; ; tries++) {
    const last = memory.breaker.admits(connector, nowMs()) ? await attempt(options) : paused(connector);
    if (last.answered !== null) memory.breaker.record(connector, last.answered, nowMs());
    const { result, status } = last;
    // A success tells what came of all attempts: they carry the same key, or change nothing.
    uncertain = !result.ok && (uncertain || last.uncertain);
    const again = !result.ok && result.error.retryable && tries <= times && signal?.aborted !== true;
    if (!again || !(await waitBeforeRetry(waitMs, signal))) return { result, status, tries, uncertain };
  }
}

function paused(connector: string): AttemptOutcome {
  const message = `${connector} failed to answer several times in a row, so calls are paused for a moment.`;
  const error = { reason: "unreachable", message, retryable: true } as const;
  return { result: { ok: false, error }, status: null, uncertain: false, answered: null };
}

/** Waits with jitter; resolves to false when the signal aborts. */
async function waitBeforeRetry(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  const jittered = ms * (1 + Math.random() * JITTER);
  return pause(jittered, true, signal === undefined ? {} : { signal }).catch(() => false);
}
