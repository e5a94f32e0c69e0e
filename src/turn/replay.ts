/**
 * Decides again what was decided: folds a conversation's stored events in the turns in which they were handled, with the
 * release and the settings that were in force, and compares (V2).
 */
import { isDeskContent } from "../domain/desk-part.ts";
import type { JournalRow, StoredJournal } from "../store/journal-rows.ts";
import type { Catalog } from "./core/catalog.ts";
import { fold } from "./fold.ts";
import { pinnedReleases } from "./readable.ts";
import { readSnapshot, type Snapshot, storedState } from "./snapshot.ts";

/** Finds what was in force when a turn was decided. `setting`: null where it is unknown; then today's is used. */
export type CatalogThen = (then: { release: number; pinned: readonly number[]; setting: unknown }) => Promise<Catalog>;

export interface ReplayedEvent {
  seq: number;
  turn: number;
  kind: string;
  at: string;
  /** The decisions and their reasons, as stored. */
  lines: readonly { code: string; message: string }[];
  quarantined: string | null;
  /** Differences of today's decision; empty: it is the same. */
  differences: readonly string[];
}

export interface Replay {
  events: readonly ReplayedEvent[];
  /** Number of events that wait to be handled. */
  waiting: number;
  /** Place of the first event that is still stored; above 1 where retention removed those before it. */
  from: number;
  /** Differences between the state that was stored and the one that today's code comes to. */
  state: readonly string[];
  /** null: nothing can be compared, because retention removed the events that all else follows from. */
  same: boolean | null;
}

/** Replays a stored journal. `catalogThen` may throw; so does this, then. */
export async function replay(journal: StoredJournal, catalogThen: CatalogThen): Promise<Replay> {
  const handled = journal.events.filter((row): row is Handled => row.seq !== null);
  const waiting = journal.events.length - handled.length;
  const from = handled[0]?.seq ?? readSnapshot({ ...journal.conversation, runs: journal.runs }).seq + 1;
  if (from > 1) return { events: asStored(handled), waiting, from, state: [], same: null };
  const { events, state } = await decideAgain(journal, handled, catalogThen);
  const same = state.length === 0 && events.every((event) => event.differences.length === 0);
  return { events, waiting, from, state, same };
}

const asStored = (handled: readonly Handled[]): ReplayedEvent[] =>
  inTurns(handled).flatMap((rows, at) => rows.map((row) => ({ ...shown(row, row.turn ?? at + 1), differences: [] })));

async function decideAgain(
  journal: StoredJournal,
  handled: readonly Handled[],
  catalogThen: CatalogThen,
): Promise<Pick<Replay, "events" | "state">> {
  const { id, channel, thread, openedAt } = journal.conversation;
  const events: ReplayedEvent[] = [];
  let kept: { state: unknown; runs: StoredJournal["runs"] } = { state: null, runs: [] };
  let count = 0;
  for (const rows of inTurns(handled)) {
    const turn = rows[0]?.turn ?? count + 1;
    count = turn;
    const here = { id, channel, thread, openedAt, ...kept };
    const pinned = pinnedReleases(readSnapshot(here).state);
    const catalog = await catalogThen({ release: rows[0]?.release ?? 0, pinned, setting: rows[0]?.setting ?? null });
    const refused = rows.length === 1 ? (rows[0]?.quarantined ?? undefined) : undefined;
    const write = fold(
      { ...here, version: turn - 1, pending: rows },
      catalog,
      refused === undefined ? {} : { refused },
    );
    for (const [at, row] of rows.entries()) {
      const again = write.handled[at];
      const parts = write.outbox.filter(({ event }) => event === row.id);
      events.push({ ...shown(row, turn), differences: differences(row, { again, parts, journal }) });
    }
    const ended = new Set([...write.endedRuns, ...write.runs.map((run) => run.id)]);
    const runs = [...kept.runs.filter((run) => !ended.has(run.id)), ...write.runs];
    kept = { state: plain(write.state), runs: plain(runs) };
  }
  return { events, state: stateDifferences(journal, kept) };
}

type Handled = JournalRow & { seq: number };

/** Groups events by their turn; builds before turns were numbered gave those of one turn one time. */
function inTurns(rows: readonly Handled[]): Handled[][] {
  const turns: Handled[][] = [];
  for (const row of rows) {
    const last = turns.at(-1)?.[0];
    const same = row.turn === null ? row.handledAt === last?.handledAt && last?.turn === null : row.turn === last?.turn;
    if (last !== undefined && same) turns.at(-1)?.push(row);
    else turns.push([row]);
  }
  return turns;
}

const shown = ({ seq, kind, at, lines, quarantined }: Handled, turn: number) => ({
  seq,
  turn,
  kind,
  at,
  lines,
  quarantined,
});

interface Again {
  again: ReturnType<typeof fold>["handled"][number] | undefined;
  parts: ReturnType<typeof fold>["outbox"];
  journal: StoredJournal;
}

function differences(row: Handled, { again, parts, journal }: Again): string[] {
  if (again === undefined) return ["Today it would be left to a turn of its own"];
  const found: string[] = [];
  if (!same(row.lines, again.lines)) found.push(`Decided today: ${linesText(again.lines)}`);
  if ((row.quarantined === null) !== (again.quarantined === null))
    found.push(again.quarantined === null ? "Today it can be handled" : `Quarantined today: ${again.quarantined}`);
  const before = journal.parts.filter(({ event }) => event === row.id);
  for (const stored of before) {
    const now = parts.find(({ n }) => n === stored.n);
    if (now === undefined) found.push(`Part ${stored.n} would not be sent today`);
    else if (!same(stored.content, now.content)) found.push(`Part ${stored.n} would be another today`);
  }
  for (const { n, content } of parts)
    if (!before.some((stored) => stored.n === n) && isKept(content, row, journal))
      found.push(`Part ${n} would be sent today, too`);
  return found;
}

/** True for a part that retention left, had it been sent: it removes those for customers, the oldest first. */
const isKept = (content: unknown, { id }: Handled, { parts }: StoredJournal): boolean =>
  isDeskContent(content) || parts.some((stored) => stored.event <= id && !isDeskContent(stored.content));

const linesText = (lines: readonly unknown[]): string =>
  lines.length === 0 ? "nothing" : lines.map((line) => (line as { message: string }).message).join(" · ");

function stateDifferences(
  { conversation, runs }: StoredJournal,
  again: { state: unknown; runs: StoredJournal["runs"] },
): string[] {
  const stored = flat(readSnapshot({ ...conversation, runs }));
  const now = flat(readSnapshot({ ...conversation, ...again }));
  const keys = [...new Set([...stored.keys(), ...now.keys()])];
  return keys
    .filter((key) => !same(stored.get(key), now.get(key)))
    .map((key) => `${key}: ${brief(stored.get(key))} was stored, today it would be ${brief(now.get(key))}`);
}

/** Fields of a snapshot by name; runs are compared without their order. */
function flat({ seq, state }: Snapshot): Map<string, unknown> {
  const { state: rest, runs } = storedState(state);
  const sorted = runs.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(Object.entries({ seq, ...rest, runs: sorted }));
}

const BRIEF_CHARACTERS = 200;
const brief = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, BRIEF_CHARACTERS);

/** True where both are the same JSON, whatever the order of keys. */
const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner) && !(inner instanceof Date)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? "";

const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
