/** Creates an empty workspace with the app installed. */
import { randomBytes } from "node:crypto";
import { openHub } from "./socket.ts";
import type { SlackOptions } from "./types.ts";
import type { Identity, World } from "./world.ts";

/** The bot scopes of our manifest. */
const DEFAULT_SCOPES: readonly string[] = [
  "app_mentions:read",
  "channels:history",
  "channels:join",
  "channels:read",
  "chat:write",
  "chat:write.customize",
  "commands",
  "dnd:read",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "team:read",
  "usergroups:read",
  "users:read",
  "users:read.email",
];
/** Slack waits three seconds for an answer, and a trigger id lives that long. */
const THREE_SECONDS_MS = 3_000;

/** Creates a workspace with the bot only. */
export function newWorld({ scopes = DEFAULT_SCOPES, paced = false, ...o }: SlackOptions): World {
  const options = { timeScale: 0.01, ackMs: THREE_SECONDS_MS, triggerMs: THREE_SECONDS_MS, pageSize: 5, ...o };
  const rate = paced === true ? { perSecond: 1, burst: 3 } : paced || null;
  const lists = {
    calls: [],
    violations: [],
    hub: openHub(),
    revoked: false,
    closed: false,
    busy: 0,
    serial: 0,
    lastTs: 0,
  };
  const world: World = {
    options,
    paced: rate,
    scopes: new Set(scopes),
    apiUrl: "",
    requestUrl: null,
    ids: identity(),
    people: new Map(),
    channels: new Map(),
    usergroups: new Map(),
    files: new Map(),
    uploads: new Map(),
    ephemerals: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    faults: new Map(),
    ...lists,
  };
  const bot = { id: world.ids.botUserId, name: "Support Desk", teamId: world.ids.teamId, locale: "en-US" };
  world.people.set(bot.id, { ...bot, email: undefined, deleted: false, isBot: true });
  return world;
}

function identity(): Identity {
  const random = randomBytes(4).toString("hex");
  const suffix = random.toUpperCase();
  return {
    teamId: `T0${suffix}`,
    otherTeamId: `T9${suffix}`,
    appId: `A0${suffix}`,
    botUserId: `U0${suffix}`,
    botId: `B0${suffix}`,
    botToken: `xoxb-local-${random}`,
    appToken: `xapp-1-local-${random}`,
    signingSecret: randomBytes(16).toString("hex"),
  };
}
