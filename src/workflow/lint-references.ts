/** W101, W106: the channels of a workflow, and the queues in its conditions and texts, exist. */
import { didYouMean } from "../language/suggest.ts";
import type { Step } from "./definition.ts";
import { find, type Subject } from "./lint-subject.ts";
import { readersOf } from "./readers.ts";

export function lintReferences(subject: Subject): void {
  lintChannels(subject);
  for (const { step } of subject.steps) lintQueueUses(subject, step);
}

function lintChannels(subject: Subject): void {
  const { workflow, world } = subject;
  const known = Object.keys(world.channels);
  for (const [index, name] of (workflow.channels ?? []).entries()) {
    if (known.includes(name)) continue;
    const place = workflow.places.get(`channels.${index}`) ?? workflow.places.get("channels");
    const at = place?.value ?? { line: 1, column: 1 };
    find(subject, at, "W106", `frontdesk.yaml has no channel "${name}"${didYouMean(name, known)}`);
  }
}

/** W101: `queue.<id>.open` in a condition or text names a queue. */
function lintQueueUses(subject: Subject, step: Step): void {
  const { queues } = subject.world;
  for (const { path, position } of readersOf(step).flatMap(({ uses }) => uses)) {
    const [root, queue] = path;
    if (root !== "queue" || queue === undefined || queues.includes(queue)) continue;
    const dashed = queues.find((id) => id.startsWith(`${queue}-`));
    const hint =
      dashed === undefined ? didYouMean(queue, queues) : `; write queue["${dashed}"], because - means minus here`;
    find(subject, position, "W101", `frontdesk.yaml has no queue "${queue}"${hint}`);
  }
}
