/**
 * The state of a conversation: the fold of its journal, as small, plain JSON (T11). Transcripts are not part of it;
 * they are read from `message`.
 */
import type { Trust } from "../../adapter/inbound.ts";
import type { CaseStatus, Operator, TranscriptMark } from "../../domain/case.ts";
import type { Contact } from "../../domain/contact.ts";
import type { Attachment, StoredFile } from "../../domain/message.ts";
import type { NumberedOption } from "../../domain/option.ts";
import type { Priority, Resolution, TriggerName } from "../../workflow/definition.ts";
import type { Run, RunInput } from "../../workflow/run.ts";
import { NO_TRAFFIC, type Traffic } from "./traffic.ts";

/** Raised when a field changes its name or meaning; an added field takes its first value from `initialState`. */
export const STATE_VERSION = 3;

export interface State {
  /** The version of this shape; turn/snapshot.ts upgrades older ones. */
  v: typeof STATE_VERSION;
  phase: "new" | "open" | "closed";
  channel: string;
  thread: string;
  openedAt: string;
  contact: Contact;
  /** The channel's trust in their address when they last wrote; null before that. */
  trust: Trust | null;
  /** Ownership epoch: raised by claim, take-over and an operator's first reply (T8). */
  epoch: number;
  tags: readonly string[];
  /** The customer's latest text, for conditions; at most `LAST_TEXT_MAX` characters, the whole text is in `message`. */
  lastText: string;
  lastCustomerAt: string | null;
  /** Id of their latest message; 0 before the first. */
  lastMessage: number;
  prompt: OpenPrompt | null;
  /** At most one of them is in the foreground. */
  runs: readonly Run[];
  /** Background workflows that ask questions and wait to start until no other run holds the dialogue. */
  waiting: readonly WaitingStart[];
  /** Inputs for background runs that may ask next, kept while another run holds the dialogue. */
  deferred: readonly Deferred[];
  /** Messages that nothing has read yet: they came while a run waited for something else; oldest first (U1). */
  unread: readonly UnreadMessage[];
  /** Writes that were called off, and of whose outcome people are still to be told (E4). */
  calledOff: readonly CalledOff[];
  /** Ids of the workflows whose idle alarm is set. */
  idle: readonly string[];
  /** Internal notes made before there was a case to show them in. */
  notes: readonly string[];
  /** Files that are being fetched. */
  fetching: readonly Fetching[];
  /** The customer's files that came before there was a case to show them in. */
  files: readonly StoredFile[];
  /** Id of the prompt answered last, to tell a second press from a stale one. */
  answered: string | null;
  /** The customer's opt-out; null: messages may be sent. */
  optedOut: OptOut | null;
  case: CaseState | null;
  /** Recent traffic, for the brakes. */
  traffic: Traffic;
  resolution: Resolution | null;
  closedAt: string | null;
}

/** A message that waits to be read by the next workflow, or by people. */
export interface UnreadMessage {
  message: number;
  /** At most `LAST_TEXT_MAX` characters; the whole text is in `message`. */
  text: string;
}

/** A write that no run waits for any more. */
export interface CalledOff {
  ask: string;
  /** "crm.refund" */
  operation: string;
}

export interface OptOut {
  at: string;
  /** Their word ("STOP"); null where we know only from the platform's refusal. */
  word: string | null;
  /** Our side that it is for, as people call it ("+15550100"); null where unknown. */
  ours: string | null;
  /** True when the case was opened only because the bot can't answer them. */
  opened: boolean;
}

/** The one prompt whose numbers and buttons mean something now. */
export interface OpenPrompt {
  id: string;
  run: string;
  options: readonly NumberedOption[];
  /** Ids of the options shown last, where not all were. */
  named?: readonly string[];
  languages: readonly string[];
  /** A form's field: the text is the answer, not a choice. */
  field: boolean;
  /** The event that showed it last, its turn and its time: only what is written after that can miss it (U2). */
  shown: { event: number; turn: number; at: string };
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
  /** True while people hold the conversation; the bot is silent then (T8). */
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
  /**
   * End of what the thread shows of the transcript; set when people let go, so that the next handoff shows only the
   * rest.
   */
  shownUntil: TranscriptMark | null;
  /** The case that it was merged into. */
  mergedInto: number | null;
  /** The message about which an operator opened it; null: opened in another way. */
  about: AboutMessage | null;
  /**
   * Operators' words to the customer that can still change, be decided or be corrected; oldest first, at most
   * `WORDS_MAX`.
   */
  words: readonly PendingReply[];
  /** Id of the operator who wrote last in the thread; null where the customer did. */
  lastSpeaker: string | null;
  /** References of messages changed or deleted before they came, latest last; at most `WITHDRAWN_MAX`. */
  withdrawn: readonly string[];
  /** The bot's work, where only a parked part opened the case; it goes on if all turn out to be sent (E2). */
  suspended: SuspendedWork | null;
}

/** The bot's work while it is unknown whether parts arrived and nobody has done anything about it. */
export interface SuspendedWork {
  /** The parked parts. */
  parts: readonly number[];
  runs: readonly Run[];
  prompt: OpenPrompt | null;
  /** Inputs deferred before, and those that came meanwhile. */
  deferred: readonly Deferred[];
  unread: readonly UnreadMessage[];
}

/**
 * A message that was not written to us. Until an operator has replied to its author (`told`), neither the bot nor a
 * workflow writes there.
 */
export interface AboutMessage {
  author: string;
  /** Its place, as people call it ("#random"). */
  place: string;
  told: boolean;
}

/** An operator's words to the customer, from when they are written until a while after they were sent. */
export interface PendingReply {
  /** The desk's reference of them. */
  ref: string;
  operator: Operator;
  /** "" once sent; the transcript has them then. */
  text: string;
  files: readonly Attachment[];
  /**
   * leaving: can be changed until their alarm; due: leave after those before them; on_hold: the operator is asked;
   * sent; correction: sent and then changed to `text`, and the operator is asked about a correction.
   */
  stage: "leaving" | "due" | "on_hold" | "sent" | "correction";
  /** True when the thread shows them. */
  shown: boolean;
  /** Number of parts they were sent in; 0 before. */
  parts: number;
}

/** A file being fetched: a customer's, to be shown at the desk, or an operator's, to be sent. */
export interface Fetching {
  ask: string;
  name: string;
  of: { kind: "customer"; author: string } | { kind: "operator"; operator: Operator; shown: boolean };
}

/** Characters of a text that conditions see; the limit keeps the state small (T11). */
export const LAST_TEXT_MAX = 4_000;
/** Bytes of JSON that a state may have, of T11's 64 kB; beyond it workflows are stopped and a person takes over. */
const STATE_MAX_BYTES = 60_000;
/** Maxima for one conversation: our choice, far above any desk's use (T11). */
export const TAGS_MAX = 100;
export const TAG_CHARACTERS_MAX = 100;
export const NOTES_MAX = 20;
export const NOTE_CHARACTERS_MAX = 1_000;
export const RUNS_MAX = 20;
export const WORDS_MAX = 40;
export const WITHDRAWN_MAX = 20;
/** Unsent replies, and their characters; beyond that a reply is sent, or kept inside, at once. */
export const WAITING_MAX = 20;
export const WAITING_CHARACTERS_MAX = 12_000;
export const FILES_MAX = 20;
/** Unread messages, beyond which people take over: far more than people write during a call (U1). */
export const UNREAD_MAX = 10;

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

/** Returns the state before the first event. */
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
    unread: [],
    calledOff: [],
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

/** First values of the fields added to cases since states were first stored. */
export const NEW_CASE = {
  mergedInto: null,
  about: null,
  words: [],
  lastSpeaker: null,
  withdrawn: [],
  suspended: null,
} as const;

/** True when a state is too large to be stored (T11). */
export function isOverfull(state: State): boolean {
  const json = JSON.stringify(state);
  // A UTF-16 unit takes at most three bytes, so most states need not be encoded.
  return json.length * 3 > STATE_MAX_BYTES && new TextEncoder().encode(json).byteLength > STATE_MAX_BYTES;
}
