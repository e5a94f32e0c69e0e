/**
 * GET /files/<token>/<name>: serves a stored file through a valid link, to a customer or to a platform that delivers it. The
 * files are untrusted, so browsers are told to download them and to run nothing.
 */
import { type Context, Hono } from "hono";
import type { StoredFile } from "../domain/message.ts";
import type { ReadFile } from "../store/files.ts";
import type { ServerDeps } from "./deps.ts";
import { type Env, wrongMethod } from "./route.ts";

/** Loads and runs nothing, in an opaque origin that can't read this one. */
const SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox";
/**
 * Media types in which a browser runs nothing. Platforms need them (Twilio needs the type of an MMS); all others (HTML, SVG,
 * XML, scripts, unknown types) are sent without one. PDF is included: its scripts run in the viewer's sandbox outside any
 * site, and it is the most common document.
 */
const RUNS_NOTHING =
  /^(?:image\/(?:jpeg|png|gif|tiff|bmp|webp|heic|heif|avif)|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+|application\/pdf|text\/(?:plain|csv|rtf|vcard|calendar)|application\/(?:msword|vnd\.ms-(?:excel|powerpoint|outlook)|vnd\.openxmlformats-officedocument\.[a-z.]+|vnd\.oasis\.opendocument\.[a-z]+|zip))$/;
const NO_TYPE = "application/octet-stream";
/** A file never changes, but its link may expire; shared caches must not keep it. */
const CACHE = "private, max-age=3600";
/** A token as `store/files.ts` makes it: 16 bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;
/** Characters that RFC 8187 requires to be escaped and encodeURIComponent does not escape. */
const UNSAFE = /['()*]/g;

/** Routes under /files. HEAD works like GET without the bytes: Twilio sends it before it fetches. */
export function fileRoutes(files: ServerDeps["files"]): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/:token/:name", async (c) => {
    const token = c.req.param("token");
    // An invalid token also does a look-up: the same answer after the same work in every case.
    const found = await files(TOKEN.test(token) ? token : "");
    if (found === null) return missing(c);
    return fileAnswer(c, found);
  });
  app.all("/:token/:name", (c) => wrongMethod(c, "GET"));
  return app;
}

/** Answers with the file as a download, never shown inline. */
export const fileAnswer = (c: Context<Env>, { file, content }: ReadFile): Response =>
  c.body(new Uint8Array(content), 200, headersOf(file));

const missing = (c: Context<Env>): Response =>
  c.text("There is no such file, or its link has expired. Ask the sender for a new one.\n", 404, {
    "cache-control": "no-store",
  });

function headersOf({ name, mediaType, bytes }: StoredFile): Record<string, string> {
  return {
    "content-security-policy": SANDBOX,
    "content-type": RUNS_NOTHING.test(mediaType) ? mediaType : NO_TYPE,
    "content-length": String(bytes),
    "content-disposition": disposition(name),
    "cache-control": CACHE,
  };
}

/** RFC 6266: an ASCII name for old clients, and the full name. */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const whole = encodeURIComponent(name).replace(UNSAFE, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
