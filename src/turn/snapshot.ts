/**
 * The stored fold of a conversation's journal. Its shape has a version: those of older builds are upgraded, those of
 * newer builds refused.
 */
import { z } from "zod";
import type { LoadedTurn } from "../store/load-turns.ts";
import type { Run } from "../workflow/run.ts";
import { initialState, NEW_CASE, STATE_VERSION, type State } from "./core/state.ts";
import { withMessage } from "./journal-upgrade.ts";

/** The state, with the number of events handled so far, which gives the next one its place in the journal. */
export interface Snapshot {
  seq: number;
  state: State;
}

type Stored = Pick<LoadedTurn, "id" | "state" | "channel" | "thread" | "openedAt"> & Partial<Pick<LoadedTurn, "runs">>;

/** Latest format of a run's row; a program that does not know a row's leaves the conversation to one that does (V1). */
export const RUN_FORMAT = 2;

/** The format of a run's row: 2 where a procedure is under way in it, which older programs can't read. */
export const formatOf = ({ procedure }: Run): number => (procedure === undefined ? 1 : RUN_FORMAT);

/** A conversation that a newer program wrote. It is left as it is, to a process that can read it (V1). */
export class NewerFormat extends Error {
  override readonly name = "NewerFormat";
}

/** The parts that every version has; the rest was written by our own code. */
const Envelope = z.object({ seq: z.number(), state: z.looseObject({ v: z.number() }) });

/**
 * Reads the stored snapshot with its runs, or returns the one before the first event. Throws NewerFormat where a newer
 * build wrote it, and Error that names the conversation where it can't be read.
 */
export function readSnapshot({ id, state: stored, channel, thread, openedAt, runs = [] }: Stored): Snapshot {
  const before = initialState({ channel, thread, openedAt: new Date(openedAt).toISOString() });
  if (stored === null) return { seq: 0, state: before };
  const read = Envelope.safeParse(stored);
  if (!read.success) throw new Error(`The state of conversation ${id} can't be read: ${z.prettifyError(read.error)}`);
  const { seq, state } = read.data;
  if (state.v > STATE_VERSION) {
    throw new NewerFormat(
      `The state of conversation ${id} has version ${state.v}, and this program knows ${STATE_VERSION}: a newer Frontdesk wrote it.`,
    );
  }
  const kept = upgraded(state, { id, runs }) as State;
  // Fields that a stored state lacks get their first values.
  const open = kept.case ?? null;
  return { seq, state: { ...before, ...kept, case: open === null ? null : { ...NEW_CASE, ...open } } };
}

/** Splits a state into what is stored in the conversation, and the runs, which are rows of their own. */
export function storedState({ runs, ...state }: State): { state: Omit<State, "runs">; runs: readonly Run[] } {
  return { state, runs };
}

function upgraded(state: { v: number }, { id, runs }: { id: number; runs: LoadedTurn["runs"] }): object {
  switch (state.v) {
    case 1:
      return fromVersion2(fromVersion1(state as unknown as Version1));
    case 2:
      return fromVersion2(state as unknown as Version2);
    default:
      return { ...state, runs: runs.map((row) => readRun(id, row)) };
  }
}

function readRun(conversation: number, { id, format, body }: LoadedTurn["runs"][number]): Run {
  if (format <= RUN_FORMAT) return body as Run;
  throw new NewerFormat(
    `The run ${id} of conversation ${conversation} has format ${format}: a newer Frontdesk wrote it.`,
  );
}

/** Fields that version 3 changed: a run waits for a set of things, and a prompt tells when it was shown. */
interface Version2 {
  runs?: readonly ({ waiting: OldWaiting | null } & object)[];
  prompt?: object | null;
}

type OldWaiting = (
  | { kind: "answer"; ask: string }
  | { kind: "alarm"; alarm: string; unlessReplied: boolean }
  | object
) & {
  kind: string;
};

/** Before every event, so that what is written to an old prompt is read as its answer. */
const LONG_AGO = { event: 0, turn: 0, at: new Date(0).toISOString() };

function fromVersion2({ runs = [], prompt = null, ...rest }: Version2): object {
  return {
    ...rest,
    v: STATE_VERSION,
    prompt: prompt === null ? null : { ...prompt, shown: LONG_AGO },
    runs: runs.map(({ waiting, ...run }) => ({ ...run, waits: waiting === null ? [] : waitsFromVersion2(waiting) })),
  };
}

function waitsFromVersion2(waiting: OldWaiting): object[] {
  if ("unlessReplied" in waiting) {
    const { unlessReplied, ...alarm } = waiting;
    return unlessReplied ? [alarm, { kind: "words" }] : [alarm];
  }
  return [waiting.kind === "answer" ? { ...waiting, operation: "" } : waiting];
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
    v: 2,
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
