/** `use:` — a connector call. One visit of the step has one key, whatever it takes to get an answer. */
import type { Step } from "./definition.ts";
import { givenMap } from "./given.ts";
import type { CallResult } from "./run.ts";
import { failure, journal, mint, next, type Outcome, save, type Walk, written } from "./walk.ts";

export type UseStep = Extract<Step, { kind: "use" }>;

/** Calls. A retry leaves `taken` as it was, so it carries the key of the first try. */
export function call(walk: Walk, step: UseStep): Outcome {
  const ask = mint(walk);
  const name = `${step.connector}.${step.operation}`;
  const tries = walk.frames.at(-1)?.tries ?? 0;
  journal(walk, "step.use", tries === 0 ? `Called ${name}` : `Called ${name} again (retry ${tries})`);
  walk.effects.push({
    kind: "call",
    ask,
    connector: step.connector,
    operation: step.operation,
    input: givenMap(step.with, (template) => written(walk, template)),
    timeoutMs: step.timeoutMs,
    key: `${walk.run.id}.${walk.taken}`,
  });
  return { kind: "wait", waiting: { kind: "answer", ask } };
}

/** Saves what came back, tries again where that is allowed, or fails. Whether it is allowed, the answerer said. */
export function called(walk: Walk, step: UseStep, result: CallResult): Outcome {
  const name = `${step.connector}.${step.operation}`;
  if (result.ok) {
    journal(walk, "answer.call", `${name} answered${step.save === null ? "" : `, saved as ${step.save}`}`);
    const fault = step.save === null ? null : save(walk, step.save, result.value);
    return fault === null ? next : failure(fault);
  }
  const frame = walk.frames.at(-1);
  const { error } = result;
  if (frame === undefined || step.retry === null || !error.retryable || frame.tries >= step.retry.times) {
    const message = `${name} failed: ${error.message}`;
    return { kind: "failure", error: { reason: error.reason, name: error.name ?? "", says: message } };
  }
  walk.frames = [...walk.frames.slice(0, -1), { ...frame, tries: frame.tries + 1 }];
  const alarm = mint(walk);
  journal(
    walk,
    "step.retry",
    `${name} failed: ${error.message} Trying again (${frame.tries + 1} of ${step.retry.times})`,
  );
  walk.effects.push({ kind: "alarm", alarm, afterMs: step.retry.waitMs });
  return { kind: "wait", waiting: { kind: "alarm", alarm, unlessReplied: false } };
}
