/**
 * Delivery: drains each thread in order, many threads concurrently.
 *
 * 1. A part is claimed and its attempt stamped before it leaves; the next part follows after it was accepted (O1, O2).
 * 2. A part that may have left is never sent again before the platform reports that it did not arrive; when the platform
 *    can't tell, the part is parked and a person is notified.
 * 3. A retry ends the drain and moves the part's due time: no lane slot waits for a slow platform.
 * 4. A bot's reply is dropped when a person took over since (T8), and any part when its recipient opted out since: the
 *    claim reports both, so nothing leaves after they are stored. What may have left before is asked about first (E2).
 * 5. A claim whose answer was lost with the connection is given back, before its stream is claimed again: its part never
 *    left (E2).
 * 6. Times are differences that one clock measured: the database's, or this process's (E6).
 */
import { SendError } from "../adapter/send-error.ts";
import type { RemoteId } from "../domain/ids.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { backoffMs } from "../lib/backoff.ts";
import { batch } from "../lib/batch.ts";
import { connectionLost } from "../lib/connection-lost.ts";
import type { Fence } from "../lib/fence.ts";
import { createLogThrottle, type LogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter, OutboundOutcome } from "../lib/meter.ts";
import { attemptAgoMs, type ClaimedPart, claimParts, LEASE_MS, type Wanted } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { startHeartbeat } from "../store/heartbeat.ts";
import { renewParts } from "../store/leases.ts";
import { findLostClaims } from "../store/lost-claims.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type SettledAttempt, type Settlement, settleParts } from "../store/settle-parts.ts";
import { askInTime, LEAVE_MARGIN_MS, sendInTime } from "./attempt-time.ts";
import { claimInTurn, forget, isKnown } from "./own-claims.ts";
import type { Sender } from "./sender.ts";

/** Longest wait between two attempts, so that threads resume soon after a platform recovers. */
const LONGEST_BACKOFF_MS = 30_000;
/** Attempts before a part that certainly did not leave fails: about nine hours at the longest back-off. */
const MAX_TRIES = 1_080;
/** Age at which a part that was tried and did not leave fails: words of yesterday help nobody, and people can still act. */
const DEADLINE_MS = 24 * 60 * 60_000;
/** Time for which the platform is asked about an unknown outcome before the part is parked: it may be unreachable. */
const ASK_FOR_MS = 5 * 60_000;
/** Time in which a receipt may settle an unknown outcome: platforms report within seconds what they have accepted. */
const RECEIPT_WITHIN_MS = 60_000;

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
  const findLost = batch((streams: readonly Wanted[]) => findLostClaims(o.db, streams), shared);
  const settle = batch((settlements: readonly SettledAttempt[]) => settleParts(o.db, settlements), shared);
  const throttle = createLogThrottle();
  const store = (settled: SettledAttempt) => retryUntilStored(() => settle(settled));
  const heartbeat = startHeartbeat<number>({ leaseMs: LEASE_MS, renew: (claims) => renewParts(o.db, claims) });

  /** Gives back the part of a claim whose answer was lost with the connection: nothing of it has left. */
  async function giveBackLost(stream: Wanted): Promise<void> {
    const lost = await retryUntilStored(() => findLost(stream));
    if (lost === null || isKnown(lost)) return;
    await store({ ...lost, outcome: "retry", afterMs: 0, error: "The answer to its claim was lost" });
    o.log.warn({ outbox: lost.id, channel: stream.channel }, "part of a lost claim given back");
  }

  const claimNext = (wanted: Wanted) =>
    claimInTurn(wanted, () =>
      claim(wanted).catch(async (error: unknown) => {
        if (connectionLost(error)) await giveBackLost(wanted);
        throw error;
      }),
    );

  /** Stores an answer that came after its sender was given up: delivery only moves forward (O3). */
  async function settleLate({ id, attempts }: ClaimedPart, remoteId: RemoteId): Promise<void> {
    try {
      const { wake } = await store({ id, outcome: "sent", remoteId, attempt: attempts });
      if (wake !== null) o.lanes.wake("turn", String(wake));
    } catch (error) {
      o.log.error({ err: error, outbox: id }, "late answer not stored");
    }
  }

  return async (channel, thread, signal) => {
    while (!signal.aborted) {
      const part = await claimNext({ channel, thread, ceiling: o.ceiling(channel) });
      if (part === null) return;
      const started = performance.now();
      const { settlement, wake, more } = await heartbeat.during(claimOf(part), async (fence) => {
        const onLate = (remoteId: RemoteId) => void settleLate(part, remoteId);
        const route = { sender: o.sender(part), ceiling: o.ceiling(channel), fence, signal, onLate };
        const made = await attempt(part, route);
        return { settlement: made, ...(await store({ ...made, attempt: part.attempts })) };
      });
      forget(part);
      observe({ ...o, throttle }, { part, settlement, ms: performance.now() - started });
      if (wake !== null) o.lanes.wake("turn", String(wake));
      if (!more) return;
    }
  };
}

const claimOf = ({ id, attempts, since }: ClaimedPart) => ({ id, attempt: attempts, since });

interface Route {
  sender: Sender | null;
  ceiling: number;
  fence: Fence;
  signal: AbortSignal;
  onLate: (remoteId: RemoteId) => void;
}

async function attempt(part: ClaimedPart, route: Route): Promise<Settlement> {
  const { id, knownAs } = part;
  if (knownAs !== null) return { id, outcome: "sent", remoteId: knownAs };
  if (!route.fence.holds(LEAVE_MARGIN_MS)) return giveBack(part);
  // It may have left: before it is sent or dropped, the platform says so (E2).
  const known = part.attemptedBefore === null ? "not-sent" : await outcomeOfEarlier(part, route);
  if (known !== "not-sent") return known;
  return dropped(part, route.ceiling) ?? send(part, route);
}

const STOPPED = "The sender stopped before the platform's answer was stored";

/** Gives back a part whose claim was answered too late: it was not touched, and what came before it stays known. */
function giveBack({ id, attempts, attemptedBefore, doubt }: ClaimedPart): Settlement {
  const error = attemptedBefore === null ? "The claim was answered too late" : (doubt ?? STOPPED);
  return { id, outcome: attemptedBefore === null ? "retry" : "unclear", afterMs: backoffOf(attempts), error };
}

function outcomeOfEarlier(part: ClaimedPart, route: Route): Promise<Settlement | "not-sent"> {
  return askOutcome(part, route, part.doubt ?? STOPPED);
}

/** Settles a part that may not leave; null: it may. */
function dropped(part: ClaimedPart, ceiling: number): Settlement | null {
  const { id } = part;
  if (part.stale) return { id, outcome: "dropped", error: TAKEN_OVER };
  if (part.suppressed) return { id, outcome: "dropped", error: OPTED_OUT };
  if (part.over) return { id, outcome: "dropped", brake: "channel", error: ceilingMessage(part, ceiling) };
  return null;
}

async function send(part: ClaimedPart, route: Route): Promise<Settlement> {
  const { id } = part;
  const { sender } = route;
  if (sender === null) return { id, outcome: "failed", error: goneMessage(part) };
  try {
    return { id, outcome: "sent", remoteId: await sendInTime(route, (flight) => sender.send(part, flight)) };
  } catch (error) {
    // Reconcile needs the time of this attempt: a part sent just now may not be listed yet.
    return settleFailure({ ...part, attemptedBefore: part.claimedAt, unknownForMs: 0 }, route, error);
  }
}

const goneMessage = ({ channel }: ClaimedPart): string => `The channel “${channel}” is no longer in frontdesk.yaml`;

const ceilingMessage = ({ channel }: ClaimedPart, ceiling: number): string =>
  `The limit of ${ceiling} messages a day on ${channel} is reached; the bot has stopped answering until midnight UTC`;

async function settleFailure(part: ClaimedPart, route: Route, error: unknown): Promise<Settlement> {
  const { id } = part;
  const message = error instanceof Error ? error.message : String(error);
  // Any other error is a bug of the sender, and the outcome is unknown.
  if (!(error instanceof SendError) || error.outcome === "unknown") {
    const known = await askOutcome(part, route, message);
    return known === "not-sent" ? retryLater(part, { afterMs: 0 }, message) : known;
  }
  if (error.retry === "never") return { id, outcome: "failed", error: message, optedOut: error.optedOut };
  return retryLater(part, error.retry, message);
}

/** Retries a part that was certainly not sent, after the platform's delay or the back-off, whichever is longer. */
function retryLater({ id, attempts, ageMs }: ClaimedPart, retry: { afterMs: number }, error: string): Settlement {
  if (attempts >= MAX_TRIES) return { id, outcome: "failed", error: `Given up after ${attempts} attempts: ${error}` };
  const afterMs = Math.max(retry.afterMs, backoffOf(attempts));
  if (ageMs + afterMs > DEADLINE_MS) return { id, outcome: "failed", error: `Given up after a day: ${error}` };
  return { id, outcome: "retry", afterMs, error };
}

/** Asks the platform about an attempt whose outcome is unknown (O2). */
async function askOutcome(
  part: ClaimedPart,
  { sender, signal }: Route,
  error: string,
): Promise<Settlement | "not-sent"> {
  const { id, attempts } = part;
  if (sender === null) return { id, outcome: "parked", error: goneMessage(part) };
  if (!sender.canReconcile) return awaitReceipt(part, sender, error);
  const answer = await askInTime(signal, (stop) => sender.reconcile(part, stop)).catch((): "unknown" => "unknown");
  if (answer === "not-sent") return "not-sent";
  if (answer !== "unknown") return { id, outcome: "sent", remoteId: answer satisfies RemoteId };
  // When this process stops, the platform's answer is missing because of us: the next process asks again.
  if (attemptAgoMs(part) > ASK_FOR_MS && !signal.aborted) return { id, outcome: "parked", error };
  return { id, outcome: "unclear", afterMs: backoffOf(attempts), error };
}

/** Parks a part whose platform can't be asked, once its receipt had time to come (E2). */
function awaitReceipt(part: ClaimedPart, { awaitsReceipts = false }: Sender, error: string): Settlement {
  const { id } = part;
  const afterMs = awaitsReceipts ? RECEIPT_WITHIN_MS - attemptAgoMs(part) : 0;
  return afterMs <= 0 ? { id, outcome: "parked", error } : { id, outcome: "unclear", afterMs, error };
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
  meter.observeStage("deliver", { ms, lagMs: Math.max(0, part.ageMs + ms) });
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
