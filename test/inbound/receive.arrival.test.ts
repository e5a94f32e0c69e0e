import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, startDesk, type TestDesk } from "../support/desk.ts";

// One product, two more web processes beside it, all on one database: what one can't see of another is what breaks.
let desk: TestDesk;
let others: string[];

beforeAll(async () => {
  desk = await startDesk({ files: { "workflows/echo.yaml": ECHO } });
  const webs = await Promise.all([desk.start({ role: "web" }), desk.start({ role: "web" })]);
  others = webs.map(({ url }) => `${url}/channels/sms`);
});
afterAll(() => desk[Symbol.asyncDispose]());

let customers = 0;
const newcomer = () => `+1555020${String(++customers).padStart(4, "0")}`;
const text = (from: string, body: string, o: { sid?: string; url?: string | undefined } = {}) =>
  desk.twilio.text({
    from,
    to: OUR_NUMBER,
    body,
    ...(o.sid === undefined ? {} : { sid: o.sid }),
    ...(o.url === undefined ? {} : { url: o.url }),
  });

const threadOf = (from: string) => `${OUR_NUMBER}:${from}`;

/** At once: a race that is lost once in eight is seen. */
const NEWCOMERS = 8;

describe("one message, sent again", () => {
  // I2, and SM2 of the SMS conformance cases: each retry has an idempotency token of its own.
  it("three times at once is one message, one event and one answer", async () => {
    const from = newcomer();
    const sid = `SM${"a".repeat(32)}`;
    const posted = await Promise.all([undefined, ...others].map((url) => text(from, "hello", { sid, url })));
    expect(posted.map(({ status }) => status)).toEqual([200, 200, 200]);
    await desk.until(SETTLED);
    await text(from, "hello", { sid });
    await desk.until(SETTLED);
    expect(await desk.rows("select text from message where external_id = $1", [sid])).toHaveLength(1);
    expect(desk.twilio.sent(from).map(({ body }) => body)).toEqual(["You said hello"]);
    expect(await desk.rows("select repeats from dedupe_key where key like '%' || $1 || '%'", [sid])).toEqual([
      { repeats: 3 },
    ]);
  });
});

async function inOrder(from: string): Promise<void> {
  const conversations = await desk.rows<{ id: number }>("select id from conversation where thread = $1", [
    threadOf(from),
  ]);
  expect(conversations).toHaveLength(1);
  expect(await desk.rows("select contact from address where value = $1", [from])).toHaveLength(1);
  const journal = await desk.rows<{ seq: number; text: string; quarantined: string | null }>(
    "select seq, payload->'content'->>'text' as text, quarantined from event where conversation = $1 order by id",
    [conversations[0]?.id],
  );
  expect(journal.filter(({ quarantined }) => quarantined !== null)).toEqual([]);
  expect(journal.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, n) => n + 1));
  const said = journal.map(({ text: body }) => `You said ${body}`);
  const messages = await desk.rows<{ text: string }>(
    "select text from message where conversation = $1 and author = 'customer' order by id",
    [conversations[0]?.id],
  );
  expect(messages.map((row) => `You said ${row.text}`)).toEqual(said);
  expect(desk.twilio.sent(from).map(({ body }) => body)).toEqual(said);
}

describe("ten texts at once from somebody new", () => {
  // I3, T9
  it.each([
    ["to one process", () => [undefined]],
    ["to three processes", () => [undefined, ...others]],
  ])("%s: one contact, one conversation, handled and answered in the order they were stored", async (_, urls) => {
    const threads = await Promise.all(
      Array.from({ length: NEWCOMERS }, async () => {
        const from = newcomer();
        const doors = urls();
        const texts = Array.from({ length: 10 }, (_unused, n) =>
          text(from, `text ${n}`, { url: doors[n % doors.length] }),
        );
        expect((await Promise.all(texts)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
        return from;
      }),
    );
    await desk.until(SETTLED, { withinMs: 15_000 });
    for (const from of threads) await inOrder(from);
  });
});

describe("what is not a message", () => {
  // I4
  it("leaves its raw form and the reason", async () => {
    const { url, headers, body } = desk.twilio.textWebhook({ from: "", to: OUR_NUMBER, body: "x" });
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
    const kept = await desk.rows<{ outcome: string; reason: string; body: Buffer }>(
      "select outcome, reason, body from raw_inbound where outcome = 'ignored'",
    );
    expect(kept).toMatchObject([{ outcome: "ignored", reason: "bad_sender" }]);
    expect(kept[0]?.body.toString()).toBe(body);
  });

  it("with a forged signature leaves nothing at all", async () => {
    const before = await desk.rows("select count(*) from raw_inbound");
    const { url, headers, body } = desk.twilio.textWebhook({ from: newcomer(), to: OUR_NUMBER, body: "x" });
    expect((await fetch(url, { method: "POST", headers, body: `${body}y` })).status).toBe(403);
    expect(await desk.rows("select count(*) from raw_inbound")).toEqual(before);
  });

  it("an action on a conversation that does not exist is kept with its reason", async () => {
    const posted = await desk.operator("alex").does(987_654, { kind: "claim" });
    expect(posted).toMatchObject({ status: 200, stored: [{ outcome: "ignored" }] });
    expect(await desk.rows("select reason from raw_inbound where channel = 'chat'")).toEqual([
      { reason: "unknown_conversation" },
    ]);
  });
});
