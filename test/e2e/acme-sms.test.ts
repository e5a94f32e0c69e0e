import { afterAll, beforeAll, expect, test } from "vitest";
import { type Acme, startAcme } from "../../examples/acme/server.ts";
import { ACME_SECRETS, acmeVariables, shippedFiles } from "../support/acme.ts";
import { OUR_NUMBER, SETTLED, settingsWith, startDesk, type TestDesk } from "../support/desk.ts";

// The bundled example company over SMS: every topic from start to end.

let acme: Acme;
let desk: TestDesk;
beforeAll(async () => {
  acme = await startAcme({ port: 0 });
  const files = await shippedFiles("workflows", "connectors");
  desk = await startDesk({ files, env: acmeVariables(acme), role: null });
  const queues = settingsWith(desk.twilio).replace("billing: }", "billing: , enterprise: }");
  await desk.write({ "frontdesk.yaml": `${queues}${ACME_SECRETS}` });
  await desk.start();
});
afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await acme.close();
});

/** Sends texts one after the other, waiting for each answer; returns all answers. */
async function talk(from: string, ...texts: string[]): Promise<string> {
  for (const body of texts) {
    expect((await desk.twilio.text({ from, to: OUR_NUMBER, body })).status).toBe(200);
    await desk.until(SETTLED);
  }
  return desk.twilio
    .sent(from)
    .map(({ body }) => body)
    .join("\n");
}

const stateOf = async (from: string) =>
  (
    await desk.rows<{ phase: string; resolution: string | null; queue: string | null; summary: string | null }>(
      `select c.state->'state'->>'phase' as phase, c.state->'state'->>'resolution' as resolution, k.queue, k.card->>'summary' as summary
       from conversation c left join "case" k on k.conversation = c.id where c.thread = $1`,
      [`${OUR_NUMBER}:${from}`],
    )
  )[0];

const DANA_ENTERPRISE = "+15550101";
const SAM_FREE = "+15550102";

test("an invoice of an enterprise customer goes to its account team", async () => {
  const answers = await talk(DANA_ENTERPRISE, "Hello", "1");
  expect(answers).toMatch(/1\) A charge or an invoice[\s\S]*Your account team looks after this/);
  expect(await stateOf(DANA_ENTERPRISE)).toMatchObject({
    queue: "enterprise",
    summary: expect.stringContaining("Dana Meyer"),
  });
});

test("an invoice of another customer goes to billing, with the tier from the account system", async () => {
  await talk(SAM_FREE, "Hello", "1");
  expect(await stateOf(SAM_FREE)).toMatchObject({ queue: "billing", summary: expect.stringContaining("Tier: free") });
});

test("typing the name of an enterprise customer does not give their treatment", async () => {
  const dana = desk.customer("Dana Meyer");
  for (const text of ["Hello", "billing"]) {
    await dana.message(text);
    await desk.until(SETTLED);
  }
  const [held] = await desk.rows<{ queue: string; summary: string }>(
    `select k.queue, k.card->>'summary' as summary from "case" k join conversation c on c.id = k.conversation
     where c.thread = 'thread-Dana Meyer'`,
  );
  expect(held).toEqual({ queue: "billing", summary: "Asks about a charge or an invoice. Tier: unknown." });
});

test("an order asks for its number, and reads it by the field's pattern", async () => {
  const from = "+15550777";
  const answers = await talk(from, "Hello", "2", "it is the blue one", "AB-1234");
  expect(answers).toContain("What is your order number?");
  expect(await stateOf(from)).toMatchObject({ queue: "front-line", summary: "Asks about order AB-1234." });
});

test("a locked-out customer gets self-service help, and the conversation closes", async () => {
  const from = "+15550778";
  const answers = await talk(from, "Hello", "I can't get in", "1");
  expect(answers).toMatch(/acme\.example\/reset[\s\S]*Glad to hear it/);
  expect(await stateOf(from)).toMatchObject({ phase: "closed", resolution: "solved by bot", queue: null });
  expect(await talk(from, "thanks!")).toBe(answers);
});

test("the customer is served even if the account system is down", async () => {
  await acme.close();
  const from = "+15550779";
  const answers = await talk(from, "Hello", "1");
  expect(answers).toContain("What can we help you with?");
  expect(await stateOf(from)).toMatchObject({ queue: "billing", summary: expect.stringContaining("Tier: unknown") });
});
