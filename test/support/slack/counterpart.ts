/**
 * Stands for Slack on this machine: its Web API, events, interactions, files and Socket Mode, with Slack's published
 * rules enforced. What breaks a rule is answered as Slack would answer it and noted in `violations`. What it does not
 * know (search, reactions, canvases, Enterprise Grid) answers `unknown_method`.
 */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import * as changes from "./changes.ts";
import { dispatch } from "./events.ts";
import { order } from "./faults.ts";
import * as people from "./people.ts";
import { postTo } from "./request.ts";
import { listen } from "./server.ts";
import { signed } from "./signature.ts";
import { closeHub, openHub, refresh } from "./socket.ts";
import type { Answered, SlackCounterpart, SlackOptions } from "./types.ts";
import { addTo, channelOf, dmOf, type Identity, nextId, pause, personOf, type World } from "./world.ts";

export type * from "./types.ts";

/** The bot scopes of our manifest. */
export const DEFAULT_SCOPES: readonly string[] = [
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
/** Slack waits three seconds for an answer, and a trigger id lives as long. */
const THREE_SECONDS_MS = 3_000;

/** Listens on a free local port. `await using`: it drops open connections and pending deliveries. */
export async function startSlack(o: SlackOptions = {}): Promise<SlackCounterpart> {
  const world = newWorld(o);
  const server = await listen(world);
  return {
    ...about(world),
    ...peopleSide(world),
    ...reading(world),
    ...control(world, server),
  } as unknown as SlackCounterpart;
}

function newWorld({ scopes = DEFAULT_SCOPES, paced = false, ...o }: SlackOptions): World {
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

function about(world: World) {
  const { teamId, appId, botUserId, botId, botToken, appToken, signingSecret } = world.ids;
  const lists = { calls: world.calls, violations: world.violations };
  return { apiUrl: world.apiUrl, teamId, appId, botUserId, botId, botToken, appToken, signingSecret, ...lists };
}

function peopleSide(world: World) {
  return {
    addUser: (o: Parameters<typeof people.addPerson>[1]) => people.addPerson(world, o),
    removeUser: (id: string) => changes.removePerson(world, id),
    addChannel: (o: Parameters<SlackCounterpart["addChannel"]>[0]) => addChannel(world, o),
    rename: (id: string, name: string) => changes.rename(world, id, name),
    moveChannel: (id: string) => changes.move(world, id),
    archive: (id: string) => changes.archive(world, id),
    share: (id: string) => changes.share(world, id, true),
    unshare: (id: string) => changes.share(world, id, false),
    join: (user: string, id: string) => changes.join(world, user, id),
    leave: (user: string, id: string) => changes.leave(world, user, id),
    dm: (user: string) => dmOf(world, user).id,
    usergroup: (o: { handle: string; members: string[] }) => changes.addGroup(world, o),
    setUsergroup: (id: string, members: string[]) => changes.setGroup(world, id, members),
    ...writing(world),
  };
}

function writing(world: World): Pick<SlackCounterpart, "post" | "edit" | "remove" | "postAsApp"> {
  return {
    post: (user, channel, text, o) => people.post(world, { user, channel, text, ...o }),
    edit: (user, channel, ts, text) => people.edit(world, { user, channel, ts, text }),
    remove: (user, channel, ts) => people.remove(world, { user, channel, ts }),
    postAsApp: (botId, channel, text, o) => people.postAsApp(world, botId, { channel, text, ...o }),
  };
}

function addChannel(world: World, o: Parameters<SlackCounterpart["addChannel"]>[0]): { id: string } {
  const members = new Set(o.members ?? []);
  for (const id of members) personOf(world, id);
  if (o.bot !== false) members.add(world.ids.botUserId);
  const kind = o.private ? "private" : "public";
  const id = nextId(world, o.private ? "G" : "C");
  const name = o.name.replace(/^#/, "");
  return addTo(world, { id, name, kind, user: undefined, members, shared: o.shared ?? false });
}

function reading(world: World) {
  return {
    messages: (id: string, { thread }: { thread?: string } = {}) => {
      const all = channelOf(world, id).messages;
      return thread === undefined ? [...all] : all.filter((one) => one.ts === thread || one.thread_ts === thread);
    },
    ephemerals: (user: string) => [...(world.ephemerals.get(user) ?? [])],
    modals: (user: string) => [...(world.modals.get(user) ?? [])] as ReturnType<SlackCounterpart["modals"]>,
    home: (user: string) => world.homes.get(user) ?? null,
  };
}

function control(world: World, server: Server) {
  const { port } = new URL(world.apiUrl);
  return {
    deliverTo: (url: string | null) => void (world.requestUrl = url),
    verifyUrl: () => verifyUrl(world),
    fault: (method: string, o: Parameters<SlackCounterpart["fault"]>[1]) => order(world, method, o),
    down: (on: boolean) => (on ? cut(world, server) : void server.listen(Number(port), "127.0.0.1")),
    revoke: (on: boolean) => void (world.revoked = on),
    setScopes: (scopes: readonly string[]) => void (world.scopes = new Set(scopes)),
    expireTriggers: () => world.triggers.forEach((trigger) => (trigger.until = 0)),
    socket: { connections: () => world.hub.open.size, refresh: () => refresh(world) },
    emit: (event: Record<string, unknown>, o?: Parameters<SlackCounterpart["emit"]>[1]) => dispatch(world, event, o),
    settled: () => settled(world),
    [Symbol.asyncDispose]: () => close(world, server),
  };
}

async function verifyUrl(world: World): Promise<Answered> {
  const challenge = randomBytes(20).toString("hex");
  const body = JSON.stringify({ token: "deprecated", challenge, type: "url_verification" });
  const headers = { "content-type": "application/json", ...signed(world.ids.signingSecret, body) };
  const heard = await postTo({ url: world.requestUrl ?? "", body, headers, timeoutMs: world.options.ackMs });
  const said = heard.status === 200 && heard.body.includes(challenge);
  if (!said) throw new Error(`The Request URL did not answer with the challenge: ${heard.status} ${heard.body}`);
  return { status: heard.status, body: heard.body };
}

async function settled(world: World): Promise<void> {
  while (world.busy > 0) await pause(2);
}

function cut(world: World, server: Server): void {
  for (const client of world.hub.open) client.terminate();
  server.close();
  server.closeAllConnections();
}

async function close(world: World, server: Server): Promise<void> {
  world.closed = true;
  closeHub(world);
  server.closeAllConnections();
  if (server.listening) await new Promise((closed) => server.close(closed));
}
