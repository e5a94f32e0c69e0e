/**
 * Delivery: one drain per thread, in order; threads side by side.
 *
 * 1. A part is claimed, and its attempt stamped, before anything leaves; the next one after it was accepted (O1, O2).
 * 2. A part that may have left is never sent again before the platform said that it did not arrive; where it can't
 *    say, the part is parked and a person hears of it.
 * 3. A retry ends the drain and moves the part's due time: nobody waits in a lane for a slow platform's excuse.
 * 4. A reply of the bot is dropped where a person took over since (T8), and anything where its recipient opted out since:
 *    the claim says so, so nothing leaves once that is stored.
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
import { type ClaimedPart, claimParts, type Wanted } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { startHeartbeat } from "../store/heartbeat.ts";
import { renewParts } from "../store/leases.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type SettledAttempt, type Settlement, settleParts } from "../store/settle-parts.ts";
import type { Sender } from "./sender.ts";

/** A send or a question that takes longer is given up; its outcome is unknown then. */
const ANSWER_WITHIN_MS = 45_000;
/** Between two tries: a platform that comes back is not kept waiting for longer by each of its threads. */
const LONGEST_BACKOFF_MS = 30_000;
/** Tries before a part that certainly did not leave is given up: about nine hours at the longest back-off. */
const MAX_TRIES = 1_080;
/** For so long the platform is asked about a part whose outcome is unknown, before it is parked: it may be out of reach. */
const ASK_FOR_MS = 5 * 60_000;

/** Why a part was dropped: what follows "not sent, because". */
export const TAKEN_OVER = "a person took over before it left";
export const OPTED_OUT = "the customer opted out; they can write START to hear from us again";

interface DeliverOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** Who sends this part; null where its channel is not configured any more. */
  sender: (part: ClaimedPart) => Sender | null;
  /** Parts that may leave on a channel in a day, before the bot's replies are kept back. */
  ceiling: (channel: string) => number;
}

/** The handler of a delivery lane: sends what is due in one thread of a channel. */
export type Deliver = (channel: string, thread: string, signal: AbortSignal) => Promise<void>;

export function createDeliver(o: DeliverOptions): Deliver {
  const shared = { max: 128, lanes: 2, divisible: (error: unknown) => !connectionLost(error) };
  const claim = batch((streams: readonly Wanted[]) => claimParts(o.db, streams), shared);
  const settle = batch((settlements: readonly SettledAttempt[]) => settleParts(o.db, settlements), shared);
  const throttle = createLogThrottle();
  const heartbeat = startHeartbeat<number>((ids) => renewParts(o.db, ids));

  return async (channel, thread, signal) => {
    while (!signal.aborted) {
      const part = await claim({ channel, thread, ceiling: o.ceiling(channel) });
      if (part === null) return;
      const started = performance.now();
      const { settlement, wake, more } = await heartbeat.during(part.id, async () => {
        const made = await attempt(part, { sender: o.sender(part), ceiling: o.ceiling(channel) }, signal);
        const settled = await retryUntilStored(() => settle({ ...made, attempt: part.attempts }));
        return { settlement: made, ...settled };
      });
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
    return { id, outcome: "failed", error: `The channel “${part.channel}” is not in frontdesk.yaml any more` };
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
    // Whoever is asked has to know when: what left just now may not be there yet.
    return settleFailure({ ...part, attemptedBefore }, sender, { error, signal });
  }
}

const ceilingMessage = ({ channel }: ClaimedPart, ceiling: number): string =>
  `The limit of ${ceiling} messages a day on ${channel} is reached; the bot has stopped answering until midnight UTC`;

// `AbortSignal.timeout` would leave a timer behind for every part that was sent long since.
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
  // A sender that throws anything else has a fault, and nobody knows how far it came.
  if (!(error instanceof SendError) || error.outcome === "unknown") {
    const known = await askOutcome(part, sender, { error: message, signal });
    return known === "not-sent" ? retryLater(part, { afterMs: 0 }, message) : known;
  }
  if (error.retry === "never") return { id, outcome: "failed", error: message, optedOut: error.optedOut };
  return retryLater(part, error.retry, message);
}

/** Certainly not sent: once more, after what the platform asked for or the back-off, whichever is longer. */
function retryLater({ id, attempts }: ClaimedPart, retry: { afterMs: number }, error: string): Settlement {
  if (attempts >= MAX_TRIES) return { id, outcome: "failed", error: `Given up after ${attempts} tries: ${error}` };
  const waitMs = Math.max(retry.afterMs, backoffOf(attempts));
  return { id, outcome: "retry", dueAt: new Date(Date.now() + waitMs), error };
}

/** Asks the platform about an attempt whose outcome nobody knows (O2). */
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
  const doubtedMs = attemptedBefore === null ? 0 : Date.now() - new Date(attemptedBefore).getTime();
  // Where we stop, it was not the platform that could not say: the next process asks.
  if (doubtedMs > ASK_FOR_MS && !signal.aborted) return { id, outcome: "parked", error };
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

/** An alarm for whoever runs it: from now on people answer by hand, or the limit is raised. */
function observeCeiling({ log, meter, throttle }: Observing, { channel, conversation }: ClaimedPart): void {
  meter.countBrake("channel");
  const more = throttle(`${channel} ceiling`);
  const fix = "people's words still leave; raise limits: channel: in frontdesk.yaml if this is no flood";
  if (more !== null) log.error({ channel, conversation, fix, ...more }, "channel reached its daily limit of messages");
}
