/** T002: a procedure in which nothing is left to judge is a workflow. */
import { find, type Subject } from "./lint-subject.ts";
import { actionsOf, branchesOf, inlinesOf } from "./reading.ts";

/** Our own choices: a form has some questions, and a few words of guidance for each thing that is done. */
const MIN_QUESTIONS = 3;
const MAX_WORDS_EACH = 4;

export function lintWords(subject: Subject): void {
  const { procedure, body } = subject;
  const actions = actionsOf(body);
  const questions = actions.filter(({ kind }) => kind === "ask").length;
  const judged =
    branchesOf(body).some(({ test }) => test.kind === "judged") ||
    procedure.escalate.some(({ kind }) => kind === "judged");
  if (judged || questions < MIN_QUESTIONS) return;
  const texts = inlinesOf(body).map((part) => (part.kind === "text" ? part.text : ""));
  const words = texts.join(" ").match(/\p{L}{2,}/gu)?.length ?? 0;
  const done = actions.length + inlinesOf(body).filter(({ kind }) => kind === "said").length;
  if (words > done * MAX_WORDS_EACH) return;
  const at = procedure.steps[0]?.position ?? { line: 1, column: 1 };
  find(subject, at, "T002", "nothing here is left to judge; a workflow asks fixed questions, and needs no model");
}
