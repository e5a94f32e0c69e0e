/**
 * Fetches a file of a message from Twilio, which gives it to its account only, by a redirect to a signed address of a store
 * (https://www.twilio.com/docs/messaging/api/media-resource).
 *
 * 1. The account's credentials go to Twilio's API and nowhere else: not after a redirect, not even to the same host (S3
 *    refuses a signed address that comes with them).
 * 2. Only Twilio's hosts and stores are called, over https; `api_url` adds one more, which may be on a private network.
 */
import { type Download, DownloadError } from "../../src/adapter/adapter.ts";
import { boundedFetch, type FetchAnswer, FetchError } from "../../src/lib/fetch.ts";
import type { Credentials } from "./client.ts";

/** Limit of the whole download; 20 MB over a slow line take half of it. */
const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** API hosts, also of a region or an edge ("api.dublin.ie1.twilio.com"). */
const API_HOST = /^api(?:\.[a-z0-9-]+){0,2}\.twilio\.com$/;
/** Hosts of media: mms.twiliocdn.com, s3-external-1.amazonaws.com. */
const STORE_HOST = /(?:^|\.)(?:twiliocdn\.com|twilio\.com|amazonaws\.com)$/;

interface Limits {
  maxBytes: number;
  signal: AbortSignal;
  timeoutMs?: number;
}

/** Fetches a file. Throws DownloadError if a retry can't help, FetchError or Error if it may. */
export async function downloadMedia(ref: string, credentials: Credentials, limits: Limits): Promise<Download> {
  let url = mediaUrl(ref, credentials.apiUrl);
  let answer = await get(url, { credentials, limits, authorize: true });
  if (answer.status === 401 || answer.status === 403)
    throw new DownloadError("Twilio refuses the account; check auth_token");
  for (let redirects = 0; REDIRECTS.has(answer.status); redirects++) {
    if (redirects === MAX_REDIRECTS) throw new DownloadError("Twilio redirects too often");
    url = redirectTarget(url, answer.headers.location, credentials.apiUrl);
    answer = await get(url, { credentials, limits, authorize: false });
  }
  return download(answer);
}

/** Returns the URL of a file. Throws DownloadError if it is not Twilio's. */
function mediaUrl(ref: string, apiUrl: string | undefined): URL {
  const url = URL.canParse(ref) ? new URL(ref) : null;
  if (url !== null && ((url.protocol === "https:" && API_HOST.test(url.hostname)) || isApi(url, apiUrl))) return url;
  throw new DownloadError("its address is not Twilio's");
}

/** Returns the target of a redirect. Throws DownloadError if it is not a host of Twilio's media. */
export function redirectTarget(from: URL, location: string | undefined, apiUrl: string | undefined): URL {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (
    to !== null &&
    ((to.protocol === "https:" && to.port === "" && STORE_HOST.test(to.hostname)) || isApi(to, apiUrl))
  )
    return to;
  throw new DownloadError("Twilio redirected to a host that is not its own");
}

const isApi = (url: URL, apiUrl: string | undefined): boolean =>
  apiUrl !== undefined && url.origin === new URL(apiUrl).origin;

interface GetOptions {
  credentials: Credentials;
  limits: Limits;
  authorize: boolean;
}

async function get(url: URL, { credentials, limits, authorize }: GetOptions): Promise<FetchAnswer> {
  const { maxBytes, signal, timeoutMs = TIMEOUT_MS } = limits;
  const basic = Buffer.from(`${credentials.accountSid}:${credentials.authToken}`).toString("base64");
  const headers = authorize ? { authorization: `Basic ${basic}` } : {};
  const allowPrivate = isApi(url, credentials.apiUrl);
  try {
    return await boundedFetch(url, { headers, timeoutMs, maxBytes, signal, allowPrivate, redirect: "manual" });
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    if (error.fault === "too_large")
      throw new DownloadError(`it is larger than ${megabytes(maxBytes)} MB`, { cause: error });
    if (error.fault === "forbidden") throw new DownloadError(error.message, { cause: error });
    throw error;
  }
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);

function download({ status, headers, body }: FetchAnswer): Download {
  if (status === 404 || status === 410) throw new DownloadError("Twilio no longer has it");
  if (status === 429 || status >= 500) throw new Error(`Twilio answered ${status}`);
  if (status !== 200) throw new DownloadError(`Twilio answered ${status}`);
  const mediaType = (headers["content-type"] ?? "application/octet-stream").split(";")[0]?.trim().toLowerCase() ?? "";
  const name = /filename="([^"]+)"/i.exec(headers["content-disposition"] ?? "")?.[1];
  return { bytes: body, mediaType, ...(name === undefined ? {} : { name }) };
}
