/**
 * Tells how much of a conversation this program can read. Versions run side by side: a newer one's rows are left as they
 * are, to a process that knows them, and are never rewritten, quarantined or handed over (V1).
 */
import type { LoadedTurn, PendingEvent } from "../store/load-turns.ts";
import type { Catalog } from "./core/catalog.ts";
import type { State } from "./core/state.ts";
import { isKnownKind } from "./journal.ts";
import { NewerFormat, readSnapshot } from "./snapshot.ts";

/** Number of the format of our events' payloads. */
export const EVENT_FORMAT = 1;

export type Readable =
  /** The events up to the first that is not ours to handle. */
  { kind: "ours"; loaded: LoadedTurn; pinned: readonly number[] } | { kind: "newer"; reason: string };

/** Reads as much of a conversation with pending events as this program knows. Throws where a state is malformed. */
export function readable(loaded: LoadedTurn): Readable {
  const foreign = loaded.pending.findIndex((event) => !isKnown(event));
  const first = loaded.pending[foreign];
  if (foreign === 0 && first !== undefined) return { kind: "newer", reason: foreignWords(first) };
  try {
    const { state } = readSnapshot(loaded);
    const pending = foreign === -1 ? loaded.pending : loaded.pending.slice(0, foreign);
    return { kind: "ours", loaded: { ...loaded, pending }, pinned: pinnedReleases(state) };
  } catch (error) {
    if (error instanceof NewerFormat) return { kind: "newer", reason: error.message };
    throw error;
  }
}

/** Reason why runs of the conversation can't go on here; null: all their releases compile. */
export function unreadableRelease(pinned: readonly number[], catalog: Catalog): string | null {
  const missing = pinned.find((id) => catalog.release(id) === null);
  return missing === undefined ? null : `A workflow runs on release ${missing}, which this program can't compile`;
}

const isKnown = ({ kind, format }: PendingEvent): boolean => format <= EVENT_FORMAT && isKnownKind(kind);

const foreignWords = ({ id, kind, format }: PendingEvent): string =>
  `The event ${id} of the kind “${kind}” has format ${format}, which this program does not know`;

/** Releases to which this conversation's runs are pinned. */
export function pinnedReleases({ runs, waiting, case: open }: State): number[] {
  const suspended = open?.suspended?.runs ?? [];
  return [...new Set([...runs, ...suspended, ...waiting].map(({ release }) => release))];
}
