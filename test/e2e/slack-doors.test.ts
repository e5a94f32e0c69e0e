/** Permissions at the desk: without known members nobody may act, and a queue's cases are for its members only. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MENU, type SlackDesk, SMS_TO_PEOPLE, soon, startSlackDesk } from "../support/slack-desk.ts";
import { caseOf, claimedCase, inThread, openModal, sendAct, textOf, waitForHolder } from "../support/slack-scene.ts";

const BILLING = `
id: sms-billing
title: Billing by SMS
status: live
channels: [sms]
priority: 1
on: [conversation.opened]
if: message.text.contains("BILLING")
steps: [{ handoff: billing, summary: "{{ message.text }}" }]
`;
const FILES = { "workflows/menu.yaml": MENU, "workflows/sms.yaml": SMS_TO_PEOPLE, "workflows/billing.yaml": BILLING };

const top = ({ slack }: SlackDesk, user: string): string => textOf(slack.modals(user).at(-1));
const handled = ({ desk }: SlackDesk) => desk.until("select not exists (select from event where seq is null) as ok");
const toldEphemerally = ({ slack }: SlackDesk, user: string): string => textOf(slack.ephemerals(user));

describe("queues whose members are not known", () => {
  let at: SlackDesk;
  let home: string;
  beforeAll(async () => {
    at = await startSlackDesk({
      files: FILES,
      queues: `
queues:
  front-line: { title: Front line, slack_channel: "#suport", members: channel }
  billing: { title: Billing, slack_channel: "#billing", members: channel }
`,
      places: 1,
      before: (slack) => void (home = slack.addChannel({ name: "lobby", members: [] }).id),
    });
  }, 60_000);
  afterAll(async () => at?.[Symbol.asyncDispose]());

  const WHY = "Nobody can work in the queue Front line yet: its channel #suport isn't known";

  test("have no operators: people who try are told why, and what to do", async () => {
    await at.desk.twilio.text({ from: "+15550777", to: "+15550100", body: "a secret matter" });
    await at.desk.until(`select count(*) = 1 as ok from "case"`);
    const found = await at.slack.command(at.dana, "find 0777");
    expect(found.body).toContain(WHY);
    expect(found.body).toContain("frontdesk doctor");
    expect(found.body).not.toContain("0777 ");
    await at.slack.openHome(at.dana);
    const page = await soon("the home page", () => at.slack.home(at.dana) ?? undefined);
    expect(textOf(page)).toContain(WHY);
    await expect(at.slack.clickHome(at.dana, "New conversation")).rejects.toThrow();
    await at.slack.shortcut(at.dana, "desk_start");
    await soon("the answer", () => (top(at, at.dana).includes(WHY) ? true : undefined));
  });

  test("ignore forged presses and dialogs", async () => {
    const [row] = await at.desk.rows<{ conversation: number }>(`select conversation from "case"`);
    const conversation = row?.conversation ?? 0;
    await sendAct(at, at.dana, conversation, { kind: "claim" });
    await sendAct(at, at.alex, conversation, { kind: "claim" });
    const view = {
      id: "V0START001",
      hash: "h",
      callback_id: "desk:start",
      private_metadata: "",
      state: {
        values: {
          channel: { value: { selected_option: { value: "sms" } } },
          to: { value: { value: "+15559876543" } },
          queue: { value: { selected_option: { value: "front-line" } } },
          text: { value: { value: "Acme here: pay your bill" } },
        },
      },
    };
    const user = { id: at.dana, team_id: at.slack.teamId };
    const answer = await at.slack.interact({ type: "view_submission", user, view });
    expect(answer.body).toContain(WHY);
    await handled(at);
    await waitForHolder(at, { conversation, channel: home, thread: "" }, null);
    expect(at.desk.twilio.sent("+15559876543")).toEqual([]);
  });

  test("are logged once, with the fix", () => {
    const entries = at.desk.logged.filter(({ queue }) => queue === "front-line");
    expect(entries.map(({ reason }) => reason)).toEqual([
      "there is no Slack channel “#suport”, or the bot is not in it: invite it",
    ]);
  });
});

describe("cases of another queue", () => {
  let at: SlackDesk;
  beforeAll(async () => {
    at = await startSlackDesk({ files: FILES });
  }, 60_000);
  afterAll(async () => at?.[Symbol.asyncDispose]());

  /** Alex works in front-line only, Kim in both. */
  async function two() {
    const secret = await caseOf(at, "+15550777", { body: "BILLING SECRET-IBAN DE44 5001", channel: at.billing });
    const mine = await claimedCase(at, at.alex, "+15550111");
    return { secret, mine };
  }

  test("are not found, not listed, and can't be merged into", async () => {
    const { secret, mine } = await two();
    const found = await at.slack.command(at.alex, "find 0777");
    expect(found.body).toContain("No case was found");
    expect((await at.slack.command(at.kim, "find 0777")).body).toContain(`Case ${secret.conversation}`);
    await openModal(at, at.alex, { scene: mine, option: "Merge into another case" });
    await soon("the dialog", () => (top(at, at.alex).includes("Merge two cases") ? true : undefined));
    expect(top(at, at.alex)).not.toContain("SECRET-IBAN");
    await sendAct(at, at.alex, mine.conversation, { kind: "merge", into: secret.conversation });
    await sendAct(at, at.alex, secret.conversation, { kind: "claim" });
    await handled(at);
    await waitForHolder(at, secret, null);
    expect(await at.desk.rows(`select 1 from "case" where card->>'mergedInto' is not null`)).toEqual([]);
    expect(textOf(inThread(at, secret))).not.toContain("merged into this one");
  });

  test("of two people are merged only after a confirmation that names both", async () => {
    const one = await claimedCase(at, at.kim, "+15550201");
    const other = await caseOf(at, "+15550202");
    await openModal(at, at.kim, { scene: one, option: "Merge into another case" });
    await soon("the dialog", () => (top(at, at.kim).includes("Merge two cases") ? true : undefined));
    await at.slack.submit(at.kim, { into: String(other.conversation) });
    await soon("the question", () => (top(at, at.kim).includes("Two people, one case?") ? true : undefined));
    expect(top(at, at.kim)).toContain("Merge +15550201's case into +15550202's? From then on both are one case");
    expect(await at.desk.rows(`select 1 from "case" where card->>'mergedInto' is not null`)).toEqual([]);
    await at.slack.submit(at.kim, {});
    await at.desk.until(`select (card->>'mergedInto')::int = $2 as ok from "case" where conversation = $1`, {
      values: [one.conversation, other.conversation],
    });
  });
});

describe("“Open a case” on a message", () => {
  let at: SlackDesk;
  let bob: string;
  beforeAll(async () => {
    at = await startSlackDesk({
      files: { "workflows/menu.yaml": MENU },
      before: (slack) => void (bob = slack.addUser({ name: "Bob" }).id),
    });
  }, 60_000);
  afterAll(async () => at?.[Symbol.asyncDispose]());

  let serial = 0;
  async function message(words: string, o: { private?: true; bot?: false; shared?: true; by?: string } = {}) {
    const { by = bob, ...kind } = o;
    const room = at.slack.addChannel({ name: `room-${++serial}`, members: [by, at.alex, at.dana], ...kind }).id;
    const { ts } = await at.slack.post(by, room, words);
    await at.slack.settled();
    return { room, ts };
  }
  const shortcut = (user: string, { room, ts }: { room: string; ts: string }) =>
    at.slack.shortcut(user, "desk_open_from_message", { channel: room, ts });
  const stored = async (words: string) => {
    const [row] = await at.desk.rows<{ events: number; messages: number; raw: number }>(
      `select (select count(*)::int from event where payload::text like $1) as events,
              (select count(*)::int from message where text like $1) as messages,
              (select count(*)::int from raw_inbound where content_type like '%form%'
                 and convert_from(body, 'UTF8') like replace($1, ' ', '+')) as raw`,
      [`%${words}%`],
    );
    return row;
  };
  const NOTHING = { events: 0, messages: 0, raw: 0 };

  test("is refused to people without a queue: nothing of the message is stored", async () => {
    const post = await message("a refund for my life");
    await shortcut(at.dana, post);
    await soon("why not", () => (top(at, at.dana).includes("you are in none") ? true : undefined));
    expect(await stored("a refund for my life")).toEqual(NOTHING);
    expect(await at.desk.rows("select 1 from conversation")).toEqual([]);
    const rows = await at.desk.rows(
      "select outcome, length(body) as bytes from raw_inbound where reason = 'not_at_the_desk'",
    );
    expect(rows).toEqual([{ outcome: "ignored", bytes: 0 }]);
    expect(at.slack.messages(post.room)).toHaveLength(1);
  });

  test("is refused in channels without the app: nothing of a private channel is stored", async () => {
    const post = await message("private words", { private: true, bot: false });
    await shortcut(at.alex, post);
    await soon("why not", () => (top(at, at.alex).includes("Frontdesk is not in this channel") ? true : undefined));
    expect(await stored("private words")).toEqual(NOTHING);
    const rows = await at.desk.rows(
      "select outcome, length(body) as bytes from raw_inbound where reason = 'not_in_place'",
    );
    expect(rows).toEqual([{ outcome: "ignored", bytes: 0 }]);
  });

  test("opens a case of the operator: the author is not told before a person replies", async () => {
    const post = await message("somebody should refund this");
    await shortcut(at.alex, post);
    const card = await soon("the card", () => at.cases().find((one) => textOf(one).includes("somebody should refund")));
    expect(textOf(card)).toContain("Bob does not know about this case");
    expect(textOf(card)).toContain(`into the thread of that message in #room-${serial}`);
    await handled(at);
    expect(at.slack.messages(post.room)).toHaveLength(1);
    const [stored] = await at.desk.rows<{ conversation: number; trust: unknown; holder: string }>(
      `select conversation, holder, card->'trust' as trust from "case"`,
    );
    expect(stored).toMatchObject({ holder: at.alex, trust: null });
    await at.slack.post(at.alex, at.support, "Hi Bob, can I help?", { thread: card.ts });
    await soon("the reply", () =>
      at.slack.messages(post.room, { thread: post.ts }).find(({ text }) => text.includes("can I help")),
    );
  });

  test("works on messages of people from other organisations, for our people", async () => {
    const eve = at.slack.addUser({ name: "Eve", external: true }).id;
    const post = await message("we need help", { shared: true, by: eve });
    await at.desk.until("select count(*) = 1 as ok from message where text = 'we need help'");
    await shortcut(at.alex, post);
    await at.desk.until(
      `select count(*) = 1 as ok from "case" k join conversation c on c.id = k.conversation where c.thread = $1 and k.holder = $2`,
      { values: [`${post.room}:${post.ts}`, at.alex] },
    );
    expect(toldEphemerally(at, at.alex)).not.toContain("none");
  });
});
