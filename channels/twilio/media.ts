/**
 * Fetches a file of a message from Twilio, which hands it out to its account only, and by a redirect to a store of signed
 * addresses (https://www.twilio.com/docs/messaging/api/media-resource).
 *
 * 1. The account's credentials go to Twilio's API and nowhere else: not after a redirect, not even to the same host (S3
 *    refuses a signed address that comes with them).
 * 2. Only Twilio's hosts and its stores are asked, over https; `api_url` names one more, which may stand next to us.
 */
import { type Download, DownloadError } from "../../src/adapter/adapter.ts";
import { boundedFetch, type FetchAnswer, FetchError } from "../../src/lib/fetch.ts";
import type { Credentials } from "./client.ts";

/** From the first byte asked to the last one come. 20 MB over a slow line take half of it. */
const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Also of a region or an edge ("api.dublin.ie1.twilio.com"). */
const API_HOST = /^api(?:\.[a-z0-9-]+){0,2}\.twilio\.com$/;
/** Where media lie: mms.twiliocdn.com, s3-external-1.amazonaws.com. */
const STORE_HOST = /(?:^|\.)(?:twiliocdn\.com|twilio\.com|amazonaws\.com)$/;

interface Limits {
  maxBytes: number;
  signal: AbortSignal;
  timeoutMs?: number;
}

/** Throws DownloadError where trying again can't help, and FetchError or Error where it may. */
export async function downloadMedia(ref: string, credentials: Credentials, limits: Limits): Promise<Download> {
  let url = mediaUrl(ref, credentials.apiUrl);
  let answer = await get(url, { credentials, limits, authorize: true });
  if (answer.status === 401 || answer.status === 403)
    throw new DownloadError("Twilio refuses the account; check auth_token");
  for (let redirects = 0; REDIRECTS.has(answer.status); redirects++) {
    if (redirects === MAX_REDIRECTS) throw new DownloadError("Twilio redirects again and again");
    url = redirectTarget(url, answer.headers.location, credentials.apiUrl);
    answer = await get(url, { credentials, limits, authorize: false });
  }
  return download(answer);
}

/** Where a file of a message is; throws DownloadError where that is not Twilio. */
function mediaUrl(ref: string, apiUrl: string | undefined): URL {
  const url = URL.canParse(ref) ? new URL(ref) : null;
  if (url !== null && ((url.protocol === "https:" && API_HOST.test(url.hostname)) || isApi(url, apiUrl))) return url;
  throw new DownloadError("its address is not Twilio's");
}

/** Where a redirect leads; throws DownloadError where that is nowhere that Twilio keeps media. */
export function redirectTarget(from: URL, location: string | undefined, apiUrl: string | undefined): URL {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (
    to !== null &&
    ((to.protocol === "https:" && to.port === "" && STORE_HOST.test(to.hostname)) || isApi(to, apiUrl))
  )
    return to;
  throw new DownloadError("Twilio redirected to a place that is none of its own");
}

const isApi = (url: URL, apiUrl: string | undefined): boolean =>
  apiUrl !== undefined && url.origin === new URL(apiUrl).origin;

interface Asking {
  credentials: Credentials;
  limits: Limits;
  authorize: boolean;
}

async function get(url: URL, { credentials, limits, authorize }: Asking): Promise<FetchAnswer> {
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
  if (status === 404 || status === 410) throw new DownloadError("Twilio does not have it any more");
  if (status === 429 || status >= 500) throw new Error(`Twilio answered ${status}`);
  if (status !== 200) throw new DownloadError(`Twilio answered ${status}`);
  const mediaType = (headers["content-type"] ?? "application/octet-stream").split(";")[0]?.trim().toLowerCase() ?? "";
  const name = /filename="([^"]+)"/i.exec(headers["content-disposition"] ?? "")?.[1];
  return { bytes: body, mediaType, ...(name === undefined ? {} : { name }) };
}
