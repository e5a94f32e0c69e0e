/**
 * Turns: load a conversation with its pending events, fold, commit. Loads and commits are two statements, each shared
 * with other conversations that are due. Two workers may fold the same conversation at once: the version lets one
 * write, and the other loads again (T2, T9). Nothing is waited for in between (T3, T4).
 */

import type { Lanes } from "../jobs/lanes.ts";
import { batch } from "../lib/batch.ts";
import { createLogThrottle, type LogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { commitTurns, type TurnWrite } from "../store/commit-turns.ts";
import { connectionLost, type Db, isRefusedForGood } from "../store/db.ts";
import { joinAgain } from "../store/join-again.ts";
import { type LoadedTurn, loadTurns, type PendingEvent, TURN_EVENTS } from "../store/load-turns.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type InForce, settingId } from "../store/settings-in-force.ts";
import type { Catalog } from "./core/catalog.ts";
import { brakeOf, KEPT_CODE } from "./core/customer/brake.ts";
import type { JournalLine } from "./core/outcome.ts";
import { fold } from "./fold.ts";
import { readable, unreadableRelease } from "./readable.ts";
import { createTries, type Tries } from "./tries.ts";

/** Maximum number of conversations in one statement. */
const TURNS_AT_ONCE = 64;
/**
 * Statements of each kind that run at the same time: while one commits, the next conversations are loaded and folded.
 */
const STATEMENTS_AT_ONCE = 2;
/** Races lost in a row before the turn is left to the sweep. */
const MAX_RACES = 20;

interface TurnsOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** Loads the live content, and that of the releases to which runs are pinned. */
  catalog: (pinned: readonly number[]) => Promise<Catalog>;
  /** Settings that this process decides by beside the release, for the journal. */
  inForce: InForce;
}

/** Runs turns of one conversation until nothing is pending. */
export type RunTurns = (conversation: number) => Promise<void>;

export function createTurns(o: TurnsOptions): RunTurns {
  const shared = {
    max: TURNS_AT_ONCE,
    lanes: STATEMENTS_AT_ONCE,
    divisible: (error: unknown) => !connectionLost(error),
  };
  const load = batch((ids: readonly number[]) => loadTurns(o.db, ids), shared);
  const spare = createLogThrottle();
  const commit = batch((turns: readonly TurnWrite[]) => commitTurns(o.db, turns), shared);
  const tries = createTries(o.db);
  const setting = once(() => settingId(o.db, o.inForce));

  return async (conversation) => {
    for (let races = 0; races < MAX_RACES; ) {
      const started = performance.now();
      const loaded = await load(conversation);
      if (loaded === null || loaded.pending.length === 0) return;
      const ours = await readOurs(loaded, { ...o, spare });
      if (ours === null) return;
      const write = await tryTurn(ours.loaded, { tries, catalog: ours.catalog, commit, setting: await setting() });
      if (write === "left") return;
      if (write === null) {
        races++;
        continue;
      }
      wakeNext(o.lanes, write);
      if (write.reopened) joinAgainLater(o.db, write.id);
      observe({ ...o, spare }, { loaded, write, ms: performance.now() - started });
      const last = loaded.pending.at(-1)?.id === write.handled.at(-1)?.id;
      if (last && loaded.pending.length < TURN_EVENTS) return;
    }
  };
}

/** The pending events that this program can handle, and what they are decided by; null: it is left to a newer one (V1). */
async function readOurs(
  loaded: LoadedTurn,
  o: Pick<TurnsOptions, "catalog" | "log" | "meter"> & { spare: LogThrottle },
): Promise<{ loaded: LoadedTurn; catalog: Catalog } | null> {
  const read = readable(loaded);
  const catalog = read.kind === "ours" ? await o.catalog(read.pinned) : null;
  const reason = read.kind === "newer" || catalog === null ? null : unreadableRelease(read.pinned, catalog);
  if (read.kind === "ours" && catalog !== null && reason === null) return { loaded: read.loaded, catalog };
  o.meter.countLeft();
  const more = o.spare("newer");
  const why = read.kind === "newer" ? read.reason : reason;
  if (more !== null)
    o.log.warn({ conversation: loaded.id, reason: why, ...more }, "conversation left to a newer program");
  return null;
}

/** Computes a value once; after a failure it is computed again. */
function once<Value>(compute: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | null = null;
  return () => {
    known ??= compute().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

/** In the background: the watch does the same for a conversation whose process stopped before (U5). */
function joinAgainLater(db: Db, conversation: number): void {
  void retryUntilStored(() => joinAgain(db, [conversation])).catch(() => undefined);
}

interface CommitOptions {
  catalog: Catalog;
  commit: (write: TurnWrite) => Promise<boolean>;
  setting: number;
}

/** Runs a turn that may have been lost before (P1). "left": another process is perhaps at work on it. */
async function tryTurn(
  loaded: LoadedTurn,
  { tries, ...o }: CommitOptions & { tries: Tries },
): Promise<TurnWrite | "left" | null> {
  const [first] = loaded.pending;
  if (first === undefined) return null;
  const begun = await tries.begin(first);
  switch (begun.kind) {
    case "free":
      return foldAndCommit(loaded, o);
    case "wait":
      return "left";
    case "quarantine":
      return setAside(loaded, o, begun.reason);
    case "marked":
      return tryMarked(first, {
        tries,
        run: () => foldAndCommit(begun.alone ? { ...loaded, pending: [first] } : loaded, o),
      });
  }
}

/** Runs a marked turn. Its mark stays only where this process dies, since any other end is known here. */
async function tryMarked(
  first: PendingEvent,
  { tries, run }: { tries: Tries; run: () => Promise<TurnWrite | null> },
): Promise<TurnWrite | null> {
  try {
    const write = await run();
    if (write === null) await tries.end(first);
    return write;
  } catch (error) {
    const ended = tries.end(first).catch(() => undefined);
    // While the database is down that takes its time, in the background.
    if (!connectionLost(error)) await ended;
    throw error;
  }
}

/** Quarantines the first pending event; null where another worker was faster. */
async function setAside(
  loaded: LoadedTurn,
  { catalog, commit, setting }: CommitOptions,
  refused: string,
): Promise<TurnWrite | null> {
  const write = { ...fold({ ...loaded, pending: loaded.pending.slice(0, 1) }, catalog, { refused }), setting };
  return (await commit(write)) ? write : null;
}

/**
 * Folds and commits; null where another worker was faster. When Postgres refuses the result, the first event is tried
 * alone, and quarantined when that is refused too, so that no event blocks its conversation (T12).
 */
async function foldAndCommit(loaded: LoadedTurn, o: CommitOptions): Promise<TurnWrite | null> {
  const { catalog, commit, setting } = o;
  const whole = { ...fold(loaded, catalog), setting };
  try {
    return (await commit(whole)) ? whole : null;
  } catch (error) {
    if (!isRefusedForGood(error)) throw error;
    if (loaded.pending.length > 1) return foldAndCommit({ ...loaded, pending: loaded.pending.slice(0, 1) }, o);
    return setAside(
      loaded,
      o,
      `Postgres refused the result: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Wakes the lanes of the work that was decided; the sweep finds it too, so a lost wake-up costs only time. */
function wakeNext(lanes: Lanes, write: TurnWrite): void {
  const streams = new Map(write.outbox.map(({ channel, thread }) => [`${channel}\n${thread}`, { channel, thread }]));
  for (const { channel, thread } of streams.values()) lanes.wake(`deliver-${channel}`, thread);
  if (write.cutOff !== null) lanes.wake(`deliver-${write.cutOff.channel}`, write.cutOff.thread);
  for (const { to } of write.relays) lanes.wake("turn", String(to));
  for (const ask of write.asks) if (!ask.off) lanes.wake("answer", ask.id);
  // An ask that had not started has its answer at once.
  if (write.calledOff.length > 0 || write.asks.some(({ off }) => off)) lanes.wake("turn", String(write.id));
}

type Observing = Pick<TurnsOptions, "log" | "meter"> & { spare: LogThrottle };

function observe({ log, meter, spare }: Observing, o: { loaded: LoadedTurn; write: TurnWrite; ms: number }): void {
  const oldest = o.loaded.pending[0];
  const lagMs = oldest === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldest.at));
  meter.observeStage("turn", { ms: o.ms, lagMs });
  for (const { id, quarantined, lines } of o.write.handled) {
    for (const { code } of lines as readonly JournalLine[])
      observeBrake({ log, meter, spare }, { code, conversation: o.write.id });
    if (quarantined === null) continue;
    meter.countQuarantined();
    const more = spare("quarantined");
    if (more !== null)
      log.error({ conversation: o.write.id, event: id, error: quarantined, ...more }, "event quarantined");
  }
  log.debug(
    { conversation: o.write.id, lane: "turn", events: o.write.handled.length, ms: Math.round(o.ms) },
    "turn settled",
  );
}

function observeBrake({ log, meter, spare }: Observing, o: { code: string; conversation: number }): void {
  if (o.code === KEPT_CODE) return meter.countUnread();
  const brake = brakeOf(o.code);
  // A channel's ceiling was counted and logged where the reply was dropped (outbound/deliver.ts).
  if (brake === null || brake === "channel") return;
  meter.countBrake(brake);
  const more = spare(brake);
  if (more !== null) log.warn({ conversation: o.conversation, brake, ...more }, "bot stopped by a brake");
}
