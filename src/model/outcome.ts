/** Outcomes of one request to a model, and what follows from each. */
import type { DialectField } from "./dialect.ts";

/** What `model_call` and the metrics have instead of "answered". */
export type FaultOutcome =
  /** Tools that do not exist, arguments that do not fit, JSON of another shape, an answer that was cut. */
  | "faulty"
  | "refused"
  | "too_long"
  | "rate_limited"
  /** The account has no money left. */
  | "out_of_quota"
  | "server_error"
  /** The server takes no such request. */
  | "rejected"
  | "unauthorised"
  | "timeout"
  | "disconnected"
  | "unreachable"
  /** The address is not allowed. */
  | "forbidden"
  /** No completion: other JSON, no JSON, no choices. */
  | "unreadable"
  /** Not asked, since it failed several times in a row. */
  | "paused"
  | "cancelled";

interface Consequence {
  /** The next try: the same model after a wait, the next model, or none. */
  next: "again" | "elsewhere" | "end";
  /** True where the server may have worked for it, and so bills it, although no usage is known. */
  billed: boolean;
  /** Input of the circuit breaker; null: it tells nothing about the server. */
  answers: boolean | null;
}

const CONSEQUENCES: Readonly<Record<FaultOutcome, Consequence>> = {
  faulty: { next: "elsewhere", billed: true, answers: true },
  // A model that declines says what it used; a filter before it uses nothing.
  refused: { next: "end", billed: false, answers: true },
  too_long: { next: "end", billed: false, answers: true },
  rate_limited: { next: "again", billed: false, answers: null },
  out_of_quota: { next: "elsewhere", billed: false, answers: false },
  server_error: { next: "again", billed: false, answers: false },
  rejected: { next: "elsewhere", billed: false, answers: null },
  unauthorised: { next: "elsewhere", billed: false, answers: false },
  // A server that is slow now is slow a moment later too, and the customer waits.
  timeout: { next: "elsewhere", billed: true, answers: false },
  disconnected: { next: "again", billed: true, answers: false },
  unreachable: { next: "again", billed: false, answers: false },
  forbidden: { next: "elsewhere", billed: false, answers: null },
  unreadable: { next: "again", billed: true, answers: false },
  paused: { next: "elsewhere", billed: false, answers: null },
  cancelled: { next: "end", billed: true, answers: null },
};

export const consequenceOf = (outcome: FaultOutcome): Consequence => CONSEQUENCES[outcome];

/** A request without a usable answer. */
export interface ModelFault {
  outcome: FaultOutcome;
  /** One sentence without secrets and without anything that a server or a customer wrote. */
  message: string;
  /** Fields that the server refused, as far as its error names them. */
  refused?: readonly DialectField[];
  /** The server's wish; null: none. */
  retryAfterMs: number | null;
  /** False where certainly nothing left, so that nothing can be billed. */
  mayHaveLeft: boolean;
}
