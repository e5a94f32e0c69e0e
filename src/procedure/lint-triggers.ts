/** P129 to P131: triggers tell procedures apart, and their examples suffice to test that. */
import type { Procedure } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { similarity } from "./similar.ts";

/** Our own choice: with two, one odd example decides half of what a test says. */
const MIN_EXAMPLES = 3;
/** Our own choices, tried on pairs of sentences: reworded ones are above, those about other things below. */
const SAME_WHEN = 0.7;
const SAME_EXAMPLE = 0.85;

export function lintTriggers(subject: Subject): void {
  const { trigger } = subject.procedure;
  if (trigger.examples.length < MIN_EXAMPLES)
    find(
      subject,
      placeOf(subject, "trigger.examples", "trigger", "id"),
      "P129",
      `the trigger has ${trigger.examples.length} of the ${MIN_EXAMPLES} examples that it needs at least`,
    );
  for (const [index, sentence] of trigger.counterExamples.entries()) {
    const example = trigger.examples.find((one) => similarity(one, sentence) >= SAME_EXAMPLE);
    if (example === undefined) continue;
    const at = placeOf(subject, `trigger.counter_examples.${index}`, "trigger.counter_examples");
    find(subject, at, "P131", `"${example}" is an example of this procedure`);
  }
  const earlier = subject.world.procedures.filter(({ file }) => file < subject.procedure.file);
  for (const other of earlier) if (meet(subject.procedure, other)) lintPair(subject, other);
}

/** Tells whether two procedures can be offered the same message. */
function meet(a: Procedure, b: Procedure): boolean {
  const [one, other] = [a.audience.channels, b.audience.channels];
  return one === null || other === null || one.some((channel) => other.includes(channel));
}

function lintPair(subject: Subject, other: Procedure): void {
  const { trigger } = subject.procedure;
  const alike = `of ${other.id}; say in when: and not_when: how they differ`;
  if (similarity(trigger.when, other.trigger.when) >= SAME_WHEN)
    return find(subject, placeOf(subject, "trigger.when"), "P130", `this is nearly the trigger ${alike}`);
  for (const [index, example] of trigger.examples.entries()) {
    if (!other.trigger.examples.some((one) => similarity(one, example) >= SAME_EXAMPLE)) continue;
    const at = placeOf(subject, `trigger.examples.${index}`, "trigger.examples");
    return find(subject, at, "P130", `this is nearly an example ${alike}`);
  }
}
