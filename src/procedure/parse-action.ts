/** Reads an action in code font: `@use billing.get_subscription`. */
import { didYouMean } from "../language/suggest.ts";
import { isName, quoted } from "../language/yaml-entry.ts";
import { report } from "../language/yaml-file.ts";
import { own } from "../lib/own.ts";
import { type BodyReading, positionIn } from "./body-reading.ts";
import { checkedExpression } from "./checked.ts";
import type { Action, ProcedureField } from "./definition.ts";
import { typeWord } from "./parse-uses.ts";

/** The text after an action's name, with the offset in the file of each of its characters. */
interface Argument {
  verb: string;
  text: string;
  offsets: readonly number[];
  /** Offset of the whole action. */
  start: number;
  reading: BodyReading;
}

const ACTIONS: Readonly<Record<Action["kind"], (argument: Argument) => Action | null>> = {
  use: readUse,
  ask: readAsk,
  set: readSet,
  run: (argument) => {
    const procedure = readId(argument, "a procedure");
    return procedure === null ? null : { kind: "run", procedure };
  },
  switch: (argument) => {
    const procedure = readId(argument, "a procedure");
    return procedure === null ? null : { kind: "switch", procedure };
  },
  workflow: (argument) => {
    const workflow = readId(argument, "a workflow");
    return workflow === null ? null : { kind: "workflow", workflow };
  },
  handoff: (argument) => {
    if (argument.text === "") return { kind: "handoff", queue: "" };
    const queue = readId(argument, "a queue");
    return queue === null ? null : { kind: "handoff", queue };
  },
  note: ({ text }) => ({ kind: "note", about: text }),
  tag: readTag,
  end: (argument) => {
    const outcome = readId(argument, "an outcome");
    return outcome === null ? null : { kind: "end", outcome };
  },
};

/** Names of all actions. */
export const ACTION_NAMES = Object.keys(ACTIONS) as readonly Action["kind"][];
/** Actions that this version refuses by name. */
const LATER_ACTIONS = ["lookup", "wait", "snooze", "close", "csat", "priority", "assign"];

/** Reads an action; null after reporting its fault. */
export function readAction(code: string, offsets: readonly number[], reading: BodyReading): Action | null {
  const [whole = "", verb = ""] = /^@([A-Za-z_]*)[ \t]*/.exec(code) ?? [];
  const start = offsets[0] ?? 0;
  const argument = {
    verb,
    text: code.slice(whole.length).trim(),
    offsets: offsets.slice(whole.length),
    start,
    reading,
  };
  const kind = ACTION_NAMES.find((name) => name === verb);
  if (kind !== undefined) return ACTIONS[kind](argument);
  if (LATER_ACTIONS.includes(verb)) return refuse(argument, "008", `@${verb} is not supported yet`);
  const meant = didYouMean(verb, [...ACTION_NAMES, ...LATER_ACTIONS]).replace('"', '"@');
  return refuse(argument, "009", `there is no action @${verb}${meant}`);
}

/** Reports a fault at the action, or at its argument. */
function refuse({ start, offsets, reading }: Argument, number: string, message: string, at?: "argument"): null {
  report(reading.yaml, { at: at === undefined ? start : (offsets[0] ?? start), number, message });
  return null;
}

function readId(argument: Argument, what: string): string | null {
  const { verb, text } = argument;
  if (text === "") return refuse(argument, "006", `@${verb} needs the id of ${what}`);
  if (isName(text)) return text;
  return refuse(
    argument,
    "015",
    `@${verb} takes one id, of letters, digits, - and _; this is ${quoted(text)}`,
    "argument",
  );
}

function readUse(argument: Argument): Action | null {
  const { text, reading } = argument;
  if (text === "") return refuse(argument, "006", "@use needs an operation, as in @use billing.get_subscription");
  if (reading.head.operations.has(text)) return { kind: "use", operation: text };
  const meant = didYouMean(text, reading.head.operations.keys());
  return refuse(
    argument,
    "108",
    `connector operation ${quoted(text)} is not listed under connectors:${meant}`,
    "argument",
  );
}

function readAsk(argument: Argument): Action | null {
  const field = fieldOf(argument, argument.text);
  if (field === null) return null;
  if (field.from.kind === "customer") return { kind: "ask", field: field.name };
  return refuse(argument, "113", `${field.name} is not from: customer, so it cannot be asked for`, "argument");
}

function fieldOf(argument: Argument, name: string): ProcedureField | null {
  const { verb, reading } = argument;
  if (name === "") return refuse(argument, "006", `@${verb} needs the name of a field`);
  const field = own(reading.head.fields, name);
  if (field !== undefined) return field;
  if (reading.head.broken.has(name)) return null;
  const meant = didYouMean(name, Object.keys(reading.head.fields));
  return refuse(argument, "109", `there is no field ${quoted(name)}${meant}`, "argument");
}

/** Reads `@set field = expression`. */
function readSet(argument: Argument): Action | null {
  const [before = "", name = ""] = /^([A-Za-z_]\w*)\s*=\s*/.exec(argument.text) ?? [];
  if (before === "") return refuse(argument, "006", "@set needs a field and a value, as in @set tries = tries + 1");
  const field = fieldOf(argument, name);
  const { reading, offsets } = argument;
  const own = offsets.slice(before.length);
  const value = checkedExpression(argument.text.slice(before.length), {
    yaml: reading.yaml,
    scope: reading.head.scope,
    wanted: "any",
    locate: (offset) => positionIn(own, offset, reading),
  });
  if (field === null || value === null) return null;
  if (field.from.kind !== "set")
    return refuse(argument, "113", `${name} is not from: set, so @set may not change it`, "argument");
  if (settable(field, value.type)) return { kind: "set", field: name, value };
  return refuse(
    argument,
    "112",
    `${name} is a ${field.type.kind}, but this value is a ${typeWord(value.type)}`,
    "argument",
  );
}

/** Tells whether a field can have a value of this CEL type; false only if it is certain. */
function settable({ type }: ProcedureField, cel: string): boolean {
  if (!["string", "double", "int", "bool"].includes(cel)) return true;
  switch (type.kind) {
    case "number":
      return cel === "double" || cel === "int";
    case "yes_no":
      return cel === "bool";
    case "money":
    case "file":
      return false;
    case "named":
      return type.value.type !== "object" && type.value.type !== "list";
    case "text":
    case "email":
    case "phone":
    case "date":
    case "datetime":
    case "id":
    case "enum":
      return cel === "string";
  }
}

function readTag(argument: Argument): Action | null {
  const { text } = argument;
  if (text === "") return refuse(argument, "006", "@tag needs a tag");
  if (/^[\p{L}\p{N}][\p{L}\p{N}:_-]{0,63}$/u.test(text)) return { kind: "tag", tag: text };
  return refuse(
    argument,
    "015",
    `a tag is one word of letters, digits, :, - and _; this is ${quoted(text)}`,
    "argument",
  );
}
