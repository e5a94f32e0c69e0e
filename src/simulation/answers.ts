/** Reads the answers of connectors and code blocks in a scenario's front matter. */
import { isMap, isSeq } from "yaml";
import type { CallError, CallResult } from "../domain/call.ts";
import type { ConnectorOperation, HttpOperation, ModuleOperation } from "../domain/connector-schema.ts";
import { project } from "../domain/typed-value.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  fault,
  plainValue,
  readFields,
  readList,
  readMap,
  readOneOf,
  readText,
} from "../language/yaml-entry.ts";
import { own } from "../lib/own.ts";
import { operationsOf, type ScenarioWorld } from "./names.ts";
import type { StubAnswer } from "./scenario.ts";

/** A line under `connectors:`; `operation`: null for a code block, or where the folder has faults. */
interface Reading {
  operation: ConnectorOperation | null;
}

const FAILURES = ["timeout", "unreachable", "ambiguous"] as const;
const CODE = /^code ([\w-]+)$/;

/** Reads `connectors:`. */
export function readStubs(entry: Entry, world: ScenarioWorld | null): Readonly<Record<string, StubAnswer>> {
  const stubs: [string, StubAnswer][] = [];
  for (const [name, field] of readMap(entry) ?? []) {
    const reading = { operation: world === null ? null : operationNamed(field, world) };
    const stub = readStub(field, reading);
    if (stub !== null) stubs.push([name, stub]);
  }
  return Object.fromEntries(stubs);
}

function operationNamed(entry: Entry, world: ScenarioWorld): ConnectorOperation | null {
  const block = CODE.exec(entry.name)?.[1];
  if (block !== undefined) {
    const blocks = world.procedures.flatMap(({ code }) => Object.keys(code));
    return blocks.includes(block)
      ? null
      : fault(entry, "110", `there is no code block ${block}${didYouMean(block, blocks)}`, "key");
  }
  const [id = "", name = ""] = entry.name.split(".");
  const connector = own(world.connectors, id);
  if (connector === undefined)
    return fault(entry, "102", `there is no connector ${id}${didYouMean(id, Object.keys(world.connectors))}`, "key");
  return (
    own(connector.operations, name) ??
    fault(entry, "103", `there is no operation ${entry.name}${didYouMean(entry.name, operationsOf(world))}`, "key")
  );
}

function readStub(entry: Entry, reading: Reading): StubAnswer | null {
  if (!isMap(entry.node) && !isSeq(entry.node) && readText(entry) === "fail_if_called") return { kind: "forbidden" };
  const items = isSeq(entry.node) ? (readList(entry) ?? []) : [entry];
  if (items.length === 0) return fault(entry, "006", `${entry.name}: needs an answer`);
  const results = items.map((item) => readResult(item, reading));
  return { kind: "answers", results: results.filter((one) => one !== null) };
}

function readResult(entry: Entry, reading: Reading): CallResult | null {
  if (isMap(entry.node)) {
    const keys = [...(readMap(entry)?.keys() ?? [])];
    if (keys.length === 1 && keys[0] === "error") return readNamedError(entry, reading);
    if (keys.length === 1 && keys[0] === "fail") return readFailure(entry);
    if (keys.length === 1 && keys[0] === "answer") {
      const field = readFields(entry, { what: "an answer", known: ["answer"] })?.get("answer");
      return field === undefined ? null : valueResult(field, reading);
    }
  }
  return valueResult(entry, reading);
}

function readNamedError(entry: Entry, { operation }: Reading): CallResult | null {
  const field = readFields(entry, { what: "an answer", known: ["error"] })?.get("error");
  const name = field === undefined ? null : readText(field);
  if (field === undefined || name === null) return null;
  const known = operation === null ? null : errorsOf(operation);
  if (known !== null && !known.includes(name))
    return fault(field, "108", `errors: of ${operation?.name ?? ""} has no ${name}${didYouMean(name, known)}`);
  return failedResult({ reason: "not_found", name, message: `It answered ${name}.` });
}

function errorsOf(operation: ConnectorOperation): string[] {
  const { errors } = operation as HttpOperation | ModuleOperation;
  return Object.values(errors);
}

function readFailure(entry: Entry): CallResult | null {
  const field = readFields(entry, { what: "an answer", known: ["fail"] })?.get("fail");
  const reason = field === undefined ? null : readOneOf(field, FAILURES);
  return reason === null ? null : failedResult({ reason, message: MESSAGES[reason] });
}

const MESSAGES: Readonly<Record<(typeof FAILURES)[number], string>> = {
  timeout: "It did not answer in time.",
  unreachable: "It could not be reached.",
  ambiguous: "Its answer was lost, so it is unknown whether it was done.",
};

const failedResult = (error: Omit<CallError, "retryable">): CallResult => ({
  ok: false,
  error: { ...error, retryable: false },
});

function valueResult(entry: Entry, { operation }: Reading): CallResult | null {
  const value = plainValue(entry);
  if (operation === null) return { ok: true, value };
  if (operation.returns === null) {
    if (value === "done") return { ok: true, value: null };
    return fault(entry, "109", `${operation.name} has no returns:, so its answer is done`);
  }
  const typed = project(value, operation.returns, { at: "answer", undeclared: "refuse" });
  if (typed.ok) return { ok: true, value: typed.value };
  return fault(entry, "109", `this does not fit returns: of ${operation.name}: ${typed.fault}`);
}
