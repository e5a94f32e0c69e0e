/** Settlement of parts after one fault of a sender, the desk or the database. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChannelAdapter, Connection } from "../../src/adapter/adapter.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import type { Desk } from "../../src/desk/desk.ts";
import { createPresenter } from "../../src/desk/present.ts";
import type { CaseCard } from "../../src/domain/case.ts";
import { remoteId, threadId } from "../../src/domain/ids.ts";
import { channelSender } from "../../src/outbound/channel-sender.ts";
import { createDeliver } from "../../src/outbound/deliver.ts";
import type { Sender } from "../../src/outbound/sender.ts";
import type { Db } from "../../src/store/db.ts";
import { type Bench, log, meter, openBench } from "../turn/store.ts";

const PEOPLE = `title: P\nstatus: live\non: conversation.opened\nsteps: [{ handoff: billing }]\n`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];
const never = new AbortController().signal;
const shutDown = () =>
  Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" });

/** The same database, but the next runs of one statement fail. */
function failing(statement: string, ...faults: Error[]): Db {
  const { db } = bench;
  return {
    ...db,
    run: async <Row>(asked: Parameters<Db["run"]>[0], values: readonly unknown[]) => {
      const fault = asked.name === statement ? faults.shift() : undefined;
      if (fault !== undefined) throw fault;
      return db.run<Row>(asked, values);
    },
  };
}

interface Stream {
  conversation: number;
  channel: string;
  thread: string;
}

let serial = 0;

/** A customer was handed off: a card, the transcript and the reason wait for the desk. */
async function handedOver(): Promise<Stream> {
  const conversation = await bench.message(`customer ${++serial}`, "hello");
  await bench.worker({ people: PEOPLE }, bench.db)(conversation);
  const [part] = await rows<Stream>(
    "select conversation, channel, thread from outbox where conversation = $1 and content->>'desk' = 'card'",
    conversation,
  );
  if (part === undefined) throw new Error("Nothing is to be shown");
  return part;
}

/** Stores one part for a platform. */
async function onePart(): Promise<Stream> {
  const conversation = await bench.message(`customer ${++serial}`, "hello");
  const thread = `by hand ${serial}`;
  await rows(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
     values ($1, $2, 1, 'pager', $3, 'notice', 0, '{"text":"x"}')`,
    conversation,
    -serial,
    thread,
  );
  return { conversation, channel: "pager", thread };
}

/** Sends the waiting parts of the stream, without waiting for back-offs. */
async function deliverAll({ conversation, channel, thread }: Stream, sender: Sender, db = bench.db): Promise<string[]> {
  const deliver = createDeliver({ db, lanes: bench.lanes, log, meter, sender: () => sender, ceiling: () => 1_000 });
  const open = "select 1 from outbox where channel = $1 and thread = $2 and outcome is null";
  for (let tries = 0; tries < 10 && (await rows(open, channel, thread)).length > 0; tries++) {
    await rows("update outbox set due_at = now() where conversation = $1 and outcome is null", conversation);
    await deliver(channel, thread, never);
  }
  return outcomes({ channel, thread });
}

async function outcomes({ channel, thread }: Pick<Stream, "channel" | "thread">): Promise<string[]> {
  const parts = await rows<{ outcome: string | null }>(
    "select outcome from outbox where channel = $1 and thread = $2 order by id",
    channel,
    thread,
  );
  return parts.map(({ outcome }) => outcome ?? "waits");
}

const threadOf = ({ conversation }: CaseCard) => threadId(`T${conversation}`);

interface Shown {
  desk: Desk;
  /** Calls that showed something, in order: "card <key>" or "post <key> <thread>". */
  seen: string[];
  /** Number of cards received. */
  cards: () => number;
}

/** A desk that shows each key once. `refusals`: the errors for its next cards. */
function deskOf({ refusals = [], knows }: { refusals?: Error[]; knows: boolean }): Shown {
  const seen: string[] = [];
  const show = (line: string): void => {
    if (!seen.includes(line)) seen.push(line);
  };
  const cards = new Map<string, CaseCard>();
  let told = 0;
  const desk: Desk = {
    async card(_thread, card, { key }) {
      told++;
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      cards.set(key, card);
      show(`card ${key}`);
      return threadOf(card);
    },
    async post(thread, _entries, { key }) {
      show(`post ${key} ${thread}`);
      return remoteId(key);
    },
    deliveryStatus: async () => remoteId("mark"),
    file: async () => remoteId("file"),
    hint: async (_thread, { key }) => remoteId(key),
    ...(knows && {
      reconcile: async (_thread: unknown, key: string) => {
        const card = cards.get(key);
        return card === undefined ? ("not-sent" as const) : remoteId(threadOf(card));
      },
    }),
  };
  return { desk, seen, cards: () => told };
}

const presenter = (desk: Desk, { channel }: Stream, db = bench.db): Sender =>
  createPresenter({ db, desk, channel, installation: "i", fileUrl: () => null });
const partsOf = async ({ conversation }: Stream): Promise<number[]> =>
  (
    await rows<{ id: number }>(
      "select id from outbox where conversation = $1 and content->>'desk' is not null order by id",
      conversation,
    )
  ).map(({ id }) => id);

/** All parts of the case in its thread, in order. */
async function whole(stream: Stream): Promise<string[]> {
  const [card, ...entries] = await partsOf(stream);
  return [`card fd-i-${card}`, ...entries.map((id) => `post fd-i-${id} T${stream.conversation}`)];
}

const undeliveredEvents = ({ conversation }: Stream) =>
  rows("select payload from event where kind = 'undelivered' and conversation = $1", conversation);

describe("a case for the desk", () => {
  it.each(["case_thread", "remember_case_thread"])(
    "is shown although %s met a database that went away",
    async (name) => {
      const stream = await handedOver();
      const { desk, seen } = deskOf({ knows: false });
      const sender = presenter(desk, stream, failing(name, shutDown()));
      expect(await deliverAll(stream, sender)).toEqual(["sent", "sent", "sent"]);
      expect(seen).toEqual(await whole(stream));
      expect(await undeliveredEvents(stream)).toEqual([]);
    },
  );

  it("whose first card was refused for good is shown with the next part", async () => {
    const stream = await handedOver();
    const gone = new SendError("There is no such channel", { outcome: "not-sent", retry: "never" });
    const { desk, seen } = deskOf({ refusals: [gone, gone], knows: false });
    expect(await deliverAll(stream, presenter(desk, stream))).toEqual(["failed", "sent", "sent"]);
    expect(seen).toEqual(await whole(stream));
  });

  it("that was shown but not bound to its thread is found by reconcile, and bound", async () => {
    const stream = await handedOver();
    const { desk, seen, cards } = deskOf({ knows: true });
    const db = failing("remember_case_thread", new Error("out of luck"));
    expect(await deliverAll(stream, presenter(desk, stream, db))).toEqual(["sent", "sent", "sent"]);
    expect(seen).toEqual(await whole(stream));
    expect(cards()).toBe(1);
  });

  it("that was shown but not bound, at a desk without reconcile, is shown again under the same key", async () => {
    const stream = await handedOver();
    const { desk, seen } = deskOf({ knows: false });
    const db = failing("remember_case_thread", new Error("out of luck"));
    expect(await deliverAll(stream, presenter(desk, stream, db))).toEqual(["parked", "sent", "sent"]);
    expect(seen).toEqual(await whole(stream));
  });
});

describe("a sender with a bug", () => {
  const fault = new TypeError("Cannot read properties of undefined");

  // O2
  it("and without reconcile: the part is parked, since its outcome is unknown", async () => {
    const sender: Sender = {
      send: () => Promise.reject(fault),
      canReconcile: false,
      reconcile: async () => "unknown",
    };
    const stream = await onePart();
    expect(await deliverAll(stream, sender)).toEqual(["parked"]);
    expect(await undeliveredEvents(stream)).toMatchObject([{ payload: { outcome: "parked", reason: fault.message } }]);
  });

  it.each([
    ["did not arrive: sent again", "not-sent", 2],
    ["arrived: not sent again", remoteId("r1"), 1],
  ] as const)("whose platform says that it %s", async (_, answer, times) => {
    let sends = 0;
    const sender: Sender = {
      send: async () => (++sends === 1 ? Promise.reject(fault) : remoteId("r2")),
      canReconcile: true,
      reconcile: async () => answer,
    };
    expect(await deliverAll(await onePart(), sender)).toEqual(["sent"]);
    expect(sends).toBe(times);
  });

  it("that can't encode a part: the part fails, since nothing left", async () => {
    const adapter = {
      name: "pager",
      encode: () => {
        throw fault;
      },
    } as unknown as ChannelAdapter;
    const connection: Connection = { send: async () => remoteId("r"), close: async () => {} };
    const sender = channelSender({ db: bench.db, adapter, config: {}, connection, installation: "i" });
    expect(await deliverAll(await onePart(), sender)).toEqual(["failed"]);
  });
});

describe("reconcile with a platform that does not answer", () => {
  it.each([1, 9])("is aborted with its lane, and the part waits for the next process (attempt %i)", async (n) => {
    const stream = await onePart();
    await rows(
      "update outbox set attempted_at = now() - interval '1 minute', attempts = $2 where thread = $1",
      stream.thread,
      n,
    );
    const lane = new AbortController();
    const asked: AbortSignal[] = [];
    const sender: Sender = {
      send: async () => remoteId("sent twice"),
      canReconcile: true,
      reconcile: (_part, signal) =>
        new Promise((_, reject) => {
          asked.push(signal);
          signal.addEventListener("abort", () => reject(new Error("called off")));
          lane.abort();
        }),
    };
    const deliver = createDeliver({
      db: bench.db,
      lanes: bench.lanes,
      log,
      meter,
      sender: () => sender,
      ceiling: () => 1_000,
    });
    await deliver(stream.channel, stream.thread, lane.signal);
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
    expect(await outcomes(stream)).toEqual(["waits"]);
  });
});

const unreached = new SendError("out of reach", { outcome: "not-sent", retry: { afterMs: 0 } });
const asking = (
  asked: Date[],
  answer: "unknown" | "not-sent" = "unknown",
): Pick<Sender, "canReconcile" | "reconcile"> => ({
  canReconcile: true,
  reconcile: async ({ attemptedBefore }) => {
    asked.push(new Date(attemptedBefore ?? 0));
    return answer;
  },
});
const partInDoubt = (thread: string, minutes: number) =>
  rows(
    `update outbox set attempted_at = now() - $2::int * interval '1 minute', attempts = 9, due_at = now() where thread = $1`,
    thread,
    minutes,
  );
const run = async ({ channel, thread }: Stream, sender: Sender) =>
  createDeliver({ db: bench.db, lanes: bench.lanes, log, meter, sender: () => sender, ceiling: () => 1_000 })(
    channel,
    thread,
    never,
  );
const waitOf = async ({ thread }: Stream): Promise<number> => {
  const [row] = await rows<{ ms: number }>(
    "select extract(epoch from due_at - now())::float8 * 1000 as ms from outbox where thread = $1",
    thread,
  );
  return row?.ms ?? -1;
};

describe("an unreachable platform", () => {
  it("is tried again every half minute, however long it is down", async () => {
    const stream = await onePart();
    await rows("update outbox set attempts = 40 where thread = $1", stream.thread);
    await run(stream, { ...asking([]), send: () => Promise.reject(unreached) });
    expect(await outcomes(stream)).toEqual(["waits"]);
    expect(await waitOf(stream)).toBeLessThanOrEqual(30_000);
  });

  it("is asked about the first attempt for five minutes; then the part is parked", async () => {
    const stream = await onePart();
    const asked: Date[] = [];
    const sender = { ...asking(asked), send: async () => remoteId("sent twice") };
    await partInDoubt(stream.thread, 4);
    await run(stream, sender);
    await rows("update outbox set due_at = now() where thread = $1", stream.thread);
    await run(stream, sender);
    expect(await outcomes(stream)).toEqual(["waits"]);
    expect(asked).toHaveLength(2);
    // Not the time of the query: a list since then might leave out the first attempt.
    expect(asked[0]).toEqual(asked[1]);
    await partInDoubt(stream.thread, 6);
    await run(stream, sender);
    expect(await outcomes(stream)).toEqual(["parked"]);
  });

  it("is asked about a send that just failed, with the time of that send", async () => {
    const stream = await onePart();
    await rows("update outbox set created_at = now() - interval '1 hour' where thread = $1", stream.thread);
    const asked: Date[] = [];
    const began = Date.now();
    await run(stream, { ...asking(asked), send: () => Promise.reject(new Error("the socket was closed")) });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.getTime()).toBeGreaterThanOrEqual(began);
  });
});
