/**
 * Finds out where each queue is shown and who works there, and writes it down for every process.
 *
 * 1. Nothing is shown where people of another organisation read along, or where nobody does.
 * 2. What could not be found out changes nothing: no place and no member is forgotten because Slack did not answer.
 * 3. Whose members are not known, or whose members anybody could become, is a queue in which nobody works.
 * 4. Whatever is wrong is logged with what to do about it, once until it is mended.
 */
import type { WebClient } from "@slack/web-api";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import { remoteChannelId } from "../../../../src/domain/ids.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import { call, failure } from "../../outbound/errors.ts";
import type { Directory, Person } from "./directory.ts";
import { membersOf } from "./members.ts";

export interface QueueSync {
  client: WebClient;
  store: DeskStore;
  directory: Directory;
  faults: Faults;
  signal: AbortSignal;
}

export interface Faults {
  /** Logs what is wrong with this, once until it is `mended`. */
  say(what: string, about: { queue: string; code?: string | undefined; reason: string }): void;
  mended(what: string): void;
}

export interface SlackChannel {
  id: string;
  name: string;
  private: boolean;
  archived: boolean;
  shared: boolean;
  member: boolean;
}

/** Slack's most per page (docs, "conversations.list"); it asks for at most 200. */
const PAGE = 200;
const CHANNEL_ID = /^[CG][A-Z0-9]{6,}$/;

export function openFaults(log: Logger): Faults {
  const said = new Map<string, string>();
  return {
    say(what, about) {
      if (said.get(what) === about.reason) return;
      said.set(what, about.reason);
      log.error(about, "a queue of the desk is not right in slack");
    },
    mended: (what) => void said.delete(what),
  };
}

/** Looks at every live queue. Never throws. */
export async function syncQueues(look: QueueSync): Promise<void> {
  const queues = look.store.queues();
  try {
    const [channels, people] = [await listChannels(look), await look.directory.read(look.signal)];
    look.faults.mended("list");
    for (const queue of queues) await guarded(look, queue, () => lookAt(look, queue, { channels, people }));
  } catch (error) {
    if (look.signal.aborted) return;
    look.faults.say("list", { queue: queues.map(({ id }) => id).join(", "), ...reasonOf(error) });
  }
}

async function guarded({ faults, signal }: QueueSync, queue: Queue, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    faults.mended(`${queue.id}:look`);
  } catch (error) {
    if (!signal.aborted) faults.say(`${queue.id}:look`, { queue: queue.id, ...reasonOf(error) });
  }
}

const reasonOf = (error: unknown): { code?: string | undefined; reason: string } => {
  const { code, message } = failure(error);
  return { code, reason: message };
};

interface Around {
  channels: readonly SlackChannel[];
  people: ReadonlyMap<string, Person>;
}

async function lookAt(look: QueueSync, queue: Queue, around: Around): Promise<void> {
  const { store, faults } = look;
  const what = `${queue.id}:place`;
  if (queue.deskPlace === null) {
    faults.say(what, { queue: queue.id, reason: "it has no slack_channel in frontdesk.yaml: give it one" });
    return staff(look, queue, { channel: null, people: around.people });
  }
  const found = await present(look, around.channels.find(named(queue.deskPlace)));
  if (found === null) {
    await gone(look, queue);
    return staff(look, queue, { channel: null, people: around.people });
  }
  const refused = refusal(found);
  await store.savePlace({ queue: queue.id, place: remoteChannelId(found.id), refused });
  if (refused === null) faults.mended(what);
  else faults.say(what, { queue: queue.id, reason: `#${found.name}: ${refused}` });
  await staff(look, queue, { channel: found, people: around.people });
}

/** Who works there. A queue whose people are not known is nobody's, whoever wrote to it before. */
async function staff(
  look: QueueSync,
  queue: Queue,
  o: { channel: SlackChannel | null; people: ReadonlyMap<string, Person> },
): Promise<void> {
  const { store, faults } = look;
  const what = `${queue.id}:members`;
  const members = await membersOf(look, queue, o);
  if ("closed" in members) {
    // Of a channel that is not there, it was said already.
    if (o.channel !== null || typeof queue.members === "object")
      faults.say(what, { queue: queue.id, reason: `nobody can work there: ${members.closed}. ${members.fix}` });
    return store.closeQueue(queue.id, members.closed);
  }
  await store.saveMembers(queue.id, members.are);
  faults.mended(what);
}

export const named = (wanted: string) => {
  const name = wanted.replace(/^#/, "");
  return (channel: SlackChannel): boolean =>
    CHANNEL_ID.test(name) ? channel.id === name : channel.name === name.toLowerCase();
};

/** Why nothing may be shown in it; null: all is well. */
function refusal({ archived, shared, member, name }: SlackChannel): string | null {
  if (archived) return "it is archived: unarchive it, or give the queue another slack_channel";
  if (shared)
    return "it is shared with another organisation, whose people would read along: give the queue a channel of its own";
  if (!member) return `the bot is not in it: write “/invite @” and the bot's name in #${name}`;
  return null;
}

/** The channel as it is now, the bot in it where it can join; null: there is none, or none that the bot may know of. */
async function present(look: QueueSync, listed: SlackChannel | undefined): Promise<SlackChannel | null> {
  if (listed === undefined) return null;
  const { client, signal } = look;
  const channel = listed.id;
  const joins = !listed.member && !listed.private && !listed.archived && !listed.shared;
  if (joins) {
    // The permission to join is optional: the bot can be invited instead, and the refusal says so.
    await call(signal, () => client.conversations.join({ channel })).catch(() => null);
  }
  const { channel: now } = await call(signal, () => client.conversations.info({ channel }));
  return now === undefined ? null : channelOf(now);
}

/** Where it was may not be written to any more. */
async function gone({ store, faults }: QueueSync, queue: Queue): Promise<void> {
  const reason = `there is no Slack channel “${queue.deskPlace}”, or the bot is not in it: invite it`;
  faults.say(`${queue.id}:place`, { queue: queue.id, reason });
  const before = (await store.places()).find((place) => place.queue === queue.id);
  if (before !== undefined) await store.savePlace({ ...before, refused: reason });
}

/** Every channel that the app can see, live ones first. Throws SendError. */
export async function listChannels({ client, signal }: Pick<QueueSync, "client" | "signal">): Promise<SlackChannel[]> {
  const all: SlackChannel[] = [];
  let cursor: string | undefined;
  do {
    const wanted = { types: "public_channel,private_channel", limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer = await call(signal, () => client.conversations.list(wanted));
    all.push(...(answer.channels ?? []).map(channelOf));
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== "");
  // A live channel wins over an archived one that had the name before it.
  return all.toSorted((one, other) => Number(one.archived) - Number(other.archived));
}

interface Listed {
  id?: string;
  name?: string;
  is_private?: boolean;
  is_archived?: boolean;
  is_ext_shared?: boolean;
  is_pending_ext_shared?: boolean;
  is_member?: boolean;
}

const channelOf = (channel: Listed): SlackChannel => ({
  id: channel.id ?? "",
  name: channel.name ?? "",
  private: channel.is_private === true,
  archived: channel.is_archived === true,
  shared: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
  member: channel.is_member === true,
});
