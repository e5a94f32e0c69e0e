/**
 * Counters of every stage. Channel names and reasons come from configuration and code, never from a request, so that an
 * implementation can keep one series for each.
 */
export interface Meter {
  /** Counts a stored inbound item; `duplicate` when it was stored before. */
  countInbound(channel: string, kind: InboundKind): void;
  /** Counts an inbound item that was left out; `reason` is the adapter's short name for the cause ("not_a_message"). */
  countIgnored(channel: string, reason: string): void;
  /** Counts a webhook request refused with this HTTP status; `null` when no channel of that name is configured. */
  countRefused(channel: string | null, status: number): void;
  /** Counts a refused request to a private page; both values come from closed lists. */
  countPageRefused(page: string, why: string): void;
  /** Counts a connection that closed before it delivered a complete request. */
  countDropped(why: DropKind): void;
  /** Records that a stage worked for `ms` on an item that had waited `lagMs`. */
  observeStage(name: StageName, took: { ms: number; lagMs?: number }): void;
  /** Counts an attempt to send a part. */
  countOutbound(channel: string, outcome: OutboundOutcome): void;
  /** Counts an event that could not be applied and was set aside for a person (T12). */
  countQuarantined(): void;
  /** Counts a turn that was left to a newer program, whose events or states this one can't read (V1). */
  countLeft(): void;
  /** Counts a conversation in which the bot was stopped, or a reply held back by its channel's ceiling. */
  countBrake(brake: BrakeKind): void;
  /** Counts a message stored but not shown, because its sender writes too much. */
  countUnread(): void;
  /** Counts a file not stored, because its quota is used up. */
  countFileRefused(quota: QuotaKind): void;
  /** Counts a request to a language model, by what became of it; also one that was not made. */
  countModelCall(model: string, outcome: string): void;
  /** Records what a request to a language model used; `ms`: the time until its answer. */
  observeModelUse(model: string, use: ModelUse): void;
  /** Counts the abandoned work found by one sweep. */
  countSweep(found: SweepFound): void;
}

export type InboundKind =
  | "message"
  | "choice"
  | "opt_out"
  | "opt_in"
  | "help"
  | "edit"
  | "delete"
  | "action"
  | "moved"
  | "receipt"
  | "duplicate";

export type StageName = "inbound" | "turn" | "answer" | "deliver";

/** `dropped`: a person took over; `suppressed`: opted out; `parked`: a person has to decide; `retry`: sent again later. */
export type OutboundOutcome = "sent" | "dropped" | "suppressed" | "failed" | "parked" | "retry";

/**
 * `malformed`: not HTTP; `headers`: too large; `slow`: not complete in time; `crowded`: idle and closed to make room for
 * another; `full`: no room, and no idle connection to close.
 */
export type DropKind = "malformed" | "headers" | "slow" | "crowded" | "full";

export type BrakeKind = "sender" | "thread" | "loop" | "channel";

/** Same names as in domain/limits.ts. */
export type QuotaKind = "perMessage" | "perConversation" | "perSenderDay" | "store";

/** Tokens, and US dollars where the price is known; `cached` is part of `input`. */
export interface ModelUse {
  input: number;
  cached: number;
  output: number;
  costUsd: number;
  ms: number;
}

export interface SweepFound {
  conversations: number;
  asks: number;
  streams: number;
  alarms: number;
}
