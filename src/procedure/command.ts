/** What a model, or the understudy in its place, may ask the engine to do. The engine checks each before it does it. */

export type Command =
  /** Says its own words to the customer. */
  | { kind: "reply"; text: string }
  /** Says a sentence of the file word for word; `sentence` is its id. */
  | { kind: "say"; sentence: string }
  /** Puts a field's question, with its options. */
  | { kind: "ask"; field: string }
  | { kind: "set_fields"; fields: readonly SetField[] }
  /** Sets a field as the file's `@set` says. */
  | { kind: "set"; field: string }
  | { kind: "use"; operation: string; args: Readonly<Record<string, unknown>> }
  /** Goes to a step of the active procedure. */
  | { kind: "go"; step: string }
  /** Decides a branch whose test is in words. */
  | { kind: "judge"; branch: string; holds: boolean; quote: string }
  /** Runs another procedure and comes back. */
  | { kind: "start"; procedure: string }
  /** Leaves the active procedure for another one. */
  | { kind: "switch"; procedure: string }
  /** Drops the active procedure, because the customer does not want it any more. */
  | { kind: "cancel" }
  /** Asks which of several matters is meant. */
  | { kind: "clarify"; candidates: readonly string[] }
  /** `place`: where the file says so; left out by a model. */
  | { kind: "note"; text: string; place?: string }
  | { kind: "tag"; tag: string; place?: string }
  | { kind: "workflow"; workflow: string }
  /** `queue`: "" leaves it to the file and the settings. */
  | { kind: "handoff"; queue: string; reason: HandoffReason; summary: string }
  | { kind: "end"; outcome: string };

export interface SetField {
  field: string;
  value: unknown;
  /** The customer's words that it rests on, as they wrote them. */
  quote: string;
}

/** Reasons for a handoff, as reports count them. */
export type HandoffReason = "asked" | "stuck" | "policy" | "failure";

/** A command that was refused, with the rule and a sentence for the model and the journal. */
export interface Refusal {
  rule: GuardRule;
  message: string;
}

/** The guards, in the order in which a call passes them, and those of other commands. */
export type GuardRule =
  | "not_listed"
  | "bad_arguments"
  | "identity"
  | "provenance"
  | "only_if"
  | "once_per"
  | "confirm"
  | "approve"
  | "limit"
  | "unknown_name"
  | "not_writable"
  | "quote_not_found"
  | "bad_value"
  | "not_grounded"
  | "not_done"
  | "repeated";
