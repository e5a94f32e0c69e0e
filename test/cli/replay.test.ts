import { afterAll, beforeAll, expect, test } from "vitest";
import { ECHO, SETTLED, startDesk, type TestDesk } from "../support/desk.ts";
import { run } from "./captured.ts";

let desk: TestDesk;
let conversation = 0;
beforeAll(async () => {
  desk = await startDesk({ files: { "workflows/echo.yaml": ECHO }, replays: false });
  const dana = desk.customer("dana");
  await dana.message("hello");
  await desk.until(SETTLED);
  await dana.message("are you there?");
  await desk.until(SETTLED);
  conversation = await dana.conversation();
});
afterAll(async () => desk[Symbol.asyncDispose]());

const replay = (...argv: string[]) => run(["replay", ...argv], { env: desk.env });

test("replay prints every event with its decisions, and that today's code decides the same", async () => {
  const { code, out } = await replay(String(conversation));
  expect(code).toBe(0);
  expect(out).toContain("1. message at 20");
  expect(out).toContain("    Started the workflow “Echo” on conversation.opened");
  expect(out).toContain("Today's code decides the same.");
});

test("replay names each decision that is another today, and fails", async () => {
  await desk.rows(`update event set lines = '[{"code":"x","message":"Did something else"}]' where seq = 2`);
  await desk.rows(`update conversation set state = jsonb_set(state::jsonb, '{state,tags}', '["vip"]')::json`);
  const { code, out } = await replay(String(conversation));
  expect(code).toBe(1);
  expect(out).toMatch(/2\. message at .*\n {4}Did something else\n {2}≠ Decided today: Started the workflow/);
  expect(out).toContain('  tags: ["vip"] was stored, today it would be []');
  expect(JSON.parse((await replay(String(conversation), "--json")).out)).toMatchObject({ same: false, from: 1 });
});

test("replay names a part that was not sent and would be today", async () => {
  await desk.rows(
    "delete from outbox where id = (select max(id) from outbox where channel = 'chat' and content->>'desk' is null)",
  );
  const { code, out } = await replay(String(conversation));
  expect(code).toBe(1);
  expect(out).toMatch(/2\. message at .*\n(?: .*\n)* {2}≠ Part \d would be sent today, too/);
});

test("replay of a journal that retention cut says that it can't be compared, not that it differs", async () => {
  await desk.rows("delete from event where seq = 1");
  const cut = await replay(String(conversation));
  expect(cut).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^Retention removed the first event\.\n2\. message/),
  });
  expect(cut.out).toMatch(/\nWithout all events it can't be compared with what today's code decides\.\n$/);
  await desk.rows("delete from event");
  const gone = await replay(String(conversation));
  expect(gone.out).toMatch(/^Retention removed the first \d+ events\.\nWithout all events it can't be compared/);
  expect(JSON.parse((await replay(String(conversation), "--json")).out)).toMatchObject({ same: null, events: [] });
});

test.each([
  ["nothing", []],
  ["a word", ["dana"]],
  ["two", ["1", "2"]],
])("replay with %s says how it is called", async (_, argv) => {
  expect(await replay(...argv)).toMatchObject({
    code: 2,
    err: expect.stringContaining("the number of one conversation"),
  });
});

test("replay says that there is no such conversation", async () => {
  expect(await replay("999")).toMatchObject({ code: 1, err: "frontdesk: there is no conversation 999.\n" });
});
