/** A connector that answers nobody for a while: who waits for it, and who does not (E4, E5). */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { SETTLED, startDesk, type TestDesk } from "../support/desk.ts";

const connector = (id: string, url: string) => `
id: ${id}
base_url: ${url}
sandbox_url: ${url}
operations:
  look: { kind: read, request: GET /look, returns: { plan: string }, timeout: 60s }
  refund: { kind: write, request: POST /refund, returns: { plan: string }, timeout: 60s }
`;
const workflow = (id: string, operation: string) => `
id: ${id}
title: ${id}
status: live
on: [conversation.opened]
if: message.text == "${id}"
steps: [{ use: ${operation}, save: found }, { say: "Your plan is {{ found.plan }}." }]
`;

const reply = (response: ServerResponse) =>
  response.setHeader("content-type", "application/json").end('{"plan":"gold"}');

/** A system that holds every call until it is told to answer. */
async function system() {
  const held = new Set<ServerResponse>();
  const heard: string[] = [];
  let holds = false;
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.once("close", () => held.delete(response));
    if (holds) held.add(response);
    else reply(response);
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    held,
    hold() {
      holds = true;
      heard.length = 0;
    },
    answer() {
      holds = false;
      for (const response of held) reply(response);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

let slow: Awaited<ReturnType<typeof system>>;
let quick: Awaited<ReturnType<typeof system>>;
let desk: TestDesk;
beforeAll(async () => {
  [slow, quick] = [await system(), await system()];
  desk = await startDesk({
    files: {
      "workflows/slow.yaml": workflow("slow", "slow.look"),
      "workflows/refund.yaml": workflow("refund", "slow.refund"),
      "workflows/quick.yaml": workflow("quick", "quick.look"),
      "connectors/slow.yaml": connector("slow", slow.url),
      "connectors/quick.yaml": connector("quick", quick.url),
    },
  });
});
beforeEach(() => slow.hold());
afterAll(async () => {
  slow.answer();
  await desk[Symbol.asyncDispose]();
  await slow[Symbol.asyncDispose]();
  await quick[Symbol.asyncDispose]();
});

const write = (count: number, text: string, who = "") =>
  Promise.all(Array.from({ length: count }, (_, n) => desk.customer(`${who}${n}`).message(text)));
const askedAndClaimed = (count: number) =>
  desk.until("select count(*) = $1 and count(attempted_at) = least($1, 32) as ok from ask where answered_at is null", {
    values: [count],
  });

it("delays neither another connector nor its own later answers", async () => {
  await write(70, "slow");
  await askedAndClaimed(70);
  const kim = desk.customer("kim");
  await kim.message("quick");
  await desk.until(
    "select count(*) = 1 as ok from outbox where thread = 'thread-kim' and outcome = 'sent' and content->>'text' like 'Your plan%'",
  );
  // Those that wait hold no lease and have not been attempted.
  expect(slow.heard).toHaveLength(32);
  slow.answer();
  await desk.until(SETTLED);
  expect(slow.heard).toHaveLength(70);
});

it("keeps a write that had not left when a person took over from leaving", async () => {
  await write(32, "slow", "again");
  await askedAndClaimed(32);
  const dana = desk.customer("dana");
  await dana.message("refund");
  await desk.until("select count(*) = 33 as ok from ask where answered_at is null");
  await desk.operator("alex").does(await dana.conversation(), { kind: "take_over" });
  await desk.until("select count(*) = 1 as ok from ask where outcome = 'cancelled'");
  slow.answer();
  await desk.until(SETTLED);
  expect(slow.heard).not.toContain("POST /refund");
});

it("journals what came of a write that had left when a person took over", async () => {
  const dana = desk.customer("dana again");
  await dana.message("refund");
  await expect.poll(() => slow.heard).toContain("POST /refund");
  await desk.operator("alex").does(await dana.conversation(), { kind: "take_over" });
  await desk.until("select count(*) = 1 as ok from ask where outcome = 'unknown' and answered_at is not null");
  expect(
    await desk.rows(
      `select payload->'effect' as effect, payload->'result'->'error'->>'reason' as reason
       from event where kind = 'answer' and conversation = $1`,
      [await dana.conversation()],
    ),
  ).toEqual([{ effect: { operation: "slow.refund", write: true }, reason: "ambiguous" }]);
  // Nobody holds the connection any longer.
  await expect.poll(() => slow.held.size).toBe(0);
});
