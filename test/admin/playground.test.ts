import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RawRequest } from "../../src/adapter/inbound.ts";
import type { ServerDeps } from "../../src/admin/deps.ts";
import { LIVE_HEARTBEAT_MS, MAX_LIVE_STREAMS } from "../../src/admin/limits.ts";
import { viewMark } from "../../src/admin/playground-view.ts";
import { createServer, type WebServer } from "../../src/admin/server.ts";
import type { PlaygroundView } from "../../src/admin/view.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { PLAYGROUND_READS } from "../../src/store/playground.ts";
import { storeTestFile } from "../support/kept-file.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";
import { card, DESK, entry, type PlaygroundRows, playgroundRows } from "./playground-rows.ts";
import { serverDeps } from "./server-deps.ts";

const log = createLogger({ level: "silent" });
let database: FreshDatabase;
let db: Db;
let rows: PlaygroundRows;
let server: WebServer;
let received: { channel: string; request: RawRequest }[] = [];
let thread = "";
let threads = 0;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log });
  rows = playgroundRows(db);
  server = createServer(deps(), "admin");
  await server.listen(0);
});
afterAll(async () => {
  await server.close();
  await db.close();
  await database.drop();
});
beforeEach(() => {
  received = [];
  thread = `thread-${threads++}`;
});
const leaving = new Set<AbortController>();
afterEach(() => {
  for (const page of leaving) page.abort();
  leaving.clear();
});

function deps(): ServerDeps {
  return serverDeps({
    publicUrl: "https://desk.example",
    webhook: async (channel, request) => {
      received.push({ channel, request });
      return { status: 200, contentType: "application/json", body: "{}" };
    },
    playground: {
      db,
      desk: DESK,
      channels: [
        { name: DESK, look: "buttons", title: "The desk's own" },
        { name: "web", look: "buttons", title: "Web page" },
        { name: "text", look: "sms", title: "SMS" },
      ],
      sign: (channel, body) => ({ "x-frontdesk-signature": `${channel}:${body.length}` }),
      manual: () => [],
      queues: () => [
        { id: "billing", title: "Billing" },
        { id: "front-line", title: "Front line" },
      ],
    },
  });
}

const view = async (query: Record<string, string | number>): Promise<PlaygroundView> => {
  const wanted = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const answer = await fetch(`${server.url}/playground/api/view?${wanted}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as PlaygroundView;
};

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/playground/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const hello = () => ({ id: "r1", channel: "web", thread, name: "Dana", text: "Hello" });

describe("the page", () => {
  test("and its files come from this server, without inline script", async () => {
    const page = await fetch(`${server.url}/playground`);
    const html = await page.text();
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=|style=|https?:\/\//);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1]);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) expect((await fetch(server.url + file)).status).toBe(200);
  });

  test.each(["/", "/playground/"])("is reached from %s", async (path) => {
    const answer = await fetch(server.url + path, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/playground"]);
  });

  test.each(["/playground/assets/..%2Fserver.ts", "/playground/assets/nothing.js", "/playground/elsewhere"])(
    "%s is not served",
    async (path) => {
      expect((await fetch(server.url + path)).status).toBe(404);
    },
  );

  test("gets channels, queues, operators and customers from setup", async () => {
    const setup = (await (await fetch(`${server.url}/playground/api/setup`)).json()) as Record<string, unknown[]>;
    expect(setup.channels).toHaveLength(3);
    expect(setup.queues).toHaveLength(2);
    expect(setup.operators).toHaveLength(3);
    expect(setup.customers).toContainEqual(expect.objectContaining({ id: "sam", label: "Sam Lee (free)" }));
  });
});

describe("the customer's pane", () => {
  test("is empty for a new thread", async () => {
    const shown = await view({ channel: "web", thread });
    expect(shown).toMatchObject({ conversation: null, customer: [], openPrompt: null, thread: null, journal: [] });
  });

  test("shows their messages and sent parts, over all conversations of the thread, in order", async () => {
    const earlier = await rows.conversation({ channel: "web", thread, closed: true });
    await rows.wrote(earlier, "Dana", "first");
    const now = await rows.conversation({ channel: "web", thread, prompt: "p7" });
    await rows.wrote(now, "Dana", "second");
    const options = [{ n: 1, id: "yes", label: "Yes", aliases: ["y"] }];
    await rows.answered(now, { channel: "web", thread, text: "third", options, promptId: "p7" });
    await rows.answered(now, { channel: "web", thread, text: "waits", outcome: null });
    await rows.wrote(await rows.conversation({ channel: "web", thread: "other" }), "Sam", "not here");
    const shown = await view({ channel: "web", thread });
    expect(shown.customer.map(({ text }) => text)).toEqual(["first", "second", "third"]);
    expect(shown.conversation).toBe(now);
    expect(shown.openPrompt).toBe("p7");
    expect(shown.customer[2]).toMatchObject({ options: [{ id: "yes", label: "Yes" }], promptId: "p7", state: "sent" });
  });

  test("does not show a part that failed or was dropped", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    for (const outcome of ["failed", "dropped", "parked"] as const) {
      const { outbox } = await rows.answered(conversation, { channel: "web", thread, text: outcome, outcome: null });
      await rows.settle(outbox, outcome);
    }
    expect((await view({ channel: "web", thread })).customer).toEqual([]);
  });
});

describe("the desk's pane", () => {
  test("shows the latest card of each case, in its queue", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    await rows.desk(conversation, { kind: "card", card: card(conversation, { channel: "web" }) });
    const holder = { id: "ines", name: "Ines" };
    await rows.desk(conversation, {
      kind: "card",
      card: card(conversation, { channel: "web", holder, status: "with us" }),
    });
    const { queues } = await view({ channel: "web", thread });
    expect(queues.map(({ id }) => id)).toEqual(["billing", "front-line"]);
    const mine = queues[0]?.cases.filter((one) => one.conversation === conversation);
    expect(mine).toMatchObject([{ status: "with us", holder, channel: "Web page" }]);
  });

  test("shows a case of a removed queue under its old name", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    await rows.desk(conversation, { kind: "card", card: card(conversation, { queue: "night" }) });
    const { queues } = await view({ channel: "web", thread });
    expect(queues.find(({ id }) => id === "night")?.cases).toHaveLength(1);
  });

  test("shows entries with the delivery of each message, and hints to one operator", async () => {
    const conversation = await rows.conversation({ channel: "text", thread });
    await rows.desk(conversation, { kind: "card", card: card(conversation, { customer: "Sam Lee" }) });
    await rows.desk(conversation, entry({ kind: "note", internal: true, text: "careful" }));
    const reply = await rows.answered(conversation, { channel: "text", thread, author: "operator", text: "Hi" });
    await rows.delivered(reply.outbox, "delivered");
    await rows.desk(conversation, entry({ kind: "reply", text: "Hi" }), reply.message);
    await rows.desk(conversation, { kind: "hint", operator: "luca", text: "This stays inside." });
    const shown = await view({ channel: "text", thread, case: conversation });
    expect(shown.thread?.entries).toMatchObject([
      { kind: "note", internal: true, state: null, detail: null },
      { kind: "reply", state: "delivered", detail: "→ Sam Lee, SMS, delivered" },
    ]);
    expect(shown.hints).toMatchObject([{ operator: "luca", text: "This stays inside." }]);
  });

  test("answers a customer on the desk's own channel like any other", async () => {
    const conversation = await rows.conversation({ channel: DESK, thread });
    await rows.desk(conversation, { kind: "card", card: card(conversation, { customer: "Sam Lee" }) });
    const { message } = await rows.answered(conversation, { channel: DESK, thread, author: "operator", text: "Hi" });
    await rows.desk(conversation, entry({ kind: "reply", text: "Hi", message }));
    const shown = await view({ channel: DESK, thread, case: conversation });
    expect(shown.customer.map(({ text }) => text)).toEqual(["Hi"]);
    expect(shown.thread?.entries[0]?.detail).toBe("→ Sam Lee, The desk's own, sent");
  });

  test("shows the transcript before the handoff in the thread, with authors", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    const first = await rows.wrote(conversation, "Sam Lee", "hello?");
    await rows.answered(conversation, { channel: "web", thread, text: "Welcome" });
    await rows.desk(conversation, { kind: "card", card: card(conversation) });
    await rows.desk(conversation, {
      kind: "transcript",
      since: null,
      until: { message: first, at: new Date().toISOString() },
    });
    const later = await rows.wrote(conversation, "Sam Lee", "later");
    const { thread: shown } = await view({ channel: "web", thread, case: conversation });
    expect(shown?.entries.map(({ kind, author, text }) => [kind, author, text])).toEqual([
      ["customer", "Sam Lee", "hello?"],
      ["bot", "Frontdesk", "Welcome"],
    ]);
    await rows.desk(conversation, {
      kind: "transcript",
      since: null,
      until: { message: later, at: new Date().toISOString() },
    });
    const again = await view({ channel: "web", thread, case: conversation });
    expect(again.thread?.entries.map(({ text }) => text)).toEqual(["hello?", "Welcome", "later"]);
  });

  test("lists a conversation with the bot until it is handed off", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    await rows.wrote(conversation, "Ada", "are you there?");
    const held = async () =>
      (await view({ channel: "web", thread })).withBot.filter((one) => one.conversation === conversation);
    expect(await held()).toEqual([{ conversation, customer: "Ada", channel: "Web page", lastText: "are you there?" }]);
    await rows.desk(conversation, { kind: "card", card: card(conversation) });
    expect(await held()).toEqual([]);
    await rows.desk(conversation, { kind: "card", card: card(conversation, { status: "with the bot" }) });
    expect(await held()).toHaveLength(1);
  });
});

describe("the journal", () => {
  test("lists events in handling order, waiting ones last, with the decisions", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    const said = { operator: { id: "ines", name: "Ines" }, command: { kind: "claim" } };
    await rows.happened(conversation, { kind: "alarm", payload: { alarm: "x" }, seq: null });
    await rows.happened(conversation, {
      kind: "operator",
      payload: { said },
      seq: 2,
      lines: [{ code: "a", message: "First." }],
    });
    await rows.happened(conversation, { kind: "alarm", payload: { alarm: "idle:x" }, seq: 1 });
    const shown = await view({ channel: "web", thread });
    expect(shown.journal.map(({ seq, message, lines }) => [seq, message, lines])).toEqual([
      [1, "The conversation has been idle for a while", []],
      [2, "Ines pressed Claim", [{ code: "a", message: "First." }]],
      [null, "A timer fired", []],
    ]);
  });

  test("shows the decisions that an older build stored", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    const lines = [{ code: "a", says: "First." }];
    await rows.happened(conversation, { kind: "alarm", payload: { alarm: "x" }, seq: 1, lines });
    const shown = await view({ channel: "web", thread });
    expect(shown.journal.map((row) => row.lines)).toEqual([[{ code: "a", message: "First." }]]);
  });

  test("shows an event that this version can't read", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    await rows.happened(conversation, { kind: "eclipse", payload: {}, seq: 1 });
    const shown = await view({ channel: "web", thread, journal: conversation });
    expect(shown.journal[0]?.message).toContain("eclipse");
  });
});

describe("conversations on other channels", () => {
  let foreign = 0;
  beforeEach(async () => {
    foreign = await rows.conversation({ channel: "sms", thread });
    await rows.wrote(foreign, "Dana", "my card number is 4111");
    await rows.happened(foreign, { kind: "alarm", payload: { alarm: "x" }, seq: 1 });
  });

  test("are in no list, and their case and journal are not shown", async () => {
    const own = await rows.conversation({ channel: "web", thread });
    const before = await view({ channel: "web", thread, case: foreign, journal: foreign });
    expect(before.withBot.map(({ conversation }) => conversation)).not.toContain(foreign);
    await rows.desk(foreign, { kind: "card", card: card(foreign) });
    await rows.desk(foreign, entry({ text: "my card number is 4111" }));
    await rows.desk(own, { kind: "card", card: card(own) });
    const shown = await view({ channel: "web", thread, case: foreign, journal: foreign });
    const cases = shown.queues.flatMap(({ cases }) => cases.map(({ conversation }) => conversation));
    expect(cases).toContain(own);
    expect(cases).not.toContain(foreign);
    expect(shown).toMatchObject({ thread: null, hints: [], journalOf: null, journal: [] });
    expect(JSON.stringify(shown)).not.toContain("4111");
  });

  test("stay hidden when one was merged into a case of the page", async () => {
    const own = await rows.conversation({ channel: "web", thread });
    await rows.desk(own, { kind: "card", card: card(own) });
    const until = { message: 1_000_000, at: new Date().toISOString() };
    await rows.desk(own, { kind: "transcript", since: null, until, of: foreign });
    await rows.desk(own, entry({ text: "and the code is 4111", channel: "sms" }));
    const said = { from: foreign, text: "and the code is 4111" };
    await rows.happened(own, { kind: "elsewhere", payload: said, seq: 1 });
    const shown = await view({ channel: "web", thread, case: own, journal: own });
    expect(shown.thread?.entries).toHaveLength(1);
    expect(shown.journal).toHaveLength(1);
    expect(JSON.stringify(shown)).not.toContain("4111");
  });

  test.each<[string, (own: number, foreign: number) => { conversation: number; command: object }]>([
    ["to claim it", (_own, other) => ({ conversation: other, command: { kind: "claim" } })],
    [
      "to write to its customer",
      (_own, other) => ({ conversation: other, command: { kind: "reply", text: "your PIN?" } }),
    ],
    [
      "to merge it into one of the page's",
      (own, other) => ({ conversation: other, command: { kind: "merge", into: own } }),
    ],
    [
      "to merge one of the page's into it",
      (own, other) => ({ conversation: own, command: { kind: "merge", into: other } }),
    ],
    ["to act on one that there is not", (own) => ({ conversation: own + 1_000_000, command: { kind: "claim" } })],
  ])("can't be changed: %s", async (_what, wanted) => {
    const own = await rows.conversation({ channel: "web", thread });
    const operator = { id: "mara", name: "Mara" };
    const answer = await post("desk", { id: "r3", operator, ...wanted(own, foreign) });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as { message: string }).message).toContain("not on a playground channel");
    expect(received).toEqual([]);
  });

  test("have files that the page does not serve, unlike its own", async () => {
    const own = await rows.conversation({ channel: "web", thread });
    const file = { name: "März.png", mediaType: "image/png", bytes: new Uint8Array([1, 2]) };
    const kept = await storeTestFile(db, { ...file, conversation: own, ask: `own-${own}` });
    const other = await storeTestFile(db, { ...file, conversation: foreign, ask: `other-${foreign}` });
    await rows.desk(own, { kind: "card", card: card(own) });
    await rows.desk(own, { kind: "file", file: kept, author: "Dana", from: "customer" });
    await db.pool.query("update file set link_until = '-infinity'");
    const [shown] = (await view({ channel: "web", thread, case: own })).thread?.entries ?? [];
    expect((await fetch(server.url + (shown?.url ?? ""))).headers.get("content-disposition")).toContain("attachment");
    expect((await fetch(`${server.url}/playground/api/files/${other.id}/x`)).status).toBe(404);
  });
});

describe("live", () => {
  test("every page gets the snapshot at once and again after a change", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    const [one, other] = [await follow(), await follow()];
    expect((await one()).customer).toEqual([]);
    expect((await other()).customer).toEqual([]);
    await rows.wrote(conversation, "Dana", "ping");
    expect((await one()).customer.map(({ text }) => text)).toEqual(["ping"]);
    expect((await other()).customer.map(({ text }) => text)).toEqual(["ping"]);
  });

  test.each<[string, (conversation: number) => Promise<() => Promise<unknown>>]>([
    [
      "a part that is sent",
      async (conversation) => {
        const { outbox } = await rows.answered(conversation, { channel: "web", thread, text: "pong", outcome: null });
        return () => rows.settle(outbox, "sent");
      },
    ],
    [
      "a receipt",
      async (conversation) => {
        const { outbox } = await rows.answered(conversation, { channel: "web", thread, text: "pong" });
        return () => rows.delivered(outbox, "delivered");
      },
    ],
    [
      "an event that is handled",
      async (conversation) => {
        const id = await rows.happened(conversation, { kind: "alarm", payload: { alarm: "x" }, seq: null });
        return () => db.pool.query("update event set seq = 1 where id = $1", [id]);
      },
    ],
    ["a card", async (conversation) => () => rows.desk(conversation, { kind: "card", card: card(conversation) })],
  ])(
    "%s is a change, seen long before the next heartbeat",
    { timeout: LIVE_HEARTBEAT_MS / 3 },
    async (_what, prepare) => {
      const conversation = await rows.conversation({ channel: "web", thread });
      const change = await prepare(conversation);
      const next = await follow();
      const before = await next();
      await change();
      expect(await next()).not.toEqual(before);
    },
  );

  test("events of conversations off the page are no change", async () => {
    const other = await rows.conversation({ channel: "web", thread: `${thread}-other`, closed: true });
    const own = await rows.conversation({ channel: "web", thread });
    const look = { channel: "web", thread, case: null, journal: null };
    const mark = () => viewMark(deps().playground!, look);
    const before = await mark();
    await rows.wrote(other, "Sam", "hello");
    await rows.happened(other, { kind: "alarm", payload: { alarm: "x" }, seq: null });
    await rows.answered(other, { channel: "web", thread: `${thread}-other`, text: "hi", outcome: null });
    expect(await mark()).toBe(before);
    await rows.wrote(own, "Dana", "ping");
    expect(await mark()).not.toBe(before);
  });

  test.each(PLAYGROUND_READS)("$name reads no whole table", async ({ name, text }) => {
    const client = await db.pool.connect();
    try {
      await client.query("begin");
      await client.query("set local enable_seqscan = off");
      await client.query("set local enable_bitmapscan = off");
      await client.query("set local plan_cache_mode = force_generic_plan");
      await client.query(`prepare ${name}_read as ${text}`);
      const nulls = [...new Set(text.match(/\$\d/g))].map(() => "null").join(", ");
      const { rows: plan } = await client.query<Record<string, string>>(`explain execute ${name}_read(${nulls})`);
      const lines = plan.map((line) => line["QUERY PLAN"] ?? "");
      expect(lines.filter((line) => line.includes("Seq Scan"))).toEqual([]);
      // A full index scan without a condition is also a whole table.
      const walked = lines.filter((line, at) => {
        return /Index.*Scan.* using /.test(line) && !/Index Cond/.test(lines[at + 1] ?? "");
      });
      expect(walked).toEqual([]);
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  test("pages beyond the limit are refused, and a page that leaves makes room", async () => {
    const url = `${server.url}/playground/api/live?channel=web&thread=${thread}`;
    const page = new AbortController();
    leaving.add(page);
    const open = await Promise.all(Array.from({ length: MAX_LIVE_STREAMS }, () => fetch(url, { signal: page.signal })));
    expect(open.every(({ status }) => status === 200)).toBe(true);
    const refused = await fetch(url);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain("Close some");
    page.abort();
    await expect.poll(() => statusOf(url)).toBe(200);
  });

  test("a page shows that the database does not answer", async () => {
    const gone = openDb({ url: database.url, log });
    await gone.close();
    const playground = { ...deps().playground!, db: gone };
    const own = createServer({ ...deps(), playground }, "admin");
    await own.listen(0);
    const answer = await fetch(`${own.url}/playground/api/live?channel=web&thread=${thread}`);
    const { value } = await answer.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toMatch(/event: trouble\ndata: .*does not answer/);
    await own.close();
  });

  test("closing the server ends the streams", async () => {
    const own = createServer(deps(), "admin");
    await own.listen(0);
    const answer = await fetch(`${own.url}/playground/api/live?channel=web&thread=${thread}`);
    await own.close();
    expect(await answer.text()).toContain("event: view");
  });
});

/** Opens a page's stream; each call returns the next snapshot. */
async function follow(): Promise<() => Promise<PlaygroundView>> {
  const page = new AbortController();
  leaving.add(page);
  const url = `${server.url}/playground/api/live?channel=web&thread=${thread}`;
  const answer = await fetch(url, { signal: page.signal });
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async () => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end === -1) {
        const { value } = await reader.read();
        text += value ?? "";
        continue;
      }
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) return JSON.parse(data) as PlaygroundView;
    }
  };
}

async function statusOf(url: string): Promise<number> {
  const page = new AbortController();
  const { status } = await fetch(url, { signal: page.signal });
  page.abort();
  return status;
}

describe("writing", () => {
  test("a message is signed and goes through its channel's webhook path", async () => {
    expect((await post("write", hello())).status).toBe(200);
    const { channel, request } = received[0]!;
    const body = new TextDecoder().decode(request.body);
    expect(channel).toBe("web");
    expect(JSON.parse(body)).toEqual({ type: "message", id: "r1", thread, from: thread, name: "Dana", text: "Hello" });
    expect(request.headers["x-frontdesk-signature"]).toBe(`web:${body.length}`);
    expect(request.url).toBe("https://desk.example/channels/web");
  });

  test("a pressed button sends its prompt and option", async () => {
    const { text: _text, ...who } = hello();
    await post("write", { ...who, promptId: "p1", optionId: "billing", label: "Billing" });
    const body = JSON.parse(new TextDecoder().decode(received[0]?.request.body)) as unknown;
    expect(body).toMatchObject({ type: "choice", promptId: "p1", optionId: "billing", text: "Billing" });
  });

  test("an example customer has their number and ids, a typed name or number has none", async () => {
    expect((await post("write", { ...hello(), as: "dana" })).status).toBe(200);
    expect((await post("write", { ...hello(), name: "Dana Meyer" })).status).toBe(200);
    const bodies = received.map(({ request }) => JSON.parse(new TextDecoder().decode(request.body)) as object);
    expect(bodies[0]).toMatchObject({
      name: "Dana Meyer",
      phone: "+15550101",
      email: "dana@brightwater.example",
      attributes: { customer_id: "acc-1001", billing_id: "cus_dana" },
    });
    for (const name of ["phone", "email", "attributes"]) expect(bodies[1]).not.toHaveProperty(name);
    expect((await post("write", { ...hello(), attributes: { billing_id: "cus_dana" } })).status).toBe(400);
    expect((await post("write", { ...hello(), phone: "+15550101" })).status).toBe(400);
    expect((await post("write", { ...hello(), as: "nobody" })).status).toBe(400);
    expect(received).toHaveLength(2);
  });

  test("an operator's action goes to the desk's channel", async () => {
    const conversation = await rows.conversation({ channel: "web", thread });
    const action = {
      id: "r2",
      conversation,
      operator: { id: "ines", name: "Ines" },
      command: { kind: "transfer", queue: "billing" },
    };
    expect((await post("desk", action)).status).toBe(200);
    expect(received[0]?.channel).toBe(DESK);
    expect(JSON.parse(new TextDecoder().decode(received[0]?.request.body))).toEqual({
      type: "action",
      id: "r2",
      thread: `case:${conversation}`,
      operator: "ines",
      name: "Ines",
      conversation,
      command: { kind: "transfer", queue: "billing" },
    });
  });

  test.each<[string, unknown, Record<string, string>, number]>([
    ["another site's page", undefined, { origin: "https://evil.example" }, 403],
    ["a page without an origin of its own", undefined, { origin: "null" }, 403],
    ["a browser that says cross-site", undefined, { "sec-fetch-site": "cross-site" }, 403],
    ["a sibling site", undefined, { "sec-fetch-site": "same-site" }, 403],
    ["a form", undefined, { "content-type": "text/plain" }, 415],
    ["no JSON", "{", {}, 400],
    ["a channel that is not the playground's", { channel: "sms" }, {}, 400],
    ["an unknown field", { extra: 1 }, {}, 400],
    ["an empty text", { text: "" }, {}, 400],
    ["too much", { text: "x".repeat(70_000) }, {}, 413],
    ["a text that is too long", { text: "x".repeat(20_001) }, {}, 400],
  ])("%s is refused and not passed to a channel", async (_what, more, headers, status) => {
    const body = typeof more === "string" ? more : { ...hello(), ...(more as object | undefined) };
    const answer = await post("write", body, headers);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { message: string }).message).not.toBe("");
    expect(received).toEqual([]);
  });

  test("the page under its public name may write", async () => {
    expect((await post("write", hello(), { origin: "https://desk.example" })).status).toBe(200);
  });
});
