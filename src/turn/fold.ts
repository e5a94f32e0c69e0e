/**
 * Folds the pending events of one conversation into what a turn writes, one `transition` after another (T2). Pure. A
 * transition that throws is tried once more, then its event is quarantined and people get the case (T12).
 */
import { type Budget, MAX_WORK, newBudget } from "../language/budget.ts";
import type { AskWrite, TurnWrite } from "../store/commit-turns.ts";
import type { LoadedTurn } from "../store/load-turns.ts";
import { amend } from "./amend.ts";
import { addAssignment } from "./assignment-rows.ts";
import { type Ask, bulkheadOf, rulesOf } from "./core/ask.ts";
import type { Catalog } from "./core/catalog.ts";
import type { Event } from "./core/event.ts";
import type { JournalLine, TransitionOutcome } from "./core/outcome.ts";
import { quarantine } from "./core/quarantine.ts";
import type { State } from "./core/state.ts";
import { transition } from "./core/transition.ts";
import { emptyWrite, type Written } from "./empty-write.ts";
import { type EventRow, readEvent, UnreadableEvent } from "./journal.ts";
import { formatOf, readSnapshot, storedState } from "./snapshot.ts";
import { addTells } from "./tell-rows.ts";

/** A conversation with the events to fold; their order and payloads decide, whoever loaded them. */
export type Foldable = Omit<LoadedTurn, "pending"> & { pending: readonly EventRow[] };

/**
 * Returns what a turn writes for a conversation with at least one pending event. Once the events cost as much as one
 * event may, the rest is left to the next turn, so that no turn blocks the process for long. `refused`: reason why the
 * database refused the last result; the events are then quarantined.
 */
export function fold(loaded: Foldable, catalog: Catalog, { refused }: { refused?: string } = {}): TurnWrite {
  const kept = readSnapshot(loaded);
  const write = emptyWrite(loaded, catalog.live.id);
  const turn = loaded.version + 1;
  const alarms = new Map<string, Date>();
  const cancelled = new Set<string>();
  let { state, seq } = kept;
  let work = 0;
  for (const [at, row] of amend(loaded.pending).entries()) {
    if (work >= MAX_WORK && !amendsEarlier(loaded.pending.slice(at))) break;
    const budget = newBudget();
    const { outcome, event, quarantined } = applyRow(state, row, {
      catalog,
      conversation: loaded.id,
      turn,
      refused,
      budget,
    });
    work += MAX_WORK - budget.left;
    const lines = outcome.cutOff ? [...outcome.lines, ...dropUnsent(write, loaded)] : outcome.lines;
    const effective = row === loaded.pending[at] ? null : { kind: row.kind, payload: row.payload };
    write.handled.push({ id: row.id, seq: ++seq, lines, quarantined, effective });
    addTells(write, event, { outcome, catalog, channel: loaded.channel, thread: loaded.thread });
    write.asks.push(...outcome.asks.map(askWrite));
    callOff(write, outcome);
    for (const id of outcome.cancelled) {
      alarms.delete(id);
      cancelled.add(id);
    }
    for (const { id, dueAt } of outcome.alarms) {
      cancelled.delete(id);
      alarms.set(id, dueAt);
    }
    write.relays.push(
      ...outcome.relays.map(({ conversation: to, happening: { kind, ...payload } }) => ({
        cause: row.id,
        to,
        kind,
        payload,
      })),
    );
    const { amendment } = event;
    // One statement writes them all, so it has only the latest change of a message.
    if (amendment !== undefined)
      write.amended = [...write.amended.filter(({ message }) => message !== amendment.message), amendment];
    write.audits.push(...outcome.audits.map((audit) => ({ event: row.id, at: event.at, ...audit })));
    addAssignment(write, { before: state, after: outcome.state, at: event.at });
    state = outcome.state;
  }
  write.alarms = [...alarms].map(([id, dueAt]) => ({ id, dueAt }));
  write.cancelled = [...cancelled];
  addRuns(write, loaded, { before: kept.state, after: state });
  return {
    ...write,
    state: { seq, state: storedState(state).state },
    epoch: state.epoch,
    closedAt: dateOf(state.closedAt),
    mergedInto: state.case?.mergedInto ?? null,
    reopened: kept.state.closedAt !== null && state.closedAt === null,
  };
}

/**
 * Calls asks off (E4). One of this very turn never starts: a read is not asked at all, and a write is answered at once, so
 * that people are told of it as of any other.
 */
function callOff(write: Written, { calledOff: ids, state }: TransitionOutcome): void {
  if (ids.length === 0) return;
  const told = new Set(state.calledOff.map(({ ask }) => ask));
  const earlier = ids.filter((id) => !write.asks.some((ask) => ask.id === id));
  write.asks = write.asks
    .filter(({ id }) => !ids.includes(id) || told.has(id))
    .map((ask) => (ids.includes(ask.id) ? { ...ask, off: true } : ask));
  write.calledOff.push(...earlier);
}

/** Writes the runs that began or changed; a run that is left as it was is the same object. */
function addRuns(write: Written, loaded: Foldable, { before, after }: { before: State; after: State }): void {
  const stored = new Set(loaded.runs.map(({ id }) => id));
  const unchanged = new Set(before.runs.filter(({ id }) => stored.has(id)));
  const runs = after.runs.filter((run) => !unchanged.has(run));
  write.runs = runs.map((body) => ({ id: body.id, format: formatOf(body), release: body.release, body }));
  write.endedRuns = [...stored].filter((id) => !after.runs.some((run) => run.id === id));
}

function askWrite({ id, request, release }: Ask): AskWrite {
  const { concurrency, deadlineMs } = rulesOf(request.kind);
  // An ask that no process runs is looked at only when it expires.
  return {
    id,
    request,
    release,
    bulkhead: bulkheadOf(request),
    dueMs: concurrency === 0 ? deadlineMs : 0,
    deadlineMs,
    off: false,
  };
}

/** Drops the parts that this turn decided to send before the opt-out; they are stored, but never sent. */
function dropUnsent(write: Written, { channel, thread }: Foldable): JournalLine[] {
  write.cutOff = { channel, thread };
  const waiting = write.outbox.filter(
    (row) => row.channel === channel && row.thread === thread && row.dropped === null,
  );
  write.outbox = write.outbox.map((row) => (waiting.includes(row) ? { ...row, dropped: BEFORE_IT_LEFT } : row));
  return waiting.map(() => ({ code: "part.dropped", message: `A message was not sent, because ${BEFORE_IT_LEFT}` }));
}

const BEFORE_IT_LEFT = "the customer opted out before it left";

/** True when an edit or deletion follows, which has to be in the same turn as the message that it changed. */
const amendsEarlier = (rows: readonly EventRow[]): boolean =>
  rows.some(({ kind }) => kind === "edit" || kind === "delete");

interface Options {
  catalog: Catalog;
  conversation: number;
  turn: number;
  budget: Budget;
}

interface Apply extends Options {
  refused: string | undefined;
}

interface Applied {
  outcome: TransitionOutcome;
  event: Pick<Event, "id" | "at"> & { amendment?: TurnWrite["amended"][number] };
  quarantined: string | null;
}

function applyRow(state: State, row: EventRow, { refused, ...options }: Apply): Applied {
  try {
    if (refused !== undefined) throw new Error(refused);
    const event = readEvent(row);
    const outcome = retryOnce(() => transition(state, event, options));
    return { outcome, event: { id: event.id, at: event.at, ...amendmentOf(event) }, quarantined: null };
  } catch (error) {
    const event = { id: row.id, at: new Date(row.at), kind: row.kind, answer: answerIn(row) };
    return { outcome: quarantine(state, event, options), event, quarantined: explain(error) };
  }
}

/** The answer in a row that could not be handled; null: it is none, or can't be read. */
function answerIn(row: EventRow): Extract<Event, { kind: "answer" }> | null {
  try {
    const event = readEvent(row);
    return event.kind === "answer" ? event : null;
  } catch {
    return null;
  }
}

/** The text for the journal: a message for an unreadable event, a stack for a failure. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UnreadableEvent ? error.message : (error.stack ?? error.message);
}

/** The change of the transcript where the customer changed or took back a message. */
function amendmentOf(event: Event): { amendment?: TurnWrite["amended"][number] } {
  if (event.kind === "edit") return { amendment: { message: event.message, text: event.text, at: event.at } };
  if (event.kind === "delete") return { amendment: { message: event.message, text: "", at: event.at } };
  return {};
}

function retryOnce<Value>(attempt: () => Value): Value {
  try {
    return attempt();
  } catch {
    return attempt();
  }
}

const dateOf = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));
