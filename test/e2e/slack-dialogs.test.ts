/** Dialogs whose case changed while an operator wrote: nothing is done, and no text is lost. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUES, type SlackDesk, soon, startSlackDesk } from "../support/slack-desk.ts";
import {
  cardOf,
  caseOf,
  claimedCase,
  errorsOf,
  inThread,
  openModal,
  type Scene,
  sendAct,
  textOf,
  waitForHolder,
} from "../support/slack-scene.ts";

const WORDS = "I will send you a new one tomorrow";

let at: SlackDesk;
beforeAll(async () => {
  at = await startSlackDesk({
    queues: `${QUEUES}  leads: { title: Leads, slack_channel: "#support", members: public-channel }\n`,
  });
}, 60_000);
afterAll(async () => at?.[Symbol.asyncDispose]());

let serial = 0;
const number = () => `+155504${String(++serial).padStart(5, "0")}`;

/** Creates a case held by this operator, with its updated card. */
async function heldCase(operator: string): Promise<Scene & { from: string }> {
  const from = number();
  const scene = await claimedCase(at, operator, from);
  await soon("the button", () => (textOf(cardOf(at, scene)).includes("Reply to customer") ? true : undefined));
  return { ...scene, from };
}

/** Opens the dialog "Reply to customer" as Alex. */
async function replying(): Promise<Scene & { from: string }> {
  const scene = await heldCase(at.alex);
  await at.slack.click(at.alex, scene.channel, scene.thread, "Reply to customer");
  await soon("the dialog", () => titled("Reply to customer"));
  return scene;
}

const titled = (title: string) => at.slack.modals(at.alex).find((modal) => textOf(modal.title).includes(title));
const actAs = (operator: string, { conversation }: Scene, act: Parameters<typeof sendAct>[3]) =>
  sendAct(at, operator, conversation, act);
const textsTo = (from: string) => at.desk.twilio.sent(from).map(({ body }) => body);
const handled = () => at.desk.until("select not exists (select from event where seq is null) as ok");

const refused = async () => (await at.desk.rows("select 1 from raw_inbound where reason = 'refused'")).length;

describe("a reply to a case that", () => {
  const MOVED: [string, (scene: Scene) => Promise<void>, RegExp][] = [
    [
      "a colleague claimed",
      async (scene) => {
        await actAs(at.alex, scene, { kind: "unclaim" });
        await waitForHolder(at, scene, null);
        await actAs(at.kim, scene, { kind: "claim" });
        await waitForHolder(at, scene, at.kim);
      },
      /holds this case now.*copy what you wrote/,
    ],
    [
      "was transferred",
      async (scene) => {
        await actAs(at.alex, scene, { kind: "transfer", queue: "leads" });
        await at.desk.until(`select queue = 'leads' as ok from "case" where conversation = $1`, {
          values: [scene.conversation],
        });
      },
      /Nobody holds this case now, and it is in Leads/,
    ],
    [
      "was resolved",
      async (scene) => {
        await actAs(at.alex, scene, { kind: "resolve" });
        await at.desk.until(`select status = 'solved' as ok from "case" where conversation = $1`, {
          values: [scene.conversation],
        });
      },
      /Case \d+ is closed/,
    ],
    [
      "was merged into another",
      async (scene) => {
        const other = await caseOf(at, number());
        await actAs(at.alex, scene, { kind: "merge", into: other.conversation });
        await at.desk.until(`select card->>'mergedInto' = $2 as ok from "case" where conversation = $1`, {
          values: [scene.conversation, String(other.conversation)],
        });
      },
      /was merged into case \d+: go on there/,
    ],
  ];

  test.each(MOVED)(
    "%s: the dialog stays open with what was written, and says why",
    async (_, moveOn, message) => {
      const scene = await replying();
      await moveOn(scene);
      const before = await refused();
      const answered = await at.slack.submit(at.alex, { text: WORDS });
      const { response_action: action, errors } = JSON.parse(answered.body) as Record<string, unknown>;
      expect(action).toBe("errors");
      expect(textOf(errors)).toMatch(message);
      expect(titled("Reply to customer")).toBeDefined();
      await handled();
      expect(textsTo(scene.from)).not.toContain(WORDS);
      expect(await refused()).toBe(before + 1);
      await at.slack.closeModal(at.alex);
      expect(errorsOf(at)).toEqual([]);
    },
    30_000,
  );

  test("changes between the check and the turn: a hint returns the text to its author", async () => {
    const scene = await replying();
    // No turn of this conversation can commit while its row is locked, so both acts pass the check of the old case.
    const client = await at.desk.db.pool.connect();
    try {
      await client.query("begin");
      await client.query("select 1 from conversation where id = $1 for update", [scene.conversation]);
      await actAs(at.alex, scene, { kind: "unclaim" });
      const answered = await at.slack.submit(at.alex, { text: WORDS });
      expect(answered.status).toBe(200);
      expect(answered.body).not.toContain("errors");
    } finally {
      await client.query("commit");
      client.release();
    }
    await soon("the hint", () => at.slack.ephemerals(at.alex).find(({ text }) => text.includes(WORDS)));
    await handled();
    expect(textsTo(scene.from)).not.toContain(WORDS);
    expect(textOf(inThread(at, scene))).not.toContain(WORDS);
  }, 30_000);
});

describe("a dialog", () => {
  test("that comes too late to be opened: the operator is told to try again, and can", async () => {
    const scene = await heldCase(at.kim);
    at.slack.fault("views.open", { error: "expired_trigger_id" });
    await at.slack.click(at.kim, scene.channel, scene.thread, "Reply to customer");
    await soon("what to do", () =>
      at.slack.ephemerals(at.kim).find(({ text }) => text.includes("no dialog was opened. Try again")),
    );
    expect(at.slack.modals(at.kim)).toEqual([]);
    await openModal(at, at.kim, { scene, option: "Add a note" });
    await at.slack.submit(at.kim, { text: "he calls back" });
    await soon("the note", () => inThread(at, scene).find((one) => textOf(one).includes("he calls back")));
    expect(at.slack.modals(at.kim)).toEqual([]);
    expect(at.slack.violations).toEqual([]);
  }, 30_000);
});
