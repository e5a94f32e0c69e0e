/** The desk's answering half in the whole product: operators press, hand in, command; Slack's counterpart watches. */
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
/** One case goes through most of these tests, because Slack takes one post a second. */
let held: Case;
/** Another one, which ends up in billing. */
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
const saidTo = (user: string, words: string) =>
  at.soon(words, () => at.slack.ephemerals(user).find((one) => json(one).includes(words)));

/** What "Next case" has answered. */
const nextFor = (user: string) => /Case \d+ is yours|Nobody is waiting/.exec(json(top(user)))?.[0];

interface Case {
  conversation: number;
  /** The ts of its card. */
  card: string;
  from: string;
}

/** A customer on SMS who waits for people. */
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

async function claimed(user: string, o: Case): Promise<void> {
  await at.slack.click(user, at.support, o.card, "Claim");
  await holds(user, o.conversation);
  await offers(o, "desk:open:reply");
}

/** The card is changed a moment after the case. */
async function offers(o: Case, action: string): Promise<void> {
  const card = () => at.slack.messages(at.support).find(({ ts }) => ts === o.card);
  await at.soon(`the card to offer ${action}`, () => (json(card()).includes(action) ? true : undefined));
}

async function givenBack(user: string, o: Case): Promise<void> {
  await more(user, o, "Give back to the queue");
  await holds(null, o.conversation);
  await offers(o, "desk:claim");
}

const holds = (user: string | null, conversation: number) =>
  at.desk.until('select holder is not distinct from $2 as ok, holder, status from "case" where conversation = $1', {
    values: [conversation, user],
  });

const more = (user: string, o: Case, option: string) =>
  at.slack.click(user, at.support, o.card, "desk:more", { option });

const sentTo = (from: string) => at.desk.twilio.sent(from).map(({ body }) => body);

describe("a dialog about a case", () => {
  it("sends a reply to the customer, and says before to whom it goes", async () => {
    held = await newCase();
    await claimed(at.kim, held);
    await at.slack.click(at.kim, at.support, held.card, "desk:open:reply");
    const view = await dialogOf(at.kim, "Reply to customer");
    expect(json(view)).toContain(`This goes to ${held.from} by sms.`);
    const answered = await at.slack.submit(at.kim, { text: "A new one is on its way." });
    expect(answered).toEqual({ status: 200, body: "" });
    await at.soon("the reply", () => (sentTo(held.from).includes("A new one is on its way.") ? true : undefined));
    expect(at.slack.modals(at.kim)).toEqual([]);
  });

  it("keeps what was written where the case has moved on, and says to whom", async () => {
    await at.slack.click(at.kim, at.support, held.card, "desk:open:reply");
    const view = await dialogOf(at.kim, "Reply to customer");
    await givenBack(at.kim, held);
    await claimed(at.alex, held);
    const answered = await at.slack.submit(at.kim, { text: "Too late" }, { view });
    expect(JSON.parse(answered.body)).toEqual({
      response_action: "errors",
      errors: { text: expect.stringMatching(/^Alex holds this case now\. Nothing was done/i) },
    });
    expect(top(at.kim)?.id).toBe(view.id);
    await at.slack.closeModal(at.kim);
    expect(sentTo(held.from)).not.toContain("Too late");
  });

  it("moves, notes, starts a workflow, and merges", async () => {
    const one = await newCase("Where is my parcel?");
    other = await newCase("And my other parcel?");
    await claimed(at.kim, one);
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
    const asked = await dialogOf(at.kim, "Two people, one case?");
    expect(json(asked)).toContain(`Merge ${one.from}'s case into ${other.from}'s?`);
    await at.slack.submit(at.kim, {});
    await at.desk.until(`select (card->>'mergedInto')::int = $2 as ok from "case" where conversation = $1`, {
      values: [one.conversation, other.conversation],
    });

    await claimed(at.kim, other);
    await more(at.kim, other, "Transfer to another queue");
    const moving = await dialogOf(at.kim, "Move to another queue");
    expect(json(moving)).not.toContain('"value":"front-line"');
    await at.slack.submit(at.kim, { queue: "Billing" });
    await at.desk.until(`select queue = 'billing' as ok from "case" where conversation = $1`, {
      values: [other.conversation],
    });
  });

  it("finds cases of one's own queues to merge into by what is typed, and refuses one that is not there", async () => {
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
      // It went to billing, where Alex does not work.
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

  it("is not opened for people of other workspaces, nor for those in no queue", async () => {
    const queue = at.support;
    // However they came by it.
    await at.desk.rows("insert into desk_member (channel, queue, operator) values ('slack', 'front-line', $1)", [
      guest,
    ]);
    for (const stranger of [guest, zoe]) {
      await at.slack.click(stranger, queue, held.card, "desk:open:reply");
      await at.soon("a refusal", () => (json(top(stranger)).includes("you are in none") ? true : undefined));
      expect(json(top(stranger))).not.toContain(held.from);
    }
  });

  it("is not opened where Slack waited too long, which is said", async () => {
    at.slack.fault("views.open", { error: "expired_trigger_id" });
    const before = at.slack.modals(at.alex).length;
    await at.slack.click(at.alex, at.support, held.card, "desk:open:reply");
    await saidTo(at.alex, "longer than Slack lets a dialog wait");
    expect(at.slack.modals(at.alex)).toHaveLength(before);
  });
});

describe("the home page", () => {
  it("shows operators their cases and queues, and follows what they do", async () => {
    await at.slack.openHome(at.kim);
    const home = () => json(at.slack.home(at.kim));
    await at.soon("the page", () => (home().includes("Front line: ") ? true : undefined));
    expect(home()).toContain("Billing: ");
    await givenBack(at.alex, held);
    await claimed(at.kim, held);
    await at.soon("the case", () => (home().includes(`${held.from} · sms`) ? true : undefined));
    expect(home()).toContain(`https://acme.slack.com/archives/${at.support}/p${held.card.replace(".", "")}`);
    expect(liveParts({ view: at.slack.home(at.kim) }).filter((part) => !/^masked link (\S+) → \1$/.test(part))).toEqual(
      [],
    );
    await givenBack(at.kim, held);
    await at.soon("the case to be gone", () => (home().includes(`${held.from} · sms`) ? undefined : true));
  });

  it("shows customers how to write, and nothing of the desk", async () => {
    for (const person of [zoe, guest]) {
      await at.slack.openHome(person);
      const home = await at.soon("the page", () => at.slack.home(person) ?? undefined);
      expect(json(home)).toContain("How can we help?");
      expect(json(home)).not.toContain("desk:");
    }
  });

  it("gives the next case, once to one, and says where there is none", async () => {
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
    await holds(at.kim, one.conversation);
    expect(await at.desk.rows(`select holder_name from "case" where conversation = $1`, [one.conversation])).toEqual([
      { holder_name: "Kim" },
    ]);
    await at.slack.clickHome(at.kim, "Next case");
    await at.soon("none", () => (json(top(at.kim)).includes("Nobody is waiting in your queues.") ? true : undefined));
    await offers(one, "desk:open:reply");
    await givenBack(at.kim, one);
  });

  it("gives one case to one of two who ask at the same time", async () => {
    await at.slack.openHome(at.alex);
    await at.soon("the page", () => (json(at.slack.home(at.alex)).includes("Next case") ? true : undefined));
    const both = [at.kim, at.alex];
    for (const user of both) if (top(user) !== undefined) await at.slack.closeModal(user);
    await Promise.all(both.map((user) => at.slack.clickHome(user, "Next case")));
    await at.soon("both answers", () => (both.every((user) => nextFor(user) !== undefined) ? true : undefined));
    expect(both.map(nextFor)).toContain(`Case ${held.conversation} is yours`);
    expect(both.map(nextFor)).toContain("Nobody is waiting");
    const winner = both.find((user) => nextFor(user) !== "Nobody is waiting") ?? "";
    await offers(held, "desk:open:reply");
    await givenBack(winner, held);
  });

  it("sends people off duty, whose cases go back", async () => {
    await claimed(at.kim, held);
    await at.slack.openHome(at.kim);
    await at.soon("the page", () => (json(at.slack.home(at.kim)).includes("Go off duty") ? true : undefined));
    await at.slack.clickHome(at.kim, "Go off duty");
    await holds(null, held.conversation);
    await offers(held, "desk:claim");
    expect(json(at.slack.home(at.kim))).toContain("Go on duty");
    await at.soon("no case", () => (json(at.slack.home(at.kim)).includes("You hold no case.") ? true : undefined));
    await at.slack.clickHome(at.kim, "Next case");
    await at.soon("a refusal", () => (json(top(at.kim)).includes("You are off duty") ? true : undefined));
    await holds(null, held.conversation);
    await at.slack.clickHome(at.kim, "Go on duty");
    await at.soon("on duty", () => (json(at.slack.home(at.kim)).includes("You are on duty.") ? true : undefined));
    expect(await at.desk.rows(`select on_duty from desk_duty where operator = $1`, [at.kim])).toEqual([
      { on_duty: true },
    ]);
  });
});

const asked = async (user: string, text: string) =>
  JSON.parse((await at.slack.command(user, text)).body) as { response_type: string; text: string };

describe("/desk", () => {
  it("tells how things stand, finds cases, and helps", async () => {
    await at.desk.twilio.text({ from: held.from, to: OUR_NUMBER, body: "Hello?" });
    const waits = `select card->>'waitingSince' is not null as ok from "case" where conversation = $1`;
    await at.desk.until(waits, { values: [held.conversation] });
    const status = await asked(at.kim, "status");
    expect(status.response_type).toBe("ephemeral");
    expect(status.text).toMatch(/^You are on duty and hold \d+ cases?\.$/);
    expect(json(status)).toMatch(/Front line: .*the longest for/);
    const found = await asked(at.kim, `find ${held.from.slice(-6)}`);
    expect(found.text).toBe("1 case found, the newest first.");
    expect(json(found)).toContain(`Case ${held.conversation} · Front line · `);
    expect(liveParts(found).filter((part) => !/^masked link (\S+) → \1$/.test(part))).toEqual([]);
    expect((await asked(at.kim, "find nobody such")).text).toBe("No case was found.");
    for (const text of ["", "dance"]) expect((await asked(at.kim, text)).text).toContain("/desk find words");
  });

  it("sends on and off duty", async () => {
    await claimed(at.alex, held);
    const { text } = await asked(at.alex, "off");
    expect(text).toMatch(/^You are off duty\. \d+ cases? goe?s? back to the queue\.$/);
    await holds(null, held.conversation);
    await offers(held, "desk:claim");
    expect((await asked(at.alex, "ON")).text).toBe("You are on duty.");
  });

  it("is for nobody who is in no queue", async () => {
    for (const text of ["status", "off", "find +1555", ""]) {
      expect((await asked(zoe, text)).text).toContain("you are in none");
    }
    expect(await at.desk.rows("select * from desk_duty where operator = $1", [zoe])).toEqual([]);
  });
});

describe("a conversation that an operator begins", () => {
  it("goes to a telephone number, and is a case that they hold", async () => {
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

  it("goes to somebody in Slack by name, and to nobody where the name means none or several", async () => {
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

  it("keeps what was written where Slack can't open the conversation", async () => {
    await at.slack.shortcut(at.kim, "desk_start");
    await dialogOf(at.kim, "Write to someone");
    at.slack.fault("conversations.open", { error: "missing_scope" });
    const { body } = await at.slack.submit(at.kim, { channel: "slack (Slack)", to: zoe, queue: "Billing", text: "Hi" });
    expect(JSON.parse(body)).toMatchObject({
      errors: { to: expect.stringContaining("missing_scope: the app lacks a permission") },
    });
    await at.slack.closeModal(at.kim);
  });

  it("is not for those in no queue", async () => {
    await at.slack.shortcut(zoe, "desk_start");
    await at.soon("a refusal", () => (json(top(zoe)).includes("you are in none") ? true : undefined));
  });
});

describe("a case opened from a message", () => {
  it("takes the conversation over from the bot", async () => {
    const room = at.slack.addChannel({ name: "customers", members: [at.dana, at.kim] }).id;
    const said = await at.slack.post(at.dana, room, "Is anybody here?", { mentionsBot: true });
    const bot = () =>
      at.slack.messages(room, { thread: said.ts }).find(({ text }) => text.includes("What is it about?"));
    await at.soon("the bot's question", bot);
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: room, ts: said.ts });
    await at.soon("what was done", () => (json(top(at.kim)).includes("You take over conversation") ? true : undefined));
    await at.desk.until(
      `select count(*) = 1 as ok from "case" k join conversation c on c.id = k.conversation where k.holder = $1 and c.thread = $2`,
      { values: [at.kim, `${room}:${said.ts}`] },
    );
  });

  it("is about a message that was not written to us: quoted on its card, and nobody else's words", async () => {
    const room = at.slack.addChannel({ name: "lounge", members: [at.dana, at.kim] }).id;
    const said = await at.slack.post(at.dana, room, "My parcel never came.");
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: room, ts: said.ts });
    await at.desk.until(
      `select count(*) = 1 as ok from "case" k join conversation c on c.id = k.conversation
       where k.holder = $1 and c.thread = $2 and k.card->>'summary' = 'My parcel never came.' and k.card->'trust' is null`,
      { values: [at.kim, `${room}:${said.ts}`] },
    );
    expect(await at.desk.rows("select text from message where text = 'My parcel never came.'")).toEqual([]);
    await at.soon("what was done", () => (json(top(at.kim)).includes("You take case") ? true : undefined));
    expect(json(top(at.kim))).toContain("into the message's thread in #lounge, where everybody there can read it");
  });

  it("is none where the queues work, nor where the bot is not, which is said", async () => {
    const talk = await at.slack.post(at.alex, at.support, "Lunch?");
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: at.support, ts: talk.ts });
    await at.soon("why not", () => (json(top(at.kim)).includes("This is where our queues work") ? true : undefined));
    const elsewhere = at.slack.addChannel({ name: "elsewhere", members: [at.dana, at.kim], bot: false }).id;
    const said = await at.slack.post(at.dana, elsewhere, "Hm?");
    await at.slack.shortcut(at.kim, "desk_open_from_message", { channel: elsewhere, ts: said.ts });
    await at.soon("why not", () => (json(top(at.kim)).includes("Frontdesk is not in this channel") ? true : undefined));
  });
});

describe("what Slack tells of people and channels", () => {
  it("gives back what somebody held who has left the workspace", async () => {
    const lee = at.slack.addUser({ name: "Lee" }).id;
    await at.slack.join(lee, at.support);
    await at.desk.rows(
      "insert into desk_member (channel, queue, operator) values ('slack', 'front-line', $1) on conflict do nothing",
      [lee],
    );
    await claimed(lee, held);
    await at.slack.removeUser(lee);
    await holds(null, held.conversation);
    const journal = `select count(*) > 0 as ok from event where conversation = $1 and lines::text ilike '%lee has left, so the case is back%'`;
    await at.desk.until(journal, { values: [held.conversation] });
  });

  it("follows a queue's channel to its new id", async () => {
    const to = await at.slack.moveChannel(at.billing);
    await at.desk.until("select count(*) = 1 as ok from desk_place where queue = 'billing' and place = $1", {
      values: [to],
    });
    await at.slack.share(to);
    await at.desk.until("select refused ~ 'shared' as ok, refused from desk_place where queue = 'billing'");
    expect(json(at.desk.logged)).toContain("a queue's channel can't be used any more");
  });

  it("says in the log that the app was shut out, and what mends it", async () => {
    await at.slack.emit({ type: "tokens_revoked", tokens: { bot: [at.slack.botUserId] } });
    await at.slack.emit({ type: "app_uninstalled" });
    const said = json(at.desk.logged);
    expect(said).toContain("tokens were revoked: install it again and set bot_token");
    expect(said).toContain("removed from the workspace: install it again and set bot_token");
  });
});
