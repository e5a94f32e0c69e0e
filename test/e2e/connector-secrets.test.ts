import { expect, onTestFinished, test } from "vitest";
import { publishRelease } from "../../src/store/releases.ts";
import { counterpart, json } from "../connector/counterpart.ts";
import { SETTLED, settingsWith, startDesk } from "../support/desk.ts";

const WITHIN_MS = 30_000;

const CRM = `
id: crm
base_url: "env:ACME_URL"
auth: { bearer: "env:SLACK_BOT_TOKEN" }
operations:
  ping: { kind: read, request: GET /ping, returns: { word: string } }
`;
const ASKS = `
id: asks
on: [conversation.opened, message.received]
steps:
  - use: crm.ping
    save: crm
    on_error: [{ say: "{{ error.says }}" }, { stop: }]
  - say: "It said {{ crm.word }}"
`;

/** Starts a desk whose live release comes from a version without secret lists, and a folder that still has none. */
async function deskFromBefore() {
  const crm = await counterpart(json(200, { word: "hello" }));
  onTestFinished(() => crm[Symbol.asyncDispose]());
  const files = { "connectors/crm.yaml": CRM, "workflows/asks.yaml": ASKS };
  const env = { ACME_URL: crm.url, SLACK_BOT_TOKEN: "xoxb-of-a-channel" };
  const desk = await startDesk({ files, env, role: null });
  onTestFinished(() => desk[Symbol.asyncDispose]());
  const texts = Object.entries({ ...files, "frontdesk.yaml": settingsWith(desk.twilio) });
  const stored = Object.fromEntries(texts.map(([path, text]) => [path, { hash: `before-${path}`, text }]));
  await publishRelease(desk.db, { hash: "before", files: stored, author: "an older version" });
  await desk.start();
  return { desk, crm };
}

test("a release of an older version keeps running, and secrets that frontdesk.yaml does not list are never sent", async () => {
  const { desk, crm } = await deskFromBefore();
  expect(desk.logged).toContainEqual(
    expect.objectContaining({
      code: "C205",
      fault:
        'env:ACME_URL is not listed for this connector; add "env:ACME_URL" under "secrets: crm:" in frontdesk.yaml',
    }),
  );
  const dana = desk.customer("dana");
  await dana.message("hi");
  await desk.until(SETTLED, { withinMs: WITHIN_MS });
  expect(await dana.heard()).toEqual([
    'crm.ping failed: The connector crm may not use env:ACME_URL: add it under "secrets: crm:" in frontdesk.yaml.',
  ]);
  expect(crm.heard).toEqual([]);

  const lists = `secrets: { crm: ["env:ACME_URL", "env:SLACK_BOT_TOKEN"] }\n`;
  await desk.write({ "frontdesk.yaml": `${settingsWith(desk.twilio)}${lists}` });
  await desk.until("select count(*) = 2 as ok from release", { withinMs: WITHIN_MS });
  const sam = desk.customer("sam");
  await sam.message("hi");
  await desk.until(SETTLED, { withinMs: WITHIN_MS });
  expect(await sam.heard()).toEqual(["It said hello"]);
  expect(crm.heard[0]?.headers.authorization).toBe("Bearer xoxb-of-a-channel");
});
