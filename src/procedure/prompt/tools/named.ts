/** Names that a procedure gives: what tools let a model choose from. The same for one version of the file. */
import type { Action, Procedure, ProcedureField } from "../../definition.ts";
import { actionsOf, branchesOf, inlinesOf, placeOf } from "../../reading.ts";

type ActionOf<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

/** All actions of one kind, in the file's order. */
export const actionsNamed = <Kind extends Action["kind"]>({ steps }: Procedure, kind: Kind): ActionOf<Kind>[] =>
  steps.flatMap(({ body }) => actionsOf(body)).filter((action): action is ActionOf<Kind> => action.kind === kind);

/** Fields whose values the customer gives. */
export const customerFields = ({ fields }: Procedure): ProcedureField[] =>
  Object.values(fields).filter(({ from }) => from.kind === "customer");

/** Places of the sentences that are said word for word. */
export const sentenceIds = ({ steps }: Procedure): string[] =>
  steps
    .flatMap(({ body }) => inlinesOf(body))
    .flatMap((part) => (part.kind === "said" ? [placeOf(part.position)] : []));

/** Branches that a model decides. */
export const judgedBranches = ({ steps }: Procedure): string[] =>
  steps.flatMap(({ body }) => branchesOf(body)).flatMap(({ id, test }) => (test.kind === "judged" ? [id] : []));

/** Queues and workflows that the file hands over to. */
export const handoffTargets = (procedure: Procedure): string[] => {
  const asked = actionsNamed(procedure, "handoff").flatMap(({ queue }) => (queue === "" ? [] : [queue]));
  return [...asked, ...procedure.escalate.map(({ to }) => to)];
};
