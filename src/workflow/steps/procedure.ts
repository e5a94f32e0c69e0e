import { didYouMean } from "../../language/suggest.ts";
import { readName } from "../../language/yaml-entry.ts";
import { advanceProcedure, startProcedure } from "../../procedure/advance.ts";
import type { CustomerReply, ProcedureInput, ProcedureProgress } from "../../procedure/run.ts";
import type { StepOf } from "../definition.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";
import { readSave } from "../parse-given.ts";
import { doEffects } from "../procedure-effects.ts";
import { afterEnd } from "../procedure-end.ts";
import { procedureWorld } from "../procedure-world.ts";
import type { CallResult, Reply, Wait } from "../run.ts";
import { OPEN } from "../setting.ts";
import { none, type StepDefinition, waitsFirst } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { failedStep, journalLine, type StepOutcome, type Walk, waitFor } from "../walk.ts";

type ProcedureStep = StepOf<"procedure">;

/** Lets the customer's words decide which procedure is begun. */
const AUTO = "auto";

/**
 * `procedure:` runs a procedure, by its id or `auto`, and goes on when it has ended: `procedure.outcome` tells how, "none"
 * where no procedure serves what the customer wants.
 */
export const procedureStep: StepDefinition<"procedure"> = {
  keys: ["save"],
  parse,
  children: none,
  texts: none,
  readers: none,
  settings: ({ save }) => [
    { path: "procedure", source: OPEN },
    ...(save === null ? [] : [{ path: save, source: OPEN }]),
  ],
  // Which questions it asks is the procedure's matter.
  questions: () => [],
  flow: waitsFirst,
  lint: lintProcedure,
  run,
  onReply,
  onAnswer,
  onAlarm,
};

function parse({ value, fields, base }: StepEntry): ProcedureStep | null {
  const save = optional(fields, "save", readSave);
  return built(readName(value, "a procedure's id, or auto"), (procedure) => ({
    ...base,
    kind: "procedure",
    procedure,
    save,
  }));
}

/** W123: the procedure exists. */
function lintProcedure(subject: Subject, step: ProcedureStep): void {
  const ids = subject.world.procedures.map(({ id }) => id);
  if (step.procedure === AUTO || ids.includes(step.procedure)) return;
  const at = placeOf(subject, step, ["procedure"]);
  find(subject, at, "W123", `there is no procedure "${step.procedure}"${didYouMean(step.procedure, [AUTO, ...ids])}`);
}

function run(walk: Walk, step: ProcedureStep): StepOutcome {
  const { catalog } = walk;
  const procedure =
    step.procedure === AUTO ? null : (catalog.procedures.find(({ id }) => id === step.procedure) ?? null);
  if (procedure === null && step.procedure !== AUTO)
    return failedStep(`There is no procedure “${step.procedure}” in this release.`);
  if (procedure?.status === "draft")
    journalLine(walk, "procedure.draft", `“${procedure.title}” is a draft, begun because the workflow names it`);
  const started = startProcedure(procedure, { text: walk.facts.message.text, ...outside(walk) });
  return outcomeOf(walk, step, started);
}

function onReply(walk: Walk, step: ProcedureStep, { reply }: { reply: Reply }): StepOutcome | null {
  const { text, choice, attachments } = reply;
  const said: CustomerReply = { text, option: choice.option, attachments };
  return advanced(walk, step, { kind: "words", reply: said });
}

function onAnswer(walk: Walk, step: ProcedureStep, { ask, result }: { ask: string; result: CallResult }): StepOutcome {
  return (
    advanced(walk, step, { kind: "answer", ask, result }) ?? failedStep("An answer came to a procedure that is over.")
  );
}

function onAlarm(walk: Walk, step: ProcedureStep, { alarm }: { wait: Wait; alarm: string }): StepOutcome | null {
  return walk.run.procedure?.quiet === alarm ? advanced(walk, step, { kind: "alarm", alarm }) : null;
}

function advanced(walk: Walk, step: ProcedureStep, input: ProcedureInput): StepOutcome | null {
  const { procedure } = walk.run;
  if (procedure === undefined) return null;
  return outcomeOf(walk, step, advanceProcedure(procedure, input, outside(walk)));
}

const outside = (walk: Walk) => ({
  world: procedureWorld(walk),
  find: (id: string) => walk.catalog.procedures.find((one) => one.id === id) ?? null,
});

function outcomeOf(walk: Walk, step: ProcedureStep, progress: ProcedureProgress): StepOutcome {
  const running = progress.kind === "waits" ? progress.run : null;
  doEffects(walk, progress.effects, running);
  if (progress.kind === "over") return afterEnd(walk, step, progress.end);
  walk.run = { ...walk.run, procedure: progress.run };
  return waitFor(...progress.waits.map(waitOf));
}

function waitOf(wait: Extract<ProcedureProgress, { kind: "waits" }>["waits"][number]): Wait {
  return wait.kind === "choice" ? { ...wait, misses: 0, reminded: false } : wait;
}
