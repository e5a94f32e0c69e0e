/**
 * The state of a conversation at one moment: the fold of its journal, small and plain JSON (T11). Transcripts are read from
 * `message`, never kept here.
 */
import type { Trust } from "../../adapter/inbound.ts";
import type { CaseStatus, Operator, TranscriptMark } from "../../domain/case.ts";
import type { Contact } from "../../domain/contact.ts";
import type { Attachment, StoredFile } from "../../domain/message.ts";
import type { NumberedOption } from "../../domain/option.ts";
import type { Priority, Resolution, TriggerName } from "../../workflow/definition.ts";
import type { Run, RunInput } from "../../workflow/run.ts";
import { NO_TRAFFIC, type Traffic } from "./traffic.ts";

/** Raised where a field changes its name or its meaning; one that is only added has its beginning in `initialState`. */
export const STATE_VERSION = 2;

export interface State {
  /** The version of this shape; older ones are read by turn/snapshot.ts. */
  v: typeof STATE_VERSION;
  phase: "new" | "open" | "closed";
  channel: string;
  thread: string;
  openedAt: string;
  contact: Contact;
  /** How far the channel vouched for them when they wrote last; null before that. */
  trust: Trust | null;
  /** Ownership epoch: raised by claim, take-over and an operator's first reply (T8). */
  epoch: number;
  tags: readonly string[];
  /** The customer's latest words, for conditions; `LAST_TEXT_MAX` characters at most, the whole stands in `message`. */
  lastText: string;
  lastCustomerAt: string | null;
  /** The id of their latest message; 0 before the first. */
  lastMessage: number;
  prompt: OpenPrompt | null;
  /** At most one of them is in the foreground. */
  runs: readonly Run[];
  /** Background workflows that want to ask and wait until nothing holds the dialogue. */
  waiting: readonly WaitingStart[];
  /** Words told to a background workflow that may ask next, while something else held the dialogue. */
  deferred: readonly Deferred[];
  /** Alarms of idle workflows that are set, by workflow id. */
  idle: readonly string[];
  /** Internal notes made before there was a case to show them in. */
  notes: readonly string[];
  /** Files that are being fetched. */
  fetching: readonly Fetching[];
  /** Files of the customer's that came before there was a case to show them in. */
  files: readonly StoredFile[];
  /** The prompt that was answered last, so that a second press is told apart from a stale one. */
  answered: string | null;
  /** Since when nothing of ours may reach the customer, because they opted out; null: it may. */
  optedOut: OptOut | null;
  case: CaseState | null;
  /** How much went on lately: what the brakes go by. */
  traffic: Traffic;
  resolution: Resolution | null;
  closedAt: string | null;
}

export interface OptOut {
  at: string;
  /** Their word ("STOP"); null where only the platform's refusal told us. */
  word: string | null;
  /** The side of ours that it is for, as people call it ("+15550100"); null where that is not known. */
  ours: string | null;
  /** Tells whether the case was opened only because the bot can't answer them. */
  opened: boolean;
}

/** The one prompt whose numbers and buttons mean something now. */
export interface OpenPrompt {
  id: string;
  run: string;
  options: readonly NumberedOption[];
  /** The ids of those that were shown last, where that was not all of them. */
  named?: readonly string[];
  languages: readonly string[];
  /** A form's field: the text is the answer, not a choice. */
  field: boolean;
}

export interface WaitingStart {
  workflow: string;
  release: number;
  trigger: TriggerName;
  depth: number;
}

export interface Deferred {
  run: string;
  input: RunInput;
}

export interface CaseState {
  /** Tells whether people hold the conversation now; the bot is silent while they do (T8). */
  held: boolean;
  queue: string;
  status: CaseStatus;
  priority: Priority;
  reason: string;
  summary: string | null;
  facts: readonly { label: string; value: string }[];
  holder: Operator | null;
  waitingSince: string | null;
  openedAt: string;
  /** Up to when the thread holds what was said: set when people let go, so that the next handoff shows only the rest. */
  shownUntil: TranscriptMark | null;
  /** The case that it was merged into. */
  mergedInto: number | null;
  /** The message about which an operator opened it; null: it began in another way. */
  about: AboutMessage | null;
  /** Words that operators wrote to the customer, as far as more can come of it; oldest first, `WORDS_MAX` at most. */
  words: readonly PendingReply[];
  /** The operator who wrote last in the thread; null where the customer did. */
  lastSpeaker: string | null;
  /** Names of messages that were changed or deleted and had not come, the latest last; `WITHDRAWN_MAX` at most. */
  withdrawn: readonly string[];
}

/**
 * A message that was not written to us. Its author is nobody's customer before an operator has replied (`told`): until then
 * nothing of the bot's, of a workflow's or of ours goes there.
 */
export interface AboutMessage {
  author: string;
  /** The place where it stands, as people call it ("#random"). */
  place: string;
  told: boolean;
}

/** An operator's words on their way to the customer, and for a while after. */
export interface PendingReply {
  /** As the desk names them. */
  ref: string;
  operator: Operator;
  /** "" once they were sent: the transcript has them. */
  text: string;
  files: readonly Attachment[];
  /**
   * leaving: until its alarm they can be changed; due: they leave as soon as those before them have; on_hold: the operator
   * is asked; sent; correction: sent, and `text` is what they were changed to, which the operator is asked about.
   */
  stage: "leaving" | "due" | "on_hold" | "sent" | "correction";
  /** Tells whether the thread shows them already. */
  shown: boolean;
  /** How many parts they left in; 0 before. */
  parts: number;
}

/** A file under way: a customer's, to be shown at the desk, or an operator's, to be sent. */
export interface Fetching {
  ask: string;
  name: string;
  of: { kind: "customer"; author: string } | { kind: "operator"; operator: Operator; shown: boolean };
}

/** Longer texts are matched by workflows on their first part only (T11 keeps the state below 64 kB). */
export const LAST_TEXT_MAX = 4_000;
/** Bytes of JSON that a state may have, of the 64 kB of T11; with more, workflows are stopped and a person takes over. */
const STATE_MAX_BYTES = 60_000;
/** Of each, for one conversation: ours, far above what any desk has use for (T11). */
export const TAGS_MAX = 100;
export const TAG_CHARACTERS_MAX = 100;
export const NOTES_MAX = 20;
export const NOTE_CHARACTERS_MAX = 1_000;
export const RUNS_MAX = 20;
export const WORDS_MAX = 40;
export const WITHDRAWN_MAX = 20;
/** Words that wait, and their characters; what an operator writes beyond is sent, or kept inside, at once. */
export const WAITING_MAX = 20;
export const WAITING_CHARACTERS_MAX = 12_000;
export const FILES_MAX = 20;

const NOBODY: Contact = {
  id: 0,
  name: "",
  first_name: "",
  email: "",
  phone: "",
  language: "",
  blocked: false,
  attributes: {},
};

/** The state before anything happened. */
export function initialState(o: { channel: string; thread: string; openedAt: string }): State {
  return {
    v: STATE_VERSION,
    phase: "new",
    ...o,
    contact: NOBODY,
    trust: null,
    epoch: 0,
    tags: [],
    lastText: "",
    lastCustomerAt: null,
    lastMessage: 0,
    prompt: null,
    runs: [],
    waiting: [],
    deferred: [],
    idle: [],
    notes: [],
    fetching: [],
    files: [],
    answered: null,
    optedOut: null,
    case: null,
    traffic: NO_TRAFFIC,
    resolution: null,
    closedAt: null,
  };
}

/** Values that a case begins with of the fields that it gained since states were first stored. */
export const NEW_CASE = { mergedInto: null, about: null, words: [], lastSpeaker: null, withdrawn: [] } as const;

/** Tells whether a state is more than can be kept (T11). */
export function isOverfull(state: State): boolean {
  const json = JSON.stringify(state);
  // No character has more than three bytes per UTF-16 unit, so that most states need not be encoded.
  return json.length * 3 > STATE_MAX_BYTES && new TextEncoder().encode(json).byteLength > STATE_MAX_BYTES;
}
