/** The delivery state of a message, in words for operators. */
import type { PartFacts } from "../store/part-facts.ts";

export type PartState = "queued" | "sending" | "sent" | "delivered" | "failed" | "parked" | "dropped";

/** Returns the state of one part, from its outbox row and the platform's latest receipt. */
export function partState({ outcome, attempted, status }: PartFacts): PartState {
  switch (outcome) {
    case null:
      return attempted ? "sending" : "queued";
    case "sent":
      return afterSending(status);
    case "dropped":
    case "failed":
    case "parked":
      return outcome;
  }
}

function afterSending(status: string | null): PartState {
  if (status === "delivered" || status === "read") return "delivered";
  return status === "failed" || status === "undelivered" ? "failed" : "sent";
}

/** Worst first: a message is only as good as its worst part. */
const GRAVITY: readonly PartState[] = ["failed", "parked", "dropped", "queued", "sending", "sent", "delivered"];

/** Returns the state of a whole message; null if it has no parts. */
export function messageState(parts: readonly PartFacts[]): PartState | null {
  const states = new Set(parts.map(partState));
  return GRAVITY.find((state) => states.has(state)) ?? null;
}

/** Returns "→ Dana, SMS, delivered", with the reason if it failed; null for a message without parts. */
export function deliveryWords(to: string, channel: string, parts: readonly PartFacts[]): string | null {
  const state = messageState(parts);
  if (state === null) return null;
  const worst = parts.find((part) => partState(part) === state);
  const reason = worst?.error ?? (worst?.code ? `the platform's code is ${worst.code}` : null);
  return `→ ${to}, ${channel}, ${stateWords(state)}${state === "dropped" ? droppedBecause(reason) : ""}${reason !== null && GRAVE.has(state) ? `: ${reason}` : ""}`;
}

const GRAVE: ReadonlySet<PartState> = new Set(["failed", "parked"]);
/** The error of a dropped part is the end of this sentence (outbound/deliver.ts). */
const droppedBecause = (reason: string | null): string => (reason === null ? "" : `, because ${reason}`);

function stateWords(state: PartState): string {
  switch (state) {
    case "queued":
      return "waiting to be sent";
    case "sending":
      return "being sent";
    case "sent":
    case "delivered":
      return state;
    case "failed":
      return "not delivered";
    case "parked":
      return "unclear whether it arrived";
    case "dropped":
      return "not sent";
  }
}
