/** Takes messages through the statements of their life, from the door to the receipt of their answers. */

import { threadId } from "../src/domain/ids.ts";
import type { Reach } from "../src/domain/reach.ts";
import { answerAsk, claimAsk, readAsks } from "../src/store/asks.ts";
import { claimParts } from "../src/store/claim-parts.ts";
import { commitTurns, type TurnWrite } from "../src/store/commit-turns.ts";
import type { Db } from "../src/store/db.ts";
import { findCase, findCases, latestConversation, openCases } from "../src/store/desk-cases.ts";
import { holdings } from "../src/store/desk-people.ts";
import { endReopening } from "../src/store/end-reopening.ts";
import type { InboundRow } from "../src/store/inbound/item.ts";
import { type LoadedTurn, loadTurns } from "../src/store/load-turns.ts";
import { settleParts } from "../src/store/settle-parts.ts";
import { storeInbound } from "../src/store/store-inbound.ts";
import { findWaiting, fireAlarms } from "../src/store/sweep.ts";
import { holdSweep } from "../src/store/sweeper.ts";
import { listWaiting, OPEN_START, openConversations } from "../src/store/waiting.ts";
import { addressOf, QUEUES, threadOf } from "./filling.ts";

const CHANNEL = "sms";
const DESK = "desk";
const REACH: Reach = { queues: QUEUES, live: QUEUES, rest: true };
/** As the sweep and the watch ask for it. */
const SWEEP = { idleMs: 800, perGroup: 1_000 };
const PAGE_ROWS = 200;
const DAY_MS = 86_400_000;
const THREE_DAYS_SECONDS = 3 * 86_400;

/** One message in each conversation: stored, handled by a turn that answers and asks, sent, settled. Leaves nothing waiting. */
export async function liveMessages(db: Db, conversations: readonly number[], serial: number): Promise<void> {
  await storeInbound(
    db,
    conversations.map((conversation) => inbound(conversation, serial)),
  );
  await turn(db, conversations, (loaded) => answered(loaded, serial));
  const streams = conversations.map((conversation) => ({ channel: CHANNEL, thread: threadOf(conversation) }));
  const claimed = (await claimParts(db, streams)).flatMap((part) => part ?? []);
  await settleParts(
    db,
    claimed.map(({ id, attempts }) => ({ id, attempt: attempts, outcome: "sent", remoteId: `S${serial}.${id}` })),
  );
  const asks = conversations.map((conversation) => askOf(conversation, serial));
  await readAsks(db, asks);
  for (const ask of asks) {
    await claimAsk(db, ask, { inFlightMs: null, maxAttempts: 3 });
    await answerAsk(db, ask, { result: { ok: true }, outcome: "succeeded", effect: null, tookMs: 1 });
  }
  await turn(db, conversations, handled);
}

/** A turn that answers the message and asks a connector. */
function answered(loaded: LoadedTurn, serial: number): TurnWrite {
  const [event] = loaded.pending;
  if (event === undefined) throw new Error(`The message of conversation ${loaded.id} is not pending`);
  const cause = { event: event.id, n: 0 };
  const part = { ...cause, channel: CHANNEL, thread: loaded.thread, kind: "reply", epoch: 0, message: 0 } as const;
  const ask = { id: askOf(loaded.id, serial), request: { kind: "call" }, release: 1, bulkhead: "call:crm" };
  return {
    ...handled(loaded),
    messages: [{ ...cause, author: "bot", authorName: "", text: "An answer", at: new Date() }],
    outbox: [{ ...part, content: { text: "An answer" }, dropped: null }],
    asks: [{ ...ask, dueMs: 0, deadlineMs: DAY_MS, off: false }],
    alarms: [{ id: "idle:remind", dueAt: new Date(Date.now() + DAY_MS) }],
  };
}

const askOf = (conversation: number, serial: number): string => `b${serial}.${conversation}`;

async function turn(db: Db, ids: readonly number[], write: (loaded: LoadedTurn) => TurnWrite): Promise<void> {
  const loaded = (await loadTurns(db, ids)).flatMap((one) => one ?? []);
  const won = await commitTurns(db, loaded.map(write));
  if (won.length < ids.length || won.includes(false)) throw new Error("A turn was not committed");
}

/** A turn that decides nothing. */
const NOTHING = {
  epoch: 0,
  closedAt: null,
  release: 1,
  setting: null,
  mergedInto: null,
  reopened: false,
  runs: [],
  endedRuns: [],
  calledOff: [],
  messages: [],
  outbox: [],
  asks: [],
  alarms: [],
  cancelled: [],
  card: null,
  letGoAt: null,
  assigned: [],
  relays: [],
  amended: [],
  cutOff: null,
  audits: [],
} as const satisfies Partial<TurnWrite>;

function handled({ id, version, state, pending }: LoadedTurn): TurnWrite {
  const lines = [{ code: "reply", message: "Answered by the workflow" }];
  const events = pending.map((event) => ({
    id: event.id,
    seq: version + 1,
    lines,
    quarantined: null,
    effective: null,
  }));
  return { ...NOTHING, id, version, state, handled: events };
}

export function inbound(conversation: number, serial: number): InboundRow {
  const id = `SM${serial}.${conversation}`;
  const text = "A charge or an invoice";
  const item = { thread: threadOf(conversation), from: addressOf(conversation), externalId: id, text };
  return {
    channel: CHANNEL,
    contentType: "application/x-www-form-urlencoded",
    body: Buffer.alloc(400, "z"),
    receivedAt: new Date(),
    membership: "everyone",
    items: [
      {
        kind: "message",
        ...item,
        dedupeKeys: [id],
        attachments: [],
        content: { text, attachments: [], trust: "verified" },
      },
    ],
  };
}

/** The sweep and its chores. */
export async function sweepOnce(db: Db): Promise<void> {
  await holdSweep(db, { format: 0, process: 1 });
  await fireAlarms(db);
  await findWaiting(db, SWEEP);
  await endReopening(db, { reopenWithinSeconds: THREE_DAYS_SECONDS });
  await openConversations(db, { from: OPEN_START, limit: PAGE_ROWS, silentMs: DAY_MS });
  await listWaiting(db, { limit: PAGE_ROWS });
}

/** Lists of the desk. */
export async function readDesk(db: Db, conversation: number): Promise<void> {
  const scope = { channel: DESK, reach: REACH };
  await openCases(db, scope, { limit: 50 });
  await openCases(db, scope, { limit: 50, holder: "U1" });
  await findCase(db, scope, conversation);
  await latestConversation(db, CHANNEL, threadId(threadOf(conversation)));
  await holdings(db, QUEUES[0], ["U1"]);
}

/** Search of the desk, which reads every case. */
export async function searchDesk(db: Db): Promise<void> {
  await findCases(db, { channel: DESK, reach: REACH }, { text: "Nobody of this name", limit: 10 });
}
