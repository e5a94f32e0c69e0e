/** The playground's routes. Its writes go through the webhook path like any platform's request. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import { caseStream } from "../domain/case-stream.ts";
import { readFile } from "../store/files.ts";
import { filterByChannels } from "../store/playground-desk.ts";
import { type ExampleCustomer, type PlaygroundDeps, pageChannels, type ServerDeps } from "./deps.ts";
import { fileAnswer } from "./files-route.ts";
import { MAX_LIVE_STREAMS, MAX_PLAYGROUND_BYTES } from "./limits.ts";
import { streamView } from "./live.ts";
import { pageFiles } from "./page-files.ts";
import { DeskRequest, FileId, LookQuery, WriteRequest } from "./playground-request.ts";
import { playgroundView, type ViewRequest, viewMark } from "./playground-view.ts";
import { headersOf, publicBase } from "./raw-request.ts";
import type { RecordRefusal } from "./refusals.ts";
import { readBody } from "./request-body.ts";
import { type Env, wrongMethod } from "./route.ts";
import { crossOriginRefusal } from "./same-origin.ts";

const OPERATORS = [
  { id: "mara", name: "Mara" },
  { id: "luca", name: "Luca" },
  { id: "ines", name: "Ines" },
];
/** Customers of the example's systems (examples/acme), by the ids that these know them under. */
const CUSTOMERS: readonly ExampleCustomer[] = [
  {
    id: "dana",
    name: "Dana Meyer",
    label: "Dana Meyer (enterprise)",
    phone: "+15550101",
    email: "dana@brightwater.example",
    attributes: { customer_id: "acc-1001", billing_id: "cus_dana" },
  },
  {
    id: "sam",
    name: "Sam Lee",
    label: "Sam Lee (free)",
    phone: "+15550102",
    email: "sam@lee.example",
    attributes: { customer_id: "acc-1002", billing_id: "cus_sam" },
  },
  {
    id: "priya",
    name: "Priya Nair",
    label: "Priya Nair (pro)",
    phone: "+15550104",
    email: "priya@nair.example",
    attributes: { customer_id: "acc-1004", billing_id: "cus_priya" },
  },
];

/** Creates the routes under /playground, behind gate.ts. `closing` ends the live streams. */
export function playgroundRoutes(
  server: ServerDeps,
  deps: PlaygroundDeps,
  o: { closing: AbortSignal; recordRefusal: RecordRefusal },
): Hono<Env> {
  const app = new Hono<Env>();
  pageRoutes(app);
  readRoutes(app, deps, o.closing);
  fileRoutes(app, deps);
  writeRoutes(app, { server, deps, recordRefusal: o.recordRefusal });
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
      // The page needs no more of them.
      customers: (deps.customers ?? CUSTOMERS).map(({ id, name, label, phone }) => ({ id, name, label, phone })),
    }),
  );
  app.get("/api/view", async (c) => {
    const request = readViewRequest(c, deps);
    return typeof request === "string"
      ? c.json({ message: request }, 400)
      : c.json(await playgroundView(deps, request));
  });
  app.get("/api/live", (c) => {
    const request = readViewRequest(c, deps);
    if (typeof request === "string") return c.json({ message: request }, 400);
    if (streams >= MAX_LIVE_STREAMS) {
      return c.json({ message: `${MAX_LIVE_STREAMS} pages are already live. Close some.` }, 503, {
        "retry-after": "5",
      });
    }
    streams++;
    const source = { mark: () => viewMark(deps, request), snapshot: () => playgroundView(deps, request) };
    return streamView(c, source, { closing: untilEnd(closing, c.get("visitEnds")), onEnd: () => streams-- });
  });
  for (const path of ["/api/setup", "/api/view", "/api/live"]) app.all(path, (c) => wrongMethod(c, "GET"));
}

/** Serves files of the page's own conversations, without a link and without expiry. */
function fileRoutes(app: Hono<Env>, deps: PlaygroundDeps): void {
  app.get("/api/files/:id/:name", async (c) => {
    const id = FileId.safeParse(c.req.param("id"));
    const found = id.success ? await readFile(deps.db, { id: id.data, channels: pageChannels(deps) }) : null;
    return found === null ? c.json({ message: "There is no such file on this page." }, 404) : fileAnswer(c, found);
  });
  app.all("/api/files/:id/:name", (c) => wrongMethod(c, "GET"));
}

/** Returns a signal that also aborts at the end of the visit. */
function untilEnd(closing: AbortSignal, ends: Date | null): AbortSignal {
  if (ends === null) return closing;
  return AbortSignal.any([closing, AbortSignal.timeout(Math.max(0, ends.getTime() - Date.now()))]);
}

/** Reads the view request of a page; returns a message when it is invalid. */
function readViewRequest(c: Context<Env>, deps: PlaygroundDeps): ViewRequest | string {
  const query = LookQuery.safeParse(c.req.query());
  if (!query.success) return z.prettifyError(query.error);
  return unknownChannel(query.data.channel, deps) ?? query.data;
}

function unknownChannel(channel: string, deps: PlaygroundDeps): string | null {
  if (deps.channels.some(({ name }) => name === channel)) return null;
  return `"${channel}" is not a playground channel; there are ${deps.channels.map(({ name }) => name).join(", ")}.`;
}

interface WriteContext {
  server: ServerDeps;
  deps: PlaygroundDeps;
  recordRefusal: RecordRefusal;
}

function writeRoutes(app: Hono<Env>, { server, deps, recordRefusal }: WriteContext): void {
  app.post("/api/write", async (c) => {
    const read = await readJson(c, server, WriteRequest);
    if (read instanceof Response) return read;
    const refusal = unknownChannel(read.channel, deps);
    if (refusal !== null) return c.json({ message: refusal }, 400);
    const { channel, thread, id, as } = read;
    const known = (deps.customers ?? CUSTOMERS).find((one) => one.id === as);
    if (as !== undefined && known === undefined) return c.json({ message: `"${as}" is not an example customer.` }, 400);
    // An example customer is known by more than a name; a typed name comes alone.
    const { phone, email, attributes } = known ?? {};
    const facts = { ...(phone && { phone }), ...(email && { email }), ...(attributes && { attributes }) };
    const who = { id, thread, from: thread, name: known?.name ?? read.name, ...facts };
    const body =
      "promptId" in read
        ? { type: "choice", ...who, promptId: read.promptId, optionId: read.optionId, text: read.label }
        : { type: "message", ...who, text: read.text };
    return submit(c, server, { channel, body: JSON.stringify(body), deps });
  });
  app.post("/api/desk", async (c) => {
    const read = await readJson(c, server, DeskRequest);
    if (read instanceof Response) return read;
    const { id, conversation, operator, command } = read;
    const foreign = await notOnPage(deps, [conversation, ...(command.kind === "merge" ? [command.into] : [])]);
    if (foreign !== undefined) {
      recordRefusal("playground", "channel");
      return c.json({ message: `Case ${foreign} is not on a playground channel, so this page can't change it.` }, 403);
    }
    const thread = caseStream(conversation);
    const body = { type: "action", id, thread, operator: operator.id, name: operator.name, conversation, command };
    return submit(c, server, { channel: deps.desk, body: JSON.stringify(body), deps });
  });
  for (const path of ["/api/write", "/api/desk"]) app.all(path, (c) => wrongMethod(c, "POST"));
}

/** Returns the first of these conversations that is not on the page's channels. */
async function notOnPage(deps: PlaygroundDeps, conversations: readonly number[]): Promise<number | undefined> {
  const shown = await filterByChannels(deps.db, pageChannels(deps), conversations);
  return conversations.find((id) => !shown.has(id));
}

/** Parses the request's JSON as `shape`, or returns the refusing answer. */
async function readJson<Shape>(
  c: Context<Env>,
  server: ServerDeps,
  shape: z.ZodType<Shape>,
): Promise<Shape | Response> {
  const headers = headersOf(c.env.incoming);
  const refusal = crossOriginRefusal(headers, server.publicUrl);
  if (refusal !== null) return c.json({ message: refusal }, 403);
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    return c.json({ message: "The request has to be application/json." }, 415);
  }
  const body = await readBody(c.env.incoming, { maxBytes: MAX_PLAYGROUND_BYTES });
  if (body === "too large")
    return c.json({ message: `The request is larger than ${MAX_PLAYGROUND_BYTES} bytes.` }, 413);
  if (typeof body === "string") return c.json({ message: "The request ended before it was complete." }, 400);
  const parsed = shape.safeParse(jsonOf(body.bytes));
  return parsed.success ? parsed.data : c.json({ message: issuesOf(parsed.error) }, 400);
}

/** Formats the issues for the page, with the field's path. */
function issuesOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join(" ");
}

/** Parses JSON; undefined when it is invalid, which every schema refuses. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

interface WriteBody {
  channel: string;
  body: string;
  deps: PlaygroundDeps;
}

/** Submits a signed body to the webhook path and answers with the outcome. */
async function submit(c: Context<Env>, server: ServerDeps, { channel, body, deps }: WriteBody): Promise<Response> {
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
    const message = answer.body.trim() || `The channel answered ${answer.status}.`;
    return c.json({ message }, answer.status === 503 ? 503 : 502);
  } catch (error) {
    server.log.error({ err: error, channel }, "playground request could not be stored");
    return c.json({ message: "This could not be stored, because the database does not answer. Try again." }, 503);
  }
}
