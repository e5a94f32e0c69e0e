import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SCOPES } from "../../channels/slack/setup/scopes.ts";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import type { Environment } from "../../src/config.ts";
import { type SlackCounterpart, startSlack } from "../support/slack/counterpart.ts";
import { run } from "./captured.ts";
import { contentFolder, GREETING, SETTINGS } from "./home.ts";

/** A finding as `doctor --json` prints it. */
type FindingJson = Pick<Finding, "what" | "level"> & { says: string; mend: string | null };

const settings = (slack: string, queue = 'front-line: { slack_channel: "#support" }') => `channels:
  chat: { adapter: playground, secret: "env:PLAYGROUND_SECRET" }
${slack}
desk: { adapter: slack, channel: slack }
default_queue: front-line
queues:
  ${queue}
`;
const SOCKET = '  slack: { adapter: slack, bot_token: "env:SLACK_BOT_TOKEN", app_token: "env:SLACK_APP_TOKEN" }';
const HTTP =
  '  slack: { adapter: slack, bot_token: "env:SLACK_BOT_TOKEN", signing_secret: "env:SLACK_SIGNING_SECRET" }';
const MORE = '  help: { adapter: slack, bot_token: "env:HELP_BOT_TOKEN", app_token: "env:HELP_APP_TOKEN" }';

const folder = (text: string) => contentFolder({ "frontdesk.yaml": text, "workflows/greeting.yaml": GREETING });
const manifestOf = (text: string, flags: readonly string[] = [], env: Environment = {}) =>
  run(["slack", "manifest", "--home", folder(text), ...flags], { env });

describe("frontdesk slack manifest", () => {
  test("prints YAML made from frontdesk.yaml, without needing the tokens", async () => {
    const { code, out, err } = await manifestOf(settings(SOCKET));
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toMatch(/^# Slack app manifest for https:\/\/api\.slack\.com\/apps/);
    expect(parse(out)).toMatchObject({
      display_information: { name: "Frontdesk" },
      features: { slash_commands: [{ command: "/desk" }] },
      settings: { socket_mode_enabled: true },
    });
  });

  test("prints the same as JSON with --json", async () => {
    const yaml = await manifestOf(settings(SOCKET), ["--name", "Acme"]);
    const json = await manifestOf(settings(SOCKET), ["--name", "Acme", "--json"]);
    expect(JSON.parse(json.out)).toEqual(parse(yaml.out));
    expect(JSON.parse(json.out)).toHaveProperty("display_information.name", "Acme");
  });

  test("contains the channel's webhook URL for the HTTP mode", async () => {
    const env = { PUBLIC_URL: "https://desk.example/" };
    const { out } = await manifestOf(settings(HTTP), [], env);
    const url = "https://desk.example/channels/slack";
    expect(parse(out)).toHaveProperty("settings.event_subscriptions.request_url", url);
    const without = await manifestOf(settings(HTTP));
    expect(without).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/set PUBLIC_URL/) });
  });

  test("needs --channel when there are several; only the desk's channel has the desk's parts", async () => {
    const both = settings(`${SOCKET}\n${MORE}`);
    expect(await manifestOf(both)).toMatchObject({ code: 2, err: expect.stringContaining("--channel: slack, help") });
    const desk = await manifestOf(both, ["--channel", "slack"]);
    expect(parse(desk.out)).toHaveProperty("features.slash_commands");
    const help = await manifestOf(both, ["--channel", "help"]);
    expect(parse(help.out)).not.toHaveProperty("features.slash_commands");
    const none = await manifestOf(both, ["--channel", "chat"]);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining("No channel “chat” has adapter: slack") });
  });

  test("prints how to begin when there is no channel yet", async () => {
    const { code, err } = await manifestOf(SETTINGS);
    expect(code).toBe(1);
    const [, snippet = ""] = /(channels:[\s\S]*?)\n\n/.exec(err) ?? [];
    expect(parse(snippet)).toMatchObject({ channels: { slack: { adapter: "slack" } } });
    expect(await manifestOf("channels: [")).toMatchObject({ code: 1, err: expect.stringContaining("frontdesk check") });
  });

  test("is the only subcommand of slack", async () => {
    expect(await run(["slack"])).toMatchObject({ code: 2, err: expect.stringContaining("Say what to print") });
    expect(await run(["slack", "events"])).toMatchObject({ code: 2, err: expect.stringContaining("“slack events”") });
  });
});

describe("frontdesk doctor with Slack", () => {
  let slack: SlackCounterpart;
  beforeAll(async () => {
    slack = await startSlack({ scopes: Object.keys(SCOPES) });
    const kim = slack.addUser({ name: "Kim" }).id;
    slack.addChannel({ name: "support", private: true, members: [kim] });
    slack.addChannel({ name: "partners", private: true, shared: true, members: [kim] });
  });
  afterAll(() => slack[Symbol.asyncDispose]());

  const entry = (o = SOCKET) => o.replace(" }", `, api_url: "${slack.apiUrl}" }`);

  async function runDoctor(text: string, o: Environment = {}) {
    const env = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, ...o };
    const { code, out } = await run(["doctor", "--json", "--home", folder(text)], { env });
    const findings = (JSON.parse(out) as { findings: FindingJson[] }).findings.filter(({ level }) => level !== "fine");
    return { code, wrong: findings.map(({ what, says }) => `${what}: ${says}`), findings };
  }
  const DELAYED = expect.stringContaining("channels: channel slack: Delayed Events can't be checked");

  test("reports no problem over Socket Mode, which needs no public address", async () => {
    expect(await runDoctor(settings(entry()))).toMatchObject({ code: 0, wrong: [DELAYED] });
  });

  test("reports a wrong token and a shared channel, each with a fix", async () => {
    const wrong = await runDoctor(settings(entry()), { SLACK_BOT_TOKEN: "xoxb-wrong" });
    expect(wrong).toMatchObject({
      code: 1,
      wrong: [expect.stringMatching(/^channels: channel slack: bot_token is refused/), DELAYED],
    });
    const shared = await runDoctor(settings(entry(), 'front-line: { slack_channel: "#partners" }'));
    expect(shared).toMatchObject({ code: 1, wrong: [expect.stringContaining("#partners is shared"), DELAYED] });
    for (const { mend } of [...wrong.findings, ...shared.findings]) expect(mend).toBeTruthy();
  });

  test("asks for PUBLIC_URL in the HTTP mode, once", async () => {
    const secret = { SLACK_SIGNING_SECRET: slack.signingSecret };
    const without = await runDoctor(settings(entry(HTTP)), secret);
    expect(without.wrong).toEqual([expect.stringContaining("Slack can't reach us: PUBLIC_URL is not set"), DELAYED]);
    const set = await runDoctor(settings(entry(HTTP)), { ...secret, PUBLIC_URL: "https://desk.example" });
    expect(set).toMatchObject({ code: 0, wrong: [DELAYED] });
  });

  test("makes no call to Slack while tokens are missing", async () => {
    const before = slack.calls.length;
    const { code, wrong } = await runDoctor(settings(entry()), { SLACK_BOT_TOKEN: undefined });
    expect(code).toBe(1);
    expect(wrong).toEqual([
      expect.stringContaining("secrets: channel slack, bot_token: env:SLACK_BOT_TOKEN is not set"),
    ]);
    expect(slack.calls).toHaveLength(before);
  });
});
