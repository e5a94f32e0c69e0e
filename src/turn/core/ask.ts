/** Effects that need a result: all that holds for a kind of them stands in one entry of ASK_KINDS (E5). */
import { z } from "zod";
import type { CallError, CallResult } from "../../domain/call.ts";
import { Attachment, StoredFile } from "../../domain/message.ts";
import { commandSchema } from "../../procedure/command-schema.ts";
import type { ModelAnswer } from "../../procedure/model-answer.ts";
import type { PromptFacts, PromptRun } from "../../procedure/prompt/scene.ts";

/**
 * Calls an operation of a connector. `key`: the idempotency key, the same for every attempt. `identity`: values of the
 * contact for inputs that only the engine fills; left out where the operation has none. `sandbox`: a trial, so nothing is
 * changed outside a sandbox. `fresh`: an earlier answer won't do.
 */
const CallAsk = z.object({
  kind: z.literal("call"),
  connector: z.string(),
  operation: z.string(),
  input: z.unknown(),
  identity: z.record(z.string(), z.string()).optional(),
  timeoutMs: z.number().nullable(),
  key: z.string(),
  sandbox: z.literal(true).optional(),
  fresh: z.literal(true).optional(),
});
export type CallAsk = z.infer<typeof CallAsk>;

/** Fetches and stores a file that came with a message. */
const FetchAsk = z.object({ kind: z.literal("fetch"), channel: z.string(), attachment: Attachment });
export type FetchAsk = z.infer<typeof FetchAsk>;

/** Runs a code block of a procedure. `now`: time of the event that asked, ISO 8601, the same for every attempt. */
const CodeAsk = z.object({
  kind: z.literal("code"),
  procedure: z.string(),
  block: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  now: z.string(),
});
export type CodeAsk = z.infer<typeof CodeAsk>;

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

/**
 * Asks a model for the next commands of a procedure. Our own code wrote where it stands; the conversation is read from the
 * transcript, the customer's messages up to `until`.
 */
const ModelAsk = z.object({
  kind: z.literal("model"),
  /** Id of the workflow run that it is part of. */
  runId: z.string(),
  run: z.custom<PromptRun>(isObject),
  facts: z.custom<PromptFacts>(isObject),
  channel: z.object({ name: z.string(), maxCharacters: z.number(), markdown: z.boolean() }),
  until: z.number(),
});
export type ModelAsk = z.infer<typeof ModelAsk>;

const ModelValue = z.object({
  commands: z.array(commandSchema),
  model: z.string(),
  costUsd: z.number(),
  tokens: z.object({ input: z.number(), cached: z.number(), output: z.number() }),
}) satisfies z.ZodType<ModelAnswer>;

/** A kind of ask. */
interface AskDeclaration<Request extends z.ZodType> {
  /** The request as stored. */
  request: Request;
  /** The value of a successful answer. */
  value: z.ZodType;
  /** Name of the slots that its asks share: slow ones of one bulkhead delay no other's. */
  bulkhead(request: z.infer<Request>): string;
  /**
   * Asks of one bulkhead that one process runs at once; 0: no process runs it, as with a person's approval. Then it
   * waits until it is answered from elsewhere, or expires.
   */
  concurrency: number;
  /** An ask is given up this long after it was requested. */
  deadlineMs: number;
  /** Attempts at most, each by a process that died or stood still. */
  attempts: number;
  /** True where every ask may be repeated; false where the one that runs it says which may. */
  repeatable: boolean;
}

const declare = <Request extends z.ZodType, Value extends z.ZodType>(
  kind: AskDeclaration<Request> & { value: Value },
): AskDeclaration<Request> & { value: Value } => kind;

/**
 * All kinds. The numbers are our choices: deadlines far above what a connector or a platform takes in normal times. A
 * connector's answer was checked against its manifest, so its value is not parsed again.
 */
const ASK_KINDS = {
  call: declare({
    request: CallAsk,
    value: z.unknown(),
    bulkhead: ({ connector }) => `call:${connector}`,
    concurrency: 32,
    deadlineMs: 15 * 60_000,
    attempts: 5,
    repeatable: false,
  }),
  code: declare({
    request: CodeAsk,
    value: z.unknown(),
    bulkhead: () => "code",
    concurrency: 4,
    deadlineMs: 2 * 60_000,
    attempts: 5,
    repeatable: true,
  }),
  model: declare({
    request: ModelAsk,
    value: ModelValue,
    bulkhead: () => "model",
    concurrency: 512,
    deadlineMs: 5 * 60_000,
    attempts: 3,
    repeatable: true,
  }),
  fetch: declare({
    request: FetchAsk,
    value: StoredFile,
    bulkhead: ({ channel }) => `fetch:${channel}`,
    concurrency: 16,
    deadlineMs: 60 * 60_000,
    attempts: 5,
    repeatable: true,
  }),
};

export type AskKind = keyof typeof ASK_KINDS;
export type AskRequest<Kind extends AskKind = AskKind> = z.infer<(typeof ASK_KINDS)[Kind]["request"]>;
type AskValue<Kind extends AskKind> = z.infer<(typeof ASK_KINDS)[Kind]["value"]>;

/** Rules that hold for every ask of a kind, whatever it asks for. */
export type AskRules = Omit<AskDeclaration<z.ZodType>, "request" | "value" | "bulkhead">;

/** The rules of a kind. */
export const rulesOf = (kind: AskKind): AskRules => ASK_KINDS[kind];

const bulkheads: { readonly [Kind in AskKind]: { bulkhead(request: AskRequest<Kind>): string } } = ASK_KINDS;

/** The bulkhead of a request of any kind. */
export const bulkheadOf = <Kind extends AskKind>(request: AskRequest<Kind>): string =>
  bulkheads[request.kind as Kind].bulkhead(request);

/** An answer as journalled. */
export type AskAnswer<Kind extends AskKind> = { ok: true; value: AskValue<Kind> } | { ok: false; error: CallError };

/** An effect that needs a result; its answer comes back as an event. */
export interface Ask {
  id: string;
  release: number;
  request: AskRequest;
}

/** Parses a stored request. Throws UnknownAskKind, or ZodError where it is malformed. */
export function readRequest(stored: unknown): AskRequest {
  const { kind } = z.object({ kind: z.string() }).parse(stored);
  if (!Object.hasOwn(ASK_KINDS, kind)) throw new UnknownAskKind(`This version knows no ask of the kind “${kind}”`);
  return ASK_KINDS[kind as AskKind].request.parse(stored);
}

/** An ask of a newer version, which answers it. */
class UnknownAskKind extends Error {
  override readonly name = "UnknownAskKind";
}

/** Reads a journalled answer to an ask of this kind. Throws ZodError. */
export function readAnswer<Kind extends AskKind>(kind: Kind, result: CallResult): AskAnswer<Kind> {
  return result.ok ? { ok: true, value: ASK_KINDS[kind].value.parse(result.value) as AskValue<Kind> } : result;
}
