import { isMap } from "yaml";
import { fault, readDuration, readFields, readOneOf } from "../../language/yaml-entry.ts";
import type { StepOf } from "../definition.ts";
import type { Wait } from "../run.ts";
import { OPEN } from "../setting.ts";
import { none, noQuestions, type StepDefinition, waitsFirst } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { failedStep, journalLine, mint, next, type StepOutcome, save, type Walk, waitFor } from "../walk.ts";

/** `wait:` waits for a time, or until the customer writes. */
export const waitStep: StepDefinition<"wait"> = {
  keys: ["for", "unless"],
  parse,
  children: none,
  texts: none,
  readers: none,
  settings: ({ unlessReplied }) => (unlessReplied ? [{ path: "wait.replied", source: OPEN }] : []),
  questions: noQuestions,
  flow: waitsFirst,
  run,
  onReply,
  onAlarm,
};

/** Reads `wait: 10m`, or `wait: { for: 10m, unless: replied }`, or the two keys beside it. */
function parse({ value, fields, base }: StepEntry): StepOf<"wait"> | null {
  const keys = { what: "wait:", known: waitStep.keys, later: ["until"] };
  const inner = isMap(value.node) ? readFields(value, keys) : null;
  const all = new Map([...fields, ...(inner ?? [])]);
  const unlessReplied = optional(all, "unless", (entry) => readOneOf(entry, ["replied"])) !== null;
  const duration = all.get("for") ?? value;
  if (duration === value && isMap(value.node))
    return inner?.size === 0 || all.has("unless") ? fault(value, "006", "wait: needs for:", "key") : null;
  return built(readDuration(duration), (forMs) => ({ ...base, kind: "wait", forMs, unlessReplied }));
}

function run(walk: Walk, step: StepOf<"wait">): StepOutcome {
  const alarm = mint(walk);
  walk.effects.push({ kind: "alarm", alarm, afterMs: step.forMs });
  const unless = step.unlessReplied ? ", or until the customer writes" : "";
  journalLine(walk, "step.wait", `Waits ${step.forMs / 1_000} seconds${unless}`);
  return step.unlessReplied ? waitFor({ kind: "alarm", alarm }, { kind: "words" }) : waitFor({ kind: "alarm", alarm });
}

/** The customer wrote, so the wait is over. */
function onReply(walk: Walk, { unlessReplied }: StepOf<"wait">, { wait }: { wait: Wait }): StepOutcome | null {
  if (!unlessReplied || wait.kind !== "alarm") return null;
  walk.effects.push({ kind: "cancel_alarm", alarm: wait.alarm });
  journalLine(walk, "wait.replied", "The customer wrote, so the wait was over");
  return remembered(walk, true);
}

/** The time is over, and the customer has not written. */
function onAlarm(
  walk: Walk,
  { unlessReplied }: StepOf<"wait">,
  { wait, alarm }: { wait: Wait; alarm: string },
): StepOutcome | null {
  if (!unlessReplied || wait.kind !== "alarm" || wait.alarm !== alarm) return null;
  journalLine(walk, "wait.over", "The wait was over");
  return remembered(walk, false);
}

/** Later steps read it as `wait.replied`. */
function remembered(walk: Walk, replied: boolean): StepOutcome {
  const fault = save(walk, "wait", { replied });
  return fault === null ? next : failedStep(fault);
}
