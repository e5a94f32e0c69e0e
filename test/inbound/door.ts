/** The way in, over a database of its own: what customers and operators write is stored, and nothing else runs. */
import type { InboundConnection } from "../../src/adapter/adapter.ts";
import type { CarrierWord } from "../../src/adapter/carrier-words.ts";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { address, remoteChannelId, threadId } from "../../src/domain/ids.ts";
import type { Membership } from "../../src/domain/reach.ts";
import { createNames } from "../../src/inbound/names.ts";
import { createReceive, type Receive } from "../../src/inbound/receive.ts";
import type { Lanes } from "../../src/jobs/lanes.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { createTurns, type RunTurns } from "../../src/turn/turns.ts";
import { freshDatabase } from "../support/services.ts";
import { catalogOf, release } from "../turn/scene.ts";

export interface Door extends AsyncDisposable {
  db: Db;
  receive: Receive;
  /** Stores what came in together on `chat`; answers, per item, "stored 3", "duplicate 3" or "ignored". */
  takes(...items: Inbound[]): Promise<string[]>;
  takesOn(channel: string, ...items: Inbound[]): Promise<string[]>;
  rows<Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]>;
  conversation(thread: string): Promise<number>;
  /** Opens a case for whoever writes in `thread`; answers with its conversation, and the thread that shows it at the desk. */
  opensCase(thread: string): Promise<{ conversation: number; at: string }>;
  /** Conversations that were woken, in order. */
  woken: number[];
  /** Handles what waits, with these workflows. */
  turns: RunTurns;
}

const PEOPLE = "title: P\nstatus: live\non: conversation.opened\nsteps: [{ handoff: billing }]\n";

interface DoorOptions {
  /** Of the desk behind it. */
  membership?: Membership;
  /** The platform of `chat` tells who its people are. */
  profile?: NonNullable<InboundConnection["profile"]>;
}

export async function openDoor(
  workflows: Readonly<Record<string, string>> = { people: PEOPLE },
  { membership = "everyone", profile }: DoorOptions = {},
): Promise<Door> {
  const database = await freshDatabase();
  const log = createLogger({ level: "silent" });
  const db = openDb({ url: database.url, log, max: 6 });
  const woken: number[] = [];
  const wake = (lane: string, key: string) => (lane === "turn" ? void woken.push(Number(key)) : undefined);
  const lanes = { wake } as unknown as Lanes;
  const { meter } = createMetrics();
  const connections = new Map(profile === undefined ? [] : [["chat", { profile }]]);
  const names = createNames({ connections, db, lanes, log });
  const receive = createReceive({ membership, db, lanes, meter, names });
  const catalog = catalogOf(release(workflows));
  const rows = async <Row>(text: string, ...values: unknown[]) => (await db.pool.query(text, values)).rows as Row[];
  const door: Door = {
    db,
    receive,
    rows,
    woken,
    turns: createTurns({ db, lanes, log, meter, catalog: async () => catalog, inForce: { hash: "test", body: {} } }),
    takes: (...items) => door.takesOn("chat", ...items),
    async takesOn(channel, ...items) {
      const raw = {
        body: Buffer.from(items.map(({ externalId }) => externalId).join(" ")),
        contentType: "text/plain",
        receivedAt: new Date(),
      };
      const stored = await receive(channel, raw, items);
      return stored.map(({ outcome, conversation }) =>
        conversation === undefined ? outcome : `${outcome} ${conversation}`,
      );
    },
    async conversation(thread) {
      const [row] = await rows<{ id: number }>(
        "select id from conversation where thread = $1 order by id desc",
        thread,
      );
      if (row === undefined) throw new Error(`There is no conversation in ${thread}`);
      return row.id;
    },
    async opensCase(thread) {
      await door.takes(writes(thread, "hello"));
      const conversation = await door.conversation(thread);
      await door.turns(conversation);
      const at = `DESK:${thread}`;
      await rows(`update "case" set desk_channel = 'chat', thread = $2 where conversation = $1`, conversation, at);
      return { conversation, at };
    },
    async [Symbol.asyncDispose]() {
      await names.close();
      await db.close();
      await database.drop();
    },
  };
  return door;
}

let serial = 0;

type Message = Extract<Inbound, { kind: "message" }>;
type Written = Partial<Omit<Message, "from" | "place">>;

/** A message in a thread; `id` is what the platform calls it. */
export function writes(
  thread: string,
  text: string,
  { id = `m${++serial}`, from = thread, place, ...more }: Written & { id?: string; from?: string; place?: string } = {},
): Message {
  return {
    kind: "message",
    dedupeKeys: [id],
    externalId: id,
    thread: threadId(thread),
    from: address(from),
    trust: "asserted",
    text,
    attachments: [],
    ...(place === undefined ? {} : { place: remoteChannelId(place) }),
    ...more,
  };
}

const unique = (name: string): { dedupeKeys: string[]; externalId: string } => {
  const id = `${name}${++serial}`;
  return { dedupeKeys: [id], externalId: id };
};

/** An option of a prompt is pressed in a thread. */
export const presses = (thread: string, o: { place?: string } = {}): Inbound => ({
  kind: "choice",
  ...unique("press"),
  thread: threadId(thread),
  from: address(thread),
  trust: "verified",
  promptId: "e1.p0",
  optionId: "yes",
  text: "Yes",
  ...(o.place === undefined ? {} : { place: remoteChannelId(o.place) }),
});

/** A word that the carrier acts on. */
export const keyword = (
  thread: string,
  kind: CarrierWord,
  {
    text = kind,
    place,
    from = thread,
    ours = "+15550100",
  }: Partial<Record<"text" | "place" | "from" | "ours", string>> = {},
): Inbound => ({
  kind,
  ...unique(kind),
  thread: threadId(thread),
  from: address(from),
  trust: "asserted",
  text,
  attachments: [],
  ours,
  ...(place === undefined ? {} : { place: remoteChannelId(place) }),
});

/** An operator claims a conversation; `thread` is where they did it. */
export const claims = (conversation: number, { from = "alex", thread = "desk" } = {}): Inbound => ({
  kind: "action",
  ...unique("claim"),
  thread: threadId(thread),
  from: address(from),
  displayName: "Alex",
  trust: "verified",
  conversation,
  command: { kind: "claim" },
});

/** Something that an adapter made nothing of. */
export const ignored = (reason: string, { id }: { id?: string } = {}): Inbound => ({
  kind: "ignored",
  ...(id === undefined ? unique("ignored") : { dedupeKeys: [id], externalId: id }),
  reason,
});

/** The message that the platform calls `target` reads otherwise now. */
export const changes = (
  thread: string,
  target: string,
  text: string,
  from = thread,
): Extract<Inbound, { kind: "edit" }> => ({
  kind: "edit",
  dedupeKeys: [`edit${++serial}`],
  externalId: `edit${serial}`,
  thread: threadId(thread),
  from: address(from),
  trust: "asserted",
  target,
  text,
});

export const takesBack = (thread: string, target: string, from = thread): Inbound => ({
  kind: "delete",
  dedupeKeys: [`delete${++serial}`],
  externalId: `delete${serial}`,
  thread: threadId(thread),
  from: address(from),
  trust: "asserted",
  target,
});
