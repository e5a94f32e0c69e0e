/** The whole product with a counterpart of Slack: customers in DMs and on SMS, operators in queue channels. */
import { type AddressInfo, createServer } from "node:net";
import type { Role } from "../../src/config.ts";
import { startDesk, type TestDesk } from "./desk.ts";
import { type SlackCounterpart, type SlackMessage, type SlackOptions, startSlack } from "./slack/counterpart.ts";

export interface SlackDesk extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly slack: SlackCounterpart;
  /** Queue channels. */
  readonly support: string;
  readonly billing: string;
  readonly alex: string;
  readonly kim: string;
  readonly dana: string;
  /** Returns the threads in a queue channel: each begins with a case's card. */
  cases(channel?: string): SlackMessage[];
  /** Polls until the function returns something other than undefined; throws if it takes too long. */
  soon<Value>(what: string, look: () => Value | undefined, withinMs?: number): Promise<Value>;
}

export interface SlackDeskOptions {
  files?: Readonly<Record<string, string>>;
  slack?: SlackOptions;
  /** Roles, an instance each; default: one instance for all roles. */
  roles?: readonly Role[];
  socket?: boolean;
  /** More keys of `desk:`, as YAML flow ("undo: 300ms"). */
  deskSettings?: string;
  queues?: string;
  /** Number of queues whose Slack channel exists; default: both. */
  places?: number;
  env?: Readonly<Record<string, string>>;
  /** Prepares Slack before the product starts. */
  before?: (slack: SlackCounterpart) => Promise<void> | void;
  /** Services and a prefix shared with separate processes. */
  services?: { databaseUrl?: string; redis?: string; prefix?: string };
}

export const QUEUES = `
queues:
  front-line: { title: Front line, slack_channel: "#support", members: public-channel }
  billing: { title: Billing, slack_channel: "#billing", members: channel }
`;

/** Workflows: customers in Slack get a menu; customers on SMS go to people. */
export const MENU = `
id: menu
title: Menu
status: live
channels: [slack]
on: [conversation.opened, conversation.reopened, message.received]
steps:
  - ask: What is it about?
    save: topic
    options:
      parcel: { label: My parcel }
      other: { label: Something else }
  - switch: topic
    cases:
      parcel: [{ say: "Your parcel comes tomorrow." }]
      other: [{ handoff: front-line }]
`;

export const SMS_TO_PEOPLE = `
id: sms-to-people
title: SMS to people
status: live
channels: [sms]
on: [conversation.opened, conversation.reopened]
steps: [{ handoff: front-line }]
`;

export async function startSlackDesk(o: SlackDeskOptions = {}): Promise<SlackDesk> {
  const slack = await startSlack(o.slack);
  const alex = slack.addUser({ name: "Alex" }).id;
  const kim = slack.addUser({ name: "Kim" }).id;
  const dana = slack.addUser({ name: "Dana Smith" }).id;
  const support = slack.addChannel({ name: "support", members: [alex, kim] }).id;
  const billing = slack.addChannel({ name: "billing", members: [kim], private: true }).id;
  await o.before?.(slack);
  const env = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_APP_TOKEN: slack.appToken,
  };
  const files = o.files ?? { "workflows/menu.yaml": MENU, "workflows/sms-to-people.yaml": SMS_TO_PEOPLE };
  // Files are fetched from our address, so the port must be known before the server starts.
  const port = await freePort();
  const reach = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
  const desk = await startDesk({ files, role: null, env: { ...env, ...reach, ...o.env }, ...o.services });
  try {
    await desk.write({ "frontdesk.yaml": settings(desk, { ...o, slack, slackOptions: o.slack }) });
    for (const role of o.roles ?? ["all"]) await desk.start({ role });
    if (o.socket !== true) slack.deliverTo(`${desk.url}/channels/slack`);
    // Without a worker nothing syncs the queues.
    if (o.roles?.every((role) => role === "web") !== true)
      await desk.until("select count(*) >= $1 as ok from desk_place", { values: [o.places ?? 2] });
  } catch (error) {
    await desk[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    throw error;
  }
  return {
    desk,
    slack,
    support,
    billing,
    alex,
    kim,
    dana,
    cases: (channel = support) =>
      slack.messages(channel).filter(({ thread_ts, ts, bot_id }) => bot_id !== undefined && (thread_ts ?? ts) === ts),
    soon,
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      await slack[Symbol.asyncDispose]();
    },
  };
}

function settings(
  desk: TestDesk,
  o: Omit<SlackDeskOptions, "slack"> & { slack: SlackCounterpart; slackOptions: SlackOptions | undefined },
): string {
  const secret = o.socket === true ? 'app_token: "env:SLACK_APP_TOKEN"' : 'signing_secret: "env:SLACK_SIGNING_SECRET"';
  // The counterpart enforces Slack's rate limit only on request, so other tests need not wait.
  const pace = o.slackOptions?.paced === undefined ? ", posts_per_second: 50" : "";
  const more = o.deskSettings === undefined ? "" : `, ${o.deskSettings}`;
  return `
channels:
  chat: { adapter: playground, secret: "env:PLAYGROUND_SECRET" }
  sms:
    adapter: twilio-sms
    account_sid: ${desk.twilio.accountSid}
    auth_token: "env:TWILIO_AUTH_TOKEN"
    from: "+15550100"
    api_url: ${desk.twilio.url}
  slack: { adapter: slack, bot_token: "env:SLACK_BOT_TOKEN", ${secret}, api_url: "${o.slack.apiUrl}"${pace} }
desk: { adapter: slack, channel: slack${more} }
default_queue: front-line
${o.queues ?? QUEUES}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const POLL_MS = 15;

export async function soon<Value>(what: string, look: () => Value | undefined, withinMs = 15_000): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`Not so within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
