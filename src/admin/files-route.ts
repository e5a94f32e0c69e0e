/**
 * GET /files/<token>/<name>: a file that was kept, for whoever has a link that is still good: a customer, or a platform that
 * fetches what it is to deliver. Strangers made these files, so a browser is told to keep them and to run nothing.
 */
import { type Context, Hono } from "hono";
import type { StoredFile } from "../domain/message.ts";
import type { ReadFile } from "../store/files.ts";
import type { ServerDeps } from "./deps.ts";
import { type Env, wrongMethod } from "./route.ts";

/** Nothing is loaded or run by what is shown, and it belongs to no origin: it can read nothing of this one. */
const SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox";
/**
 * Types in which a browser runs nothing. Platforms that fetch need them (Twilio tells an MMS by its type); whatever else there
 * is (HTML, SVG, any XML, scripts, types that were made up) goes out without one. PDF is among them: its scripts run in
 * a viewer's own sandbox and belong to no site, and it is the document that customers are sent most.
 */
const RUNS_NOTHING =
  /^(?:image\/(?:jpeg|png|gif|tiff|bmp|webp|heic|heif|avif)|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+|application\/pdf|text\/(?:plain|csv|rtf|vcard|calendar)|application\/(?:msword|vnd\.ms-(?:excel|powerpoint|outlook)|vnd\.openxmlformats-officedocument\.[a-z.]+|vnd\.oasis\.opendocument\.[a-z]+|zip))$/;
const NO_TYPE = "application/octet-stream";
/** A file never changes, but its link may be over; no shared cache keeps it. */
const CACHE = "private, max-age=3600";
/** As `store/files.ts` makes them: 16 bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;
/** RFC 8187: what a name may hold unescaped; encodeURIComponent leaves these too. */
const UNSAFE = /['()*]/g;

/** Routes under /files. HEAD works as GET does, without the bytes: Twilio asks so before it fetches. */
export function fileRoutes(files: ServerDeps["files"]): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/:token/:name", async (c) => {
    const token = c.req.param("token");
    // Nothing is looked up where there can be no such token, too: the same answer after the same work, whatever was wrong.
    const found = await files(TOKEN.test(token) ? token : "");
    if (found === null) return missing(c);
    return fileAnswer(c, found);
  });
  app.all("/:token/:name", (c) => wrongMethod(c, "GET"));
  return app;
}

/** The file, to be kept by a browser and never shown in one. */
export const fileAnswer = (c: Context<Env>, { file, content }: ReadFile): Response =>
  c.body(new Uint8Array(content), 200, headersOf(file));

const missing = (c: Context<Env>): Response =>
  c.text("There is no such file, or its link is over. Ask whoever sent it for another one.\n", 404, {
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

/** RFC 6266: the plain name for old readers, and the whole one. */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const whole = encodeURIComponent(name).replace(UNSAFE, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
