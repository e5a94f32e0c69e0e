/**
 * A counterpart of Slack: its Web API, events, interactions, files and Socket Mode, enforcing Slack's published rules. A
 * broken rule gets Slack's answer and is recorded in `violations`. Unsupported methods (search, reactions, canvases,
 * Enterprise Grid) answer `unknown_method`.
 */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import * as changes from "./changes.ts";
import { dispatch } from "./events.ts";
import { addFault } from "./faults.ts";
import * as interactions from "./interactions.ts";
import { newWorld } from "./new-world.ts";
import * as people from "./people.ts";
import { postTo } from "./request.ts";
import { listen } from "./server.ts";
import { signed } from "./signature.ts";
import { closeHub, refresh } from "./socket.ts";
import type { Answered, SlackCounterpart, SlackOptions, StoredView } from "./types.ts";
import { addTo, channelOf, dmOf, nextId, pause, personOf, type World } from "./world.ts";

export type * from "./types.ts";

/** Starts one on a free local port. `await using` drops open connections and pending deliveries. */
export async function startSlack(o: SlackOptions = {}): Promise<SlackCounterpart> {
  const world = newWorld(o);
  const server = await listen(world);
  return {
    ...identityFields(world),
    ...peopleMethods(world),
    ...interactionMethods(world),
    ...readMethods(world),
    ...controlMethods(world, server),
  };
}

function identityFields(world: World) {
  const { teamId, appId, botUserId, botId, botToken, appToken, signingSecret } = world.ids;
  const lists = { calls: world.calls, violations: world.violations };
  return { apiUrl: world.apiUrl, teamId, appId, botUserId, botId, botToken, appToken, signingSecret, ...lists };
}

function peopleMethods(world: World) {
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
    ...messageMethods(world),
  };
}

function messageMethods(world: World): Pick<SlackCounterpart, "post" | "edit" | "remove" | "postAsApp"> {
  return {
    post: (user, channel, text, o) => people.post(world, { user, channel, text, ...o }),
    edit: (user, channel, ts, text) => people.edit(world, { user, channel, ts, text }),
    remove: (user, channel, ts) => people.remove(world, { user, channel, ts }),
    postAsApp: (botId, channel, text, o) => people.postAsApp(world, botId, { channel, text, ...o }),
  };
}

function interactionMethods(world: World) {
  return {
    ...clickMethods(world),
    submit: (user: string, values: Record<string, string>, o?: { view?: StoredView }) =>
      interactions.submit(world, { user, values, ...o }),
    closeModal: (user: string) => interactions.closeModal(world, user),
    command: (user: string, text: string, o: { channel?: string; command?: string } = {}) =>
      interactions.command(world, { user, text, command: o.command ?? "/desk", channel: o.channel }),
    shortcut: async (user: string, callbackId: string, o?: { channel?: string; ts?: string }) =>
      interactions.shortcut(world, { user, callbackId, ...o }),
    openHome: (user: string) => interactions.openHome(world, user),
    interact: (payload: Record<string, unknown>) => interactions.interact(world, payload),
  };
}

/** Always asynchronous, so that a missing button is a rejection. */
function clickMethods(world: World): Pick<SlackCounterpart, "click" | "clickHome" | "clickModal"> {
  return {
    click: async (user, channel, ts, what, o) => interactions.click(world, { user, channel, ts, what, ...o }),
    clickHome: async (user, what, o) =>
      interactions.clickView(world, { user, what, ...o, view: world.homes.get(user) }),
    clickModal: async (user, what, o) =>
      interactions.clickView(world, { user, what, ...o, view: (world.modals.get(user) ?? []).at(-1) }),
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

function readMethods(world: World) {
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

function controlMethods(world: World, server: Server) {
  const { port } = new URL(world.apiUrl);
  return {
    deliverTo: (url: string | null) => void (world.requestUrl = url),
    verifyUrl: () => verifyUrl(world),
    fault: (method: string, o: Parameters<SlackCounterpart["fault"]>[1]) => addFault(world, method, o),
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
