/** Prompts for the fixtures, in a conversation as far as a test needs it. */
import type { ModelMessage, ToolSpec } from "../../../src/domain/model.ts";
import type { Procedure } from "../../../src/procedure/definition.ts";
import { parse } from "../../../src/procedure/parse.ts";
import type { SpokenMessage } from "../../../src/procedure/prompt/conversation.ts";
import { type Prompt, type PromptInput, promptFor } from "../../../src/procedure/prompt/prompt.ts";
import type { Activation, Operation } from "../../../src/procedure/run.ts";
import { billing, parsed, readFixture } from "../written.ts";

const connectors = billing();

/** The fixture `cancel-subscription.md`. */
export const cancelSubscription = (): Procedure =>
  sound(parse(readFixture("cancel-subscription.md"), "procedures/cancel-subscription.md", connectors));

/** A procedure of this text. Throws with the faults of the file. */
export const procedureOf = (source: string): Procedure => sound(parsed(source));

function sound({ procedure, diagnostics }: ReturnType<typeof parse>): Procedure {
  if (procedure === null) throw new Error(JSON.stringify(diagnostics, null, 1));
  return procedure;
}

/** The operations of the connector `billing`; the key of a look-up is the contact's. */
export function operation(name: string): Operation | null {
  const [connector = "", id = ""] = name.split(".");
  const found = connectors[connector]?.operations[id];
  if (found === undefined) return null;
  const { kind, description, input } = found;
  const identity: Operation["identity"] = id === "get_subscription" ? { key: "attributes.billing_id" } : {};
  return { name, kind, description, input, identity, confirm: null };
}

export const DANA = {
  id: 7,
  name: "Dana Smith",
  first_name: "Dana",
  email: "dana@acme.example",
  phone: "",
  language: "en",
  blocked: false,
  attributes: { billing_id: "cus_9" },
};

export const customer = (text: string, files: readonly string[] = []): SpokenMessage => ({
  author: "customer",
  text,
  files,
});
export const bot = (text: string): SpokenMessage => ({ author: "bot", text, files: [] });

/** A procedure in progress, at its first step unless the test says otherwise. */
export function standing(procedure: Procedure, more: Partial<Activation> = {}): Activation {
  const step = more.step ?? procedure.steps[0]?.id ?? "";
  const none = { fields: {}, judged: {}, calls: {}, done: [], outcomes: {} };
  return { procedure: procedure.id, step, visited: [step], ...none, ...more };
}

export const known = (value: unknown, quote = "") => ({ value, quote, at: "2026-11-20T09:00:00Z" });

interface Wanted {
  procedures?: readonly Procedure[];
  run?: Partial<PromptInput["run"]>;
  said?: readonly SpokenMessage[];
  facts?: Partial<PromptInput["facts"]>;
  more?: Partial<PromptInput>;
}

/** The prompt of a conversation with Dana on chat. */
export function promptOf({ procedures = [], run = {}, said = [], facts = {}, more = {} }: Wanted): Prompt {
  return promptFor({
    run: {
      stack: [],
      heard: [],
      exchange: [],
      pending: null,
      verified: false,
      replies: [],
      counted: {},
      used: [],
      ...run,
    },
    facts: {
      contact: DANA,
      conversation: { id: 3, channel: "playground", tags: [] },
      verified: true,
      now: "2026-11-20T09:00:00Z",
      languages: ["en"],
      ...facts,
    },
    spoken: { messages: said, cut: false },
    release: { id: 1, procedures, operation, voice: "" },
    channel: { name: "playground", maxCharacters: 2_000, markdown: false },
    ...more,
  });
}

/** The tail: where the run stands. */
export const tailOf = ({ messages }: Prompt): string => messages.at(-1)?.content ?? "";

/** A prompt as a server reads it, in one text. */
export const serialised = ({ tools, messages }: Prompt): string =>
  [...tools.map(toolText), ...messages.map(messageText)].join("\n");

const toolText = ({ arguments: _parser, ...tool }: ToolSpec): string => JSON.stringify(tool);

const messageText = (message: ModelMessage): string =>
  `<${message.role}>${message.content ?? ""}${"tool_calls" in message ? JSON.stringify(message.tool_calls) : ""}`;
