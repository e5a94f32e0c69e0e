/** Slack from end to end: the product's processes, the counterpart of Slack, customers and operators. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MENU, type SlackDesk, SMS_TO_PEOPLE, startSlackDesk } from "../support/slack-desk.ts";

let at: SlackDesk;
beforeAll(async () => {
  const files = {
    "workflows/menu.yaml": MENU,
    "workflows/sms-to-people.yaml": SMS_TO_PEOPLE,
    "workflows/back.yaml": BACK_WITH_THE_BOT,
  };
  at = await startSlackDesk({ files, roles: ["all", "worker", "worker"], deskSettings: "undo: 1s" });
}, 60_000);
afterAll(async () => at?.[Symbol.asyncDispose]());

const BACK_WITH_THE_BOT = `
id: back-with-the-bot
title: Back with the bot
status: live
channels: [sms]
on: [conversation.handed_back]
steps: [{ say: "{{ event.operator }} has told me everything. Is there anything else?" }]
`;

const textOf = (message: unknown): string => JSON.stringify(message);

describe("a customer in a Slack DM", () => {
  test("gets buttons, which disappear after a press, and an answer", async () => {
    const { slack, dana } = at;
    const dm = slack.dm(dana);
    await slack.post(dana, dm, "Hello");
    const prompt = await at.soon("a prompt", () =>
      slack.messages(dm).find((one) => textOf(one).includes("What is it about?")),
    );
    const pressed = await slack.click(dana, dm, prompt.ts, "My parcel");
    expect(pressed.status).toBe(200);
    await at.soon("the answer", () =>
      slack.messages(dm).find((one) => one.text.includes("Your parcel comes tomorrow.")),
    );
    const after = slack.messages(dm).find(({ ts }) => ts === prompt.ts);
    expect(textOf(after)).not.toContain('"button"');
    expect(after?.text).toContain("My parcel");
    expect(slack.violations).toEqual([]);
  });
});

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("a customer on SMS, handed over to people in Slack", () => {
  test("is answered by the operator who claims; colleagues' messages stay inside", async () => {
    const { slack, desk, support, alex, kim } = at;
    const { twilio } = desk;
    await twilio.text({ from: "+15550111", to: "+15550100", body: "My parcel is broken" });
    const card = await at.soon("a card", () => at.cases().find((one) => textOf(one).includes("+15550111")));
    expect(textOf(card)).toContain("claimed, not verified");
    expect(await slack.click(kim, support, card.ts, "Open in Frontdesk")).toMatchObject({ status: 200, body: "" });
    const thread = card.ts;
    const inThread = () => slack.messages(support, { thread }).filter(({ ts }) => ts !== thread);
    await at.soon("what the customer said", () =>
      inThread().find((one) => textOf(one).includes("My parcel is broken")),
    );

    // Nobody holds the case, so messages stay inside.
    await slack.post(alex, support, "Who takes this?", { thread });
    await at.soon("a hint", () => slack.ephemerals(alex).find(({ text }) => text.includes("Claim it")));

    await slack.click(kim, support, thread, "Claim");
    await at.soon("the claim", () =>
      textOf(slack.messages(support).find(({ ts }) => ts === thread)).match(/kim/i) ? true : undefined,
    );

    // It follows a colleague's message, so it is put on hold.
    await slack.post(kim, support, "I'm so sorry! Which parcel is it?", { thread });
    const held = await at.soon("a question", () => inThread().find((one) => textOf(one).includes("Send to customer")));
    expect(twilio.sent().map(({ body }) => body)).not.toContain("I'm so sorry! Which parcel is it?");
    await slack.click(kim, support, held.ts, "Send to customer");
    await at.soon("the reply", () => twilio.sent().find(({ body }) => body === "I'm so sorry! Which parcel is it?"));
    await at.soon("its delivery in words", () =>
      inThread().find((one) => one.ts === held.ts && /→ .*sms, (sent|delivered)/.test(textOf(one))),
    );

    await slack.post(kim, support, "// this is the third one this week", { thread });
    await slack.post(alex, support, "I would refund it", { thread });
    await twilio.text({ from: "+15550111", to: "+15550100", body: "The one from Monday" });
    await at.soon("the mirror", () => inThread().find((one) => textOf(one).includes("The one from Monday")));
    // Edit during the undo time.
    const wrong = await slack.post(kim, support, "You get 100 €", { thread });
    await slack.remove(kim, support, wrong.ts);
    const right = await slack.post(kim, support, "You get a new oen", { thread });
    await slack.edit(kim, support, right.ts, "You get a new one");
    await at.soon("the changed words", () => twilio.sent().find(({ body }) => body === "You get a new one"));
    const sentTexts = twilio.sent().map(({ body }) => body);
    for (const inside of ["third one", "refund", "100 €", "oen", "Who takes"])
      expect(sentTexts.join("\n")).not.toContain(inside);
    expect(slack.violations).toEqual([]);
  });

  test("sends and gets files", async () => {
    const { slack, desk, support, kim } = at;
    const { twilio } = desk;
    const url = twilio.media.host({ bytes: PNG, type: "image/png" });
    await twilio.text({ from: "+15550111", to: "+15550100", body: "", media: [{ url, type: "image/png" }] });
    const thread = at.cases().find((one) => textOf(one).includes("+15550111"))?.ts ?? "";
    const inThread = () => slack.messages(support, { thread });
    await at.soon("the picture", () => inThread().find(({ files }) => (files ?? []).length > 0));
    const files = [{ name: "label.png", mediaType: "image/png", bytes: PNG }];
    await slack.post(kim, support, "Here is your label", { thread, files });
    const sent = await at.soon("the label", () =>
      twilio.sent("+15550111").find(({ form }) => Object.keys(form).some((key) => key.startsWith("MediaUrl"))),
    );
    expect(sent.body).toBe("");
    await at.soon("the label's bytes", () => (PNG.equals(sent.media[0]?.bytes ?? PNG.subarray(1)) ? true : undefined));
    expect(twilio.sent("+15550111").map(({ body }) => body)).toContain("Here is your label");
  });

  test("is handed back: the bot continues and knows that people were involved", async () => {
    const { slack, desk, support, kim } = at;
    const { twilio } = desk;
    const thread = at.cases().find((one) => textOf(one).includes("+15550111"))?.ts ?? "";
    await slack.click(kim, support, thread, "More…", { option: "Hand back to the bot" });
    await desk.until(`select "case".status = 'with the bot' as ok from "case"`);
    await at.soon("the bot", () =>
      twilio.sent("+15550111").find(({ body }) => body === "Kim has told me everything. Is there anything else?"),
    );
    // After another handoff the thread has the earlier messages, once, and the later ones.
    await twilio.text({ from: "+15550111", to: "+15550100", body: "I want to talk to a human" });
    const inThread = () => slack.messages(support, { thread }).map(textOf);
    await at.soon("the wish", () => inThread().find((one) => one.includes("talk to a human")));
    const times = (words: string) => inThread().filter((one) => one.includes(words)).length;
    expect([times("My parcel is broken"), times("has told me everything")]).toEqual([1, 1]);
    expect(slack.violations).toEqual([]);
  });
});

test("an operator finds a conversation of the bot and takes it over: the bot is silent from then on", async () => {
  const { slack, desk, support, kim } = at;
  const lou = slack.addUser({ name: "Lou Bell" }).id;
  const dm = slack.dm(lou);
  await slack.post(lou, dm, "Hello");
  await at.soon("a prompt", () => slack.messages(dm).find((one) => textOf(one).includes("What is it about?")));
  const found = await slack.command(kim, "find lou", { channel: support });
  const button = /"action_id":"desk:take_over","value":"(.*?[^\\])"/.exec(found.body)?.[1] ?? "";
  await slack.interact({
    type: "block_actions",
    user: { id: kim, username: "kim", team_id: slack.teamId },
    channel: { id: support },
    container: { type: "message", channel_id: support, message_ts: "1700000000.000100", is_ephemeral: true },
    actions: [
      {
        type: "button",
        action_id: "desk:take_over",
        block_id: "b",
        action_ts: "1700000001.000100",
        value: JSON.parse(`"${button}"`),
      },
    ],
  });
  await at.soon("the case", () => at.cases().find((one) => textOf(one).includes("Lou Bell")));
  await slack.post(lou, dm, "1");
  await desk.until("select count(*) = 0 as ok from event where seq is null");
  expect(slack.messages(dm).some(({ text }) => text.includes("comes tomorrow"))).toBe(false);
});
