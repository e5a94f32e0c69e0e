/**
 * Uploads files: gets an upload URL, sends the bytes, then shares the file (docs.slack.dev, "working with files"). Only the
 * last step shows anything, so only its lost answer leaves the outcome unknown.
 */
import type { FilesCompleteUploadExternalArguments, WebClient } from "@slack/web-api";
import type { Flight } from "../../../src/adapter/flight.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import { type RemoteId, remoteId } from "../../../src/domain/ids.ts";
import { callFor } from "./errors.ts";
import { heldFetch } from "./held-fetch.ts";
import { isSlackHost } from "./hosts.ts";

const RETRY_MS = 5_000;

export interface Upload {
  name: string;
  /** Title above the file; left out: its name. */
  title?: string;
  /** Comment of ours, escaped. */
  comment?: string;
  bytes: Uint8Array;
}

export interface UploadOptions extends Flight {
  channel: string;
  /** The thread's parent. */
  ts: string | null;
  /** Origin of the Web API ("https://slack.com"). */
  origin: string;
}

/** Shares a file in a thread; returns the file's id ("F1"). Throws SendError. */
export async function upload(web: WebClient, file: Upload, o: UploadOptions): Promise<RemoteId> {
  const { name, title = name, comment, bytes } = file;
  const { url, id } = await requestUpload(web, file, o);
  await sendBytes(url, bytes, o);
  const at = { channel_id: o.channel, ...(o.ts !== null && { thread_ts: o.ts }) };
  const share = { files: [{ id, title }], ...at, ...(comment !== undefined && { initial_comment: comment }) };
  await callFor(o, () => web.files.completeUploadExternal(share as FilesCompleteUploadExternalArguments));
  return remoteId(id);
}

async function requestUpload(web: WebClient, { name, bytes }: Upload, { origin, signal, leaving }: UploadOptions) {
  const caller = { signal, leaving: () => leaving("preparation") };
  const request = { filename: name, length: bytes.byteLength };
  const answer = await showingNothing(() => callFor(caller, () => web.files.getUploadURLExternal(request)));
  const { upload_url: url, file_id: id } = answer;
  if (url === undefined || id === undefined || !isSlackHost(url, origin)) {
    throw notSent("Slack gave no upload URL on its own hosts", "no_upload_url");
  }
  return { url, id };
}

/** Sends the bytes; the upload URL is secret and takes no token. */
async function sendBytes(url: string, bytes: Uint8Array, { signal, leaving }: Flight): Promise<void> {
  const headers = { "content-type": "application/octet-stream" };
  const request = { method: "POST", headers, body: bytes as Uint8Array<ArrayBuffer> };
  const held = { signal, leave: () => leaving("preparation") };
  const response = await heldFetch(url, request, held).catch((cause: unknown) => {
    if (cause instanceof SendError) throw cause;
    throw notSent("The file could not be uploaded to Slack", "upload_failed", cause);
  });
  if (!response.ok) throw notSent(`Slack answered ${response.status} to the upload`, `http_${response.status}`);
}

/** Runs a step that shows nothing: any failure is certainly not sent. */
async function showingNothing<Value>(step: () => Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SendError) || error.outcome === "not-sent") throw error;
    throw notSent("Slack could not be asked for an upload URL", error.code, error);
  }
}

const notSent = (message: string, code: string | undefined, cause?: unknown): SendError => {
  const facts = { outcome: "not-sent", retry: { afterMs: RETRY_MS }, cause } as const;
  return new SendError(`${message}; nothing was sent`, code === undefined ? facts : { ...facts, code });
};
