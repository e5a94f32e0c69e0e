/** P124, P133: somebody agrees to every write, and is asked once. */
import type { ProcedureStep } from "./definition.ts";
import { find, type Subject } from "./lint-subject.ts";
import { actionsOf, inlinesOf } from "./reading.ts";

/** Questions that ask for what the engine asks for itself. */
const ASKS_AGAIN =
  /\b(?:are you sure|shall (?:i|we)|should (?:i|we)|do you (?:really |still )?want|would you like (?:me|us) to|please confirm|can you confirm|do you confirm|go ahead|proceed)\b/i;
/** Guidance to ask for it. */
const TOLD_TO_ASK =
  /\b(?:ask|have|let|get)\b[^.:;]{0,60}\b(?:to confirm|for (?:a |their )?confirmation|if they are sure|whether they are sure)/i;

export function lintWrites(subject: Subject): void {
  for (const { operation, kind, confirm, approve, position } of Object.values(subject.procedure.uses)) {
    if (kind === "read" || confirm || approve.length > 0) continue;
    find(
      subject,
      position,
      "P124",
      `${operation} changes something, and nobody agrees to it first; add confirm: customer, or approve:`,
    );
  }
  for (const step of subject.procedure.steps) lintStep(subject, step);
}

function lintStep(subject: Subject, { body }: ProcedureStep): void {
  const { uses } = subject.procedure;
  const confirmed = actionsOf(body).some((action) => action.kind === "use" && uses[action.operation]?.confirm === true);
  if (!confirmed) return;
  const message = "confirm: customer asks this already, with the exact values; leave the question out";
  for (const part of inlinesOf(body))
    if (part.kind === "said" && part.text.source.includes("?") && ASKS_AGAIN.test(part.text.source))
      find(subject, part.position, "P133", message);
  for (const block of body) {
    if (block.kind !== "prose") continue;
    const words = block.parts.map((part) => (part.kind === "text" ? part.text : " … ")).join("");
    if (TOLD_TO_ASK.test(words)) find(subject, block.position, "P133", message);
  }
}
