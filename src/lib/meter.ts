/**
 * What every stage of the line counts. Names of channels and reasons come from configuration and code, never from a
 * request: whatever counts them must be able to keep one number for each.
 */
export interface Meter {
  /** One inbound item was stored; `duplicate` when it had come before. */
  countInbound(channel: string, kind: InboundKind): void;
  /** One inbound item was left out; `reason` is the adapter's short name for why ("not_a_message"). */
  countIgnored(channel: string, reason: string): void;
  /** A request was turned away with this HTTP status; `null` where no channel of that name is configured. */
  countRefused(channel: string | null, status: number): void;
  /** A request to a page that is not for everybody was turned away; both from closed lists. */
  countPageRefused(page: string, why: string): void;
  /** A connection was closed before it brought a whole request. */
  countDropped(why: DropKind): void;
  /** A stage worked for `ms` on something that had waited `lagMs` for it. */
  observeStage(name: StageName, took: { ms: number; lagMs?: number }): void;
  /** What became of one try to send one part. */
  countOutbound(channel: string, outcome: OutboundOutcome): void;
  /** An event could not be applied and was set aside for a person (T12). */
  countQuarantined(): void;
  /** The bot was stopped in a conversation, or a channel's ceiling kept one of its replies back. */
  countBrake(brake: BrakeKind): void;
  /** A message was kept and shown to nobody, because its sender writes too much. */
  countUnread(): void;
  /** A file was not kept, because its quota is used up. */
  countFileRefused(quota: QuotaKind): void;
  /** How much one sweep found that nobody was at work on. */
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

/** `dropped`: overtaken by a person; `suppressed`: the customer opted out; `parked`: a person has to decide; `retry`: tried again later. */
export type OutboundOutcome = "sent" | "dropped" | "suppressed" | "failed" | "parked" | "retry";

/**
 * `malformed`: no HTTP; `headers`: too large; `slow`: not whole in time; `crowded`: it waited while another needed the room;
 * `full`: no room, and none waited.
 */
export type DropKind = "malformed" | "headers" | "slow" | "crowded" | "full";

export type BrakeKind = "sender" | "thread" | "loop" | "channel";

/** As domain/limits.ts names them. */
export type QuotaKind = "perMessage" | "perConversation" | "perSenderDay" | "store";

export interface SweepFound {
  conversations: number;
  asks: number;
  streams: number;
  alarms: number;
}
