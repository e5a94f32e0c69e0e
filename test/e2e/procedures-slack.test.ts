/** The shipped procedures over Slack: customers in DMs, without a language model. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Acme, DEMO_TOKEN, startAcme } from "../../examples/acme/server.ts";
import { ACME_SECRETS, acmeVariables, knownContact, shippedFiles } from "../support/acme.ts";
import { QUEUES, type SlackDesk, startSlackDesk } from "../support/slack-desk.ts";

let acme: Acme;
let at: SlackDesk;
beforeAll(async () => {
  acme = await startAcme({ port: 0 });
  at = await startSlackDesk({
    files: await shippedFiles("workflows", "connectors", "procedures"),
    env: acmeVariables(acme),
    queues: `${QUEUES}  enterprise: { title: Enterprise, slack_channel: "#enterprise", members: channel }\n${ACME_SECRETS}`,
    before: (slack) => void slack.addChannel({ name: "enterprise", members: [] }),
    places: 3,
  });
}, 60_000);
afterAll(async () => {
  await at?.[Symbol.asyncDispose]();
  await acme?.close();
});
afterEach(() => expect(at.slack.violations).toEqual([]));

interface Account {
  customer_id?: string;
  billing_id?: string;
}

/** A customer in a DM whose address belongs to a contact with an account, as after an import. */
async function customer(name: string, account: Account) {
  const { slack, desk } = at;
  const user = slack.addUser({ name }).id;
  const dm = slack.dm(user);
  await knownContact(desk, { channel: "slack", address: user, name, attributes: account });
  const shown = (words: string) =>
    at.soon(words, () => slack.messages(dm).find((one) => JSON.stringify(one).includes(words)));
  return {
    shown,
    write: (text: string) => slack.post(user, dm, text),
    async press(question: string, label: string) {
      const { ts } = await shown(question);
      expect(await slack.click(user, dm, ts, label)).toMatchObject({ status: 200 });
      await at.soon("a question with its answer in place of its buttons", () =>
        slack.messages(dm).find((one) => one.ts === ts && !/"(button|static_select)"/.test(JSON.stringify(one))),
      );
    },
    /** More options than Slack has buttons for in a row are a menu. */
    async pick(question: string, option: string) {
      const { ts } = await shown(question);
      expect(await slack.click(user, dm, ts, "Options 1–6", { option })).toMatchObject({ status: 200 });
    },
    heard: () => slack.messages(dm).flatMap(({ text, bot_id }) => (bot_id === undefined ? [] : [text])),
  };
}

async function statusOf(customer: string): Promise<string> {
  const url = `${acme.url}/billing/customers/${customer}/subscription`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${DEMO_TOKEN}` } });
  return ((await response.json()) as { status: string }).status;
}

/** Calls of an operation that were made, with what became of them. */
const callsOf = async (operation: string) =>
  (
    await at.desk.rows<{ outcome: string }>("select outcome from ask where request->>'operation' = $1", [operation])
  ).map(({ outcome }) => outcome);

test("a subscription is cancelled by pressing buttons, after an offer that is not taken", async () => {
  const priya = await customer("Priya Nair", { customer_id: "acc-1004", billing_id: "cus_priya" });
  await priya.write("please cancel my plan");
  await priya.pick("May I ask why you would like to leave?", "It is too expensive");
  await priya.press("Apply this to your plan: 30 % off for 3 months?", "No");
  await priya.shown("Cancel your subscription?");
  expect(await statusOf("cus_priya")).toBe("active");
  await priya.press("Cancel your subscription?", "Yes");
  await priya.shown("Your subscription is cancelled.");
  expect(priya.heard()).toEqual([
    "Hi Priya, this is Acme support. I am an automatic assistant.",
    "I am an automatic assistant without a language model, so short answers help me most.",
    "May I ask why you would like to leave?\n\n→ It is too expensive",
    "Before you go: I can give you 30 % off for 3 months.",
    "Apply this to your plan: 30 % off for 3 months?\n\n→ No",
    "Cancel your subscription? You can use it until it would renew, and are charged nothing more.\n\n→ Yes",
    "Your subscription is cancelled. It stays usable until 2026-12-05, and nothing more is charged.",
  ]);
  expect(await statusOf("cus_priya")).toBe("cancelled");
  expect([await callsOf("apply_offer"), await callsOf("cancel_subscription")]).toEqual([[], ["succeeded"]]);
});

test("a locked login is opened by a typed address and a button", async () => {
  const sam = await customer("Sam Lee", { customer_id: "acc-1002", billing_id: "cus_sam" });
  await sam.write("I can't log in");
  await sam.shown("Which e-mail address do you sign in with?");
  await sam.write("it is sam@lee.example");
  await sam.press("Shall I unlock the login of sam@lee.example?", "Yes");
  await sam.shown("Your login is open again.");
  expect(await callsOf("unlock")).toEqual(["succeeded"]);
});

test("a customer without an account is handed to people, and nothing is called for them", async () => {
  const lou = await customer("Lou Bell", {});
  await lou.write("please cancel my plan");
  await lou.pick("May I ask why you would like to leave?", "Another reason");
  await at.soon("a case", () => at.cases().find((one) => JSON.stringify(one).includes("Lou Bell")));
  expect(lou.heard().join("\n")).not.toMatch(/cancelled|Cancel your subscription/);
});
