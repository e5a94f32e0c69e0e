/** Effects that need a result, by kind: the request as its row stores it, and the value of a good answer. */
import { z } from "zod";
import type { CallError, CallResult } from "../../domain/call.ts";
import { Attachment, StoredFile } from "../../domain/message.ts";

/** A connector's operation is to be called. `key`: its idempotency key, the same for every try of the same call. */
const CallAsk = z.object({
  kind: z.literal("call"),
  connector: z.string(),
  operation: z.string(),
  input: z.unknown(),
  timeoutMs: z.number().nullable(),
  key: z.string(),
});
export type CallAsk = z.infer<typeof CallAsk>;

/** A file that came with a message is to be fetched and kept. */
const FetchAsk = z.object({ kind: z.literal("fetch"), channel: z.string(), attachment: Attachment });
export type FetchAsk = z.infer<typeof FetchAsk>;

const REQUESTS = { call: CallAsk, fetch: FetchAsk };
export type AskKind = keyof typeof REQUESTS;
export type AskRequest<Kind extends AskKind = AskKind> = z.infer<(typeof REQUESTS)[Kind]>;

/** Values of good answers; one that a connector gave was checked against its manifest. */
const VALUES = { call: z.unknown(), fetch: StoredFile } satisfies Record<AskKind, z.ZodType>;
type AskValue<Kind extends AskKind> = z.infer<(typeof VALUES)[Kind]>;

/** An answer as it is journalled. */
export type AskAnswer<Kind extends AskKind> = { ok: true; value: AskValue<Kind> } | { ok: false; error: CallError };

/** An effect that needs a result; the answer comes back as an event. */
export interface Ask {
  id: string;
  release: number;
  request: AskRequest;
}

/** Reads a stored request. Throws Error naming the kind, or what is wrong in it. */
export function readRequest(stored: unknown): AskRequest {
  const { kind } = z.object({ kind: z.string() }).parse(stored);
  if (!Object.hasOwn(REQUESTS, kind)) throw new UnknownAskKind(`This version knows no ask of the kind “${kind}”`);
  return REQUESTS[kind as AskKind].parse(stored);
}

/** A newer version asked for it, and answers it. */
export class UnknownAskKind extends Error {
  override readonly name = "UnknownAskKind";
}

/** Reads a journalled answer to an ask of this kind. Throws ZodError. */
export function readAnswer<Kind extends AskKind>(kind: Kind, result: CallResult): AskAnswer<Kind> {
  return result.ok ? { ok: true, value: VALUES[kind].parse(result.value) as AskValue<Kind> } : result;
}
