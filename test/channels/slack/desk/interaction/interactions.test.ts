/** The desk's interactions in the whole product: operators press, submit and command, against the counterpart of Slack. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUR_NUMBER } from "../../../../support/desk.ts";
import { liveParts } from "../../../../support/slack/live.ts";
import { MENU, type SlackDesk, SMS_TO_PEOPLE, startSlackDesk } from "../../../../support/slack-desk.ts";

const BY_HAND = `
id: refund
title: Refund the parcel
status: live
on: [manual]
steps: [{ say: "You get your money back." }]
`;

let at: SlackDesk;
let zoe: string;
let guest: string;
let customers = 0;
/** Most of these tests share one case, because Slack takes one post a second. */
let held: Case;
/** Another case, which ends up in billing. */
let other: Case;
beforeAll(async () => {
  const files = { "workflows/menu.yaml": MENU, "workflows/sms.yaml": SMS_TO_PEOPLE, "workflows/refund.yaml": BY_HAND };
  at = await startSlackDesk({ files });
  zoe = at.slack.addUser({ name: "Zoe" }).id;
  guest = at.slack.addUser({ name: "Eve Guest", external: true }).id;
}, 60_000);
afterAll(async () => {
  expect(at.slack.violations).toEqual([]);
  await at[Symbol.asyncDispose]();
});

const json = (value: unknown): string => JSON.stringify(value ?? null);
const top = (user: string) => at.slack.modals(user).at(-1);
const titleOf = (user: string): string | undefined => top(user)?.title.text;
const dialogOf = (user: string, title: string) =>
  at.soon(title, () => (titleOf(user) === title ? top(user) : undefined));
const waitForEphemeral = (user: string, words: string) =>
  at.soon(words, () => at.slack.ephemerals(user).find((one) => json(one).includes(words)));

/** Returns the answer of "Next case". */
const nextCaseAnswer = (user: string) => /Case \d+ is yours|Nobody is waiting/.exec(json(top(user)))?.[0];

interface Case {
  conversation: number;
  /** The ts of its card. */
  card: string;
  from: string;
}

/** Creates a customer on SMS who waits for people. */
async function newCase(text = "My parcel is broken"): Promise<Case> {
  const from = `+1555020${String(++customers).padStart(4, "0")}`;
  await at.desk.twilio.text({ from, to: OUR_NUMBER, body: text });
  const card = await at.soon(`a card of ${from}`, () => at.cases().find((one) => json(one).includes(from)));
  const conversation = Number(/\{\\*"c\\*":(\d+)/.exec(json(card))?.[1]);
  await at.desk.until('select count(*) = 1 as ok from "case" where conversation = $1 and thread is not null', {
    values: [conversation],
  });
  return { conversation, card: card.ts, from };
}

async function claimCase(user: string, o: Case): Promise<void> {
  await at.slack.click(user, at.support, o.card, "Claim");
  await waitForHolder(user, o.conversation);
  await waitForAction(o, "desk:open:reply");
}

/** Waits for a card, which changes a moment after its case. */
async function waitForAction(o: Case, action: string): Promise<void> {
  const card = () => at.slack.messages(at.support).find(({ ts }) => ts === o.card);
  await at.soon(`the card to offer ${action}`, () => (json(card()).includes(action) ? true : undefined));
}

async function givenBack(user: string, o: Case): Promise<void> {
  await more(user, o, "Give back to the queue");
  await waitForHolder(null, o.conversation);
  await waitForAction(o, "desk:claim");
}

const waitForHolder = (user: string | null, conversation: number) =>
  at.desk.until('select holder is not distinct from $2 as ok, holder, status from "case" where conversation = $1', {
    values: [conversation, user],
  });

const more = (user: string, o: Case, option: string) =>
  at.slack.click(user, at.support, o.card, "desk:more", { option });

const sentTo = (from: string) => at.desk.twilio.sent(from).map(({ body }) => body);

describe("a dialog about a case", () => {
  it("sends a reply to the customer, whom it names before", async () => {
    held = await newCase();
    await claimCase(at.kim, held);
    await at.slack.click(at.kim, at.support, held.card, "desk:open:reply");
    const view = await dialogOf(at.kim, "Reply to customer");
    expect(json(view)).toContain(`This goes to ${held.from} by sms.`);
    const answered = await at.slack.submit(at.kim, { text: "A new one is on its way." });
    expect(answered).toEqual({ status: 200, body: "" });
    await at.soon("the reply", () => (sentTo(held.from).includes("A new one is on its way.") ? true : undefined));
    expect(at.slack.modals(at.kim)).toEqual([]);
  });

  it("keeps its text if the case has changed, and names the new holder", async () => {
    await at.slack.click(at.kim, at.support, held.card, "desk:open:reply");
    const view = await dialogOf(at.kim, "Reply to customer");
    await givenBack(at.kim, held);
    await claimCase(at.alex, held);
    const answered = await at.slack.submit(at.kim, { text: "Too late" }, { view });
    expect(JSON.parse(answered.body)).toEqual({
      response_action: "errors",
      errors: { text: expect.stringMatching(/^Alex holds this case now\. Nothing was done/i) },
    });
    expect(top(at.kim)?.id).toBe(view.id);
    await at.slack.closeModal(at.kim);
    expect(sentTo(held.from)).not.toContain("Too late");
  });

  it("transfers, adds a note, starts a workflow, and merges", async () => {
    const one = await newCase("Where is my parcel?");
    other = await newCase("And my other parcel?");
    await claimCase(at.kim, one);
    await more(at.kim, one, "Add a note");
    await dialogOf(at.kim, "Note for colleagues");
    await at.slack.submit(at.kim, { text: "She wrote three times" });
    await at.soon("the note", () =>
      at.slack.messages(at.support, { thread: one.card }).find((post) => json(post).includes("She wrote three times")),
    );

    await more(at.kim, one, "Start a workflow");
    await dialogOf(at.kim, "Start a workflow");
    await at.slack.submit(at.kim, { workflow: "Refund the parcel" });
    const ran = `select count(*) = 1 as ok from event where conversation = $1 and lines::text like '%started “Refund the parcel”%'`;
    await at.desk.until(ran, { values: [one.conversation] });

    await more(at.kim, one, "Merge into another case");
    const merging = await dialogOf(at.kim, "Merge two cases");
    const option = `${other.conversation} · ${other.from} · sms`;
    expect(json(merging)).toContain(option);
    await at.slack.submit(at.kim, { into: option });
    const question = await dialogOf(at.kim, "Two people, one case?");
    expect(json(question)).toContain(`Merge ${one.from}'s case into ${other.from}'s?`);
    await at.slack.submit(at.kim, {});
    await at.desk.until(`select (card->>'mergedInto')::int = $2 as ok from "case" where conversation = $1`, {
      values: [one.conversation, other.conversation],
    });

    await claimCase(at.kim, other);
    await more(at.kim, other, "Transfer to another queue");
    const moving = await dialogOf(at.kim, "Move to another queue");
    expect(json(moving)).not.toContain('"value":"front-line"');
    await at.slack.submit(at.kim, { queue: "Billing" });
    await at.desk.until(`select queue = 'billing' as ok from "case" where conversation = $1`, {
      values: [other.conversation],
    });
  });

  it("finds cases of the operator's queues to merge into by a typed text, and refuses a missing one", async () => {
    const mine = await newCase("And my third parcel?");
    await more(at.alex, held, "Merge into another case");
    const view = await dialogOf(at.alex, "Merge two cases");
    const find = {
      action_id: "desk:find",
      block_id: "find",
      type: "plain_text_input",
      value: mine.from,
      action_ts: "1.1",
    };
    const user = { id: at.alex, name: "alex", team_id: at.slack.teamId };
    const payload = {
      type: "block_actions",
      user,
      team: { id: at.slack.teamId },
      container: { type: "view", view_id: view.id },
      view,
      actions: [find],
      trigger_id: "none",
    };
    await at.slack.interact(payload);
    const found = () => (json(top(at.alex)?.blocks).match(/"value":"(\d+)"/g) ?? []).join();
    await at.soon("the one that was sought", () => (found() === `"value":"${mine.conversation}"` ? true : undefined));
    await at.slack.interact({
      ...payload,
      view: top(at.alex),
      // The case went to billing, where Alex does not work.
      actions: [{ ...find, value: other.from, action_ts: "1.2" }],
    });
    await at.soon("none", () =>
      json(top(at.alex)).includes(`No other open case has “${other.from}”.`) ? true : undefined,
    );
    const answered = await at.slack.submit(at.alex, {});
    expect(JSON.parse(answered.body)).toMatchObject({
      response_action: "errors",
      errors: { find: expect.stringContaining("Choose the case") },
    });
    await at.slack.closeModal(at.alex);
  });

  it("is not opened for people of other workspaces, nor for those without a queue", async () => {
    const queue = at.support;
    // Even if they got hold of the button.
    await at.desk.rows("insert into desk_member (channel, queue, operator) values ('slack', 'front-line', $1)", [
      guest,
    ]);
    for (const stranger of [guest, zoe]) {
      await at.slack.click(stranger, queue, held.card, "desk:open:reply");
      await at.soon("a refusal", () => (json(top(stranger)).includes("you are in none") ? true : undefined));
      expect(json(top(stranger))).not.toContain(held.from);
    }
  });

  it("is not opened if Slack waited too long, and a notice says so", async () => {
    at.slack.fault("views.open", { error: "expired_trigger_id" });
    const before = at.slack.modals(at.alex).length;
    await at.slack.click(at.alex, at.support, held.card, "desk:open:reply");
    await waitForEphemeral(at.alex, "no dialog was opened");
    expect(at.slack.modals(at.alex)).toHaveLength(before);
  });
});

describe("the home page", () => {
  it("shows operators their cases and queues, and is refreshed after their acts", async () => {
    await at.slack.openHome(at.kim);
    const home = () => json(at.slack.home(at.kim));
    await at.soon("the page", () => (home().includes("Front line: ") ? true : undefined));
    expect(home()).toContain("Billing: ");
    await givenBack(at.alex, held);
    await claimCase(at.kim, held);
    await at.soon("the case", () => (home().includes(`${held.from} · sms`) ? true : undefined));
    expect(home()).toContain(`https://acme.slack.com/archives/${at.support}/p${held.card.replace(".", "")}`);
    expect(liveParts({ view: at.slack.home(at.kim) }).filter((part) => !/^masked link (\S+) → \1$/.test(part))).toEqual(
      [],
    );
    await givenBack(at.kim, held);
    await at.soon("the case to be gone", () => (home().includes(`${held.from} · sms`) ? undefined : true));
  });

  it("tells customers how to write, and shows nothing of the desk", async () => {
    for (const person of [zoe, guest]) {
      await at.slack.openHome(person);
      const home = await at.soon("the page", () => at.slack.home(person) ?? undefined);
      expect(json(home)).toContain("How can we help?");
      expect(json(home)).not.toContain("desk:");
    }
  });

  it("gives the next case to one operator, and tells when there is none", async () => {
    await at.desk.rows(`update "case" set status = 'solved' where holder is null and conversation <> $1`, [
      held.conversation,
    ]);
    const one = held;
    await at.slack.openHome(at.kim);
    await at.soon("the page", () => at.slack.home(at.kim) ?? undefined);
    await at.slack.clickHome(at.kim, "Next case");
    const view = await at.soon("the case", () =>
      json(top(at.kim)).includes(`Case ${one.conversation} is yours.`) ? top(at.kim) : undefined,
    );
    expect(json(view)).toContain(`/archives/${at.support}/p${one.card.replace(".", "")}`);
    await waitForHolder(at.kim, one.conversation);
    expect(await at.desk.rows(`select holder_name from "case" where conversation = $1`, [one.conversation])).toEqual([
      { holder_name: "Kim" },
    ]);
    await at.slack.clickHome(at.kim, "Next case");
    await at.soon("none", () => (json(top(at.kim)).includes("Nobody is waiting in your queues.") ? true : undefined));
    await waitForAction(one, "desk:open:reply");
    await givenBack(at.kim, one);
  });

  it("gives a case to one of two operators who ask at the same time", async () => {
    await at.slack.openHome(at.alex);
    await at.soon("the page", () => (json(at.slack.home(at.alex)).includes("Next case") ? true : undefined));
    const both = [at.kim, at.alex];
    for (const user of both) if (top(user) !== undefined) await at.slack.closeModal(user);
    await Promise.all(both.map((user) => at.slack.clickHome(user, "Next case")));
    await at.soon("both answers", () => (both.every((user) => nextCaseAnswer(user) !== undefined) ? true : undefined));
    expect(both.map(nextCaseAnswer)).toContain(`Case ${held.conversation} is yours`);
    expect(both.map(nextCaseAnswer)).toContain("Nobody is waiting");
    const winner = both.find((user) => nextCaseAnswer(user) !== "Nobody is waiting") ?? "";
    await waitForAction(held, "desk:open:reply");
    await givenBack(winner, held);
  });

  it("sends operators off duty, and their cases go back", async () => {
    await claimCase(at.kim, held);
    await at.slack.openHome(at.kim);
    await at.soon("the page", () => (json(at.slack.home(at.kim)).includes("Go off duty") ? true : undefined));
    await at.slack.clickHome(at.kim, "Go off duty");
    await waitForHolder(null, held.conversation);
    await waitForAction(held, "desk:claim");
    expect(json(at.slack.home(at.kim))).toContain("Go on duty");
    await at.soon("no case", () => (json(at.slack.home(at.kim)).includes("You hold no case.") ? true : undefined));
    await at.slack.clickHome(at.kim, "Next case");
    await at.soon("a refusal", () => (json(top(at.kim)).includes("You are off duty") ? true : undefined));
    await waitForHolder(null, held.conversation);
    await at.slack.clickHome(at.kim, "Go on duty");
    await at.soon("on duty", () => (json(at.slack.home(at.kim)).includes("You are on duty.") ? true : undefined));
    expect(await at.desk.rows(`select on_duty from desk_duty where operator = $1`, [at.kim])).toEqual([
      { on_duty: true },
    ]);
  });
});

const deskCommand = async (user: string, text: string) =>
  JSON.parse((await at.slack.command(user, text)).body) as { response_type: string; text: string };

describe("/desk", () => {
  it("shows the status, finds cases, and shows help", async () => {
    await at.desk.twilio.text({ from: held.from, to: OUR_NUMBER, body: "Hello?" });
    const waits = `select card->>'waitingSince' is not null as ok from "case" where conversation = $1`;
    await at.desk.until(waits, { values: [held.conversation] });
    const status = await deskCommand(at.kim, "status");
    expect(status.response_type).toBe("ephemeral");
    expect(status.text).toMatch(/^You are on duty and hold \d+ cases?\.$/);
    expect(json(status)).toMatch(/Front line: .*the longest for/);
    const found = await deskCommand(at.kim, `find ${held.from.slice(-6)}`);
    expect(found.text).toBe("1 case found, the newest first.");
    expect(json(found)).toContain(`Case ${held.conversation} · Front line · `);
    expect(liveParts(found).filter((part) => !/^masked link (\S+) → \1$/.test(part))).toEqual([]);
    expect((await deskCommand(at.kim, "find nobody such")).text).toBe("No case was found.");
    for (const text of ["", "dance"]) expect((await deskCommand(at.kim, text)).text).toContain("/desk find words");
  });

  it("sends on and off duty", async () => {
    await claimCase(at.alex, held);
    const { text } = await deskCommand(at.alex, "off");
    expect(text).toMatch(/^You are off duty\. \d+ cases? goe?s? back to the queue\.$/);
    await waitForHolder(null, held.conversation);
    await waitForAction(held, "desk:claim");
    expect((await deskCommand(at.alex, "ON")).text).toBe("You are on duty.");
  });

  it("is refused to people without a queue", async () => {
    for (const text of ["status", "off", "find +1555", ""]) {
      expect((await deskCommand(zoe, text)).text).toContain("you are in none");
    }
    expect(await at.desk.rows("select * from desk_duty where operator = $1", [zoe])).toEqual([]);
  });
});

describe("a conversation started by an operator", () => {
  it("goes to a telephone number, as a case that they hold", async () => {
    await at.slack.shortcut(at.kim, "desk_start");
    const view = await dialogOf(at.kim, "Write to someone");
    const to = "+15550310001";
    const wrong = await at.slack.submit(at.kim, { channel: "sms", to: "nobody", queue: "Front line", text: "Hello!" });
    expect(JSON.parse(wrong.body)).toMatchObject({
      errors: { to: expect.stringContaining("can't be reached on sms") },
    });
    expect(top(at.kim)?.id).toBe(view.id);
    const right = await at.slack.submit(at.kim, { channel: "sms", to, queue: "Front line", text: "Hello!" });
    expect(right.body).toBe("");
    await at.soon("the message", () => (sentTo(to).includes("Hello!") ? true : undefined));
    await at.desk.until(
      `select count(*) = 1 as ok from "case" where holder = $1 and card->>'customer' like '%0310001%'`,
      { values: [at.kim] },
    );
  });

  it("goes to a person in Slack by name, and to nobody if the name matches none or several", async () => {
    await at.slack.openHome(at.kim);
    await at.soon("the page", () => (json(at.slack.home(at.kim)).includes("New conversation") ? true : undefined));
    await at.slack.clickHome(at.kim, "New conversation");
    await dialogOf(at.kim, "Write to someone");
    const hand = (to: string) =>
      at.slack.submit(at.kim, { channel: "slack (Slack)", to, queue: "Billing", text: "Your invoice is ready." });
    expect(JSON.parse((await hand("No Such Person")).body)).toMatchObject({
      errors: { to: expect.stringContaining("Nobody in this workspace is called") },
    });
    at.slack.addUser({ name: "Sam Twice" });
    at.slack.addUser({ name: "Sam Twice" });
    expect(JSON.parse((await hand("sam twice")).body)).toMatchObject({
      errors: { to: expect.stringContaining("2 people are called") },
    });
    expect((await hand("@zoe")).body).toBe("");
    await at.soon("the message", () =>
      at.slack.messages(at.slack.dm(zoe)).find(({ text }) => text.includes("Your invoice is ready.")),
    );
    await at.desk.until(
      `select count(*) = 1 as ok from "case" where holder = $1 and queue = 'billing' and card->>'customer' = 'Zoe'`,
      { values: [at.kim] },
    );
  });

  it("keeps its text if Slack can't open the direct message", async () => {
    await at.slack.shortcut(at.kim, "desk_start");
    await dialogOf(at.kim, "Write to someone");
    at.slack.fault("conversations.open", { error: "missing_scope" });
    const { body } = await at.slack.submit(at.kim, { channel: "slack (Slack)", to: zoe, queue: "Billing", text: "Hi" });
    expect(JSON.parse(body)).toMatchObject({
      errors: { to: expect.stringContaining("missing_scope: the app lacks a permission") },
    });
    await at.slack.closeModal(at.kim);
  });

  it("is refused to people without a queue", async () => {
    await at.slack.shortcut(zoe, "desk_start");
    await at.soon("a refusal", () => (json(top(zoe)).includes("you are in none") ? true : undefined));
  });
});

describe("a case opened from a message", () => {
  it("takes the conversation over from the bot", async () => {
    const room = at.slack.addChannel({ name: "customers", members: [at.dana, at.kim] }).id;
    const post = await at.slack.post(at.dana, room, "Is anybody here?", { mentionsBot: true });
    const bot = () =>
      at.slack.messages(room, { thread: post.ts }).find(({ text }) => text.includes("What is it about?"));
    await at.soon("the bot's question", bot);
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: room, ts: post.ts });
    await at.soon("what was done", () => (json(top(at.kim)).includes("You take over conversation") ? true : undefined));
    await at.desk.until(
      `select count(*) = 1 as ok from "case" k join conversation c on c.id = k.conversation where k.holder = $1 and c.thread = $2`,
      { values: [at.kim, `${room}:${post.ts}`] },
    );
  });

  it("quotes a message that was not written to us on its card, and does not store it as a message", async () => {
    const room = at.slack.addChannel({ name: "lounge", members: [at.dana, at.kim] }).id;
    const post = await at.slack.post(at.dana, room, "My parcel never came.");
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: room, ts: post.ts });
    await at.desk.until(
      `select count(*) = 1 as ok from "case" k join conversation c on c.id = k.conversation
       where k.holder = $1 and c.thread = $2 and k.card->>'summary' = 'My parcel never came.' and k.card->'trust' is null`,
      { values: [at.kim, `${room}:${post.ts}`] },
    );
    expect(await at.desk.rows("select text from message where text = 'My parcel never came.'")).toEqual([]);
    await at.soon("what was done", () => (json(top(at.kim)).includes("You take case") ? true : undefined));
    expect(json(top(at.kim))).toContain("into the message's thread in #lounge, where everybody there can read it");
  });

  it("is refused in a queue's channel and where the bot is not a member, with a notice", async () => {
    const talk = await at.slack.post(at.alex, at.support, "Lunch?");
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: at.support, ts: talk.ts });
    await at.soon("why not", () => (json(top(at.kim)).includes("This is a queue's channel") ? true : undefined));
    const elsewhere = at.slack.addChannel({ name: "elsewhere", members: [at.dana, at.kim], bot: false }).id;
    const post = await at.slack.post(at.dana, elsewhere, "Hm?");
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: elsewhere, ts: post.ts });
    await at.soon("why not", () => (json(top(at.kim)).includes("Frontdesk is not in this channel") ? true : undefined));
  });
});

describe("an event about people and channels", () => {
  it("gives back the cases of a person who has left the workspace", async () => {
    const lee = at.slack.addUser({ name: "Lee" }).id;
    await at.slack.join(lee, at.support);
    await at.desk.rows(
      "insert into desk_member (channel, queue, operator) values ('slack', 'front-line', $1) on conflict do nothing",
      [lee],
    );
    await claimCase(lee, held);
    await at.slack.removeUser(lee);
    await waitForHolder(null, held.conversation);
    const journal = `select count(*) > 0 as ok from event where conversation = $1 and lines::text ilike '%lee has left, so the case is back%'`;
    await at.desk.until(journal, { values: [held.conversation] });
  });

  it("moves a queue to the new id of its channel", async () => {
    const to = await at.slack.moveChannel(at.billing);
    await at.desk.until("select count(*) = 1 as ok from desk_place where queue = 'billing' and place = $1", {
      values: [to],
    });
    await at.slack.share(to);
    await at.desk.until("select refused ~ 'shared' as ok, refused from desk_place where queue = 'billing'");
    expect(json(at.desk.logged)).toContain("queue channel became unusable");
  });

  it("logs that the app was uninstalled or its tokens revoked, and the fix", async () => {
    await at.slack.emit({ type: "tokens_revoked", tokens: { bot: [at.slack.botUserId] } });
    await at.slack.emit({ type: "app_uninstalled" });
    const logged = json(at.desk.logged);
    expect(logged).toContain("tokens were revoked: install it again and set bot_token");
    expect(logged).toContain("slack app was uninstalled: install it again and set bot_token");
  });
});
