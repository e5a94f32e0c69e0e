/** Beginning, entering and leaving procedures within a run. */
import type { Procedure } from "./definition.ts";
import type { Activation, ProcedureEnd } from "./run.ts";
import { active, changeActive, changeRun, journal, learnt, type Move, on, progressed, type Work } from "./work.ts";

/** Procedures within one another. Our own limit: more are a circle. */
export const MAX_STACK = 5;
/** The procedure that proves who the customer is, and its outcome then. */
const VERIFY = { procedure: "verify-identity", outcome: "verified" } as const;

/** Puts a procedure on top of the stack; one for verified customers is preceded by their verification. */
export function enter(work: Work, procedure: Procedure): Move {
  if (work.run.stack.length >= MAX_STACK) {
    journal(
      work,
      "procedure.deep",
      `“${procedure.title}” was not begun: ${MAX_STACK} procedures are within one another`,
    );
    return on;
  }
  journal(
    work,
    "procedure.started",
    `Began the procedure “${procedure.title}” (version ${procedure.version.slice(0, 8)})`,
  );
  changeRun(work, { stack: [...work.run.stack, activationOf(procedure, inherited(work, procedure))], news: true });
  progressed(work);
  const verified = work.world.verified || work.run.verified;
  const proof = work.find(VERIFY.procedure);
  if (!procedure.audience.verified || verified || procedure.id === VERIFY.procedure) return on;
  if (proof !== null) return enter(work, proof);
  journal(
    work,
    "procedure.unverified",
    `“${procedure.title}” needs a verified customer, and there is no ${VERIFY.procedure}`,
  );
  return over(work, {
    kind: "handoff",
    to: "",
    reason: "policy",
    because: "The customer has to be verified",
    summary: "",
  });
}

function activationOf(procedure: Procedure, fields: Activation["fields"]): Activation {
  const step = procedure.steps.find(({ aside }) => !aside)?.id ?? "";
  const none = { judged: {}, calls: {}, done: [], outcomes: {} };
  return { procedure: procedure.id, step, visited: [step], fields, ...none };
}

/** Values that the customer has given before, so that they need not repeat themselves. */
function inherited(work: Work, procedure: Procedure): Activation["fields"] {
  const known = work.run.stack.flatMap((at) => Object.entries(at.fields));
  const wanted = known.filter(([name, { quote }]) => quote !== "" && Object.hasOwn(procedure.fields, name));
  return Object.fromEntries(wanted);
}

/** Goes to a step of the active procedure. What was said in it before may be said again. */
export function goTo(work: Work, step: string): void {
  const here = active(work);
  const found = here?.procedure.steps.find((one) => one.id === step || one.was.includes(step));
  if (here === null || found === undefined) return;
  if (!here.at.visited.includes(found.id)) progressed(work);
  changeActive(work, { step: found.id, visited: [...new Set([...here.at.visited, found.id])] });
  journal(work, "procedure.step", `Went to the step “${found.title}”`);
}

/** Ends the active procedure with an outcome. The one around it goes on; without one the run is over. */
export function endActive(work: Work, outcome: string): Move {
  const at = work.run.stack.at(-1);
  if (at === undefined) return over(work, { kind: "untaken" });
  journal(work, "procedure.ended", `“${at.procedure}” ended: ${outcome}`);
  progressed(work);
  if (work.run.stack.length === 1) return over(work, { kind: "outcome", procedure: at.procedure, outcome });
  changeRun(work, { stack: work.run.stack.slice(0, -1), queue: [], pending: null, news: true });
  const outcomes = { ...work.run.stack.at(-1)?.outcomes, [at.procedure]: outcome };
  changeActive(work, { outcomes });
  if (at.procedure !== VERIFY.procedure) return on;
  if (outcome === VERIFY.outcome) return verifiedNow(work);
  const because = "The customer could not be verified";
  return over(work, { kind: "handoff", to: "", reason: "policy", because, summary: "" });
}

function verifiedNow(work: Work): Move {
  changeRun(work, { verified: true });
  journal(work, "procedure.verified", "The customer proved who they are");
  return on;
}

type EndOf = ProcedureEnd extends infer End
  ? End extends ProcedureEnd
    ? Omit<End, "fields" | "procedure">
    : never
  : never;

/** The end of the whole run. */
export function over(work: Work, end: EndOf & { procedure?: string }): Move {
  const procedure = end.procedure ?? work.run.stack.at(-1)?.procedure ?? "";
  return { kind: "over", end: { procedure, ...end, fields: learnt(work.run) } as ProcedureEnd };
}
