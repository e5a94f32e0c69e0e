/**
 * Reads the channel and the members of each queue from Slack, and stores them for every process.
 *
 * 1. Nothing is shown in a channel that is shared with another organisation, archived, or without the bot.
 * 2. A failed call changes nothing: no place and no member is deleted because Slack did not answer.
 * 3. Nobody works in a queue whose members are not known, or of which anybody could become a member.
 * 4. Every fault is logged with its fix, once until it is fixed.
 */
import type { WebClient } from "@slack/web-api";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import { remoteChannelId } from "../../../../src/domain/ids.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import { call, failure } from "../../outbound/errors.ts";
import type { Directory, Person } from "./directory.ts";
import { readMembers } from "./members.ts";

export interface QueueSync {
  client: WebClient;
  store: DeskStore;
  directory: Directory;
  faults: Faults;
  signal: AbortSignal;
}

export interface Faults {
  /** Logs a fault of `subject`, once until it is cleared. */
  report(subject: string, about: { queue: string; code?: string | undefined; reason: string }): void;
  clear(subject: string): void;
}

export interface SlackChannel {
  id: string;
  name: string;
  private: boolean;
  archived: boolean;
  shared: boolean;
  member: boolean;
}

/** Page size that Slack recommends at most (docs, "conversations.list"). */
const PAGE = 200;
const CHANNEL_ID = /^[CG][A-Z0-9]{6,}$/;

export function openFaults(log: Logger): Faults {
  const reported = new Map<string, string>();
  return {
    report(subject, about) {
      if (reported.get(subject) === about.reason) return;
      reported.set(subject, about.reason);
      log.error(about, "queue channel misconfigured");
    },
    clear: (subject) => void reported.delete(subject),
  };
}

/** Syncs every live queue. Never throws. */
export async function syncQueues(sync: QueueSync): Promise<void> {
  const queues = sync.store.queues();
  try {
    const [channels, people] = [await listChannels(sync), await sync.directory.read(sync.signal)];
    sync.faults.clear("list");
    for (const queue of queues) await syncSafely(sync, queue, () => syncQueue(sync, queue, { channels, people }));
  } catch (error) {
    if (sync.signal.aborted) return;
    sync.faults.report("list", { queue: queues.map(({ id }) => id).join(", "), ...reasonOf(error) });
  }
}

async function syncSafely({ faults, signal }: QueueSync, queue: Queue, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    faults.clear(`${queue.id}:sync`);
  } catch (error) {
    if (!signal.aborted) faults.report(`${queue.id}:sync`, { queue: queue.id, ...reasonOf(error) });
  }
}

const reasonOf = (error: unknown): { code?: string | undefined; reason: string } => {
  const { code, message } = failure(error);
  return { code, reason: message };
};

interface Workspace {
  channels: readonly SlackChannel[];
  people: ReadonlyMap<string, Person>;
}

async function syncQueue(sync: QueueSync, queue: Queue, workspace: Workspace): Promise<void> {
  const { store, faults } = sync;
  const subject = `${queue.id}:place`;
  if (queue.deskPlace === null) {
    faults.report(subject, { queue: queue.id, reason: "it has no slack_channel in frontdesk.yaml: give it one" });
    return syncMembers(sync, queue, { channel: null, people: workspace.people });
  }
  const found = await refreshChannel(sync, workspace.channels.find(nameMatcher(queue.deskPlace)));
  if (found === null) {
    await refusePlace(sync, queue);
    return syncMembers(sync, queue, { channel: null, people: workspace.people });
  }
  const refused = refusalReason(found);
  await store.savePlace({ queue: queue.id, place: remoteChannelId(found.id), refused });
  if (refused === null) faults.clear(subject);
  else faults.report(subject, { queue: queue.id, reason: `#${found.name}: ${refused}` });
  await syncMembers(sync, queue, { channel: found, people: workspace.people });
}

/** Stores the members of a queue. If they are not known nobody works there, whoever did before. */
async function syncMembers(
  sync: QueueSync,
  queue: Queue,
  o: { channel: SlackChannel | null; people: ReadonlyMap<string, Person> },
): Promise<void> {
  const { store, faults } = sync;
  const subject = `${queue.id}:members`;
  const members = await readMembers(sync, queue, o);
  if ("closed" in members) {
    // A missing channel was reported already.
    if (o.channel !== null || typeof queue.members === "object")
      faults.report(subject, { queue: queue.id, reason: `nobody can work there: ${members.closed}. ${members.fix}` });
    return store.closeQueue(queue.id, members.closed);
  }
  await store.saveMembers(queue.id, members.operators);
  faults.clear(subject);
}

export const nameMatcher = (wanted: string) => {
  const name = wanted.replace(/^#/, "");
  return (channel: SlackChannel): boolean =>
    CHANNEL_ID.test(name) ? channel.id === name : channel.name === name.toLowerCase();
};

/** Returns the reason why nothing may be shown in a channel; null: it can be used. */
function refusalReason({ archived, shared, member, name }: SlackChannel): string | null {
  if (archived) return "it is archived: unarchive it, or give the queue another slack_channel";
  if (shared)
    return "it is shared with another organisation, whose people could read it: give the queue a channel of its own";
  if (!member) return `the bot is not in it: write “/invite @” and the bot's name in #${name}`;
  return null;
}

/** Joins the channel if the bot can, and reads it again; null: none that the bot can see. */
async function refreshChannel(sync: QueueSync, listed: SlackChannel | undefined): Promise<SlackChannel | null> {
  if (listed === undefined) return null;
  const { client, signal } = sync;
  const channel = listed.id;
  const joins = !listed.member && !listed.private && !listed.archived && !listed.shared;
  if (joins) {
    // The permission to join is optional: the bot can be invited instead, and the refusal says so.
    await call(signal, () => client.conversations.join({ channel })).catch(() => null);
  }
  const { channel: now } = await call(signal, () => client.conversations.info({ channel }));
  return now === undefined ? null : channelOf(now);
}

/** Marks the queue's stored place as refused, because its channel can't be found. */
async function refusePlace({ store, faults }: QueueSync, queue: Queue): Promise<void> {
  const reason = `there is no Slack channel “${queue.deskPlace}”, or the bot is not in it: invite it`;
  faults.report(`${queue.id}:place`, { queue: queue.id, reason });
  const before = (await store.places()).find((place) => place.queue === queue.id);
  if (before !== undefined) await store.savePlace({ ...before, refused: reason });
}

/** Lists every channel that the app can see, live ones first. Throws SendError. */
export async function listChannels({ client, signal }: Pick<QueueSync, "client" | "signal">): Promise<SlackChannel[]> {
  const all: SlackChannel[] = [];
  let cursor: string | undefined;
  do {
    const wanted = { types: "public_channel,private_channel", limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer = await call(signal, () => client.conversations.list(wanted));
    all.push(...(answer.channels ?? []).map(channelOf));
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== "");
  // A live channel wins over an archived one of the same name.
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
