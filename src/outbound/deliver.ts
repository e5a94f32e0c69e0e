/**
 * Delivery: drains each thread in order, many threads concurrently.
 *
 * 1. A part is claimed and its attempt stamped before it leaves; the next part follows after it was accepted (O1, O2).
 * 2. A part that may have left is never sent again before the platform reports that it did not arrive; when the platform
 *    can't tell, the part is parked and a person is notified.
 * 3. A retry ends the drain and moves the part's due time: no lane slot waits for a slow platform.
 * 4. A bot's reply is dropped when a person took over since (T8), and any part when its recipient opted out since: the
 *    claim reports both, so nothing leaves after they are stored.
 */
import { SendError } from "../adapter/send-error.ts";
import type { RemoteId } from "../domain/ids.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { backoffMs } from "../lib/backoff.ts";
import { batch } from "../lib/batch.ts";
import { connectionLost } from "../lib/connection-lost.ts";
import { createLogThrottle, type LogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter, OutboundOutcome } from "../lib/meter.ts";
import { type ClaimedPart, claimParts, LEASE_MS, type Wanted } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { startHeartbeat } from "../store/heartbeat.ts";
import { renewParts } from "../store/leases.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type SettledAttempt, type Settlement, settleParts } from "../store/settle-parts.ts";
import type { Sender } from "./sender.ts";

/** Time-out of a send or reconcile call; the outcome of a send is then unknown. */
const ANSWER_WITHIN_MS = 45_000;
/** Longest wait between two attempts, so that threads resume soon after a platform recovers. */
const LONGEST_BACKOFF_MS = 30_000;
/** Attempts before a part that certainly did not leave fails: about nine hours at the longest back-off. */
const MAX_TRIES = 1_080;
/** Time for which the platform is asked about an unknown outcome before the part is parked: it may be unreachable. */
const ASK_FOR_MS = 5 * 60_000;

/** Reasons why a part was dropped, worded to follow "not sent, because". */
export const TAKEN_OVER = "a person took over before it left";
export const OPTED_OUT = "the customer opted out; they can write START to hear from us again";

interface DeliverOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** Returns the sender of a part; null when its channel is no longer configured. */
  sender: (part: ClaimedPart) => Sender | null;
  /** Returns the parts that a channel may send per day before the bot's replies are held back. */
  ceiling: (channel: string) => number;
}

/** The handler of a delivery lane: sends the due parts of one thread of a channel. */
export type Deliver = (channel: string, thread: string, signal: AbortSignal) => Promise<void>;

export function createDeliver(o: DeliverOptions): Deliver {
  const shared = { max: 128, lanes: 2, divisible: (error: unknown) => !connectionLost(error) };
  const claim = batch((streams: readonly Wanted[]) => claimParts(o.db, streams), shared);
  const settle = batch((settlements: readonly SettledAttempt[]) => settleParts(o.db, settlements), shared);
  const throttle = createLogThrottle();
  const heartbeat = startHeartbeat<number>({ leaseMs: LEASE_MS, renew: (claims) => renewParts(o.db, claims) });

  return async (channel, thread, signal) => {
    while (!signal.aborted) {
      const part = await claim({ channel, thread, ceiling: o.ceiling(channel) });
      if (part === null) return;
      const started = performance.now();
      const { settlement, wake, more } = await heartbeat.during(
        { id: part.id, attempt: part.attempts, since: part.since },
        async () => {
          const made = await attempt(part, { sender: o.sender(part), ceiling: o.ceiling(channel) }, signal);
          const settled = await retryUntilStored(() => settle({ ...made, attempt: part.attempts }));
          return { settlement: made, ...settled };
        },
      );
      observe({ ...o, throttle }, { part, settlement, ms: performance.now() - started });
      if (wake !== null) o.lanes.wake("turn", String(wake));
      if (!more) return;
    }
  };
}

interface Route {
  sender: Sender | null;
  ceiling: number;
}

async function attempt(part: ClaimedPart, { sender, ceiling }: Route, signal: AbortSignal): Promise<Settlement> {
  const { id } = part;
  if (part.stale) return { id, outcome: "dropped", error: TAKEN_OVER };
  if (part.over && !part.suppressed) {
    return { id, outcome: "dropped", brake: "channel", error: ceilingMessage(part, ceiling) };
  }
  if (sender === null) {
    return { id, outcome: "failed", error: `The channel “${part.channel}” is no longer in frontdesk.yaml` };
  }
  if (part.attemptedBefore !== null) {
    const error = "The sender stopped before the platform's answer was stored";
    const known = await askOutcome(part, sender, { error, signal });
    if (known !== "not-sent") return known;
  }
  if (part.suppressed) return { id, outcome: "dropped", error: OPTED_OUT };
  const attemptedBefore = new Date().toISOString();
  try {
    return { id, outcome: "sent", remoteId: await withinDeadline(signal, (deadline) => sender.send(part, deadline)) };
  } catch (error) {
    // Reconcile needs the time of this attempt: a part sent just now may not be listed yet.
    return settleFailure({ ...part, attemptedBefore }, sender, { error, signal });
  }
}

const ceilingMessage = ({ channel }: ClaimedPart, ceiling: number): string =>
  `The limit of ${ceiling} messages a day on ${channel} is reached; the bot has stopped answering until midnight UTC`;

// `AbortSignal.timeout` would leave a pending timer for every part sent.
async function withinDeadline<Value>(
  signal: AbortSignal,
  ask: (deadline: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = new AbortController();
  const abort = () => deadline.abort(signal.reason);
  const timer = setTimeout(
    () => deadline.abort(new Error(`No answer within ${ANSWER_WITHIN_MS / 1_000} s`)),
    ANSWER_WITHIN_MS,
  );
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await ask(deadline.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

interface Failure {
  error: unknown;
  signal: AbortSignal;
}

async function settleFailure(part: ClaimedPart, sender: Sender, { error, signal }: Failure): Promise<Settlement> {
  const { id } = part;
  const message = error instanceof Error ? error.message : String(error);
  // Any other error is a bug of the sender, and the outcome is unknown.
  if (!(error instanceof SendError) || error.outcome === "unknown") {
    const known = await askOutcome(part, sender, { error: message, signal });
    return known === "not-sent" ? retryLater(part, { afterMs: 0 }, message) : known;
  }
  if (error.retry === "never") return { id, outcome: "failed", error: message, optedOut: error.optedOut };
  return retryLater(part, error.retry, message);
}

/** Retries a part that was certainly not sent, after the platform's delay or the back-off, whichever is longer. */
function retryLater({ id, attempts }: ClaimedPart, retry: { afterMs: number }, error: string): Settlement {
  if (attempts >= MAX_TRIES) return { id, outcome: "failed", error: `Given up after ${attempts} attempts: ${error}` };
  const waitMs = Math.max(retry.afterMs, backoffOf(attempts));
  return { id, outcome: "retry", dueAt: new Date(Date.now() + waitMs), error };
}

/** Asks the platform about an attempt whose outcome is unknown (O2). */
async function askOutcome(
  part: ClaimedPart,
  sender: Sender,
  { error, signal }: { error: string; signal: AbortSignal },
): Promise<Settlement | "not-sent"> {
  const { id, attempts, attemptedBefore } = part;
  if (!sender.canReconcile) return { id, outcome: "parked", error };
  const asked = withinDeadline(signal, (deadline) => sender.reconcile(part, deadline));
  const answer = await asked.catch((): "unknown" => "unknown");
  if (answer === "not-sent") return "not-sent";
  if (answer !== "unknown") return { id, outcome: "sent", remoteId: answer satisfies RemoteId };
  const unknownForMs = attemptedBefore === null ? 0 : Date.now() - new Date(attemptedBefore).getTime();
  // When this process stops, the platform's answer is missing because of us: the next process asks again.
  if (unknownForMs > ASK_FOR_MS && !signal.aborted) return { id, outcome: "parked", error };
  return { id, outcome: "unclear", dueAt: new Date(Date.now() + backoffOf(attempts)), error };
}

function outcomeOf(part: ClaimedPart, { outcome }: Settlement): OutboundOutcome {
  if (outcome === "dropped") return part.stale || !part.suppressed ? "dropped" : "suppressed";
  return outcome === "unclear" ? "retry" : outcome;
}

const backoffOf = (attempts: number): number => backoffMs(attempts, { maxMs: LONGEST_BACKOFF_MS });

type Observing = Pick<DeliverOptions, "log" | "meter"> & { throttle: LogThrottle };

function observe(
  { log, meter, throttle }: Observing,
  o: { part: ClaimedPart; settlement: Settlement; ms: number },
): void {
  const { part, settlement, ms } = o;
  const outcome = outcomeOf(part, settlement);
  meter.countOutbound(part.channel, outcome);
  meter.observeStage("deliver", { ms, lagMs: Math.max(0, Date.now() - new Date(part.createdAt).getTime()) });
  const facts = { conversation: part.conversation, outbox: part.id, channel: part.channel, ms: Math.round(ms) };
  if (settlement.outcome === "sent") return log.debug(facts, "part sent");
  if ("brake" in settlement && settlement.brake !== undefined) return observeCeiling({ meter, log, throttle }, part);
  const more = throttle(`${part.channel} ${settlement.outcome}`);
  if (more !== null)
    log.warn({ ...facts, outcome: settlement.outcome, error: settlement.error, ...more }, "part not sent");
}

/** Alerts the admin: until the limit is raised, only people answer on this channel. */
function observeCeiling({ log, meter, throttle }: Observing, { channel, conversation }: ClaimedPart): void {
  meter.countBrake("channel");
  const more = throttle(`${channel} ceiling`);
  const fix = "operators' replies are still sent; raise limits: channel: in frontdesk.yaml if this is no flood";
  if (more !== null) log.error({ channel, conversation, fix, ...more }, "channel reached its daily message limit");
}
