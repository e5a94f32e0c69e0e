/**
 * The stored fold of a conversation's journal. Its shape has a version: those of older builds are upgraded, those of
 * newer builds refused.
 */
import { z } from "zod";
import type { LoadedTurn } from "../store/load-turns.ts";
import { initialState, NEW_CASE, STATE_VERSION, type State } from "./core/state.ts";
import { withMessage } from "./journal-upgrade.ts";

/** The state, with the number of events handled so far, which gives the next one its place in the journal. */
export interface Snapshot {
  seq: number;
  state: State;
}

type Stored = Pick<LoadedTurn, "id" | "state" | "channel" | "thread" | "openedAt">;

/** The parts that every version has; the rest was written by our own code. */
const Envelope = z.object({ seq: z.number(), state: z.looseObject({ v: z.number() }) });

/**
 * Reads the stored snapshot, or returns the one before the first event. Throws Error that names the conversation where it
 * can't be read, or where a newer build wrote it.
 */
export function readSnapshot({ id, state: stored, channel, thread, openedAt }: Stored): Snapshot {
  const before = initialState({ channel, thread, openedAt: new Date(openedAt).toISOString() });
  if (stored === null) return { seq: 0, state: before };
  const read = Envelope.safeParse(stored);
  if (!read.success) throw new Error(`The state of conversation ${id} can't be read: ${z.prettifyError(read.error)}`);
  const { seq, state } = read.data;
  if (state.v > STATE_VERSION) {
    throw new Error(
      `The state of conversation ${id} has version ${state.v}, and this program knows ${STATE_VERSION}: a newer Frontdesk wrote it.`,
    );
  }
  const kept = (state.v === 1 ? fromVersion1(state as unknown as Version1) : state) as State;
  // Fields that a stored state lacks get their first values.
  const open = kept.case ?? null;
  return { seq, state: { ...before, ...kept, case: open === null ? null : { ...NEW_CASE, ...open } } };
}

/** Fields that version 2 renamed; all others are the same. */
interface Version1 {
  case?: ({ because: string; words?: readonly { stage: string }[] } & object) | null;
  runs?: readonly ({ waiting: ({ for: string } & object) | null } & object)[];
  fetching?: readonly ({ of: { side: string } & object } & object)[];
  deferred?: readonly ({ input: { kind: string; result?: unknown } } & object)[];
}

function fromVersion1({ case: open = null, runs = [], fetching = [], deferred = [], ...rest }: Version1): object {
  return {
    ...rest,
    v: STATE_VERSION,
    case: open === null ? null : caseFromVersion1(open),
    runs: runs.map(({ waiting, ...run }) => ({ ...run, waiting: waiting === null ? null : withKind(waiting, "for") })),
    fetching: fetching.map(({ of, ...file }) => ({ ...file, of: withKind(of, "side") })),
    deferred: deferred.map(({ input, ...run }) => ({
      ...run,
      input: input.kind === "answer" ? { ...input, result: withMessage(input.result) } : input,
    })),
  };
}

function caseFromVersion1({ because, words = [], ...open }: NonNullable<Version1["case"]>): object {
  return {
    ...open,
    reason: because,
    words: words.map((one) => (one.stage === "held" ? { ...one, stage: "on_hold" } : one)),
  };
}

/** Renames a variant's tag to `kind`. */
function withKind(variant: object, tag: string): object {
  const { [tag]: kind, ...rest } = variant as Record<string, unknown>;
  return { kind, ...rest };
}
