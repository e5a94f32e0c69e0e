/**
 * The end of a prompt: where the run stands now. Everything that changes from turn to turn stands here, so that all before
 * it stays as it was.
 */
import { own } from "../../lib/own.ts";
import type { Branch } from "../definition.ts";
import { placeOf } from "../reading.ts";
import { type BranchState, type ReadStep, readStep } from "./branches.ts";
import { maskedJson } from "./masking.ts";
import { pendingText } from "./pending.ts";
import type { PromptFacts, PromptRun, Scene } from "./scene.ts";
import { fieldsText } from "./tail-fields.ts";
import { operationsText } from "./tail-operations.ts";

/** Characters of a sentence that is said as it stands. */
const SENTENCE_MAX = 1_000;
const HEAD = "# State (from the engine)";

/** The state of the active procedure. */
export function procedureTail(scene: Scene): string {
  const { procedure, step } = scene;
  const read = readStep(step?.body ?? [], scene);
  const around = scene.run.stack.slice(0, -1).map(({ procedure: id }) => id);
  return [
    HEAD,
    ...factLines(scene),
    `Procedure: ${procedure.id}${around.length === 0 ? "" : `, within ${around.join(", within ")}, which goes on after it`}`,
    `Step: ${scene.at.step}${step === null ? "" : ` (${step.title})`}`,
    `Steps: ${procedure.steps.map(({ id, aside }) => (aside ? `${id} (aside)` : id)).join(", ")}`,
    `Fields:\n${fieldsText(scene)}`,
    ...section("Branches of this step", branchLines(scene, read)),
    ...section("Judge also, whenever it comes up", escalationLines(scene)),
    ...section("Sentences of this step, for say", sentenceLines(scene, read)),
    ...section("Values that the text of this step names", valueLines(scene, read)),
    `Operations:\n${operationsText(scene)}`,
    ...pendingText(scene.run.pending, procedure.uses),
    "Do now what the procedure and the customer's latest words call for.",
  ].join("\n\n");
}

/** The state while it is not known which procedure is wanted. */
export function selectionTail(o: { run: PromptRun; facts: PromptFacts }): string {
  return [
    HEAD,
    ...factLines(o),
    ...pendingText(o.run.pending, {}),
    "No procedure is active. Start the one that the customer's words are for; clarify where several could be meant; end with none where no procedure of the catalogue is.",
  ].join("\n\n");
}

function factLines({ facts, run }: { run: PromptRun; facts: PromptFacts }): string[] {
  const verified = facts.verified || run.verified;
  const languages = facts.languages.length === 0 ? "not known; see their words" : facts.languages.join(", ");
  return [
    [
      `Now: ${new Date(facts.now).toUTCString()}`,
      `Customer: ${verified ? "verified" : "not verified"}; language: ${languages}`,
    ].join("\n"),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:\n${lines.join("\n")}`];

function branchLines({ at }: Scene, { branches }: ReadStep): string[] {
  return branches.map(({ branch, state }) => {
    const judged = own(at.judged, branch.id);
    const ruling = branch.test.kind !== "judged" ? "" : judged === undefined ? ", to be judged" : ", judged";
    return `- ${branch.id}, ${testWords(branch)}: ${stateWords(state)}${ruling}`;
  });
}

function testWords({ test }: Branch): string {
  switch (test.kind) {
    case "condition":
      return `if ${test.if.source}`;
    case "judged":
      return `if ${test.when}`;
    case "else":
      return "else";
  }
}

function stateWords(state: BranchState): string {
  switch (state) {
    case "open":
      return "open";
    case "closed":
      return "closed";
    case "undecided":
      return "undecided, since something is not known yet";
  }
}

const escalationLines = ({ procedure }: Scene): string[] =>
  procedure.escalate.flatMap((rule) =>
    rule.kind === "judged" ? [`- ${rule.when} Then call handoff to ${rule.to}.`] : [],
  );

function valueLines({ values, budget, fenced, mask }: Scene, { parts }: ReadStep): string[] {
  const named = parts.flatMap(({ part }): [string, unknown][] => {
    if (part.kind === "value") return [[part.text.source, part.text.render(values, undefined, budget).trim()]];
    if (part.kind !== "expression") return [];
    return [[`{{ ${part.expression.source} }}`, part.expression.evaluate(values, undefined, budget)]];
  });
  return [...new Map(named)].map(([source, value]) => {
    if (value === undefined || value === "") return `- ${source}: not known yet`;
    const text = typeof value === "string" ? mask(value) : maskedJson(value, mask);
    return `- ${source}:\n${fenced("value", text, SENTENCE_MAX)}`;
  });
}

function sentenceLines({ values, budget, fenced, mask }: Scene, { parts }: ReadStep): string[] {
  return parts.flatMap(({ part, within }) => {
    if (part.kind !== "said") return [];
    const text = part.text.render(values, undefined, budget).trim();
    const only = within === null ? "" : `, once ${within.id} is open`;
    const shown = text === "" ? "can't be written yet" : fenced("sentence", mask(text), SENTENCE_MAX);
    return [`- ${placeOf(part.position)}${only}:\n${shown}`];
  });
}
