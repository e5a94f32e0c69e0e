/**
 * The handler of the answer lane: reads an ask, and runs it in a slot of its bulkhead (E5). An ask that is only given up
 * needs no slot, nor does one that can't be read.
 */
import { z } from "zod";
import { batch } from "../../lib/batch.ts";
import { readAsks, type WaitingAsk } from "../../store/asks.ts";
import { bulkheadOf, readRequest, rulesOf } from "../core/ask.ts";
import { createBulkheads } from "./bulkheads.ts";
import { type Asked, type AskRunnerOptions, createAskRunner } from "./runner.ts";

/** Creates the handler of the answer lane; its keys are the asks' ids. */
export function createAskHandler(o: AskRunnerOptions): (ask: string, signal: AbortSignal) => Promise<void> {
  const run = createAskRunner(o);
  const bulkheads = createBulkheads((id) => o.lanes.wake("answer", id));
  const read = batch((ids: readonly string[]) => readAsks(o.db, ids));
  return async (id, signal) => {
    const waiting = await read(id);
    if (waiting === null) return bulkheads.leave(id);
    const asked = askedOf(waiting, signal);
    const { request, rules, over } = asked;
    if (request === null || over) {
      bulkheads.leave(id);
      return run(asked);
    }
    await bulkheads.run(id, { bulkhead: bulkheadOf(request), slots: rules.concurrency }, () => run(asked));
  };
}

/** Throws UnknownAskKind: a process of its own version answers it, so it stays pending. */
function askedOf(waiting: WaitingAsk, stopping: AbortSignal): Asked {
  const { id, release } = waiting;
  try {
    const request = readRequest(waiting.request);
    const rules = rulesOf(request.kind);
    return {
      id,
      release,
      request,
      fault: "",
      rules,
      over: waiting.over || waiting.attempts >= rules.attempts,
      stopping,
    };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const fault = `The request can't be read: ${z.prettifyError(error)}`;
    return { id, release, request: null, fault, rules: rulesOf("call"), over: waiting.over, stopping };
  }
}
