/** The whole product with a sender who writes, or answers automatically, more than people do. */
import { expect, test } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, settingsWith, startDesk, type TestDesk } from "../support/desk.ts";

const THANKS = ECHO.replace("You said {{ message.text }}", "Thanks, we got it.");

const metric = async (desk: TestDesk, name: string): Promise<number> => {
  const text = await (await fetch(`${desk.url}/metrics`)).text();
  return Number(new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
};

const limited = (desk: TestDesk, perDay: number) =>
  `${settingsWith(desk.twilio)}limits: { channel: { of: { sms: ${perDay} } } }\n`;

test("automatic replies are answered a few times, and then go to a person", async () => {
  await using desk = await startDesk({ files: { "workflows/e.yaml": THANKS } });
  const { twilio } = desk;
  const from = "+15551110000";
  const write = (body: string) => twilio.text({ from, to: OUR_NUMBER, body });
  await write("hi");
  for (let answered = 0; ; answered++) {
    await desk.until(SETTLED);
    if (twilio.sent(from).length <= answered) break;
    await write("I am out of office.");
  }
  expect(twilio.sent(from).length).toBeLessThanOrEqual(8);
  const [open] = await desk.rows<{ message: string }>(`select card->>'reason' as message from "case"`);
  expect(open?.message).toMatch(/wrote the same 6 times and got the same answer, like an automatic reply/);
  expect(desk.logged.filter(({ msg }) => msg === "bot stopped by a brake")).toMatchObject([{ brake: "loop" }]);
  expect(JSON.stringify(desk.logged)).not.toContain(from);
  expect(await metric(desk, 'frontdesk_brakes_total{brake="loop"}')).toBe(1);
});

test("a flood from one sender is stored completely and answered up to the limit; another sender is answered meanwhile", async () => {
  await using desk = await startDesk({ files: { "workflows/e.yaml": ECHO } });
  const { twilio } = desk;
  const from = "+15552220000";
  const writes = Array.from({ length: 200 }, (_, n) => twilio.text({ from, to: OUR_NUMBER, body: `flood ${n}` }));
  const other = twilio.text({ from: "+15553330000", to: OUR_NUMBER, body: "hello" });
  await Promise.all([...writes, other]);
  await desk.until(SETTLED, { withinMs: 30_000 });
  expect(twilio.sent("+15553330000")).toHaveLength(1);
  expect(twilio.sent(from).length).toBeLessThanOrEqual(30);
  const [stored] = await desk.rows<{ n: number }>(
    "select count(*)::int as n from message where author = 'customer' and text like 'flood %'",
  );
  expect(stored?.n).toBe(200);
  const cases = await desk.rows<{ message: string }>(`select card->>'reason' as message from "case"`);
  expect(cases).toHaveLength(1);
  expect(cases[0]?.message).toMatch(/the bot has stopped answering|has stopped answering/);
  const reasons = await desk.rows<{ n: number }>(
    `select count(*)::int as n from event where lines::text like '%kept.unread%'`,
  );
  expect(reasons[0]?.n).toBe(170);
  expect(await metric(desk, "frontdesk_unread_total")).toBe(170);
  const shown = await desk.rows<{ n: number }>("select count(*)::int as n from outbox where channel = 'chat'");
  expect(shown[0]?.n).toBeLessThan(20);
});

test("a sender is counted over all their conversations and processes", async () => {
  await using desk = await startDesk({ files: { "workflows/e.yaml": ECHO } });
  const second = await desk.start();
  for (let n = 0; n < 40; n++) {
    const url = n % 2 === 0 ? desk.url : (second.url ?? "");
    await desk.customer("dana", { url, thread: `thread ${n}` }).message("hello there");
  }
  await desk.until(SETTLED, { withinMs: 30_000 });
  const [seen] = await desk.rows<{ answered: number; cases: number; kept: number }>(
    `select (select count(*)::int from message where author = 'bot') as answered, (select count(*)::int from "case") as cases,
      (select count(*)::int from message where author = 'customer') as kept`,
  );
  expect(seen).toEqual({ answered: 30, cases: 1, kept: 40 });
});

test("beyond its daily limit a channel sends operators' replies but none of the bot's, until the limit is raised", async () => {
  await using desk = await startDesk({ files: { "workflows/e.yaml": ECHO }, role: null });
  const { twilio } = desk;
  await desk.write({ "frontdesk.yaml": limited(desk, 5) });
  await desk.start();
  const numbers = Array.from({ length: 9 }, (_, n) => `+1555444000${n}`);
  // One after the other: simultaneous claims may exceed the limit together (store/claim-parts.ts).
  for (const from of numbers) {
    await twilio.text({ from, to: OUR_NUMBER, body: "hello" });
    await desk.until(SETTLED);
  }
  const answered = numbers.filter((from) => twilio.sent(from).length === 1);
  expect(answered).toHaveLength(5);
  const cases = await desk.rows<{ id: number; message: string }>(
    `select conversation as id, card->>'reason' as message from "case" order by 1`,
  );
  expect(cases).toHaveLength(4);
  const message = "The limit of 5 messages a day on sms is reached; the bot has stopped answering until midnight UTC";
  expect(new Set(cases.map((one) => one.message))).toEqual(new Set([message]));
  expect(await metric(desk, 'frontdesk_brakes_total{brake="channel"}')).toBe(4);
  expect(desk.logged.filter(({ level }) => level === 50)).toMatchObject(
    Array.from({ length: 4 }, () => ({ msg: "channel reached its daily message limit", channel: "sms" })),
  );
  const kim = desk.operator("kim");
  await kim.does(cases[0]?.id ?? 0, { kind: "claim" });
  await kim.does(cases[0]?.id ?? 0, { kind: "reply", text: "A person answers." });
  await desk.until(SETTLED);
  expect(numbers.flatMap((from) => twilio.sent(from).map(({ body }) => body))).toContain("A person answers.");

  const before = await desk.rows("select id from release");
  await desk.write({ "frontdesk.yaml": limited(desk, 100) });
  await desk.until("select count(*) > $1 as ok from release", { values: [before.length] });
  await twilio.text({ from: "+15555550000", to: OUR_NUMBER, body: "hello" });
  await desk.until(SETTLED);
  expect(twilio.sent("+15555550000")).toHaveLength(1);
});
