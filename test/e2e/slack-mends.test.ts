/** Faults that people fix in Slack: a token, a scope, a queue's channel; and operators who leave. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SCOPES } from "../../channels/slack/setup/scopes.ts";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { run } from "../cli/captured.ts";
import type { SlackCounterpart } from "../support/slack/counterpart.ts";
import { QUEUES, type SlackDesk, SMS_TO_PEOPLE, soon, startSlackDesk } from "../support/slack-desk.ts";
import { claimedCase, inThread, OUR_NUMBER, textOf, waitForHolder } from "../support/slack-scene.ts";

/** A finding as `doctor --json` prints it. */
type FindingJson = Pick<Finding, "what" | "level"> & { says: string; mend: string | null };

const FAULTY = ["nowhere", "outside", "old", "partners"] as const;

/** Workflow in which customers of the playground name their queue. */
const ROUTE = `
id: route
title: Route
status: live
channels: [chat]
on: [conversation.opened, message.received]
steps:
  - ask: Where to?
    save: to
    options: { ${[...FAULTY, "billing"].map((id) => `${id}: { label: ${id} }`).join(", ")} }
  - switch: to
    cases:
${[...FAULTY, "billing"].map((id) => `      ${id}: [{ handoff: ${id} }]`).join("\n")}
`;

let at: SlackDesk;
const places: Record<string, string> = {};

function inSlack(slack: SlackCounterpart): Promise<void> {
  places["outside"] = slack.addChannel({ name: "outside", private: true, bot: false }).id;
  places["old"] = slack.addChannel({ name: "old" }).id;
  places["partners"] = slack.addChannel({ name: "partners", shared: true }).id;
  return slack.archive(places["old"]);
}

beforeAll(async () => {
  const more = FAULTY.map(
    (id) => `  ${id}: { title: Queue ${id}, slack_channel: "#${id}", members: public-channel }\n`,
  ).join("");
  at = await startSlackDesk({
    files: { "workflows/route.yaml": ROUTE, "workflows/sms-to-people.yaml": SMS_TO_PEOPLE },
    queues: QUEUES + more,
    before: inSlack,
    deskSettings: "undo: 300ms",
  });
}, 60_000);
afterAll(async () => at?.[Symbol.asyncDispose]());

/** Creates a customer of the playground, handed over to a queue. */
async function handedTo(queue: string, name: string): Promise<void> {
  const customer = at.desk.customer(name);
  await customer.message("hello");
  await soonHeard(name, "Where to?");
  await customer.message(queue);
  await at.desk.until(`select count(*) = 1 as ok from "case" where card->>'customer' = $1`, { values: [name] });
}

async function soonHeard(name: string, words: string): Promise<void> {
  await at.desk.until(
    "select count(*) > 0 as ok from outbox where thread = $1 and outcome = 'sent' and content->>'text' like $2",
    { values: [`thread-${name}`, `%${words}%`] },
  );
}

const cardIn = (channel: string, name: string) =>
  soon(`the card of ${name}`, () => at.cases(channel).find((one) => textOf(one).includes(name)));

async function doctorReport(): Promise<string> {
  const { out } = await run(["doctor", "--json", "--home", at.desk.home], { env: at.desk.env });
  const { findings } = JSON.parse(out) as { findings: FindingJson[] };
  const wrong = findings.filter(({ level }) => level !== "fine");
  for (const { mend } of wrong) expect(mend).toBeTruthy();
  return wrong.map(({ says, mend }) => `${says} → ${mend}`).join("\n");
}

const logged = (words: RegExp) => at.desk.logged.map(textOf).filter((line) => words.test(line));

describe("a queue whose channel can't be used", () => {
  test.each([
    ["old", /archived: unarchive it/, /queue old: #old is archived/],
    ["partners", /shared with another organisation.*own/, /queue partners: #partners is shared/],
  ])(
    "%s: the default queue's channel shows its cases, and the log and the doctor say why",
    async (queue, log, doctor) => {
      await handedTo(queue, `Cay ${queue}`);
      await cardIn(at.support, `Cay ${queue}`);
      expect(logged(log)).not.toEqual([]);
      expect(await doctorReport()).toMatch(doctor);
      for (const id of Object.values(places)) expect(at.slack.messages(id).filter(({ bot_id }) => bot_id)).toEqual([]);
    },
  );

  test("or can't be found: its cases wait for it, and the log and the doctor say why", async () => {
    await handedTo("nowhere", "Cay nowhere");
    await handedTo("outside", "Cay outside");
    await soonHeard("Cay nowhere", "colleague");
    for (const queue of ["nowhere", "outside"]) {
      const why = new RegExp(`part not sent`);
      await soon("why", () =>
        logged(why).find((line) => line.includes(`The queue “${queue}”: there is no Slack channel`)),
      );
      expect(logged(/queue channel misconfigured/).join("\n")).toContain(
        `there is no Slack channel “#${queue}”, or the bot is not in it: invite it`,
      );
    }
    const report = await doctorReport();
    expect(report).toMatch(/queue nowhere: there is no channel #nowhere/);
    expect(report).toMatch(/queue outside: there is no channel #outside that the app can see/);
  });

  test("once it is fixed, the next case and the waiting ones go there", async () => {
    const { slack, desk, alex } = at;
    await lookAtOnce();
    await slack.unshare(places["partners"] ?? "");
    const { id: nowhere } = slack.addChannel({ name: "nowhere", members: [alex], bot: false });
    await slack.join(slack.botUserId, nowhere);
    await lookAtOnce();
    await slack.join(slack.botUserId, places["outside"] ?? "");
    const mended =
      "select count(*) = 3 as ok from desk_place where queue in ('nowhere', 'partners', 'outside') and refused is null";
    await desk.until(mended, { withinMs: 15_000 });
    await triedAgain();
    await cardIn(nowhere, "Cay nowhere");
    await cardIn(places["outside"] ?? "", "Cay outside");
    await handedTo("partners", "Pia Partner");
    await cardIn(places["partners"] ?? "", "Pia Partner");
  }, 30_000);

  test.each([
    ["shared", (slack: SlackCounterpart, id: string) => slack.share(id)],
    ["archived", (slack: SlackCounterpart, id: string) => slack.archive(id)],
  ])(
    "is %s while a case is open there: nothing more is shown there, and the case continues elsewhere",
    async (what, close) => {
      const { slack, billing, support, desk, kim } = at;
      const name = `Bea ${what}`;
      await lookAtOnce();
      await handedTo("billing", name);
      const { ts } = await cardIn(billing, name);
      await desk.customer(name).message("first");
      await soon("first words", () =>
        slack.messages(billing, { thread: ts }).find((one) => textOf(one).includes("first")),
      );
      const before = slack.messages(billing).length;
      await close(slack, billing);
      await desk.until(`select refused is not null and ${KNOWN} as ok from desk_place where queue = 'billing'`);
      await desk.customer(name).message(`between us, ${what}`);
      const goesOn = await soon("the words, in the default queue's channel", () =>
        slack.messages(support).find((one) => textOf(one).includes(`between us, ${what}`)),
      );
      expect(slack.messages(billing)).toHaveLength(before);
      expect(textOf(slack.messages(billing))).not.toContain(`between us, ${what}`);
      expect(logged(/queue channel became unusable: give the queue another one/)).not.toEqual([]);
      // Messages there belong to the case.
      const thread = goesOn.thread_ts ?? "";
      await slack.click(kim, support, thread, "Claim");
      await slack.post(kim, support, `answer to ${name}`, { thread });
      await soonHeard(name, `answer to ${name}`);
      if (what === "shared") await reopened();
    },
    40_000,
  );
});

/** Condition on places that are older than the cache of any process. */
const KNOWN = "seen_at < now() - interval '1.1 seconds'";
/** Allows another sync at once; normally there is one per ten seconds, because of Slack's limit. */
const lookAtOnce = () => at.desk.rows("delete from desk_look");
/** Makes waiting parts due at once; normally they are tried again after a minute. */
const triedAgain = () => at.desk.rows("update outbox set due_at = now() where outcome is null");

describe("an operator who leaves", () => {
  test("the workspace: their cases go back to the queue, once, and each customer is told once", async () => {
    const { slack, support, desk } = at;
    const lea = slack.addUser({ name: "Lea" }).id;
    await lookAtOnce();
    await slack.join(lea, support);
    await member(lea, true);
    const scene = await claimedCase(at, lea, "+15550301");
    await desk.twilio.text({ from: "+15550301", to: OUR_NUMBER, body: "Still there?" });
    await lookAtOnce();
    await slack.removeUser(lea);
    await waitForHolder(at, scene, null);
    // The sync and a second delivery report it too.
    await member(lea, false);
    await settledOnce(scene.conversation, "+15550301");
    await soon("why", () => inThread(at, scene).find((one) => textOf(one).includes("has left")));
  }, 40_000);

  test("only the channel: likewise", async () => {
    const { slack, support, desk } = at;
    const lou = slack.addUser({ name: "Lou" }).id;
    await lookAtOnce();
    await slack.join(lou, support);
    await member(lou, true);
    const scene = await claimedCase(at, lou, "+15550302");
    await desk.twilio.text({ from: "+15550302", to: OUR_NUMBER, body: "Hello?" });
    await lookAtOnce();
    await slack.leave(lou, support);
    await waitForHolder(at, scene, null);
    await settledOnce(scene.conversation, "+15550302");
  }, 40_000);
});

describe("a token", () => {
  test("without a scope: the scope is named, other customers are answered, and waiting parts arrive later", async () => {
    const { slack, desk, support } = at;
    const all = Object.keys(SCOPES);
    for (const scope of ["channels:read", "users:read", "chat:write"]) {
      slack.setScopes(all.filter((one) => one !== scope));
      expect(await doctorReport()).toContain(`the token lacks ${scope}`);
    }
    await desk.twilio.text({ from: "+15550311", to: OUR_NUMBER, body: "Anybody?" });
    await soon("an answer by SMS", () => desk.twilio.sent("+15550311").at(0));
    await soon("why", () => logged(/missing_scope.*needed: chat:write.*part not sent/).at(0));
    expect(logged(/missing_scope\): the app lacks a permission: add the scope to it and install it again/)).not.toEqual(
      [],
    );
    slack.setScopes(all);
    await triedAgain();
    await soon("the card", () => at.cases(support).find((one) => textOf(one).includes("+15550311")));
  }, 30_000);

  test("that is revoked: likewise", async () => {
    const { slack, desk, support } = at;
    slack.revoke(true);
    await desk.twilio.text({ from: "+15550312", to: OUR_NUMBER, body: "Anybody?" });
    await soon("an answer by SMS", () => desk.twilio.sent("+15550312").at(0));
    await handedTo("partners", "Rae Revoked");
    await soonHeard("Rae Revoked", "colleague");
    await soon("why", () => logged(/token_revoked.*install the app again.*part not sent/).at(0));
    expect(await doctorReport()).toMatch(/bot_token is refused \(token_revoked\) → Set bot_token/);
    expect(await desk.rows("select 1 from outbox where outcome in ('failed', 'parked')")).toEqual([]);
    slack.revoke(false);
    await triedAgain();
    await soon("the card", () => at.cases(support).find((one) => textOf(one).includes("+15550312")));
    await soon("the other card", () =>
      slack.messages(places["partners"] ?? "").find((one) => textOf(one).includes("Rae Revoked")),
    );
    expect(slack.violations).toEqual([]);
  }, 30_000);
});

const member = (operator: string, is: boolean) =>
  at.desk.until("select exists (select from desk_member where operator = $1) = $2 as ok", {
    values: [operator, is],
    withinMs: 20_000,
  });

async function settledOnce(conversation: number, from: string): Promise<void> {
  const { desk } = at;
  await desk.until("select not exists (select from event where seq is null) as ok");
  expect(
    await desk.rows("select action from audit where conversation = $1 and action = 'release'", [conversation]),
  ).toHaveLength(1);
  await desk.until("select not exists (select from outbox where channel = 'sms' and outcome is null) as ok");
  expect(desk.twilio.sent(from).filter(({ body }) => /colleague/i.test(body)).length).toBe(2);
}

async function reopened(): Promise<void> {
  await lookAtOnce();
  await at.slack.unshare(at.billing);
  await at.desk.until(`select refused is null and ${KNOWN} as ok from desk_place where queue = 'billing'`, {
    withinMs: 15_000,
  });
}
