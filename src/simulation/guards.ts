/**
 * Watches over the guards from outside: it trusts nothing but what left, and what the customer wrote before.
 *
 * 1. A write that needs the customer's agreement leaves only on a message of theirs, after they were asked about exactly it.
 * 2. Values of the contact are those of the conversation's contact, and come from nowhere else.
 * 3. A procedure calls only what it lists.
 * 4. What may be done once per value is done once.
 */

import type { Contact } from "../domain/contact.ts";
import { identityOf } from "../domain/identity.ts";
import { newBudget } from "../language/budget.ts";
import { own } from "../lib/own.ts";
import type { UseRule } from "../procedure/definition.ts";
import { canonical } from "../procedure/guards/canonical.ts";
import type { ProcedureRun } from "../procedure/run.ts";
import type { Ask, CallAsk } from "../turn/core/ask.ts";
import type { Release } from "../turn/core/catalog.ts";
import type { Event } from "../turn/core/event.ts";
import type { TransitionOutcome } from "../turn/core/outcome.ts";

export interface Watch {
  /** Questions for agreement that were put and not declined. */
  asked: readonly { prompt: string; operation: string; input: string; event: number }[];
  /** Calls under way that count for `once_per`, by ask. */
  open: Readonly<Record<string, string>>;
  /** Values that are used up. */
  used: readonly string[];
  /** What was broken, in words. */
  broken: readonly string[];
}

export const NOTHING_SEEN: Watch = { asked: [], open: {}, used: [], broken: [] };

interface Seen {
  event: Event;
  outcome: TransitionOutcome;
  release: Release;
  /** The contact of the conversation. */
  contact: Contact;
}

/** Looks at one transition. */
export function watchGuards(watch: Watch, seen: Seen): Watch {
  let next = settled(watch, seen.event);
  for (const ask of seen.outcome.asks) {
    if (ask.request.kind === "call" && !seen.outcome.calledOff.includes(ask.id))
      next = withCall(next, { ask: { ...ask, request: ask.request }, seen });
  }
  return withQuestions(next, seen);
}

/** An answer settles if a value is used up: also where nobody knows if it was done. */
function settled(watch: Watch, event: Event): Watch {
  if (event.kind !== "answer") return watch;
  const value = own(watch.open, event.ask);
  const { result } = event;
  if (value === undefined || !(result.ok || result.error.reason === "ambiguous")) return watch;
  return { ...watch, used: [...watch.used, value] };
}

function withCall(
  watch: Watch,
  { ask, seen }: { ask: Omit<Ask, "request"> & { request: CallAsk }; seen: Seen },
): Watch {
  const { request, id } = ask;
  const operation = `${request.connector}.${request.operation}`;
  const run = seen.outcome.state.runs.find(({ procedure }) => procedure?.asks.some((one) => one.ask === id))?.procedure;
  const foreign = identityFault(request, { operation, seen });
  if (run === undefined) return broken(watch, foreign);
  const procedure = seen.release.procedures.find((one) => one.id === run.stack.at(-1)?.procedure);
  const rule = own(procedure?.uses ?? {}, operation);
  if (rule === undefined)
    return broken(watch, [
      ...foreign,
      `${operation} was called, and ${procedure?.id ?? "no procedure"} does not list it`,
    ]);
  const value = onceFor(rule, { run, request });
  const repeated = value !== null && watch.used.includes(value) ? [`${operation} was called again for ${value}`] : [];
  const next = broken(watch, [...foreign, ...repeated, ...agreementFault(watch, { rule, request, seen })]);
  return {
    ...next,
    asked: next.asked.filter((one) => one.operation !== operation),
    open: value === null ? next.open : { ...next.open, [id]: value },
  };
}

const broken = (watch: Watch, faults: readonly string[]): Watch => ({ ...watch, broken: [...watch.broken, ...faults] });

function identityFault(request: CallAsk, { operation, seen }: { operation: string; seen: Seen }): string[] {
  const paths = seen.release.operations.get(operation)?.identity ?? {};
  const given = Object.keys(request.input ?? {}).filter((name) => Object.hasOwn(paths, name));
  const expected = canonical(identityOf(seen.contact, paths));
  const differs = canonical(request.identity ?? {}) !== expected;
  return [
    ...given.map((name) => `${operation} was given ${name}, which only the contact gives`),
    ...(differs
      ? [`${operation} was called for ${canonical(request.identity ?? {})}, and the contact is ${expected}`]
      : []),
  ];
}

function agreementFault(
  watch: Watch,
  { rule, request, seen }: { rule: UseRule; request: CallAsk; seen: Seen },
): string[] {
  if (!rule.confirm || rule.kind !== "write") return [];
  const { event } = seen;
  const input = canonical(request.input);
  const asked = watch.asked.some(
    (one) => one.operation === rule.operation && one.input === input && one.event < event.id,
  );
  const spoke = event.kind === "message" || (event.kind === "choice" && event.optionId === "yes");
  if (asked && spoke) return [];
  const why = asked ? "the customer had not answered" : "the customer was not asked about exactly this";
  return [`${rule.operation} was called with ${input}, and ${why}`];
}

/** The value for which the call may be made once; null: there is no such rule. */
function onceFor(
  { oncePer, operation }: UseRule,
  { run, request }: { run: ProcedureRun; request: CallAsk },
): string | null {
  if (oncePer === null) return null;
  const fields = Object.entries(run.stack.at(-1)?.fields ?? {}).map(([name, { value }]) => [name, value] as const);
  const values = { ...Object.fromEntries(fields), args: request.input };
  return `${operation}:${canonical(oncePer.evaluate(values, () => undefined, newBudget()))}`;
}

/** Remembers questions for agreement that are open now, and forgets the declined ones. */
function withQuestions(watch: Watch, { event, outcome, release }: Seen): Watch {
  const declined = outcome.lines.some(({ code }) => code === "confirm.declined");
  const asked = outcome.state.runs.flatMap(({ procedure }) => {
    const pending = procedure?.pending;
    if (pending?.kind !== "confirm") return [];
    const { operation, args } = pending.call;
    const paths = release.operations.get(operation)?.identity ?? {};
    const input = Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(paths, name)));
    return [{ prompt: pending.prompt, operation, input: canonical(input), event: event.id }];
  });
  const before = declined ? [] : watch.asked;
  const fresh = asked.filter(({ prompt }) => !before.some((one) => one.prompt === prompt));
  return { ...watch, asked: [...before, ...fresh] };
}
