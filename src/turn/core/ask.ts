/** Effects that need a result, by kind: the request as stored, and the value of a successful answer. */
import { z } from "zod";
import type { CallError, CallResult } from "../../domain/call.ts";
import { Attachment, StoredFile } from "../../domain/message.ts";

/** Calls an operation of a connector. `key`: the idempotency key, the same for every attempt. */
const CallAsk = z.object({
  kind: z.literal("call"),
  connector: z.string(),
  operation: z.string(),
  input: z.unknown(),
  timeoutMs: z.number().nullable(),
  key: z.string(),
});
export type CallAsk = z.infer<typeof CallAsk>;

/** Fetches and stores a file that came with a message. */
const FetchAsk = z.object({ kind: z.literal("fetch"), channel: z.string(), attachment: Attachment });
export type FetchAsk = z.infer<typeof FetchAsk>;

const REQUESTS = { call: CallAsk, fetch: FetchAsk };
export type AskKind = keyof typeof REQUESTS;

/** What holds for every ask of a kind, whatever it asks for (E5). */
export interface AskRules<Kind extends AskKind> {
  /** What it shares its slots with: slow asks of one bulkhead delay no other's. */
  bulkhead(request: AskRequest<Kind>): string;
  /** Asks of one bulkhead that one process runs at once. */
  concurrency: number;
  /** An ask is given up this long after it was requested. */
  deadlineMs: number;
  /** Attempts at most, each by a process that died or stood still. */
  attempts: number;
  /** Longest time that one attempt can take; nobody takes an ask over before it has passed (E2). */
  attemptMs: number;
}

/** Our choices, far above what a connector or a platform takes in normal times. */
export const ASK_RULES: { readonly [Kind in AskKind]: AskRules<Kind> } = {
  call: {
    bulkhead: ({ connector }) => `call:${connector}`,
    concurrency: 32,
    deadlineMs: 15 * 60_000,
    attempts: 5,
    attemptMs: 60_000,
  },
  fetch: {
    bulkhead: ({ channel }) => `fetch:${channel}`,
    concurrency: 16,
    deadlineMs: 60 * 60_000,
    attempts: 5,
    attemptMs: 60_000,
  },
};

/** The bulkhead of a request of any kind. */
export const bulkheadOf = <Kind extends AskKind>(request: AskRequest<Kind>): string =>
  rulesOf<Kind>(request.kind as Kind).bulkhead(request);

/** The rules of a kind. */
export const rulesOf = <Kind extends AskKind>(kind: Kind): AskRules<Kind> => ASK_RULES[kind];
export type AskRequest<Kind extends AskKind = AskKind> = z.infer<(typeof REQUESTS)[Kind]>;

/** Values of successful answers; a connector's was checked against its manifest. */
const VALUES = { call: z.unknown(), fetch: StoredFile } satisfies Record<AskKind, z.ZodType>;
type AskValue<Kind extends AskKind> = z.infer<(typeof VALUES)[Kind]>;

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
  if (!Object.hasOwn(REQUESTS, kind)) throw new UnknownAskKind(`This version knows no ask of the kind “${kind}”`);
  return REQUESTS[kind as AskKind].parse(stored);
}

/** An ask of a newer version, which answers it. */
export class UnknownAskKind extends Error {
  override readonly name = "UnknownAskKind";
}

/** Reads a journalled answer to an ask of this kind. Throws ZodError. */
export function readAnswer<Kind extends AskKind>(kind: Kind, result: CallResult): AskAnswer<Kind> {
  return result.ok ? { ok: true, value: VALUES[kind].parse(result.value) as AskValue<Kind> } : result;
}
