/** W101 to W109: what a workflow names must be there. */

import type { ConnectorOperation, ValueType } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import { pathPart } from "../language/yaml-entry.ts";
import { own } from "../lib/own.ts";
import { readersOf } from "./contents.ts";
import type { Given, Step } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { stepPositions } from "./step-positions.ts";

export function lintReferences(subject: Subject): void {
  lintChannels(subject);
  for (const { step } of subject.steps) {
    if (step.kind === "handoff") lintQueue(subject, step);
    if (step.kind === "use") lintUse(subject, step);
    if (step.kind === "workflow") lintCall(subject, step);
    if (step.kind === "say") lintVariants(subject, step);
    lintQueueUses(subject, step);
  }
}

/** W105: a goto's target is a step of the same file. */
export function lintTargets(subject: Subject): void {
  const ids = [...stepPositions(subject.workflow).byId.keys()];
  for (const { step } of subject.steps) {
    if (step.kind !== "goto" || ids.includes(step.target)) continue;
    find(
      subject,
      placeOf(subject, step, ["goto"]),
      "W105",
      `no step has the id "${step.target}"${didYouMean(step.target, ids)}`,
    );
  }
}

function lintChannels(subject: Subject): void {
  const { workflow, world } = subject;
  const known = Object.keys(world.channels);
  for (const [index, name] of (workflow.channels ?? []).entries()) {
    const place = workflow.places.get(`channels.${index}`) ?? workflow.places.get("channels");
    if (known.includes(name)) continue;
    find(
      subject,
      place?.value ?? { line: 1, column: 1 },
      "W106",
      `frontdesk.yaml has no channel "${name}"${didYouMean(name, known)}`,
    );
  }
}

function lintVariants(subject: Subject, step: Extract<Step, { kind: "say" }>): void {
  const known = Object.keys(subject.world.channels);
  for (const name of Object.keys(step.perChannel)) {
    if (known.includes(name)) continue;
    const at = placeOf(subject, step, [`per_channel.${pathPart(name)}`], "key");
    find(subject, at, "W106", `frontdesk.yaml has no channel "${name}"${didYouMean(name, known)}`);
  }
}

function lintQueue(subject: Subject, step: Extract<Step, { kind: "handoff" }>): void {
  const { queues } = subject.world;
  if (queues.includes(step.queue)) return;
  find(
    subject,
    placeOf(subject, step, ["handoff"]),
    "W101",
    `frontdesk.yaml has no queue "${step.queue}"${didYouMean(step.queue, queues)}`,
  );
}

/** `queue.<id>.open` names a queue too. */
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

function lintUse(subject: Subject, step: Extract<Step, { kind: "use" }>): void {
  const at = placeOf(subject, step, ["use"]);
  const known = Object.keys(subject.world.connectors);
  const connector = own(subject.world.connectors, step.connector);
  if (connector === undefined)
    return find(subject, at, "W102", `there is no connector "${step.connector}"${didYouMean(step.connector, known)}`);
  const operations = Object.keys(connector.operations);
  const operation = own(connector.operations, step.operation);
  if (operation === undefined) {
    return find(
      subject,
      at,
      "W103",
      `${step.connector} has no operation "${step.operation}"${didYouMean(step.operation, operations)}`,
    );
  }
  lintInputs(subject, step, operation);
}

function lintInputs(subject: Subject, step: Extract<Step, { kind: "use" }>, operation: ConnectorOperation): void {
  const names = Object.keys(operation.input);
  for (const [name, given] of Object.entries(step.with)) {
    const schema = Object.hasOwn(operation.input, name) ? operation.input[name] : undefined;
    if (schema === undefined) {
      const at = placeOf(subject, step, [`with.${pathPart(name)}`], "key");
      find(subject, at, "W108", `${step.connector}.${step.operation} has no input "${name}"${didYouMean(name, names)}`);
      continue;
    }
    const why = misfit(given, schema.value);
    if (why !== null) find(subject, placeOf(subject, step, [`with.${pathPart(name)}`]), "W109", `${name}: ${why}`);
  }
  const missing = names.filter((name) => operation.input[name]?.optional === false && !Object.hasOwn(step.with, name));
  for (const name of missing) {
    find(
      subject,
      placeOf(subject, step, ["use"]),
      "W107",
      `${step.connector}.${step.operation} needs ${name}: under with:`,
    );
  }
}

/** Why a value cannot be of a type, as far as the file shows it; null where it can. */
function misfit(given: Given, wanted: ValueType): string | null {
  if (given.kind === "template") return null;
  if (wanted.type === "list") return listMisfit(given, wanted.of);
  if (wanted.type === "object") return given.kind === "map" ? null : "this must be keys with values";
  if (given.kind !== "literal") return `this must be ${wordFor(wanted)}`;
  return literalFits(given.value, wanted)
    ? null
    : `this must be ${wordFor(wanted)}, not ${JSON.stringify(given.value)}${meant(given.value, wanted)}`;
}

function listMisfit(given: Given, of: ValueType): string | null {
  if (given.kind !== "list") return "this must be a list";
  return given.items.map((item) => misfit(item, of)).find((why) => why !== null) ?? null;
}

function literalFits(value: unknown, wanted: ValueType): boolean {
  if (wanted.type === "enum") return typeof value === "string" && wanted.values.includes(value);
  if (wanted.type === "date") return typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value);
  return typeof value === wanted.type;
}

function wordFor(wanted: ValueType): string {
  return wanted.type === "enum"
    ? `one of ${wanted.values.join(", ")}`
    : `a ${wanted.type}${wanted.type === "date" ? " like 2026-11-20" : ""}`;
}

function meant(value: unknown, wanted: ValueType): string {
  return wanted.type === "enum" && typeof value === "string" ? didYouMean(value, wanted.values) : "";
}

function lintCall(subject: Subject, step: Extract<Step, { kind: "workflow" }>): void {
  const { workflows } = subject.world;
  const ids = workflows.map(({ id }) => id);
  if (ids.includes(step.workflow)) return;
  const at = placeOf(subject, step, ["workflow"]);
  find(subject, at, "W104", `there is no workflow "${step.workflow}"${didYouMean(step.workflow, ids)}`);
}
