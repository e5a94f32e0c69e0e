/** State of the counterpart: plain data, changed by the functions of the other files here. */
import type { SocketHub } from "./socket-hub.ts";
import type { ApiCall, Ephemeral, Fault, SlackMessage, SlackOptions, StoredView } from "./types.ts";

export interface Person {
  id: string;
  name: string;
  teamId: string;
  locale: string;
  email: string | undefined;
  deleted: boolean;
  isBot: boolean;
}

export interface Channel {
  id: string;
  name: string;
  kind: "public" | "private" | "im";
  /** Person of a DM. */
  user: string | undefined;
  members: Set<string>;
  archived: boolean;
  shared: boolean;
  messages: SlackMessage[];
  /** Deleted messages; replies to them are still accepted. */
  removed: Set<string>;
  /** Rate limit. */
  bucket: { tokens: number; at: number };
}

export interface FileRecord {
  id: string;
  name: string;
  title: string;
  mediaType: string;
  bytes: Uint8Array;
  user: string;
  mode: string;
  externalUrl: string | undefined;
  /** Announced by `getUploadURLExternal`; null once the bytes have come. */
  awaiting: number | null;
  complete: boolean;
  shares: { channel: Channel; ts: string }[];
}

export interface Trigger {
  user: string;
  until: number;
  used: boolean;
}

/** Target of a late answer (`response_url`). */
export interface ResponseUrl {
  user: string;
  channel: Channel | undefined;
  ts: string | undefined;
  uses: number;
}

export interface World {
  readonly options: Required<Omit<SlackOptions, "scopes" | "paced">>;
  readonly paced: { perSecond: number; burst: number } | null;
  scopes: ReadonlySet<string>;
  apiUrl: string;
  requestUrl: string | null;
  readonly ids: Identity;
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
  readonly usergroups: Map<string, { id: string; handle: string; members: string[] }>;
  readonly files: Map<string, FileRecord>;
  readonly uploads: Map<string, string>;
  readonly ephemerals: Map<string, Ephemeral[]>;
  readonly modals: Map<string, StoredView[]>;
  readonly homes: Map<string, StoredView>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly faults: Map<string, Fault[]>;
  readonly calls: ApiCall[];
  readonly violations: string[];
  readonly hub: SocketHub;
  revoked: boolean;
  closed: boolean;
  /** Number of pending tasks. */
  busy: number;
  serial: number;
  lastTs: number;
}

/** The installation: one workspace, one app. */
export interface Identity {
  readonly teamId: string;
  /** The workspace of external people. */
  readonly otherTeamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
}

/** Returns the next id with this first letter: "U0000001A". */
export const nextId = (world: World, letter: string): string =>
  `${letter}0${(++world.serial).toString(36).toUpperCase().padStart(7, "0")}A`;

/** Returns a new ts: about now, and later than every one before. */
export function nextTs(world: World): string {
  world.lastTs = Math.max(world.lastTs + 1, Date.now() * 1000);
  return `${Math.floor(world.lastTs / 1e6)}.${String(world.lastTs % 1e6).padStart(6, "0")}`;
}

/** Returns a channel; throws for the test if there is none. */
export function channelOf(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new Error(`There is no channel ${id}: add it with addChannel or dm`);
  return channel;
}

/** Returns a person; throws for the test if there is none. */
export function personOf(world: World, id: string): Person {
  const person = world.people.get(id);
  if (!person) throw new Error(`There is no person ${id}: add them with addUser`);
  return person;
}

/** Returns a message; throws for the test if there is none. */
export function messageOf(channel: Channel, ts: string): SlackMessage {
  const message = channel.messages.find((one) => one.ts === ts);
  if (!message) throw new Error(`There is no message ${ts} in ${channel.id}`);
  return message;
}

/** Returns the DM of a person with the bot; creates it on first use. */
export function dmOf(world: World, user: string): Channel {
  personOf(world, user);
  for (const channel of world.channels.values()) if (channel.user === user) return channel;
  const members = new Set([user, world.ids.botUserId]);
  return addTo(world, { id: nextId(world, "D"), name: "", kind: "im", user, members, shared: false });
}

/** Adds a channel to the workspace. */
export function addTo(world: World, o: Pick<Channel, "id" | "name" | "kind" | "user" | "members" | "shared">): Channel {
  const burst = world.paced?.burst ?? 0;
  const rest = { archived: false, messages: [], removed: new Set<string>(), bucket: { tokens: burst, at: Date.now() } };
  const channel = { ...o, ...rest };
  world.channels.set(channel.id, channel);
  return channel;
}

/** Counts `work` as pending until it ends; `settled` waits for it. */
export async function trackPending<T>(world: World, work: () => Promise<T>): Promise<T> {
  world.busy++;
  try {
    return await work();
  } finally {
    world.busy--;
  }
}

/** Waits real milliseconds, without keeping the process alive. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
