/** P125, P126, P132: what is declared is used, and what is used has a writer in the steps. */
import type { Expression, Template } from "../language/expression.ts";
import { own } from "../lib/own.ts";
import type { Action, ProcedureField } from "./definition.ts";
import { codeBlocksOf } from "./lint-code.ts";
import { find, type Subject } from "./lint-subject.ts";
import { actionsOf, expressionsOf } from "./reading.ts";

export function lintFields(subject: Subject): void {
  const { procedure } = subject;
  const actions = actionsOf(subject.body);
  const used = usedNames(subject, actions);
  for (const field of Object.values(procedure.fields)) lintField(subject, field, { actions, used });
  const sources = Object.values(procedure.fields).map(({ from }) => from);
  for (const { operation, position } of Object.values(procedure.uses)) {
    const read = sources.some((from) => from.kind === "connector" && from.operation === operation);
    if (!read && !usesOperation(actions, operation))
      find(
        subject,
        position,
        "P132",
        `nothing uses ${operation}; write @use ${operation} in a step, or take it off the list`,
      );
  }
  for (const { code, position } of codeBlocksOf(subject.body)) {
    if (sources.some((from) => from.kind === "code" && from.block === code.name)) continue;
    find(subject, position, "P132", `no field takes the result of ${code.name}; give one from: ${code.name}`);
  }
}

interface FieldOptions {
  actions: readonly Action[];
  used: ReadonlySet<string>;
}

function lintField(subject: Subject, field: ProcedureField, { actions, used }: FieldOptions): void {
  const { name, position } = field;
  if (!used.has(name)) return find(subject, position, "P125", `nothing uses the field ${name}`);
  const missing = missingWriter(field, actions);
  if (missing !== null) find(subject, position, "P126", `${name} is used, but ${missing}`);
}

/** The end of a sentence about a field that no step fills; null if one does. */
function missingWriter({ name, from }: ProcedureField, actions: readonly Action[]): string | null {
  switch (from.kind) {
    case "customer":
      return actions.some((action) => action.kind === "ask" && action.field === name)
        ? null
        : `no step asks for it; write @ask ${name}`;
    case "set":
      return actions.some((action) => action.kind === "set" && action.field === name)
        ? null
        : `no step sets it; write @set ${name} = …`;
    case "connector":
      return usesOperation(actions, from.operation) ? null : `no step looks it up; write @use ${from.operation}`;
    case "code":
    case "contact":
    case "human":
      return null;
  }
}

const usesOperation = (actions: readonly Action[], operation: string): boolean =>
  actions.some((action) => action.kind === "use" && action.operation === operation);

/** Names that conditions, texts, code, notes and calls read. */
function usedNames(subject: Subject, actions: readonly Action[]): ReadonlySet<string> {
  const { procedure, world } = subject;
  const fields = Object.values(procedure.fields);
  const rules = Object.values(procedure.uses);
  const readers: (Expression | Template | null)[] = [
    ...expressionsOf([...procedure.intro, ...subject.body]),
    ...fields.map(({ question }) => question),
    ...rules.flatMap((rule) => [
      rule.onlyIf,
      rule.oncePer,
      ...Object.values(rule.with),
      ...rule.approve.map((one) => one.if),
    ]),
    ...procedure.escalate.map((rule) => (rule.kind === "condition" ? rule.if : null)),
  ];
  const names = new Set(readers.flatMap((reader) => reader?.uses.map(({ path }) => path[0] ?? "") ?? []));
  for (const { inputs } of Object.values(procedure.code)) for (const name of inputs) names.add(name);
  // A model gives an operation what the file does not fill in, by the names of the inputs.
  for (const rule of rules)
    for (const input of inputsOf(rule.operation, world)) if (own(rule.with, input) === undefined) names.add(input);
  const notes = actions.flatMap((action) => (action.kind === "note" ? [action.about] : []));
  // Whatever was asked goes to the person who takes over, or into a note about it.
  const handsOver = actions.some(({ kind }) => kind === "handoff");
  for (const { name, from } of fields)
    if ((handsOver && from.kind === "customer") || notes.some((note) => mentions(note, name))) names.add(name);
  return names;
}

function inputsOf(operation: string, { connectors }: Subject["world"]): readonly string[] {
  const [connector = "", name = ""] = operation.split(".");
  return Object.keys(own(own(connectors, connector)?.operations ?? {}, name)?.input ?? {});
}

const mentions = (note: string, name: string): boolean =>
  name.split("_").some((word) => word.length > 3 && note.toLowerCase().includes(word.toLowerCase()));
