/** Reads the commands of a `model:` line. Names are not checked: a hostile model asks for what is not there, too. */
import { didYouMean } from "../language/suggest.ts";
import type { Command, HandoffReason, SetField } from "../procedure/command.ts";
import type { ScriptedAnswer } from "./scenario.ts";
import { type Token, tokensOf } from "./tokens.ts";

export type ReadAnswer = { ok: true; answer: ScriptedAnswer } | { ok: false; at: number; message: string };

interface Given {
  /** Values without a name, in order. */
  words: readonly string[];
  /** Values with a name. */
  named: ReadonlyMap<string, unknown>;
  tokens: readonly Token[];
}

interface CommandForm {
  usage: string;
  /** Returns null where the words do not fit the usage. */
  read(given: Given): Command | null;
}

const REASONS: readonly HandoffReason[] = ["asked", "stuck", "policy", "failure"];

/** A command with one name or text. */
const single = (usage: string, make: (word: string) => Command): CommandForm => ({
  usage,
  read: ({ words, named }) => (words.length === 1 && named.size === 0 ? make(words[0] ?? "") : null),
});

const FORMS: Readonly<Record<Command["kind"], CommandForm>> = {
  reply: single('reply "text"', (text) => ({ kind: "reply", text })),
  say: single("say SENTENCE", (sentence) => ({ kind: "say", sentence })),
  ask: single("ask FIELD", (field) => ({ kind: "ask", field })),
  set_fields: { usage: 'set_fields FIELD=value quote="their words"', read: readSetFields },
  set: single("set FIELD", (field) => ({ kind: "set", field })),
  use: {
    usage: "use CONNECTOR.OPERATION name=value",
    read: ({ words: [operation, ...more], named }) =>
      operation === undefined || more.length > 0 ? null : { kind: "use", operation, args: Object.fromEntries(named) },
  },
  go: single("go STEP", (step) => ({ kind: "go", step })),
  judge: { usage: 'judge BRANCH yes|no quote="their words"', read: readJudge },
  start: single("start PROCEDURE", (procedure) => ({ kind: "start", procedure })),
  switch: single("switch PROCEDURE", (procedure) => ({ kind: "switch", procedure })),
  cancel: { usage: "cancel", read: ({ tokens }) => (tokens.length === 0 ? { kind: "cancel" } : null) },
  clarify: {
    usage: "clarify PROCEDURE PROCEDURE",
    read: ({ words, named }) => (words.length > 0 && named.size === 0 ? { kind: "clarify", candidates: words } : null),
  },
  note: single('note "text"', (text) => ({ kind: "note", text })),
  tag: single("tag WORD", (tag) => ({ kind: "tag", tag })),
  workflow: single("workflow ID", (workflow) => ({ kind: "workflow", workflow })),
  handoff: { usage: 'handoff QUEUE reason=asked|stuck|policy|failure summary="text"', read: readHandoff },
  end: single("end OUTCOME", (outcome) => ({ kind: "end", outcome })),
};

const NAMES = Object.keys(FORMS) as Command["kind"][];

/** Reads `set_fields reason=other quote="…"; use billing.get_subscription`, `unavailable` or `nothing`. */
export function readAnswer(line: string): ReadAnswer {
  const tokens = tokensOf(line);
  if (!tokens.ok) return tokens;
  const [first] = tokens.commands;
  if (first === undefined) return { ok: false, at: 0, message: "model: needs a command, unavailable or nothing" };
  if (tokens.commands.length === 1 && first.length === 1) {
    if (first[0]?.raw === "unavailable") return { ok: true, answer: { kind: "unavailable" } };
    if (first[0]?.raw === "nothing") return { ok: true, answer: { kind: "commands", commands: [] } };
  }
  const commands: Command[] = [];
  for (const one of tokens.commands) {
    const read = readCommand(one);
    if ("message" in read) return { ok: false, ...read };
    commands.push(read);
  }
  return { ok: true, answer: { kind: "commands", commands } };
}

function readCommand([head, ...tokens]: readonly Token[]): Command | { at: number; message: string } {
  const at = head?.at ?? 0;
  const name = head?.raw ?? "";
  const kind = NAMES.find((known) => known === name);
  if (kind === undefined)
    return { at, message: `there is no command ${name}${didYouMean(name, [...NAMES, "unavailable", "nothing"])}` };
  const words = tokens.filter(({ key }) => key === null).map(({ value }) => asText(value));
  const named = new Map(tokens.flatMap(({ key, value }) => (key === null ? [] : [[key, value] as const])));
  const form = FORMS[kind];
  return form.read({ words, named, tokens }) ?? { at, message: `write it as: ${form.usage}` };
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** `quote=` belongs to the field before it. */
function readSetFields({ words, tokens }: Given): Command | null {
  const fields: SetField[] = [];
  for (const { key, value } of tokens) {
    const last = fields.at(-1);
    if (key === null) return null;
    if (key !== "quote") fields.push({ field: key, value, quote: "" });
    else if (last === undefined) return null;
    else fields.splice(-1, 1, { ...last, quote: asText(value) });
  }
  return fields.length === 0 || words.length > 0 ? null : { kind: "set_fields", fields };
}

function readJudge({ words: [branch, holds, ...more], named }: Given): Command | null {
  if (branch === undefined || (holds !== "yes" && holds !== "no") || more.length > 0) return null;
  return { kind: "judge", branch, holds: holds === "yes", quote: asText(named.get("quote") ?? "") };
}

function readHandoff({ words: [queue = "", ...more], named }: Given): Command | null {
  const reason = REASONS.find((known) => known === (named.get("reason") ?? "asked"));
  if (more.length > 0 || reason === undefined) return null;
  return { kind: "handoff", queue, reason, summary: asText(named.get("summary") ?? "") };
}
