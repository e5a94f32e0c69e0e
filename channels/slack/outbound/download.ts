/**
 * Downloads files. Slack answers 200 with its login page, in HTML, if the token is wrong or may not read files, so a body
 * is accepted only if it matches files.info. The token goes only to Slack's own hosts, and follows no redirect.
 */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { type Download, DownloadError } from "../../../src/adapter/adapter.ts";
import type { SendError } from "../../../src/adapter/send-error.ts";
import { call } from "./errors.ts";
import { isSlackHost } from "./hosts.ts";

export interface DownloadOptions {
  token: string;
  /** Origin of the Web API ("https://slack.com"). */
  origin: string;
  maxBytes: number;
  signal: AbortSignal;
}

const FileInfo = z.object({
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  mode: z.string().nullish(),
  size: z.number().nullish(),
  is_external: z.boolean().nullish(),
  file_access: z.string().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
});
type FileInfo = z.infer<typeof FileInfo>;

const LOGIN_PAGE =
  "html_login_page: Slack gave its login page instead of the file; give the app the scope files:read and install it again";
const GONE = ["file_not_found", "file_deleted"];
const OCTETS = "application/octet-stream";

/** Fetches a file by its id. Throws DownloadError, or another error that may be tried again. */
export async function download(web: WebClient, id: string, o: DownloadOptions): Promise<Download> {
  const info = await fileInfo(web, id, o.signal);
  const url = urlOf(info, o);
  const authorization = `Bearer ${o.token}`;
  const response = await fetch(url, { headers: { authorization }, redirect: "manual", signal: o.signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw refusal(response.status);
  }
  const bytes = await readCapped(response, o.maxBytes);
  if (isLoginPage(info, { bytes, contentType: response.headers.get("content-type") ?? "" })) {
    throw new DownloadError(LOGIN_PAGE);
  }
  return { bytes, mediaType: info.mimetype || OCTETS, ...(info.name && { name: info.name }) };
}

async function fileInfo(web: WebClient, id: string, signal: AbortSignal): Promise<FileInfo> {
  const answer = await call(signal, () => web.files.info({ file: id })).catch((error: SendError) => {
    if (GONE.includes(error.code ?? "")) throw new DownloadError("Slack no longer has this file");
    throw error;
  });
  return FileInfo.parse(answer.file ?? {});
}

/** Returns the file's URL. Throws DownloadError if it can't be fetched. */
function urlOf(info: FileInfo, { origin, maxBytes }: DownloadOptions): string {
  if (info.mode === "tombstone") throw new DownloadError("The file was deleted in Slack");
  if (info.mode === "hidden_by_limit") throw new DownloadError("Slack hides the file: the workspace's plan is used up");
  if (info.is_external === true || info.mode === "external")
    throw new DownloadError("The file is not in Slack: it is a link to another service");
  const url = info.url_private_download ?? info.url_private;
  if (!url) throw new DownloadError("Slack does not let us see the file");
  if (!isSlackHost(url, origin)) throw new DownloadError("The file is not on one of Slack's hosts");
  if ((info.size ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return url;
}

function refusal(status: number): Error {
  if (status >= 500 || status === 429 || status === 408) return new Error(`Slack answered ${status} to the download`);
  if (status >= 300 && status < 400) return new DownloadError(LOGIN_PAGE);
  return new DownloadError(`Slack answered ${status} and did not send the file`);
}

/** Reads at most `maxBytes`, whatever size was announced. */
async function readCapped(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

const tooLarge = (maxBytes: number): DownloadError =>
  new DownloadError(`The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB`);

/** True of Slack's login page; a file that is HTML itself is recognised by its size. */
function isLoginPage(info: FileInfo, { bytes, contentType }: { bytes: Uint8Array; contentType: string }): boolean {
  const start = Buffer.from(bytes.subarray(0, 100)).toString("latin1").trimStart().toLowerCase();
  const html = contentType.startsWith("text/html") || start.startsWith("<!doctype html") || start.startsWith("<html");
  if (!html) return false;
  const announced = info.mimetype?.includes("html") === true;
  return !announced || (info.size !== undefined && info.size !== null && info.size !== bytes.byteLength);
}
