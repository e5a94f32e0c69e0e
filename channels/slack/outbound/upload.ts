/**
 * Files out: a place to put the bytes, the bytes, then the sharing (docs.slack.dev, "working with files"). Only the last
 * step shows anything, so only there an answer that was lost leaves a doubt.
 */
import type { FilesCompleteUploadExternalArguments, WebClient } from "@slack/web-api";
import { SendError } from "../../../src/adapter/send-error.ts";
import { type RemoteId, remoteId } from "../../../src/domain/ids.ts";
import { call } from "./errors.ts";
import { isSlackHost } from "./hosts.ts";

const RETRY_MS = 5_000;

export interface Upload {
  name: string;
  /** Shown above the file instead of its name. */
  title?: string;
  /** Words of ours with it, escaped. */
  comment?: string;
  bytes: Uint8Array;
}

export interface UploadOptions {
  channel: string;
  /** The thread's parent. */
  ts: string | null;
  /** Where the Web API is ("https://slack.com"). */
  origin: string;
  signal: AbortSignal;
}

/** Shares a file in a thread; answers with the file's id ("F1"). Throws SendError. */
export async function upload(web: WebClient, file: Upload, o: UploadOptions): Promise<RemoteId> {
  const { name, title = name, comment, bytes } = file;
  const { url, id } = await place(web, file, o);
  await put(url, bytes, o.signal);
  const at = { channel_id: o.channel, ...(o.ts !== null && { thread_ts: o.ts }) };
  const share = { files: [{ id, title }], ...at, ...(comment !== undefined && { initial_comment: comment }) };
  await call(o.signal, () => web.files.completeUploadExternal(share as FilesCompleteUploadExternalArguments));
  return remoteId(id);
}

async function place(web: WebClient, { name, bytes }: Upload, { origin, signal }: UploadOptions) {
  const asked = { filename: name, length: bytes.byteLength };
  const answer = await unseen(() => call(signal, () => web.files.getUploadURLExternal(asked)));
  const { upload_url: url, file_id: id } = answer;
  if (url === undefined || id === undefined || !isSlackHost(url, origin)) {
    throw notSent("Slack named no place of its own for the file's bytes", "no_upload_url");
  }
  return { url, id };
}

/** The place is secret and takes no token. */
async function put(url: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const init = { method: "POST", body: bytes as Uint8Array<ArrayBuffer>, redirect: "error", signal } as const;
  const headers = { "content-type": "application/octet-stream" };
  const response = await fetch(url, { ...init, headers }).catch((cause: unknown) => {
    throw notSent("Slack could not be given the file's bytes", "upload_failed", cause);
  });
  await response.body?.cancel();
  if (!response.ok) throw notSent(`Slack answered ${response.status} to the file's bytes`, `http_${response.status}`);
}

/** What shows nothing may always be done again. */
async function unseen<Value>(step: () => Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SendError) || error.outcome === "not-sent") throw error;
    throw notSent("Slack could not be asked for a place for the file's bytes", error.code, error);
  }
}

const notSent = (message: string, code: string | undefined, cause?: unknown): SendError => {
  const facts = { outcome: "not-sent", retry: { afterMs: RETRY_MS }, cause } as const;
  return new SendError(`${message}; nothing was sent`, code === undefined ? facts : { ...facts, code });
};
