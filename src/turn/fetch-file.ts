/** Fetches a file that came with a message and keeps it (I5): what came is looked at, never believed. */
import { setTimeout as pause } from "node:timers/promises";
import { type Connection, type Download, DownloadError } from "../channel/adapter.ts";
import type { CallError, CallResult } from "../domain/call.ts";
import { fileName } from "../domain/file-name.ts";
import type { Attachment, StoredFile } from "../domain/message.ts";
import { backoffMs } from "../lib/backoff.ts";
import { FetchError } from "../lib/fetch.ts";
import type { Db } from "../store/db.ts";
import { storeFile } from "../store/files.ts";
import { persist } from "../store/persist.ts";
import { refusalOf } from "./file-refusal.ts";
import { type Seen, seen } from "./media-type.ts";

/** Ours: four times what MMS carries (5 MB), and Gmail's limit (25 MB) less the third that mail adds. A row of Postgres holds it. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;
/** No new try begins later than this: the operator waits for the file. */
const TRY_FOR_MS = 20_000;
/** One try, however slowly the bytes come. */
const ONE_TRY_MS = 60_000;

interface FetchFileOptions {
  db: Db;
  /** null where no channel of that name is at work. */
  connection(channel: string): Connection | null;
  tryForMs?: number;
  oneTryMs?: number;
}

export interface FileRequest {
  channel: string;
  attachment: Attachment;
  conversation: number;
  ask: string;
  signal: AbortSignal;
}

/**
 * Downloads, checks and stores; `value` is the StoredFile. Transient trouble is tried again for about 20 s, a
 * DownloadError is final. Throws only what the database throws.
 */
export async function fetchFile(o: FetchFileOptions, request: FileRequest): Promise<CallResult> {
  const { attachment, conversation, ask } = request;
  const called = fileName(attachment.name ?? "", attachment.mediaType ?? "a file");
  const downloaded = await download(o, request);
  if (!downloaded.ok) {
    const says = `“${called}” could not be fetched: ${downloaded.error.says}.`;
    return { ok: false, error: { ...downloaded.error, says } };
  }
  const { bytes, ...came } = downloaded.file;
  const what = seen(bytes);
  const claim = {
    name: fileName(attachment.name ?? came.name ?? "", ""),
    mediaType: attachment.mediaType ?? came.mediaType,
  };
  const refusal = bytes.byteLength === 0 ? "it is empty" : refusalOf(what, claim);
  if (refusal !== null) return failed("refused", `“${called}” was not kept: ${refusal}.`);
  const mediaType = typeOf(what, claim.mediaType);
  const name = claim.name === "" ? nameFor(mediaType) : claim.name;
  const value: StoredFile = await persist(() => storeFile(o.db, { conversation, ask, name, mediaType, bytes }));
  return { ok: true, value };
}

type Downloaded = { ok: true; file: Download } | { ok: false; error: CallError };

async function download(o: FetchFileOptions, { channel, attachment, signal }: FileRequest): Promise<Downloaded> {
  const connection = o.connection(channel);
  if (connection === null) return failed("bad_input", `the channel ${channel} is not there any more`);
  if (connection.download === undefined) return failed("bad_input", `the channel ${channel} hands out no files`);
  if ((attachment.bytes ?? 0) > MAX_FILE_BYTES) return failed("refused", TOO_LARGE);
  const over = performance.now() + (o.tryForMs ?? TRY_FOR_MS);
  for (let attempt = 1; ; attempt++) {
    const limits = {
      maxBytes: MAX_FILE_BYTES,
      signal: AbortSignal.any([signal, AbortSignal.timeout(o.oneTryMs ?? ONE_TRY_MS)]),
    };
    try {
      const file = await connection.download(attachment.ref, limits);
      return file.bytes.byteLength > MAX_FILE_BYTES ? failed("refused", TOO_LARGE) : { ok: true, file };
    } catch (error) {
      if (error instanceof DownloadError) return failed("refused", withoutStop(error.message));
      const waitMs = backoffMs(attempt);
      if (performance.now() + waitMs > over) return transient(error, signal);
      await pause(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return transient(error, signal);
    }
  }
}

const TOO_LARGE = `it is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`;

function transient(error: unknown, signal: AbortSignal): Downloaded {
  if (signal.aborted) return failed("timeout", "this server was stopped meanwhile", true);
  const slow = error instanceof FetchError ? error.fault === "timeout" || error.fault === "aborted" : isTimeout(error);
  if (slow) return failed("timeout", "it did not come in time", true);
  const says = error instanceof Error ? withoutStop(error.message) : String(error);
  return failed("unreachable", says, true);
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");

function failed(reason: CallError["reason"], says: string, retryable = false): { ok: false; error: CallError } {
  return { ok: false, error: { reason, says, retryable } };
}

/** So that it can stand inside a sentence. */
const withoutStop = (text: string): string => text.replace(/\.\s*$/, "");

/** By the bytes; a claim is believed only between forms of text. */
function typeOf(what: Seen, claimed: string | undefined): string {
  switch (what.kind) {
    case "media":
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

/** Phones name no files. */
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
const nameFor = (mediaType: string): string => NAMES[mediaType] ?? "file";
