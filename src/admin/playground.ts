/** The playground's routes. Whatever it writes goes through the same webhook path as any platform's request. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { PlaygroundDeps, ServerDeps } from "./deps.ts";
import { MAX_LIVE_STREAMS, MAX_PLAYGROUND_BYTES } from "./limits.ts";
import { live } from "./live.ts";
import { pageFiles } from "./page-files.ts";
import { DeskRequest, LookQuery, WriteRequest } from "./playground-request.ts";
import { type Look, playgroundView, viewMark } from "./playground-view.ts";
import { headersOf, publicBase } from "./raw-request.ts";
import { readBody } from "./request-body.ts";
import { type Env, wrongMethod } from "./route.ts";
import { foreignHost, foreignOrigin } from "./same-origin.ts";

const OPERATORS = [
  { id: "mara", name: "Mara" },
  { id: "luca", name: "Luca" },
  { id: "ines", name: "Ines" },
];
const CUSTOMERS = [
  { id: "dana", name: "Dana Meyer", label: "Dana Meyer (enterprise)", phone: "+15550101" },
  { id: "sam", name: "Sam Lee", label: "Sam Lee (free)", phone: "+15550102" },
];

/** Routes under /playground. `closing` ends the live streams. */
export function playgroundRoutes(server: ServerDeps, deps: PlaygroundDeps, closing: AbortSignal): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const refusal = foreignHost(headersOf(c.env.incoming), server.publicUrl);
    if (refusal !== null) return c.json({ says: refusal }, 403);
    await next();
  });
  pageRoutes(app);
  readRoutes(app, deps, closing);
  writeRoutes(app, server, deps);
  return app;
}

function pageRoutes(app: Hono<Env>): void {
  const files = pageFiles();
  const page = (c: Context<Env>, name: string) => {
    const file = files.get(name);
    if (file === undefined) return c.notFound();
    return c.body(file.body, 200, { "content-type": file.contentType, "cache-control": "no-cache" });
  };
  app.get("/", (c) => page(c, "playground.html"));
  app.get("/assets/:name", (c) => page(c, c.req.param("name")));
  app.all("/", (c) => wrongMethod(c, "GET"));
}

function readRoutes(app: Hono<Env>, deps: PlaygroundDeps, closing: AbortSignal): void {
  let streams = 0;
  app.get("/api/setup", (c) =>
    c.json({
      channels: deps.channels,
      queues: deps.queues(),
      operators: deps.operators ?? OPERATORS,
      customers: deps.customers ?? CUSTOMERS,
    }),
  );
  app.get("/api/view", async (c) => {
    const look = lookOf(c, deps);
    return typeof look === "string" ? c.json({ says: look }, 400) : c.json(await playgroundView(deps, look));
  });
  app.get("/api/live", (c) => {
    const look = lookOf(c, deps);
    if (typeof look === "string") return c.json({ says: look }, 400);
    if (streams >= MAX_LIVE_STREAMS) {
      return c.json({ says: `${MAX_LIVE_STREAMS} pages are live already. Close some.` }, 503, { "retry-after": "5" });
    }
    streams++;
    const watched = { mark: () => viewMark(deps, look), snapshot: () => playgroundView(deps, look) };
    return live(c, watched, { closing, left: () => streams-- });
  });
  for (const path of ["/api/setup", "/api/view", "/api/live"]) app.all(path, (c) => wrongMethod(c, "GET"));
}

/** What a page asks to see, or why that can't be shown. */
function lookOf(c: Context<Env>, deps: PlaygroundDeps): Look | string {
  const query = LookQuery.safeParse(c.req.query());
  if (!query.success) return z.prettifyError(query.error);
  return unknownChannel(query.data.channel, deps) ?? query.data;
}

function unknownChannel(channel: string, deps: PlaygroundDeps): string | null {
  if (deps.channels.some(({ name }) => name === channel)) return null;
  return `"${channel}" is no playground channel; there are ${deps.channels.map(({ name }) => name).join(", ")}.`;
}

function writeRoutes(app: Hono<Env>, server: ServerDeps, deps: PlaygroundDeps): void {
  app.post("/api/write", async (c) => {
    const read = await readJson(c, server, WriteRequest);
    if (read instanceof Response) return read;
    const refusal = unknownChannel(read.channel, deps);
    if (refusal !== null) return c.json({ says: refusal }, 400);
    const { channel, thread, id, as } = read;
    const known = (deps.customers ?? CUSTOMERS).find((one) => one.id === as);
    if (as !== undefined && known === undefined) return c.json({ says: `"${as}" is no made-up customer.` }, 400);
    // A made-up customer comes with a number, and whoever types a name with a name and nothing more.
    const who = { id, thread, from: thread, name: known?.name ?? read.name, ...(known && { phone: known.phone }) };
    const body =
      "promptId" in read
        ? { type: "choice", ...who, promptId: read.promptId, optionId: read.optionId, text: read.label }
        : { type: "message", ...who, text: read.text };
    return pass(c, server, { channel, body: JSON.stringify(body), deps });
  });
  app.post("/api/desk", async (c) => {
    const read = await readJson(c, server, DeskRequest);
    if (read instanceof Response) return read;
    const { id, conversation, operator, command } = read;
    const thread = `case:${conversation}`;
    const body = { type: "action", id, thread, operator: operator.id, name: operator.name, conversation, command };
    return pass(c, server, { channel: deps.desk, body: JSON.stringify(body), deps });
  });
  for (const path of ["/api/write", "/api/desk"]) app.all(path, (c) => wrongMethod(c, "POST"));
}

/** The request's JSON as `shape`, or the answer that says why not. */
async function readJson<Shape>(
  c: Context<Env>,
  server: ServerDeps,
  shape: z.ZodType<Shape>,
): Promise<Shape | Response> {
  const headers = headersOf(c.env.incoming);
  const refusal = foreignOrigin(headers, server.publicUrl);
  if (refusal !== null) return c.json({ says: refusal }, 403);
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    return c.json({ says: "Send this as application/json." }, 415);
  }
  const bytes = await readBody(c.env.incoming, MAX_PLAYGROUND_BYTES);
  if (bytes === "gone") return c.json({ says: "The request ended before it was complete." }, 400);
  if (bytes === "too large") return c.json({ says: `That is larger than ${MAX_PLAYGROUND_BYTES} bytes.` }, 413);
  const parsed = shape.safeParse(jsonOf(bytes));
  return parsed.success ? parsed.data : c.json({ says: issuesOf(parsed.error) }, 400);
}

/** For the person who typed it: what is wrong, and with which field where that is not plain. */
function issuesOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join(" ");
}

/** undefined where it is no JSON; every shape refuses that. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

interface Signed {
  channel: string;
  body: string;
  deps: PlaygroundDeps;
}

/** Hands a signed body to the webhook path and tells the page what became of it. */
async function pass(c: Context<Env>, server: ServerDeps, { channel, body, deps }: Signed): Promise<Response> {
  const contentType = "application/json";
  try {
    const answer = await server.webhook(channel, {
      method: "POST",
      url: `${publicBase(headersOf(c.env.incoming), server.publicUrl)}/channels/${channel}`,
      headers: { "content-type": contentType, ...deps.sign(channel, body) },
      contentType,
      body: new TextEncoder().encode(body),
      receivedAt: server.clock(),
    });
    if (answer.status < 300) return c.json({ ok: true });
    const says = answer.body.trim() || `The channel answered ${answer.status}.`;
    return c.json({ says }, answer.status === 503 ? 503 : 502);
  } catch (error) {
    server.log.error({ err: error, channel }, "playground request could not be stored");
    return c.json({ says: "This could not be stored, because the database does not answer. Try again." }, 503);
  }
}
