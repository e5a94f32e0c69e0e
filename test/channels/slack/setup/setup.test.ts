import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { slackConfig } from "../../../../channels/slack/config.ts";
import { COMMAND, SHORTCUT_OPEN, SHORTCUT_START } from "../../../../channels/slack/desk/view/actions.ts";
import { slack } from "../../../../channels/slack/index.ts";
import type { manifest } from "../../../../channels/slack/setup/manifest.ts";
import { EVENTS, SCOPES } from "../../../../channels/slack/setup/scopes.ts";
import { setup } from "../../../../channels/slack/setup/setup.ts";
import type { InstalledChannel, SetupFinding } from "../../../../src/adapter/adapter.ts";
import { compileContent } from "../../../../src/content/compile.ts";
import { parseSettings } from "../../../../src/content/settings.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { type SlackCounterpart, startSlack } from "../../../support/slack/counterpart.ts";

const queue = (id: string, o: Partial<Queue> = {}): Queue => ({
  id,
  title: id,
  members: "public-channel",
  hours: null,
  deskPlace: `#${id}`,
  closedSay: null,
  ...o,
});

const URL = "https://desk.example/channels/slack";
const SOCKET = { bot_token: "env:SLACK_BOT_TOKEN", app_token: "env:SLACK_APP_TOKEN" };
const HTTP = { bot_token: "env:SLACK_BOT_TOKEN", signing_secret: "env:SLACK_SIGNING_SECRET" };
const DESK = [queue("support")];
const queues = (deskPlace: string | null) => ({ queues: [queue("q", { deskPlace: deskPlace })] });
const staffed = (members: Queue["members"], deskPlace = "#support") => ({
  queues: [queue("q", { members, deskPlace: deskPlace })],
});
const of = (usergroup: string) => ({ queues: [queue("support", { members: { usergroup } })] });

type Manifest = ReturnType<typeof manifest>;

function made(entry: Record<string, unknown>, o: Partial<InstalledChannel & { name: string }> = {}): Manifest {
  return setup.manifest?.(entry, { webhookUrl: URL, queues: DESK, name: "Frontdesk", ...o }) as Manifest;
}

describe("the manifest", () => {
  it("of a desk over Socket Mode has every feature, and no URL", () => {
    const given = made(SOCKET, { webhookUrl: null });
    expect(JSON.stringify(given)).not.toMatch(/https?:/);
    expect(given.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
    expect(given.features).toMatchObject({
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      slash_commands: [{ command: COMMAND, should_escape: true }],
      shortcuts: [
        { callback_id: SHORTCUT_OPEN, type: "message" },
        { callback_id: SHORTCUT_START, type: "global" },
      ],
    });
    expect(given.oauth_config.scopes.bot).toEqual(
      Object.keys(SCOPES).filter((scope) => !["usergroups:read", "assistant:write"].includes(scope)),
    );
  });

  it("for webhooks has the same URL everywhere", () => {
    const given = made(HTTP);
    expect(given.settings.socket_mode_enabled).toBe(false);
    expect(given.settings.event_subscriptions).toMatchObject({ request_url: URL });
    expect(given.settings.interactivity).toMatchObject({ request_url: URL });
    expect(given.features).toMatchObject({ slash_commands: [{ url: URL }] });
  });

  it("of a channel without a desk asks for nothing that the desk needs", () => {
    const given = made(SOCKET, { queues: null });
    const asked = [...given.oauth_config.scopes.bot, ...given.settings.event_subscriptions.bot_events];
    expect(asked).toEqual(expect.arrayContaining(["im:history", "chat:write", "message.im", "app_mention"]));
    for (const scope of ["commands", "channels:join", "chat:write.customize", "app_home_opened", "user_change"]) {
      expect(asked).not.toContain(scope);
    }
    expect(given.features).not.toHaveProperty("slash_commands");
    expect(given.features).not.toHaveProperty("shortcuts");
    expect(given.features.app_home.home_tab_enabled).toBe(false);
  });

  it.each([
    [
      "a queue of a user group",
      SOCKET,
      { queues: [queue("a", { members: { usergroup: "@ops" } })] },
      "usergroups:read",
      true,
    ],
    ["queues without one", SOCKET, {}, "usergroups:read", false],
    ["an agent view", { ...SOCKET, agent_view: true }, {}, "assistant:write", true],
    ["a line above each post", { ...SOCKET, mirror: "line" }, {}, "chat:write.customize", false],
    ["customers' names", { ...SOCKET, mirror: "username" }, {}, "chat:write.customize", true],
  ])("with %s", (_, entry, placed, scope, asked) => {
    expect(made(entry, placed).oauth_config.scopes.bot.includes(scope)).toBe(asked);
  });

  it("has an agent view if the channel has one", () => {
    expect(made({ ...SOCKET, agent_view: true }).features).toHaveProperty("agent_view.agent_description");
    expect(made(SOCKET).features).not.toHaveProperty("agent_view");
  });

  // Limits of Slack's manifest (docs, "app manifest").
  it("keeps Slack's limits", () => {
    const given = made({ ...HTTP, agent_view: true }, { name: "A".repeat(35) });
    expect(given.display_information.description.length).toBeLessThanOrEqual(140);
    expect(given.features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
    const { shortcuts, slash_commands, agent_view } = given.features as Required<typeof given.features>;
    for (const { name, description } of shortcuts ?? []) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
    expect(slash_commands).toHaveLength(1);
    expect(agent_view?.agent_description.length).toBeLessThanOrEqual(300);
    expect(Object.keys(EVENTS).length).toBeLessThanOrEqual(100);
  });

  it.each([
    ["Größe & Söhne", "grosse-sohne"],
    ["客服", "frontdesk"],
    ["Acme Support", "acme-support"],
  ])("names the bot of the app “%s” as Slack allows it", (name, bot) => {
    expect(made(SOCKET, { name }).features.bot_user.display_name).toBe(bot);
  });

  it("tells what to set first", () => {
    expect(() => made(HTTP, { webhookUrl: null })).toThrow(/set PUBLIC_URL .* app_token/);
    expect(() => made(HTTP, { webhookUrl: "http://desk.example/channels/slack" })).toThrow(/https/);
    expect(() => made(SOCKET, { name: "A".repeat(36) })).toThrow(/1 to 35 characters/);
    expect(() => made(SOCKET, { name: "" })).toThrow(/1 to 35 characters/);
  });
});

describe("the doctor at Slack", () => {
  let slack: SlackCounterpart;
  let support: string;
  let kim: string;
  const ALL = Object.keys(SCOPES);
  beforeAll(async () => {
    slack = await startSlack();
    kim = slack.addUser({ name: "Kim" }).id;
    support = slack.addChannel({ name: "support", members: [kim] }).id;
  });
  beforeEach(() => slack.setScopes(ALL));
  afterAll(() => slack[Symbol.asyncDispose]());

  interface Asked {
    entry?: Record<string, unknown>;
    queues?: readonly Queue[] | null;
    webhookUrl?: string | null;
    signal?: AbortSignal;
  }

  async function examined(o: Asked = {}): Promise<SetupFinding[]> {
    const entry = { bot_token: slack.botToken, app_token: slack.appToken, api_url: slack.apiUrl, ...o.entry };
    const placed = { queues: o.queues === undefined ? DESK : o.queues, webhookUrl: o.webhookUrl ?? null };
    const { signal = AbortSignal.timeout(10_000) } = o;
    return (await setup.checkSetup?.(slackConfig.parse(entry), { ...placed, signal })) ?? [];
  }
  /** All findings but the reminder that is always there. */
  const wrong = async (o?: Asked) =>
    (await examined(o)).filter(({ level, message }) => level !== "fine" && !message.includes("Delayed Events"));

  const http = () => ({ app_token: undefined, signing_secret: slack.signingSecret });

  it("finds no problem in a good setup", async () => {
    expect(await wrong()).toEqual([]);
    expect(await wrong({ queues: null })).toEqual([]);
    expect(await wrong({ entry: http(), webhookUrl: URL })).toEqual([]);
    const message = (await examined()).map((finding) => finding.message);
    expect(message).toEqual([
      expect.stringMatching(/^the token is good: @\S+ in \S+/),
      "the token has every scope that is needed",
      "app_token is good: Slack lets us connect (Socket Mode)",
      "queue support: #support is there, and the app is in it",
      "queue support: 1 works in it: Kim",
      expect.stringContaining("Delayed Events"),
    ]);
    expect(slack.violations).toEqual([]);
  });

  it("tells where to switch Delayed Events on", async () => {
    expect(await examined()).toContainEqual(
      expect.objectContaining({ level: "warning", fix: expect.stringContaining("under Event Subscriptions") }),
    );
  });

  it("tells a wrong token from a revoked one, and checks nothing further", async () => {
    const other = await wrong({ entry: { bot_token: "xoxb-not-this-one" } });
    expect(other).toEqual([
      {
        level: "problem",
        message: "bot_token is refused (invalid_auth)",
        fix: expect.stringContaining("Bot User OAuth Token"),
      },
    ]);
    slack.revoke(true);
    try {
      expect(await wrong()).toMatchObject([{ level: "problem", message: "bot_token is refused (token_revoked)" }]);
    } finally {
      slack.revoke(false);
    }
  });

  it("names each missing scope, its purpose, and how to get it", async () => {
    slack.setScopes(ALL.filter((scope) => scope !== "commands" && scope !== "files:write"));
    expect(await wrong()).toEqual([
      {
        level: "problem",
        message: "the token lacks commands (to offer /desk and the shortcuts), files:write (to pass files on)",
        fix: expect.stringMatching(/frontdesk slack manifest.*reinstall/),
      },
    ]);
    expect(await wrong({ queues: null })).toMatchObject([{ message: expect.not.stringContaining("commands") }]);
  });

  it("reports that Slack refuses the connection", async () => {
    expect(await wrong({ entry: { app_token: "xapp-not-this-one" } })).toMatchObject([
      {
        level: "problem",
        message: "app_token is refused (invalid_auth)",
        fix: expect.stringContaining("connections:write"),
      },
    ]);
  });

  it.each([
    ["is not set", null, "PUBLIC_URL is not set"],
    ["is not https", "http://desk.example/channels/slack", "is not https"],
  ])("reports that Slack can't reach us if PUBLIC_URL %s", async (_, webhookUrl, message) => {
    expect(await wrong({ entry: http(), webhookUrl })).toMatchObject([
      { level: "problem", message: expect.stringContaining(message), fix: expect.stringContaining("app_token") },
    ]);
  });

  it("warns about a signing secret that does not look like one", async () => {
    const entry = { ...http(), signing_secret: [slack.signingSecret, "A0123456789.123"] };
    expect(await wrong({ entry, webhookUrl: URL })).toMatchObject([
      { level: "warning", message: expect.stringContaining("signing_secret does not look like one") },
    ]);
  });

  describe("checks the queues' channels:", () => {
    it.each(["support", "#support", "#Support"])("%s is there", async (name) => {
      expect(await wrong(queues(name))).toEqual([]);
    });

    it("by its id too", async () => {
      expect(await wrong(queues(support))).toEqual([]);
    });

    it("on the last page of many", async () => {
      for (let n = 0; n < 30; n++) slack.addChannel({ name: `team-${n}` });
      slack.addChannel({ name: "zz-last", members: [kim] });
      expect(await wrong(queues("#zz-last"))).toEqual([]);
    });

    it("one that is missing, or not configured", async () => {
      expect(await wrong(queues("#nowhere"))).toMatchObject([
        {
          level: "problem",
          message: "queue q: there is no channel #nowhere that the app can see",
          fix: expect.stringContaining("/invite"),
        },
      ]);
      expect(await wrong(queues(null))).toMatchObject([
        { level: "problem", message: "queue q has no Slack channel", fix: expect.stringContaining("slack_channel") },
      ]);
    });

    it("a private one with the app in it", async () => {
      slack.addChannel({ name: "inner", private: true, members: [kim] });
      expect(await wrong(queues("#inner"))).toEqual([]);
    });

    it("a private one without the app can't be seen", async () => {
      slack.addChannel({ name: "secret", private: true, bot: false });
      expect(await wrong(queues("#secret"))).toMatchObject([{ level: "problem" }]);
    });

    it("a public one without the app", async () => {
      slack.addChannel({ name: "open", bot: false, members: [kim] });
      expect(await wrong(queues("#open"))).toMatchObject([
        { level: "warning", message: expect.stringContaining("not in it") },
      ]);
    });

    it("one that is shared with another organisation, or archived", async () => {
      slack.addChannel({ name: "partners", shared: true, members: [kim] });
      expect(await wrong(queues("#partners"))).toMatchObject([
        { level: "problem", message: "queue q: #partners is shared with another organisation" },
      ]);
      const old = slack.addChannel({ name: "old", members: [kim] }).id;
      await slack.archive(old);
      expect(await wrong(queues("#old"))).toMatchObject([{ level: "problem", message: "queue q: #old is archived" }]);
    });

    it("and reports why they can't be listed", async () => {
      slack.fault("conversations.list", { error: "internal_error" });
      expect(await wrong()).toMatchObject([{ level: "problem", message: expect.stringContaining("can't be listed") }]);
    });
  });

  const about = async (o: Asked) => (await examined(o)).filter(({ message }) => message.startsWith("queue q: "));

  describe("lists the members of each queue:", () => {
    it("their names and how many, at most ten of them", async () => {
      expect(await about(staffed("public-channel"))).toContainEqual({
        level: "fine",
        message: "queue q: 1 works in it: Kim",
      });
      const many = Array.from({ length: 13 }, (_, n) => slack.addUser({ name: `Person ${n + 10}` }).id);
      slack.addChannel({ name: "crowd", private: true, members: many });
      const names = Array.from({ length: 10 }, (_, n) => `Person ${n + 10}`).join(", ");
      const message = `queue q: 13 work in it: ${names} and 3 more`;
      expect(await about(staffed("channel", "#crowd"))).toContainEqual({ level: "fine", message });
    });

    it("nobody if the channel is public, with both fixes", async () => {
      expect(await about(staffed("channel"))).toContainEqual({
        level: "problem",
        message:
          "queue q: nobody can work there: #support is public, so whoever joins it would read customers and answer them",
        fix: "Make the channel private, or write “members: public-channel” in frontdesk.yaml if everybody who joins is to work there.",
      });
    });

    it("unknown ids, and that there is nobody yet", async () => {
      expect(await about(staffed(["Kim", kim]))).toContainEqual(
        expect.objectContaining({ level: "problem", message: "queue q: nobody in Slack has the id Kim" }),
      );
      slack.addChannel({ name: "empty", private: true });
      expect(await about(staffed("channel", "#empty"))).toContainEqual(
        expect.objectContaining({ level: "warning", message: "queue q: nobody works in it yet" }),
      );
    });
  });

  describe("checks user groups:", () => {
    let ops: string;
    beforeAll(() => {
      ops = slack.usergroup({ handle: "ops", members: [kim] }).id;
    });

    it("one that exists", async () => {
      expect(await wrong(of("@ops"))).toEqual([]);
      expect(await wrong(of("ops"))).toEqual([]);
      expect(await wrong(of(ops))).toEqual([]);
    });

    it("one that does not, with those that do", async () => {
      expect(await wrong(of("@nobody"))).toMatchObject([
        {
          level: "problem",
          message: "queue support: nobody can work there: there is no user group “@nobody” in Slack",
          fix: expect.stringContaining("@ops"),
        },
      ]);
    });

    it("a plan without them", async () => {
      slack.fault("usergroups.list", { error: "plan_upgrade_required" });
      expect(await wrong(of("@ops"))).toMatchObject([{ level: "problem", fix: expect.stringContaining("paid plan") }]);
    });
  });

  it("tells a missing scope from a plan without user groups", async () => {
    slack.setScopes(ALL.filter((scope) => scope !== "usergroups:read"));
    const found = await wrong({ queues: [queue("support", { members: { usergroup: "@ops" } })] });
    expect(found).toMatchObject([
      { message: expect.stringContaining("lacks usergroups:read") },
      { message: expect.stringContaining("missing_scope"), fix: expect.not.stringContaining("paid plan") },
    ]);
  });

  it("reports that Slack is down, and ends when aborted", async () => {
    slack.down(true);
    try {
      const found = await wrong();
      expect(found).toMatchObject([
        {
          level: "problem",
          message: expect.stringMatching(/^Slack can't be asked about bot_token: /),
          fix: expect.stringContaining("slack-status.com"),
        },
        { level: "problem", message: expect.stringMatching(/^Slack can't be asked about app_token: /) },
      ]);
    } finally {
      slack.down(false);
    }
    slack.fault("auth.test", { delayMs: 30_000 });
    const started = performance.now();
    expect(await wrong({ signal: AbortSignal.timeout(200) })).toMatchObject([
      { level: "problem" },
      { level: "problem" },
    ]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("the README", () => {
  const readme = readFileSync(new globalThis.URL("../../../../channels/slack/README.md", import.meta.url), "utf8");

  it.each(Object.keys(SCOPES))("gives the purpose of %s", (scope) => expect(readme).toContain(`\`${scope}\``));

  it("shows settings that parse", () => {
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(parseSettings(yaml).diagnostics).toEqual([]);
    const { adapter: _, ...entry } = parseSettings(yaml).settings?.channels["slack"]?.entry ?? { adapter: null };
    expect(slackConfig.safeParse({ ...entry, bot_token: "xoxb-1", app_token: "xapp-1" }).success).toBe(true);
  });

  it("shows settings that work with the bundled workflows", () => {
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const root = new globalThis.URL("../../../../", import.meta.url);
    const shipped = ["workflows", "connectors"].flatMap((folder) =>
      readdirSync(new globalThis.URL(folder, root))
        .filter((name) => name.endsWith(".yaml"))
        .map((name) => `${folder}/${name}`),
    );
    const files = shipped.map((path) => [path, readFileSync(new globalThis.URL(path, root), "utf8")]);
    const adapters = ["playground", "slack"];
    const capabilities = slack.capabilities(slackConfig.parse({ bot_token: "xoxb-1", app_token: "xapp-1" }));
    // The connectors' secrets are in the file that the settings are added to.
    const given = /^secrets:\n(?: .*\n)+/m.exec(readFileSync(new globalThis.URL("frontdesk.yaml", root), "utf8"))?.[0];
    const { diagnostics } = compileContent(
      { "frontdesk.yaml": `${yaml}\n${given}`, ...Object.fromEntries(files) },
      { adapters, capabilities: () => capabilities },
    );
    expect(shipped.length).toBeGreaterThan(2);
    expect(diagnostics).toEqual([]);
  });

  it("names every key of the channel", () => {
    for (const key of Object.keys(slackConfig.shape)) expect(readme).toMatch(new RegExp(`\\b${key}\\b`));
  });
});
