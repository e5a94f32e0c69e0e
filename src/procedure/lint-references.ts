/** P101, P104, P106, P107: queues, workflows, channels and procedures exist. */
import type { Position } from "../language/diagnostic.ts";
import { didYouMean } from "../language/suggest.ts";
import type { Action } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { inlinesOf } from "./reading.ts";

/** The procedure that contacts run who have to be verified first. */
const VERIFYING = "verify-identity";

export function lintReferences(subject: Subject): void {
  const { procedure, world } = subject;
  for (const part of inlinesOf(subject.body))
    if (part.kind === "action") lintAction(subject, part.action, part.position);
  for (const [index, name] of (procedure.audience.channels ?? []).entries()) {
    const at = placeOf(subject, `audience.channels.${index}`, "audience.channels");
    refer(subject, { at, code: "P106", name, known: world.channels, what: "frontdesk.yaml has no channel" });
  }
  for (const { queue, position } of Object.values(procedure.uses).flatMap(({ approve }) => approve))
    referToQueue(subject, queue, position);
  for (const { to, position } of procedure.escalate) {
    const known = [...world.queues, ...world.workflows];
    refer(subject, { at: position, code: "P101", name: to, known, what: "there is no queue or workflow" });
  }
  if (procedure.audience.verified) referToProcedure(subject, VERIFYING, placeOf(subject, "audience.requires"));
}

function lintAction(subject: Subject, action: Action, at: Position): void {
  switch (action.kind) {
    case "handoff":
      if (action.queue !== "") referToQueue(subject, action.queue, at);
      return;
    case "workflow": {
      const known = subject.world.workflows;
      return refer(subject, { at, code: "P104", name: action.workflow, known, what: "there is no workflow" });
    }
    case "run":
    case "switch":
      return referToProcedure(subject, action.procedure, at);
    case "use":
    case "ask":
    case "set":
    case "note":
    case "tag":
    case "end":
      return;
  }
}

const referToQueue = (subject: Subject, name: string, at: Position): void =>
  refer(subject, { at, code: "P101", name, known: subject.world.queues, what: "frontdesk.yaml has no queue" });

function referToProcedure(subject: Subject, name: string, at: Position): void {
  const known = subject.world.procedures.map(({ id }) => id);
  refer(subject, { at, code: "P107", name, known, what: "there is no procedure" });
}

interface Reference {
  at: Position;
  code: string;
  name: string;
  known: readonly string[];
  /** Beginning of the message. */
  what: string;
}

function refer(subject: Subject, { at, code, name, known, what }: Reference): void {
  if (!known.includes(name)) find(subject, at, code, `${what} "${name}"${didYouMean(name, known)}`);
}
