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
  conversation = await dana.conversation();
});
afterAll(async () => desk[Symbol.asyncDispose]());

const explain = (...argv: string[]) => run(["explain", ...argv], { env: desk.env });

test("explain tells what happened in a conversation, and why", async () => {
  const { code, out } = await explain(String(conversation));
  expect(code).toBe(0);
  expect(out).toMatch(/^20\S+ {2}The customer wrote “hello”\n(?: {4}.*\n)* {4}A new conversation began\n/);
  expect(out).toContain("    Started the workflow “Echo” on conversation.opened");
  const [first] = JSON.parse((await explain(String(conversation), "--json")).out);
  expect(first).toMatchObject({ seq: 1, message: "The customer wrote “hello”" });
});

test("explain lists what waits and what was quarantined", async () => {
  await desk.rows("update event set quarantined = 'Error: Odd\n at x' where conversation = $1", [conversation]);
  expect((await explain(String(conversation))).out).toContain("    Quarantined; a person takes over: Error: Odd\n");
  await desk.rows(
    "update event set seq = null, lines = null, handled_at = null, quarantined = null where conversation = $1",
    [conversation],
  );
  expect((await explain(String(conversation))).out).toContain("    waiting to be handled\n");
});

test("explain says that there is no such conversation", async () => {
  expect(await explain("999")).toMatchObject({ code: 1, err: "frontdesk: there is no conversation 999.\n" });
});
