/** Decides if an assertion holds. */
import { canonical } from "../procedure/guards/canonical.ts";
import type { Happened, Standing } from "./happened.ts";
import type { Test } from "./scenario.ts";

/** What an assertion is about: all that happened in its time, and the conversation now. */
export interface Verified {
  happened: readonly Happened[];
  now: Standing;
}

/** Returns null where it holds, else what happened instead. */
export function verify(test: Test, about: Verified): string | null {
  const { happened, now } = about;
  switch (test.kind) {
    case "said":
      return verifySaid(test, happened);
    case "asked":
      return listed(test, { name: test.field, all: fieldsAsked(happened), what: "asked" });
    case "called":
      return verifyCalled(test, happened);
    case "refused":
      return verifyRefused(test, happened);
    case "field":
      return verifyField(test, now);
    case "outcome":
      return verifyOutcome(test, happened);
    case "handoff":
      return verifyHandoff(test, happened);
    case "order":
      return verifyOrder(test, happened);
    case "tag":
      return listed(test, { name: test.tag, all: now.tags, what: "tagged" });
    case "step":
      return verifyStep(test, happened);
    case "journal": {
      const codes = happened.flatMap((one) => (one.kind === "line" ? [one.code] : []));
      return listed(test, { name: test.code, all: codes, what: "in the journal:" });
    }
    case "phase":
      return now.closed === test.closed ? null : `the conversation is ${now.closed ? "closed" : "open"}`;
    case "guards":
      return now.broken.length === 0 ? null : now.broken.join("; ");
  }
}

type TestOf<Kind extends Test["kind"]> = Extract<Test, { kind: Kind }>;

/** A name that has to be, or must not be, among others. */
function listed({ not }: { not: boolean }, o: { name: string; all: readonly string[]; what: string }): string | null {
  if (o.all.includes(o.name) !== not) return null;
  return `${o.what} ${o.all.length === 0 ? "nothing" : [...new Set(o.all)].join(", ")}`;
}

const said = (happened: readonly Happened[]): string[] =>
  happened.flatMap((one) => (one.kind === "said" ? [one.text] : []));

function verifySaid({ pattern, never }: TestOf<"said">, happened: readonly Happened[]): string | null {
  const texts = said(happened);
  const found = texts.find((text) => (typeof pattern === "string" ? text.includes(pattern) : pattern.test(text)));
  if ((found === undefined) === never) return null;
  if (found !== undefined) return `said “${found}”`;
  return texts.length === 0 ? "said nothing" : `said ${texts.map((text) => `“${text}”`).join(", ")}`;
}

const fieldsAsked = (happened: readonly Happened[]): string[] =>
  happened.flatMap((one) => (one.kind === "asked" ? [one.field] : []));

function verifyCalled({ operation, times }: TestOf<"called">, happened: readonly Happened[]): string | null {
  const calls = happened.flatMap((one) => (one.kind === "called" ? [one.operation] : []));
  const count = calls.filter((one) => one === operation).length;
  if (times === null ? count > 0 : count === times) return null;
  const others = calls.length === 0 ? "nothing" : calls.join(", ");
  return count === 0 ? `called ${others}` : `called it ${count === 1 ? "once" : `${count} times`}`;
}

function verifyRefused({ rule, not }: TestOf<"refused">, happened: readonly Happened[]): string | null {
  const refusals = happened.flatMap((one) => (one.kind === "refused" ? [one] : []));
  if (not ? refusals.length === 0 : refusals.some((one) => one.rule === rule)) return null;
  return refusals.length === 0 ? "refused nothing" : refusals.map((one) => `${one.rule}: ${one.message}`).join("; ");
}

function verifyField({ path, is }: TestOf<"field">, { fields }: Standing): string | null {
  const value = path.reduce<unknown>(inside, fields);
  const shown = value === undefined ? "it is unknown" : `it is ${JSON.stringify(value)}`;
  if (is.kind === "unknown") return value === undefined ? null : shown;
  const equal = canonical(value) === canonical(is.value);
  return equal === (is.kind === "equal") ? null : shown;
}

const inside = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

function verifyOutcome({ equal, outcome }: TestOf<"outcome">, happened: readonly Happened[]): string | null {
  const outcomes = happened.flatMap((one) => (one.kind === "ended" ? [one.outcome] : []));
  if (outcomes.includes(outcome) === equal) return null;
  return outcomes.length === 0 ? "no procedure has ended" : `the outcome was ${outcomes.join(", then ")}`;
}

function verifyHandoff({ queue, within, not }: TestOf<"handoff">, happened: readonly Happened[]): string | null {
  const handoffs = happened.flatMap((one) => (one.kind === "handoff" ? [one] : []));
  const meant = handoffs.filter((one) => (queue ?? one.queue) === one.queue && one.turn <= (within ?? one.turn));
  if (not ? handoffs.length === 0 : meant.length > 0) return null;
  if (handoffs.length === 0) return "people did not get the case";
  return handoffs.map((one) => `${one.queue} got the case in turn ${one.turn}`).join(", ");
}

function verifyOrder({ marks }: TestOf<"order">, happened: readonly Happened[]): string | null {
  let from = 0;
  for (const mark of marks) {
    const at = happened.findIndex((one, index) => index >= from && isMark(one, mark));
    if (at === -1) {
      const ever = happened.some((one) => isMark(one, mark));
      return ever ? `${mark} was earlier` : `there was no ${mark}`;
    }
    from = at + 1;
  }
  return null;
}

function isMark(one: Happened, mark: string): boolean {
  if (mark === "handoff") return one.kind === "handoff";
  if (mark === "end") return one.kind === "ended";
  if (one.kind === "asked") return mark === `asked ${one.field}`;
  return one.kind === "called" && one.operation === mark;
}

function verifyStep({ step }: TestOf<"step">, happened: readonly Happened[]): string | null {
  const steps = happened.flatMap((one) => (one.kind === "step" ? [one.step] : []));
  if (steps.includes(step)) return null;
  return steps.length === 0 ? "it went to no step" : `it went to ${steps.join(", ")}`;
}
