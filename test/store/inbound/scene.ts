/** A desk with some past, and words for what becomes of an item that comes in. */
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { type Door, openDoor, writes } from "../../inbound/door.ts";

/** Threads that no other case of a table uses. */
export interface Threads {
  /** Nothing was ever written here. */
  unknown: string;
  /** Its conversation is open, and the bot's. */
  open: string;
  /** Its conversation closed a while ago, and a new message reopens it. */
  reopenable: string;
  /** Its conversation closed so long ago that a new message opens another one. */
  closed: string;
  /** Its conversation is a case. */
  held: string;
  /** The desk shows that case here. */
  shown: string;
  /** The desk shows another case here. */
  otherShown: string;
  /** A desk on another channel shows a third case here. */
  shownElsewhere: string;
  /** The conversations of `open` and `held`. */
  openId: number;
  heldId: number;
}

export interface Scene extends AsyncDisposable {
  door: Door;
  /** New threads; what was written in them is called by their words in `becomes`. */
  threads(): Promise<Threads>;
  /** Takes the items in together; says of each what it became: "customer of the open conversation", "ignored: desk_place". */
  becomes(threads: Threads, ...items: Inbound[]): Promise<string[]>;
}

let serial = 0;

/** The place where the queue billing works. */
export const BILLING = "BILLING";

export async function openScene(): Promise<Scene> {
  const door = await openDoor(undefined, { membership: "listed" });
  await door.rows("insert into desk_roster (channel, queue) values ('chat', 'billing'), ('chat', 'nights')");
  await door.rows(
    "insert into desk_place (channel, queue, place) values ('chat', 'billing', $1), ('other', 'billing', 'ELSEWHERE')",
    BILLING,
  );
  await door.rows(
    "insert into desk_member (channel, queue, operator) values ('chat', 'billing', 'alex'), ('chat', 'nights', 'alex')",
  );
  return {
    door,
    threads: () => threadsOf(door),
    becomes: (threads, ...items) => becomes(door, threads, items),
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  };
}

async function threadsOf(door: Door): Promise<Threads> {
  const at = `t${++serial}`;
  const [open, reopenable, closed, held] = [`${at} open`, `${at} reopenable`, `${at} closed`, `${at} held`] as const;
  await door.takes(...[open, reopenable, closed].map((thread) => writes(thread, "hello")));
  await door.rows("update conversation set closed_at = now() where thread in ($1, $2)", reopenable, closed);
  await door.rows("update conversation set joinable = false where thread = $1", closed);
  const [own, other, third] = [
    await door.opensCase(held),
    await door.opensCase(`${at} other`),
    await door.opensCase(`${at} third`),
  ];
  await door.rows(`update "case" set desk_channel = 'other' where thread = $1`, third.at);
  return {
    unknown: `${at} unknown`,
    open,
    reopenable,
    closed,
    held,
    shown: own.at,
    otherShown: other.at,
    shownElsewhere: third.at,
    openId: await door.conversation(open),
    heldId: own.conversation,
  };
}

async function becomes(door: Door, threads: Threads, items: readonly Inbound[]): Promise<string[]> {
  const names = await namesOf(door, threads);
  const [before] = await door.rows<{ event: number; raw: number }>(
    "select (select coalesce(max(id), 0) from event) as event, (select coalesce(max(id), 0) from raw_inbound) as raw",
  );
  const stored = await door.takes(...items);
  const events = await door.rows<{ conversation: number; kind: string }>(
    "select conversation, kind from event where id > $1 order by id",
    before?.event,
  );
  const [raw] = await door.rows<{ reason: string }>(
    "select reason from raw_inbound where id > $1 order by id desc limit 1",
    before?.raw,
  );
  return stored.map((one) => {
    const [outcome, id] = one.split(" ");
    if (outcome === "ignored") return `ignored: ${raw?.reason ?? "?"}`;
    if (outcome === "duplicate") return outcome;
    const event = events.find(({ conversation }) => conversation === Number(id));
    const author = event?.kind === "operator" ? "operator" : "customer";
    return `${author} of ${names.get(Number(id)) ?? "a new conversation"}`;
  });
}

async function namesOf(door: Door, threads: Threads): Promise<Map<number, string>> {
  const named: [string, string][] = [
    [threads.open, "the open conversation"],
    [threads.reopenable, "the reopened conversation"],
    [threads.closed, "the closed conversation"],
    [threads.held, "the case"],
  ];
  const names = new Map<number, string>();
  for (const [thread, name] of named) names.set(await door.conversation(thread), name);
  return names;
}
