import type { Option, StepOf } from "../definition.ts";
import { setAlarms } from "../prompt-alarms.ts";
import { numbered, type Showing } from "../shown-options.ts";
import { isKnown, valueAt } from "../values.ts";
import { failedStep, journalLine, mint, next, type StepOutcome, save, text, type Walk, waitFor } from "../walk.ts";

type AskStep = StepOf<"ask">;

/** Asks, unless the answer is known already. */
export function askQuestion(walk: Walk, step: AskStep): StepOutcome {
  const before = step.save === null ? undefined : valueAt(walk.values, step.save);
  if (step.save !== null && isKnown(before)) {
    journalLine(walk, "step.ask", `Did not ask “${text(walk, step.text)}”, because ${step.save} was known already`);
    const option = step.options.find((option) => option.id === before);
    return option === undefined ? next : chooseOption(walk, option);
  }
  const prompt = mint(walk);
  const count = step.options.length;
  const person = step.person ? " and a person" : "";
  journalLine(
    walk,
    "step.ask",
    `Asked “${text(walk, step.text)}” with ${count} option${count === 1 ? "" : "s"}${person}`,
  );
  show(walk, step, { prompt, why: null, named: null });
  setAlarms(walk, prompt, step);
  return waitFor({ kind: "choice", prompt, misses: 0, reminded: false });
}

/** Takes an option: saves it as `choice` and goes into its steps. */
export function chooseOption(walk: Walk, option: Option): StepOutcome {
  const fault = save(walk, "choice", option.id);
  if (fault !== null) return failedStep(fault);
  return option.then === null ? next : { kind: "into", steps: option.then };
}

/** Shows the question; if it is shown again, after the reason for that. */
export function show(walk: Walk, step: AskStep, { prompt, why, named }: Showing): void {
  const question = text(walk, step.text);
  walk.effects.push({
    kind: "prompt",
    prompt,
    text: why === null ? question : `${why}\n\n${question}`,
    options: numbered(walk, step.options, step.person),
    named,
    field: null,
    sensitive: false,
    again: why !== null,
  });
}
