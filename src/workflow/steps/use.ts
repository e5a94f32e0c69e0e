import { operationOf } from "../../domain/connector-schema.ts";
import { fault, quoted, readText } from "../../language/yaml-entry.ts";
import { own } from "../../lib/own.ts";
import type { StepOf } from "../definition.ts";
import { givenMap, templatesIn } from "../given.ts";
import type { LintWorld } from "../lint-subject.ts";
import { readGivenMap, readSave } from "../parse-given.ts";
import type { CallResult, Wait } from "../run.ts";
import { OPEN, type Setting, type Source } from "../setting.ts";
import { leadsOn, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { optional, type StepEntry } from "../step-entry.ts";
import { failedStep, journalLine, mint, next, type StepOutcome, save, type Walk, waitFor, written } from "../walk.ts";
import { lintUse } from "./use-lint.ts";

type UseStep = StepOf<"use">;

/** `use:` calls an operation of a connector. One visit of the step has one key, however many tries it takes. */
export const useStep: StepDefinition<"use"> = {
  keys: ["with", "save"],
  parse,
  children: none,
  texts: none,
  readers: (step) => Object.values(step.with).flatMap(templatesIn),
  settings,
  questions: noQuestions,
  flow: leadsOn,
  lint: lintUse,
  run,
  onAnswer,
  onAlarm,
};

function parse({ value, fields, base }: StepEntry): UseStep | null {
  const save = optional(fields, "save", readSave);
  const given = readGivenMap(fields.get("with"));
  const text = readText(value);
  if (text === null) return null;
  const [connector = "", operation = "", ...more] = text.split(".");
  if (connector === "" || operation === "" || more.length > 0) {
    const message = `use: names a connector and its operation, as in crm.get_account; this is ${quoted(text)}`;
    return fault(value, "014", message);
  }
  return { ...base, kind: "use", connector, operation, with: given, save };
}

function settings(step: UseStep, world: LintWorld): readonly Setting[] {
  const connector = own(world.connectors, step.connector);
  const operation = connector === undefined ? undefined : operationOf(connector, step.operation);
  const source: Source = operation?.returns == null ? OPEN : { kind: "schema", schema: operation.returns };
  return step.save === null ? [] : [{ path: step.save, source }];
}

/** Calls the operation. A retry leaves `taken` unchanged, so that it has the key of the first try. */
function run(walk: Walk, step: UseStep): StepOutcome {
  const ask = mint(walk);
  const name = `${step.connector}.${step.operation}`;
  const tries = walk.frames.at(-1)?.tries ?? 0;
  journalLine(walk, "step.use", tries === 0 ? `Called ${name}` : `Called ${name} again (retry ${tries})`);
  walk.effects.push({
    kind: "call",
    ask,
    connector: step.connector,
    operation: step.operation,
    input: givenMap(step.with, (template) => written(walk, template)),
    timeoutMs: step.timeoutMs,
    key: `${walk.run.id}.${walk.taken}`,
  });
  return waitFor({ kind: "answer", ask, operation: name });
}

/** Saves the result, waits before another try if the error is marked as retryable, or fails. */
function onAnswer(walk: Walk, step: UseStep, { result }: { result: CallResult }): StepOutcome {
  const name = `${step.connector}.${step.operation}`;
  if (result.ok) {
    journalLine(walk, "answer.call", `${name} answered${step.save === null ? "" : `, saved as ${step.save}`}`);
    const fault = step.save === null ? null : save(walk, step.save, result.value);
    return fault === null ? next : failedStep(fault);
  }
  const frame = walk.frames.at(-1);
  const { error } = result;
  if (frame === undefined || step.retry === null || !error.retryable || frame.tries >= step.retry.times) {
    const message = `${name} failed: ${error.message}`;
    return { kind: "failure", error: { reason: error.reason, name: error.name ?? "", says: message } };
  }
  walk.frames = [...walk.frames.slice(0, -1), { ...frame, tries: frame.tries + 1 }];
  const alarm = mint(walk);
  const again = `Trying again (${frame.tries + 1} of ${step.retry.times})`;
  journalLine(walk, "step.retry", `${name} failed: ${error.message} ${again}`);
  walk.effects.push({ kind: "alarm", alarm, afterMs: step.retry.waitMs });
  return waitFor({ kind: "alarm", alarm });
}

/** Calls again after the time between two tries. */
function onAlarm(walk: Walk, step: UseStep, { wait, alarm }: { wait: Wait; alarm: string }): StepOutcome | null {
  return wait.kind === "alarm" && wait.alarm === alarm ? run(walk, step) : null;
}
