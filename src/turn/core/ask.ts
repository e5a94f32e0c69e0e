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
