/** W102, W103, W107 to W109: the connector has the operation of a call, and the call gives its inputs. */
import { type ConnectorOperation, operationOf, type ValueType } from "../../domain/connector-schema.ts";
import { didYouMean } from "../../language/suggest.ts";
import { pathPart } from "../../language/yaml-entry.ts";
import { own } from "../../lib/own.ts";
import type { Given, StepOf } from "../definition.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";

export function lintUse(subject: Subject, step: StepOf<"use">): void {
  const at = placeOf(subject, step, ["use"]);
  const known = Object.keys(subject.world.connectors);
  const connector = own(subject.world.connectors, step.connector);
  if (connector === undefined)
    return find(subject, at, "W102", `there is no connector "${step.connector}"${didYouMean(step.connector, known)}`);
  const operations = Object.keys(connector.operations);
  const operation = operationOf(connector, step.operation);
  if (operation === undefined) {
    const meant = didYouMean(step.operation, operations);
    return find(subject, at, "W103", `${step.connector} has no operation "${step.operation}"${meant}`);
  }
  lintInputs(subject, step, operation);
}

function lintInputs(subject: Subject, step: StepOf<"use">, operation: ConnectorOperation): void {
  const names = Object.keys(operation.input);
  for (const [name, given] of Object.entries(step.with)) {
    const schema = Object.hasOwn(operation.input, name) ? operation.input[name] : undefined;
    if (schema === undefined) {
      const at = placeOf(subject, step, [`with.${pathPart(name)}`], "key");
      if (Object.hasOwn(operation.identity, name)) {
        find(subject, at, "W108", `${name} is filled from the contact, whatever a workflow says; remove it here`);
        continue;
      }
      find(subject, at, "W108", `${step.connector}.${step.operation} has no input "${name}"${didYouMean(name, names)}`);
      continue;
    }
    const why = misfit(given, schema.value);
    if (why !== null) find(subject, placeOf(subject, step, [`with.${pathPart(name)}`]), "W109", `${name}: ${why}`);
  }
  const missing = names.filter((name) => operation.input[name]?.optional === false && !Object.hasOwn(step.with, name));
  for (const name of missing) {
    const message = `${step.connector}.${step.operation} needs ${name}: under with:`;
    find(subject, placeOf(subject, step, ["use"]), "W107", message);
  }
}

/** The reason for which a value cannot be of a type, as far as the file shows it; null if it can. */
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
