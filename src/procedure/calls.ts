/** Calls of connectors: requested after their guards, prefetched where a step names a read, and their results kept. */
import type { CallResult } from "../domain/call.ts";
import { own } from "../lib/own.ts";
import { over } from "./activation.ts";
import type { Command, Refusal } from "./command.ts";
import { openConfirm } from "./confirm.ts";
import type { UseRule } from "./definition.ts";
import { setField, unsetField } from "./fields.ts";
import { guardCall, type Passed, usedName } from "./guards/call.ts";
import { evidenceFor, evidenceWords } from "./guards/evidence.ts";
import { actionsOf } from "./reading.ts";
import type { CallRecord, Exchange, OpenAsk, PreparedCall } from "./run.ts";
import {
  active,
  changeActive,
  changeRun,
  evaluated,
  fieldValue,
  journal,
  type Move,
  mint,
  on,
  progressed,
  type Work,
  wait,
} from "./work.ts";

type UseCommand = Extract<Command, { kind: "use" }>;
type CallAsk = Extract<OpenAsk, { kind: "call" }>;

/** Takes a call through its guards. `confirmed`: what the customer has just agreed to, as in PreparedCall. */
export function useOperation(work: Work, command: UseCommand, confirmed: string | null = null): Move | Refusal {
  const passed = guardCall(work, command.operation, command.args);
  switch (passed.kind) {
    case "refused":
      return passed.refusal;
    case "stale":
      return readAgain(work, command, passed.read);
    case "approval":
      return handToApprovers(work, command, passed.queue);
    case "pass":
      break;
  }
  const { call, rule, operation } = passed;
  const write = operation.kind === "write";
  if (!write && isKnown(work, call, rule)) return on;
  if (write && rule.confirm && call.exact !== confirmed) return openConfirm(work, { call, operation });
  if (write) journalEvidence(work, rule);
  request(work, { call, write });
  return wait;
}

/** True for a read that has just been made with the same arguments; the decider gets what it answered. */
function isKnown(work: Work, { operation, exact, args }: PreparedCall, { freshMs }: UseRule): boolean {
  const here = active(work);
  const before = own(here?.at.calls ?? {}, operation);
  if (here === null || before?.outcome !== "done" || before.exact !== exact) return false;
  if (Date.parse(work.world.now) - Date.parse(before.at) > freshMs) return false;
  const fields = Object.values(here.procedure.fields);
  const kept = fields.find(({ from }) => from.kind === "connector" && from.operation === operation);
  const value = kept === undefined ? null : (fieldValue(work, kept.name)?.value ?? null);
  changeRun(work, {
    exchange: [...work.run.exchange, { command: { kind: "use", operation, args }, result: { ok: true, value } }],
    news: true,
  });
  return true;
}

/** A rule refers to an answer that is too old: the read is made again, then the command is tried again. */
function readAgain(work: Work, command: UseCommand, read: string): Move | Refusal {
  journal(
    work,
    "guard.stale",
    `${command.operation} rests on an answer of ${read} that is too old, so it is read again`,
  );
  const again = guardCall(work, read, {});
  if (again.kind !== "pass") return refusalOf(again, read);
  changeRun(work, { queue: [command, ...work.run.queue] });
  request(work, { call: again.call, write: false, fresh: true });
  return wait;
}

const refusalOf = (passed: Exclude<Passed, { kind: "pass" }>, read: string): Refusal =>
  passed.kind === "refused" ? passed.refusal : { rule: "limit", message: `${read} can't be read again.` };

/** Approvals by people come with a handoff: the case has what they need to decide and act. */
function handToApprovers(work: Work, { operation }: UseCommand, queue: string): Move {
  journal(work, "guard.approve", `${operation} needs the approval of ${queue}, so they get the case`);
  const because = `${operation} needs approval`;
  return over(work, { kind: "handoff", to: queue, reason: "policy", because, summary: "" });
}

/** Tells what a write rests on; one that rests on no answer of a connector is marked. */
function journalEvidence(work: Work, rule: UseRule): void {
  const evidence = evidenceFor(work, rule);
  const blind = evidence.every(({ read }) => read === null);
  journal(work, blind ? "call.blind" : "call.evidence", `${rule.operation} rests on ${evidenceWords(evidence)}`);
}

interface Requested {
  call: PreparedCall;
  write: boolean;
  /** True where an earlier answer, kept by the connector, will not do. */
  fresh?: true;
}

function request(work: Work, { call, write, fresh }: Requested): void {
  const ask = mint(work);
  const { operation, args } = call;
  const { counted, asks } = work.run;
  const once = onceOf(work, call);
  changeRun(work, {
    counted: { ...counted, [operation]: (own(counted, operation) ?? 0) + 1 },
    asks: [...asks, { kind: "call", ask, operation, write, call, once }],
  });
  journal(work, "call.requested", `Called ${operation}`);
  const again = fresh === undefined ? {} : { fresh };
  const trial = active(work)?.procedure.status === "draft" ? ({ sandbox: true } as const) : {};
  work.effects.push({ kind: "call", ask, operation, args, key: ask, ...again, ...trial });
}

/**
 * Calls the reads that the step names outside its branches and that need nothing more, side by side. True: some are under
 * way.
 */
export function prefetch(work: Work): boolean {
  const here = active(work);
  const step = here?.procedure.steps.find(({ id }) => id === here.at.step);
  if (here === null || step === undefined) return false;
  const prose = step.body.filter(({ kind }) => kind === "prose");
  const named = actionsOf(prose).flatMap((action) => (action.kind === "use" ? [action.operation] : []));
  for (const operation of new Set(named)) {
    if (work.world.operation(operation)?.kind !== "read" || own(here.at.calls, operation) !== undefined) continue;
    if (isUnderWay(work, operation)) continue;
    const passed = guardCall(work, operation, {});
    if (passed.kind === "pass") request(work, { call: passed.call, write: false });
  }
  return work.run.asks.some(({ kind }) => kind === "call");
}

const isUnderWay = ({ run }: Work, operation: string): boolean =>
  run.asks.some((one) => one.kind === "call" && one.operation === operation);

/** Keeps the result of a call. */
export function onCallResult(work: Work, ask: CallAsk, result: CallResult): Move {
  const { operation, write } = ask;
  const record = recordOf(work, ask, result);
  changeActive(work, { calls: { ...work.run.stack.at(-1)?.calls, [operation]: record } });
  tellDecider(work, ask, result);
  if (result.ok) {
    journal(work, "call.done", `${operation} ${write ? "was done" : "answered"}`);
    progressed(work);
    keepResult(work, operation, result.value);
    if (write) afterWrite(work, ask);
    return on;
  }
  journal(work, `call.${record.outcome}`, `${operation}: ${result.error.message}`);
  if (!write) forgetResult(work, operation);
  if (record.outcome === "unknown") return onUnknown(work, ask);
  if ((result.error.name ?? "") !== "") return on;
  const because = `${operation} failed: ${result.error.message}`;
  return over(work, { kind: "handoff", to: "", reason: "failure", because, summary: "" });
}

function recordOf(work: Work, { call }: CallAsk, result: CallResult): CallRecord {
  const base = { exact: call.exact, at: work.world.now };
  if (result.ok) return { ...base, outcome: "done", error: "" };
  const error = result.error.name ?? result.error.reason;
  return { ...base, outcome: result.error.reason === "ambiguous" ? "unknown" : "failed", error };
}

/** A write whose outcome nobody knows is not tried again, and a person takes over. */
function onUnknown(work: Work, ask: CallAsk): Move {
  markUsed(work, ask);
  const because = `It is unknown whether ${ask.operation} was done`;
  return over(work, { kind: "handoff", to: "", reason: "failure", because, summary: "" });
}

/** The time of an answer that may not be right any more. */
const LONG_AGO = new Date(0).toISOString();

/** What was read of the same connector before a write may have changed: rules that refer to it read it again. */
function afterWrite(work: Work, ask: CallAsk): void {
  markUsed(work, ask);
  const system = `${ask.operation.split(".")[0]}.`;
  const stack = work.run.stack.map((at) => {
    const calls = Object.entries(at.calls).map(([name, call]) => {
      const isRead = name.startsWith(system) && work.world.operation(name)?.kind === "read";
      return [name, isRead ? { ...call, at: LONG_AGO } : call] as const;
    });
    return { ...at, calls: Object.fromEntries(calls) };
  });
  changeRun(work, { stack });
}

/** What a call uses up by `once_per`; null: nothing. */
function onceOf(work: Work, { operation, args }: PreparedCall): string | null {
  const rule = own(active(work)?.procedure.uses ?? {}, operation);
  return rule?.oncePer == null ? null : usedName(operation, evaluated(work, rule.oncePer, { args }));
}

function markUsed(work: Work, { once }: CallAsk): void {
  if (once !== null) changeRun(work, { used: [...work.run.used, once] });
}

/** Sets the fields that come from this operation. */
function keepResult(work: Work, operation: string, value: unknown): void {
  for (const field of Object.values(active(work)?.procedure.fields ?? {})) {
    if (field.from.kind === "connector" && field.from.operation === operation)
      setField(work, field, { value, quote: "" });
  }
}

/** Forgets what an earlier answer of a read said, since it does not say so any more. */
function forgetResult(work: Work, operation: string): void {
  for (const field of Object.values(active(work)?.procedure.fields ?? {})) {
    if (field.from.kind === "connector" && field.from.operation === operation) unsetField(work, field);
  }
}

/** Adds a call's result to what the model reads next. */
function tellDecider(work: Work, { operation, call }: CallAsk, result: CallResult): void {
  const command: Command = { kind: "use", operation, args: call.args };
  const told: Exchange["result"] = result.ok
    ? { ok: true, value: result.value }
    : { ok: false, message: result.error.message };
  changeRun(work, { exchange: [...work.run.exchange, { command, result: told }], news: true });
}
