/** This turn's commands and what became of them, as tool calls and their results. */
import type { ModelMessage } from "../../domain/model.ts";
import { own } from "../../lib/own.ts";
import type { Command } from "../command.ts";
import type { Procedure } from "../definition.ts";
import type { Exchange, Operation } from "../run.ts";
import { type Mask, maskedJson } from "./masking.ts";
import type { Fencing } from "./outside.ts";
import { operationToolNames } from "./tools/operation-names.ts";
import { isGiven } from "./tools/use-tools.ts";

/** Characters of one result, and of all results of a turn: far above what a person would read aloud. */
const RESULT_MAX = 4_000;
const RESULTS_MAX = 24_000;
const REASON_MAX = 500;

interface ExchangeOptions {
  procedure: Procedure | null;
  operation: (name: string) => Operation | null;
  fenced: Fencing;
  mask: Mask;
}

/** The latest commands; earlier ones are left out where all of them are too long. */
export function exchangeMessages(exchange: readonly Exchange[], o: ExchangeOptions): ModelMessage[] {
  const told = exchange.map((one, at) => messagesOf(one, `call_${at + 1}`, o));
  let room = RESULTS_MAX;
  const first = told.findLastIndex((messages) => {
    room -= JSON.stringify(messages).length;
    return room < 0;
  });
  return told.slice(first + 1).flat();
}

function messagesOf({ command, result }: Exchange, id: string, o: ExchangeOptions): ModelMessage[] {
  const { name, args } = toolCallOf(command, o);
  const call = { id, type: "function", function: { name, arguments: maskedJson(args, o.mask) } } as const;
  return [
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: id, content: resultText(result, o) },
  ];
}

function resultText(result: Exchange["result"], { fenced, mask }: ExchangeOptions): string {
  if (!result.ok) return `Not done.\n${fenced("refusal", mask(result.message), REASON_MAX)}`;
  if (result.value === undefined || result.value === null) return "Done.";
  return `Done.\n${fenced("result", maskedJson(result.value, mask), RESULT_MAX)}`;
}

/** The call as the model made it, or would have made it: without the arguments that the engine filled in. */
function toolCallOf(command: Command, o: ExchangeOptions): { name: string; args: Readonly<Record<string, unknown>> } {
  if (command.kind !== "use") {
    const { kind, ...args } = command;
    return { name: kind, args };
  }
  const { operation: name, args } = command;
  const rule = own(o.procedure?.uses ?? {}, name);
  const operation = o.operation(name);
  const names = operationToolNames(Object.keys(o.procedure?.uses ?? { [name]: null }));
  const given = Object.entries(args).filter(
    ([input]) => rule !== undefined && operation !== null && isGiven(input, { operation, rule }),
  );
  return { name: names.get(name) ?? operationToolNames([name]).get(name) ?? "", args: Object.fromEntries(given) };
}
