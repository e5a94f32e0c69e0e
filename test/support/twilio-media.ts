/**
 * Twilio's side of media: gives customers' files to the account only, by a redirect to a signed address; fetches our files
 * from their MediaUrl, and checks them like Twilio.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface HostedFile {
  bytes: Uint8Array;
  type: string;
  /** File name at the store. */
  name?: string;
  /** Fault in place of the file. */
  trap?: Trap;
}

export type Trap =
  /** The API redirects to this URL. */
  | { kind: "redirect"; to: string }
  /** The store redirects to itself for ever. */
  | { kind: "loop" }
  /** A page with status 200 in place of the file, with the file's type. */
  | { kind: "html" }
  /** Single bytes, slowly, never the last one. */
  | { kind: "drip" }
  /** The store answers with this status, `times` times, and then with the file. */
  | { kind: "status"; status: number; times: number };

/** A file that Twilio fetched from us. */
export interface FetchedFile {
  url: string;
  bytes: Uint8Array;
  type: string;
  disposition: string;
  /** Twilio's error: 11200 not fetched, 12300 unsupported or wrong type, 11751 too large. */
  errorCode: number | null;
}

const MAX_MMS_BYTES = 5 * 1024 * 1024;
const DRIP_MS = 20;
/** https://www.twilio.com/docs/messaging/guides/accepted-mime-types, the MMS column, shortened to the tests' types. */
const ACCEPTED =
  /^(?:image\/(?:jpeg|gif|png|heic|heif|tiff|bmp)|video\/|audio\/|text\/(?:vcard|csv|rtf|calendar)|application\/pdf)/;
const STARTS: Readonly<Record<string, string>> = {
  "image/png": "\x89PNG",
  "image/jpeg": "\xff\xd8\xff",
  "image/gif": "GIF8",
};

export class TwilioMedia {
  readonly #files = new Map<string, HostedFile>();
  readonly #drips = new Set<NodeJS.Timeout>();
  readonly #options: { authorization: string; accountSid: string; base: () => string };
  /** Every request to the API and the store, as "GET /path", with "+auth" if it had credentials. */
  readonly requests: string[] = [];

  constructor(options: { authorization: string; accountSid: string; base: () => string }) {
    this.#options = options;
  }

  /** Stores a customer's file; returns its MediaUrl. */
  host(file: HostedFile): string {
    const sid = `ME${randomBytes(16).toString("hex")}`;
    this.#files.set(sid, file);
    return `${this.#options.base()}/2010-04-01/Accounts/${this.#options.accountSid}/Messages/MM${"0".repeat(32)}/Media/${sid}`;
  }

  /** Answers a request for a file; false if it was for something else. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const [path = ""] = (request.url ?? "").split("?");
    const [, place, sid = ""] = /^\/(2010-04-01\/.*\/Media|store)\/(ME[0-9a-f]{32})$/.exec(path) ?? [];
    if (place === undefined) return false;
    this.requests.push(
      `${request.method} ${place === "store" ? "store" : "api"}${request.headers.authorization ? " +auth" : ""}`,
    );
    const file = this.#files.get(sid);
    if (place === "store") this.#fromStore(request, response, file);
    else this.#fromApi(request, response, { sid, file });
    return true;
  }

  #fromApi(
    request: IncomingMessage,
    response: ServerResponse,
    { sid, file }: { sid: string; file: HostedFile | undefined },
  ): void {
    if (request.headers.authorization !== this.#options.authorization) return end(response, 401);
    if (file === undefined) return end(response, 404);
    const store = `${this.#options.base()}/store/${sid}?Expires=1&Signature=abc`;
    response.writeHead(307, { location: file.trap?.kind === "redirect" ? file.trap.to : store }).end();
  }

  #fromStore(request: IncomingMessage, response: ServerResponse, file: HostedFile | undefined): void {
    // Like S3: "Only one auth mechanism allowed".
    if (request.headers.authorization !== undefined) return end(response, 400);
    if (file === undefined || !request.url?.includes("Signature=")) return end(response, 403);
    const { trap } = file;
    if (trap?.kind === "loop") return void response.writeHead(302, { location: request.url }).end();
    if (trap?.kind === "status" && trap.times-- > 0) return end(response, trap.status);
    const named = file.name === undefined ? {} : { "content-disposition": `inline; filename="${file.name}"` };
    response.writeHead(200, { "content-type": file.type, ...named });
    if (trap?.kind === "drip") return this.#drip(response);
    response.end(trap?.kind === "html" ? "<!DOCTYPE html><html><body>Sign in</body></html>" : file.bytes);
  }

  #drip(response: ServerResponse): void {
    const timer = setInterval(() => response.write("x"), DRIP_MS);
    this.#drips.add(timer);
    response.once("close", () => clearInterval(timer));
  }

  close(): void {
    for (const timer of this.#drips) clearInterval(timer);
  }
}

/** Fetches a file of our message: with HEAD first, like Twilio. */
export async function fetchedFile(url: string): Promise<FetchedFile> {
  const nothing = { url, bytes: new Uint8Array(), type: "", disposition: "", errorCode: 11200 };
  try {
    const head = await fetch(url, { method: "HEAD" });
    const answer = await fetch(url);
    if (!head.ok || !answer.ok) return nothing;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const type = answer.headers.get("content-type") ?? "";
    const told =
      head.headers.get("content-type") === type && head.headers.get("content-length") === String(bytes.byteLength);
    const disposition = answer.headers.get("content-disposition") ?? "";
    return { url, bytes, type, disposition, errorCode: told ? errorCodeOf(bytes, type) : 11200 };
  } catch {
    return nothing;
  }
}

function errorCodeOf(bytes: Uint8Array, type: string): number | null {
  if (bytes.byteLength > MAX_MMS_BYTES) return 11751;
  const isWhatItSays = Buffer.from(bytes.subarray(0, 4))
    .toString("latin1")
    .startsWith(STARTS[type] ?? "");
  return ACCEPTED.test(type) && isWhatItSays && bytes.byteLength > 0 ? null : 12300;
}

const end = (response: ServerResponse, status: number): void => void response.writeHead(status).end();
