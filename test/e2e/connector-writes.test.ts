/** Calls of connectors from end to end: identities, modules, and writes whose answers are lost. */
import { expect, onTestFinished, test } from "vitest";
import { type Answer, counterpart, json } from "../connector/counterpart.ts";
import { SETTLED, settingsWith, startDesk } from "../support/desk.ts";

const WITHIN_MS = 30_000;

const CRM = (url: string): string => `
id: crm
base_url: ${url}
sandbox_url: ${url}
operations:
  own: { kind: read, request: "GET /people/{id}", identity: { id: contact.id }, returns: { plan: string } }
  cancel:
    kind: write
    request: POST /people/{id}/cancel
    identity: { id: contact.id }
    read_back: { operation: own, done_if: answer.plan == "none", within: 300ms }
`;
const RATES = `
id: rates
kind: module
module: ./connectors/rates.mjs
operations:
  get_rate: { kind: read, input: { of: string }, returns: { rate: number } }
`;

async function deskWith(steps: string, ...answers: Answer[]) {
  const crm = await counterpart(...answers);
  onTestFinished(() => crm[Symbol.asyncDispose]());
  const files = {
    "connectors/crm.yaml": CRM(crm.url),
    "connectors/rates.yaml": RATES,
    "connectors/rates.mjs": "export const get_rate = async ({ of }) => ({ rate: of.length });",
    "workflows/asks.yaml": `id: asks\non: [conversation.opened, message.received]\nsteps:\n${steps}`,
  };
  const desk = await startDesk({ files, role: null });
  onTestFinished(() => desk[Symbol.asyncDispose]());
  await desk.write({ "frontdesk.yaml": settingsWith(desk.twilio) });
  await desk.start();
  const dana = desk.customer("dana");
  await dana.message("hi");
  await desk.until(SETTLED, { withinMs: WITHIN_MS });
  const [facts] = (
    await desk.db.pool.query<{ contact: string; reason: string | null }>(
      "select contact, state->'state'->'case'->>'reason' as reason from conversation",
    )
  ).rows;
  return { heard: await dana.heard(), urls: crm.heard.map(({ url }) => url), facts };
}

const lost: Answer = (response) => response.destroy();
const plan = (word: string): Answer => json(200, { plan: word });
const CANCEL = `
  - use: crm.cancel
    on_error: [{ say: "Not cancelled ({{ error.reason }})." }, { stop: }]
  - say: Cancelled.
`;

test("a call has the contact's identity, and a module answers like a system", async () => {
  const steps = `
  - use: crm.own
    save: own
  - use: rates.get_rate
    with: { of: "{{ own.plan }}" }
    save: rates
  - say: "{{ own.plan }}, {{ rates.rate }}"
`;
  const { heard, urls, facts } = await deskWith(steps, plan("pro"));
  expect(heard).toEqual(["pro, 3"]);
  expect(urls).toEqual([`/api/people/${facts?.contact}`]);
});

test("a write whose answer is lost is read back: made", async () => {
  const { heard, facts } = await deskWith(CANCEL, lost, plan("none"));
  expect(heard).toEqual(["Cancelled."]);
  expect(facts?.reason).toBeNull();
});

test("a write whose answer is lost is read back: not made", async () => {
  const { heard, facts } = await deskWith(CANCEL, lost, plan("pro"));
  expect(heard).toEqual(["Not cancelled (unreachable)."]);
  expect(facts?.reason).toBeNull();
});

test("a write of which nobody knows reaches a person, past its on_error: steps", async () => {
  const { heard, facts } = await deskWith(CANCEL, lost, json(500, {}));
  expect(heard).toEqual(["Not cancelled (ambiguous)."]);
  expect(facts?.reason).toContain("crm.cancel failed: The connection closed before the answer was complete.");
});
