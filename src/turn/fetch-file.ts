/**
 * Fetches and stores a file that came with a message (I5), after checking its bytes instead of trusting its name and
 * type.
 */

import { setTimeout as pause } from "node:timers/promises";
import { type Connection, type Download, DownloadError } from "../adapter/adapter.ts";
import type { CallError } from "../domain/call.ts";
import { fileName } from "../domain/file-name.ts";
import { DEFAULT_LIMITS, type FileLimits } from "../domain/limits.ts";
import type { Attachment, StoredFile } from "../domain/message.ts";
import { backoffMs } from "../lib/backoff.ts";
import { FetchError } from "../lib/fetch.ts";
import { own } from "../lib/own.ts";
import type { Db } from "../store/db.ts";
import { exceededQuota, refuseAttachment, storeFile } from "../store/files.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import type { AskAnswer } from "./core/ask.ts";
import type { FileKind } from "./file-kind.ts";
import { refusalOf } from "./file-refusal.ts";
import { fileKindOf } from "./media-type.ts";
import { createSlots, type Slots } from "./slots.ts";

/**
 * Our choice: four times the limit of MMS (5 MB), and Gmail's (25 MB) less the third that e-mail's encoding adds. A row
 * of Postgres can hold it.
 */
const MAX_FILE_BYTES = 20 * 1024 * 1024;
/** Time after which no new attempt begins, since the operator waits for the file. */
const TRY_FOR_MS = 20_000;
/** Time for one attempt, however slowly the bytes come. */
const ONE_TRY_MS = 60_000;
/** Per channel: at most 80 MB of its files in memory, or twice that while each is joined. */
const FETCHES_AT_ONCE = 4;

interface FetchFileOptions {
  db: Db;
  /** null where no channel of that name is running. */
  connection(channel: string): Connection | null;
  /** Quotas for stored files; read again for each file, since settings change. */
  limits?: () => FileLimits;
  /** Called for each file that was not kept because of a quota. */
  onRefused?: (quota: keyof FileLimits, conversation: number) => void;
  tryForMs?: number;
  oneTryMs?: number;
}

export interface FileRequest {
  channel: string;
  attachment: Attachment;
  conversation: number;
  ask: string;
  signal: AbortSignal;
  /** True while the claim holds; asked right before each download begins (E1). */
  mayLeave: () => boolean;
}

/** Shared by the process, since each fetch holds a file in memory; one channel's slow files delay no other's (E5). */
const slots = new Map<string, Slots>();

function slotsOf(channel: string): Slots {
  const own = slots.get(channel) ?? createSlots(FETCHES_AT_ONCE);
  slots.set(channel, own);
  return own;
}

/**
 * Downloads, checks and stores a file; `value` is the StoredFile. Retries transient failures for about 20 s; a
 * DownloadError is final. A file that is not kept is marked on its message. Throws only what the database throws.
 */
export async function fetchFile(o: FetchFileOptions, request: FileRequest): Promise<AskAnswer<"fetch">> {
  const result = await fetchOrFail(o, request);
  if (!result.ok && !request.signal.aborted) {
    const { ask, attachment } = request;
    await retryUntilStored(() => refuseAttachment(o.db, { ask, ref: attachment.ref, message: result.error.message }));
  }
  return result;
}

async function fetchOrFail(o: FetchFileOptions, request: FileRequest): Promise<AskAnswer<"fetch">> {
  const { channel, attachment, signal } = request;
  const { bytes } = attachment;
  const connection = o.connection(channel);
  if (connection === null) return fetchFailure(attachment, "bad_input", `the channel ${channel} no longer exists`);
  const download = connection.download?.bind(connection);
  if (download === undefined) return fetchFailure(attachment, "bad_input", `the channel ${channel} provides no files`);
  if ((bytes ?? 0) > MAX_FILE_BYTES) return fetchFailure(attachment, "refused", TOO_LARGE);
  let giveUpAtMs: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const outcome = await slotsOf(channel).run(async () => {
      const exceeded =
        attempt > 1 || bytes === undefined ? null : await retryUntilStored(() => exceededBySize(o, request, bytes));
      if (exceeded !== null) return quotaFailure(o, request, exceeded);
      giveUpAtMs ??= performance.now() + (o.tryForMs ?? TRY_FOR_MS);
      return tryOnce(o, request, download);
    });
    if ("ok" in outcome) return outcome;
    const waitMs = backoffMs(attempt);
    if (performance.now() + waitMs > (giveUpAtMs ?? 0)) return transientFailure(outcome.transient, request);
    await pause(waitMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return transientFailure(outcome.transient, request);
  }
}

/** The quota that the file would exceed by the size that its platform gives; null: there is room. */
const exceededBySize = (o: FetchFileOptions, { conversation, ask }: FileRequest, bytes: number) =>
  exceededQuota(o.db, { conversation, ask, bytes }, limitsOf(o));

type DownloadFile = NonNullable<Connection["download"]>;

async function tryOnce(
  o: FetchFileOptions,
  request: FileRequest,
  download: DownloadFile,
): Promise<AskAnswer<"fetch"> | { transient: unknown }> {
  const { attachment, signal, mayLeave } = request;
  if (!mayLeave())
    return { transient: new FetchError("The claim had lapsed.", { fault: "aborted", mayHaveLeft: false }) };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(o.oneTryMs ?? ONE_TRY_MS)]);
  let file: Download;
  try {
    file = await download(attachment.ref, { maxBytes: MAX_FILE_BYTES, signal: limit });
  } catch (error) {
    return error instanceof DownloadError
      ? fetchFailure(attachment, "refused", withoutStop(error.message))
      : { transient: error };
  }
  if (file.bytes.byteLength > MAX_FILE_BYTES) return fetchFailure(attachment, "refused", TOO_LARGE);
  return checkAndStore(o, request, file);
}

async function checkAndStore(
  o: FetchFileOptions,
  request: FileRequest,
  downloaded: Download,
): Promise<AskAnswer<"fetch">> {
  const { attachment, conversation, ask } = request;
  const { bytes } = downloaded;
  const kind = fileKindOf(bytes);
  const given = fileName(attachment.name ?? downloaded.name ?? "", "");
  const claim = { name: given, mediaType: attachment.mediaType ?? downloaded.mediaType };
  const refusal = bytes.byteLength === 0 ? "it is empty" : refusalOf(kind, claim);
  if (refusal !== null) return failure("refused", `“${attachmentName(attachment)}” was not kept: ${refusal}.`);
  const mediaType = typeOf(kind, claim.mediaType);
  const name = given === "" ? nameFor(mediaType) : given;
  const stored = await retryUntilStored(() =>
    storeFile(o.db, { conversation, ask, name, mediaType, bytes }, limitsOf(o)),
  );
  return stored.ok ? { ok: true, value: stored.file satisfies StoredFile } : quotaFailure(o, request, stored.quota);
}

const limitsOf = ({ limits }: FetchFileOptions): FileLimits => limits?.() ?? DEFAULT_LIMITS.files;

const QUOTA_WORDS: Readonly<Record<keyof FileLimits, (mb: number) => string>> = {
  perMessage: (mb) => `one message may have ${mb} MB of files`,
  perConversation: (mb) => `the files of one conversation may have ${mb} MB`,
  perSenderDay: (mb) => `one sender may send ${mb} MB of files in a day`,
  store: (mb) => `the ${mb} MB for all files are used up; tell the admin of Frontdesk`,
};

function quotaFailure(
  o: FetchFileOptions,
  { attachment, conversation }: FileRequest,
  quota: keyof FileLimits,
): AskAnswer<"fetch"> {
  o.onRefused?.(quota, conversation);
  const message = QUOTA_WORDS[quota](Math.round(limitsOf(o)[quota] / 1024 / 1024));
  return failure("refused", `“${attachmentName(attachment)}” was not kept: ${message}.`);
}

const TOO_LARGE = `it is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`;

function transientFailure(error: unknown, { attachment, signal }: FileRequest): AskAnswer<"fetch"> {
  if (signal.aborted) return fetchFailure(attachment, "timeout", "this server was stopped meanwhile");
  const slow = error instanceof FetchError ? error.fault === "timeout" || error.fault === "aborted" : isTimeout(error);
  if (slow) return fetchFailure(attachment, "timeout", "it did not arrive in time");
  return fetchFailure(attachment, "unreachable", error instanceof Error ? withoutStop(error.message) : String(error));
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");

const fetchFailure = (attachment: Attachment, reason: CallError["reason"], message: string): AskAnswer<"fetch"> =>
  failure(reason, `“${attachmentName(attachment)}” could not be fetched: ${message}.`);

/** The file's name, or its type where the platform gave none. */
const attachmentName = ({ name, mediaType }: Attachment): string => fileName(name ?? "", mediaType ?? "a file");

function failure(reason: CallError["reason"], message: string): AskAnswer<"fetch"> {
  const retryable = reason === "timeout" || reason === "unreachable";
  return { ok: false, error: { reason, message, retryable } };
}

/** Removes the final full stop, so that the text can stand inside a sentence. */
const withoutStop = (text: string): string => text.replace(/\.\s*$/, "");

/** The media type by the file's kind; a claimed type counts only among types of text. */
function typeOf(what: FileKind, claimed: string | undefined): string {
  switch (what.kind) {
    case "media":
    case "package":
      return what.type;
    case "archive":
      return "application/zip";
    case "html":
      return "text/html";
    case "text":
      return (
        what.type ??
        /^(?:text\/(?!html)[\w.+-]+|application\/json)/i.exec(claimed ?? "")?.[0].toLowerCase() ??
        "text/plain"
      );
    case "unknown":
    case "program":
    case "macros":
      return "application/octet-stream";
  }
}

/** Names for files without one, as phones send them. */
const NAMES: Readonly<Record<string, string>> = {
  "image/jpeg": "picture.jpg",
  "image/png": "picture.png",
  "image/gif": "picture.gif",
  "image/heic": "picture.heic",
  "image/webp": "picture.webp",
  "video/mp4": "video.mp4",
  "video/3gpp": "video.3gp",
  "video/quicktime": "video.mov",
  "audio/amr": "recording.amr",
  "audio/mpeg": "recording.mp3",
  "audio/mp4": "recording.m4a",
  "audio/ogg": "recording.ogg",
  "text/vcard": "contact.vcf",
  "text/calendar": "appointment.ics",
  "text/plain": "text.txt",
  "application/pdf": "document.pdf",
};
const nameFor = (mediaType: string): string => own(NAMES, mediaType) ?? "file";
