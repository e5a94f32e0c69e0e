/** Procedures with language models in the whole product: scripted servers, the example company, customers on the playground. */
import { EventEmitter, once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Acme, startAcme } from "../../examples/acme/server.ts";
import { ACME_SECRETS, acmeVariables, knownContact, shippedFiles } from "../support/acme.ts";
import { SETTLED, settingsWith, startDesk, type TestDesk } from "../support/desk.ts";
import { completion, type ModelCounterpart, startModelCounterpart } from "../support/model-counterpart.ts";
import { chatRequestFaults } from "../support/openai-rules.ts";

// A step that needs judgement, which the understudy has not.
const LATE_PARCEL = `---
id: late-parcel
title: A late parcel
status: live
trigger:
  when: The customer's parcel is late.
  examples: [my parcel is late, where is my parcel?]
---

# A late parcel

## Answer

- **If** they need it for a certain day: tell them "I am getting somebody who can hurry it up." and \`@handoff billing\`.
- **Else**: tell them "It comes within two days." and \`@end told\`.
`;

// Three requests to each of two models that are down, with the back-off between them.
const WAITING = { timeout: 30_000, interval: 20 };
vi.setConfig({ testTimeout: 60_000 });

let acme: Acme;
let first: ModelCounterpart;
let second: ModelCounterpart;
let desk: TestDesk;
beforeAll(async () => {
  acme = await startAcme({ port: 0 });
  [first, second] = await Promise.all([startModelCounterpart(), startModelCounterpart()]);
  const files = await shippedFiles("workflows", "connectors", "procedures");
  desk = await startDesk({
    files: { ...files, "procedures/late-parcel.md": LATE_PARCEL },
    env: acmeVariables(acme),
    role: null,
  });
  const queues = settingsWith(desk.twilio).replace("billing: }", "billing: , enterprise: }");
  const models = `
models:
  large:
    - { model: first, base_url: "${first.url}/v1" }
    - { model: second, base_url: "${second.url}/v1" }
`;
  await desk.write({ "frontdesk.yaml": `${queues}${ACME_SECRETS}${models}` });
  await desk.start();
}, 60_000);
afterAll(async () => {
  for (const one of [desk, first, second]) await one?.[Symbol.asyncDispose]();
  await acme?.close();
});
beforeEach(() => {
  for (const server of [first, second]) server.answer("silent");
});
afterEach(() => {
  const faults = [...first.requests, ...second.requests].flatMap(({ body }) => chatRequestFaults(body));
  expect(faults).toEqual([]);
});

/** Answers of a model that calls these tools. */
const calls = (...tools: readonly (readonly [string, object])[]) =>
  completion({
    tool_calls: tools.map(([name, args], n) => ({
      id: `call_${n}`,
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    })),
  });

const DOWN = { status: 500, body: { error: { message: "overloaded" } } };

/** A customer with an account, as after an import. */
async function customer(name: string, attributes: object) {
  await knownContact(desk, { channel: "chat", address: name, name, attributes });
  const one = desk.customer(name);
  return {
    ...one,
    /** Writes, and waits until these words have reached them and nothing is under way. */
    async says(text: string, answer: string): Promise<void> {
      await one.message(text);
      await vi.waitFor(async () => expect((await one.heard()).join("\n")).toContain(answer), WAITING);
      await desk.until(SETTLED, { withinMs: WAITING.timeout });
    },
    calls: async () =>
      desk.rows<{ operation: string; outcome: string }>(
        `select request->>'operation' as operation, outcome from ask
         where conversation = $1 and request->>'kind' = 'call' order by due_at, id`,
        [await one.conversation()],
      ),
    /** Requests to models, with what became of them. */
    requests: async () =>
      (
        await desk.rows<{ model: string; outcome: string }>(
          "select model, outcome from model_call where conversation = $1 order by id",
          [await one.conversation()],
        )
      ).map(({ model, outcome }) => `${model} ${outcome}`),
    /** Codes of the journal's lines. */
    journal: async () =>
      (
        await desk.rows<{ code: string }>(
          `select line->>'code' as code from event, jsonb_array_elements(to_jsonb(lines)) as line
           where conversation = $1 order by event.id`,
          [await one.conversation()],
        )
      ).map(({ code }) => code),
    case: async () =>
      (
        await desk.rows(`select queue, card->>'summary' as summary from "case" where conversation = $1`, [
          await one.conversation(),
        ])
      )[0],
  };
}

const CANCELS = ["start", { procedure: "cancel-subscription" }] as const;
const notUsing = (quote: string) =>
  ["set_fields", { fields: [{ field: "cancel_reason", value: "not_using", quote }] }] as const;
const CONFIRMATION = "Cancel your subscription? You can use it until it would renew, and are charged nothing more.";

test("a model carries a procedure out; the engine asks before the write, which happens once", async () => {
  const priya = await customer("Priya Nair", { customer_id: "acc-1004", billing_id: "cus_priya" });
  first.answer(
    calls(CANCELS),
    calls(notUsing("nobody here uses it"), ["use_billing_get_subscription", {}]),
    calls(["reply", { text: "I understand." }], ["use_billing_cancel_subscription", {}]),
    calls(["use_billing_cancel_subscription", {}]),
    calls(["reply", { text: "Your subscription is cancelled. Take care, Priya." }], ["end", { outcome: "cancelled" }]),
  );
  await priya.says("Please cancel my plan, nobody here uses it", CONFIRMATION);
  expect(await priya.calls()).toEqual([{ operation: "get_subscription", outcome: "succeeded" }]);
  await priya.says("yes", "Take care, Priya.");
  expect(await priya.heard()).toEqual([
    "Hi Priya, this is Acme support. I am an automatic assistant.",
    "I understand.",
    CONFIRMATION,
    "Your subscription is cancelled. Take care, Priya.",
  ]);
  // The subscription is read again after the write, so the second wish to cancel it finds it cancelled.
  expect((await priya.calls()).map(({ operation }) => operation)).toEqual([
    "get_subscription",
    "cancel_subscription",
    "get_subscription",
  ]);
  expect(await priya.journal()).toContain("guard.only_if");
  expect(await priya.requests()).toEqual(Array.from({ length: 5 }, () => "first answered"));
  expect(second.requests).toEqual([]);
});

test("newer words call the request off while a model thinks; its answer is dropped, and one reply comes", async () => {
  const maria = await customer("Maria Costa", { customer_id: "acc-1006", billing_id: "cus_maria" });
  const thought = new EventEmitter();
  first.answer(
    { ...calls(["reply", { text: "An answer to half of it." }]), when: once(thought, "done") },
    calls(["start", { procedure: "refund-policy" }], ["reply", { text: "An answer to all of it." }]),
    calls(["end", { outcome: "explained" }]),
  );
  await maria.message("A question");
  await first.requested();
  await maria.says("do I get my money back if I cancel?", "An answer to all of it.");
  await vi.waitFor(async () => expect(await maria.requests()).toContain("first cancelled"), WAITING);
  thought.emit("done");
  await desk.until(SETTLED, { withinMs: WAITING.timeout });
  expect(await maria.heard()).toEqual([
    "Hi Maria, this is Acme support. I am an automatic assistant.",
    "An answer to all of it.",
  ]);
  expect(await maria.requests()).toEqual(["first cancelled", "first answered", "first answered"]);
  expect(await maria.journal()).toContain("model.superseded");
  expect(JSON.stringify(first.requests[1]?.body)).toMatch(/A question.*do I get my money back/);
});

test("where the first model is down, the next of its tier goes on", async () => {
  const jonas = await customer("Jonas Brandt", { customer_id: "acc-1005" });
  first.answer(DOWN);
  second.answer(calls(["start", { procedure: "account-access" }]), calls(["ask", { field: "email" }]));
  await jonas.says("hm, my login", "Which e-mail address do you sign in with?");
  const requests = await jonas.requests();
  expect(requests.filter((one) => one.startsWith("second"))).toEqual(["second answered", "second answered"]);
  expect(requests.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => "first server_error"));
});

test("where all models are down, the understudy goes on with the procedure", async () => {
  const sam = await customer("Sam Lee", { customer_id: "acc-1002" });
  first.answer(DOWN);
  second.answer(DOWN);
  await sam.says("I can't log in", "Which e-mail address do you sign in with?");
  await sam.says("sam@lee.example", "Shall I unlock the login of sam@lee.example?");
  await sam.says("yes", "Your login is open again.");
  expect((await sam.calls()).map(({ operation }) => operation)).toEqual(["get_account", "unlock"]);
  expect((await sam.requests()).filter((one) => one.endsWith("answered"))).toEqual([]);
});

test("where all models are down, a step that needs judgement goes to a person", async () => {
  const lena = await customer("Lena Vogel", { customer_id: "acc-1003" });
  first.answer(DOWN);
  second.answer(DOWN);
  await lena.says("where is my parcel?", "I am passing you to a colleague");
  expect(await lena.case()).toMatchObject({
    queue: "front-line",
    summary: expect.stringContaining("“they need it for a certain day” can't be decided without a language model"),
  });
});
