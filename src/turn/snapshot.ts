/**
 * The stored fold of a conversation's journal. Its shape has a version, so that one of an older build is read with today's
 * names, and one of a newer build is left to it.
 */
import type { LoadedTurn } from "../store/load-turns.ts";
import { initialState, NEW_CASE, STATE_VERSION, type State } from "./core/state.ts";

/** Events handled so far stand beside the state, so that the next one knows its place in the journal. */
export interface Snapshot {
  seq: number;
  state: State;
}

type Stored = Pick<LoadedTurn, "id" | "state" | "channel" | "thread" | "openedAt">;

/** The stored snapshot, or the one before anything happened. Throws Error where a newer build wrote it. */
export function readSnapshot({ id, state: stored, channel, thread, openedAt }: Stored): Snapshot {
  const before = initialState({ channel, thread, openedAt: new Date(openedAt).toISOString() });
  if (stored === null) return { seq: 0, state: before };
  const { seq, state } = stored as { seq: number; state: { v: number } };
  if (state.v > STATE_VERSION) {
    throw new Error(
      `The state of conversation ${id} has version ${state.v}, and this program knows ${STATE_VERSION}: a newer Frontdesk wrote it.`,
    );
  }
  const kept = (state.v === 1 ? fromVersion1(state as unknown as Version1) : state) as State;
  // A state from before a field existed has that field's beginning.
  const open = kept.case;
  return { seq, state: { ...before, ...kept, case: open === null ? null : { ...NEW_CASE, ...open } } };
}

/** Names that version 2 changed; everything else stayed. */
interface Version1 {
  case: ({ because: string; words?: readonly { stage: string }[] } & object) | null;
  runs: readonly ({ waiting: ({ for: string } & object) | null } & object)[];
  fetching?: readonly ({ of: { side: string } & object } & object)[];
}

function fromVersion1({ case: open, runs, fetching = [], ...rest }: Version1): object {
  return {
    ...rest,
    v: STATE_VERSION,
    case: open === null ? null : caseFromVersion1(open),
    runs: runs.map(({ waiting, ...run }) => ({ ...run, waiting: waiting === null ? null : withKind(waiting, "for") })),
    fetching: fetching.map(({ of, ...file }) => ({ ...file, of: withKind(of, "side") })),
  };
}

function caseFromVersion1({ because, words = [], ...open }: NonNullable<Version1["case"]>): object {
  return {
    ...open,
    reason: because,
    words: words.map((one) => (one.stage === "held" ? { ...one, stage: "on_hold" } : one)),
  };
}

/** The variant with its tag called `kind`. */
function withKind(variant: object, tag: string): object {
  const { [tag]: kind, ...rest } = variant as Record<string, unknown>;
  return { kind, ...rest };
}
