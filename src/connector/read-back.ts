/**
 * Finds out what came of a write whose answer was lost, by the read that its `read_back:` names.
 *
 * 1. A write that is seen was made.
 * 2. One that is not seen may still be under way. It was not made if a read that began `within:` after the answer was
 *    lost does not see it.
 * 3. A read that fails, or whose answer does not tell, settles nothing.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { CallError, CallResult } from "../domain/call.ts";
import {
  type ConnectorManifest,
  type ConnectorOperation,
  operationOf,
  type ReadBack,
} from "../domain/connector-schema.ts";
import { project } from "../domain/typed-value.ts";
import { compileExpression } from "../language/cel.ts";
import { own } from "../lib/own.ts";
import { argumentsOf } from "./arguments.ts";
import { type CallOptions, callOperation } from "./call.ts";

/** Our choice: most systems show a change at once; after that few reads are made. */
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/** What a read shows of the write; null: nothing that settles it. */
type Sight = { kind: "made"; value: unknown } | { kind: "unmade" } | null;

/** Returns the result of a write of unknown outcome; null: nobody can tell. Throws only on bugs. */
export async function settleWrite(
  manifest: ConnectorManifest,
  name: string,
  options: CallOptions,
): Promise<CallResult | null> {
  const write = operationOf(manifest, name);
  if (write?.readBack == null) return null;
  const { signal, nowMs = performance.now.bind(performance) } = options;
  const args = argumentsOf(write, options);
  if (!args.ok) return null;
  const lost = { readBack: write.readBack, args: args.value };
  const lostMs = nowMs();
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, MAX_WAIT_MS)) {
    const begunMs = nowMs();
    const sight = await look(manifest, lost, options);
    if (sight?.kind === "made") return madeResult(write, sight.value);
    const leftMs = lostMs + write.readBack.withinMs - begunMs;
    if (leftMs <= 0) return sight === null ? null : { ok: false, error: unmade(write.readBack) };
    const waited = await pause(Math.min(waitMs, leftMs), true, signal === undefined ? {} : { signal }).catch(
      () => false,
    );
    if (!waited) return null;
  }
}

interface Lost {
  readBack: ReadBack;
  /** The arguments of the write. */
  args: Readonly<Record<string, unknown>>;
}

async function look(manifest: ConnectorManifest, { readBack, args }: Lost, options: CallOptions): Promise<Sight> {
  const read = operationOf(manifest, readBack.operation);
  if (read === undefined) return null;
  const { timeoutMs: _, mayLeave: __, ...rest } = options;
  const input = inputOf(readBack, { args, key: options.key });
  const { result } = await callOperation(manifest, read.name, { ...rest, input, fresh: true });
  if (!result.ok) return result.error.reason === "not_found" ? { kind: "unmade" } : null;
  if (readBack.doneIf === null) return { kind: "made", value: result.value };
  const done = holds(readBack.doneIf, { answer: result.value, input: args });
  if (done === undefined) return null;
  return done ? { kind: "made", value: result.value } : { kind: "unmade" };
}

function inputOf(
  { with: sources }: ReadBack,
  { args, key }: Pick<Lost, "args"> & { key: string },
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(sources).map(([name, source]) => {
    switch (source.from) {
      case "idempotency_key":
        return [name, key] as const;
      case "input":
        return [name, own(args, source.name)] as const;
    }
  });
  return Object.fromEntries(entries);
}

/** The condition's value; undefined where a value is missing. It was checked when its manifest was read. */
function holds(source: string, values: Readonly<Record<string, unknown>>): boolean | undefined {
  const compiled = compileExpression(source, { locate: () => ({ line: 1, column: 1 }) });
  const value = compiled.ok ? compiled.value.evaluate(values) : undefined;
  return typeof value === "boolean" ? value : undefined;
}

function madeResult({ name, returns }: ConnectorOperation, seen: unknown): CallResult {
  if (returns === null) return { ok: true, value: null };
  const value = project(seen, returns, { at: "answer", undeclared: "drop" });
  if (value.ok) return value;
  const message = `${name} was made, but its answer was lost. The change itself was accepted.`;
  return { ok: false, error: { reason: "bad_answer", message, retryable: false } };
}

const unmade = ({ operation, withinMs }: ReadBack): CallError => ({
  reason: "unreachable",
  message: `There was no answer, and ${operation} shows no change within ${withinMs} ms, so it was not made.`,
  retryable: false,
});
