/** W116, W122, T001: texts exist in every language, and a workflow does not ask too many open questions in a row. */
import type { Step } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { definitionOf } from "./step-kinds.ts";

export function lintTexts(subject: Subject): void {
  lintLanguages(subject);
  lintRow(subject, subject.workflow.steps);
}

function lintLanguages(subject: Subject): void {
  const all = subject.steps.flatMap(({ step }) =>
    definitionOf(step.kind)
      .texts(step)
      .map((placed) => ({ step, ...placed })),
  );
  const languages = [...new Set(all.flatMap(({ texts }) => Object.keys(texts)))].filter((language) => language !== "");
  for (const { step, texts, keys } of languages.length === 0 ? [] : all) {
    const at = placeOf(subject, step, keys);
    if ("" in texts) {
      find(subject, at, "W122", `this text has no language, and others of this file have ${languages.join(", ")}`);
      continue;
    }
    for (const language of languages.filter((language) => !(language in texts))) {
      find(subject, at, "W116", `this text is missing in ${language}, which other texts of this file have`);
    }
  }
}

/** Our own limit: the third open question in a row is better asked by a person. */
const FREE_QUESTIONS_IN_A_ROW = 3;

function lintRow(subject: Subject, steps: readonly Step[]): void {
  let row = 0;
  for (const step of steps) {
    const questions = freeQuestions(step);
    row = questions === null ? row : questions === 0 ? 0 : row + questions;
    if (questions !== null && row >= FREE_QUESTIONS_IN_A_ROW) {
      const message = `${row} free-text questions in a row are a conversation; hand over to a person, or offer options`;
      find(subject, step.position, "T001", message);
      return;
    }
  }
}

/** Number of open questions in a step; null for a step that asks nothing, which does not interrupt the row. */
function freeQuestions(step: Step): number | null {
  const questions = definitionOf(step.kind).questions(step);
  return questions?.filter(({ freeText }) => freeText).length ?? null;
}
