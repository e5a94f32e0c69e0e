import { expect, test } from "vitest";
import { SETTLED, startDesk, TO_PEOPLE } from "../support/desk.ts";

/** A workflow that closes on any message. */
const BYE = `
id: bye
title: Bye
status: live
on: [conversation.opened, conversation.reopened]
steps: [{ close: solved by bot, say: Bye. }]
`;

test("a customer is passed to people, one of two operators gets the case, and answers", async () => {
  await using desk = await startDesk({ files: { "workflows/to-people.yaml": TO_PEOPLE } });
  const dana = desk.customer("dana");
  expect(await dana.message("my invoice is wrong")).toMatchObject({ status: 200, stored: [{ outcome: "stored" }] });
  await desk.until(SETTLED);
  const conversation = await dana.conversation();
  expect(await dana.heard()).toHaveLength(1);

  // T1: the first row wins; the other operator gets a hint.
  await Promise.all(["alex", "kim"].map((id) => desk.operator(id).does(conversation, { kind: "claim" })));
  await desk.until(SETTLED);
  const [held] = await desk.rows<{ holder: string }>(`select holder from "case" where conversation = $1`, [
    conversation,
  ]);
  const claims = await desk.rows<{ who: string }>(
    "select payload->'content'->'operator'->>'id' as who from event where kind = 'operator' order by seq",
  );
  expect(held?.holder).toBe(claims[0]?.who);
  const hints = await desk.rows<{ who: string; message: string }>(
    `select content->>'operator' as who, content->>'text' as message from outbox where content->>'desk' = 'hint'`,
  );
  expect(hints).toEqual([{ who: claims[1]?.who, message: `${held?.holder} holds this case.` }]);

  const [holder, other] = claims.map(({ who }) => desk.operator(who));
  await holder?.does(conversation, { kind: "say", text: "I put it right." });
  await other?.does(conversation, { kind: "say", text: "Do not tell them about the discount." });
  await desk.until(SETTLED);
  expect((await dana.heard()).slice(1)).toEqual(["I put it right."]);

  await holder?.does(conversation, { kind: "resolve" });
  await desk.until(SETTLED);
  await dana.message("Thanks!");
  await desk.until(SETTLED);
  const [closed] = await desk.rows(
    "select closed_at is not null as closed, (select count(*)::int from assignment where until_at is null) as open from conversation",
  );
  expect(closed).toEqual({ closed: true, open: 0 });
  const audits = await desk.rows<{ action: string }>("select action from audit order by id");
  expect(audits.map(({ action }) => action)).toEqual(["claim", "reply", "resolve"]);
});

test("a message in a case's own thread is an operator's, never a customer's", async () => {
  await using desk = await startDesk({ files: { "workflows/to-people.yaml": TO_PEOPLE } });
  const dana = desk.customer("dana");
  await dana.message("my invoice is wrong");
  await desk.until(SETTLED);
  const conversation = await dana.conversation();
  await desk.operator("alex").does(conversation, { kind: "claim" });
  await desk.until(SETTLED);
  for (const [who, text] of [
    ["alex", "I look into it."],
    ["alex", "// they are on the old plan"],
    ["kim", "shall I help?"],
  ] as const) {
    expect(await desk.customer(who, { thread: `case:${conversation}` }).message(text)).toMatchObject({
      stored: [{ outcome: "stored", conversation }],
    });
  }
  await desk.until(SETTLED);
  expect((await dana.heard()).slice(1)).toEqual(["I look into it."]);
  expect(await desk.rows("select 1 from message where author = 'customer'")).toHaveLength(1);
  expect(await desk.rows("select 1 from contact")).toHaveLength(1);
});

// I7
test("a customer joins their closed conversation for a while, and begins a new one after that", async () => {
  await using desk = await startDesk({ files: { "workflows/bye.yaml": BYE } });
  const dana = desk.customer("dana");
  await dana.message("hello");
  await desk.until(SETTLED);
  const first = await dana.conversation();
  expect(await dana.message("one more thing")).toMatchObject({ stored: [{ conversation: first }] });
  await desk.until(SETTLED);

  await desk.rows(
    "update conversation set closed_at = now() - interval '71 hours', last_inbound_at = now() - interval '71 hours'",
  );
  expect(await dana.message("and another")).toMatchObject({ stored: [{ conversation: first }] });
  await desk.until(SETTLED);

  await desk.rows(
    "update conversation set closed_at = now() - interval '73 hours', last_inbound_at = now() - interval '73 hours'",
  );
  await desk.until("select count(*) = 0 as ok from conversation where joinable");
  const later = await dana.message("hello again");
  expect(later.stored[0]?.conversation).toBeGreaterThan(first);
});
