/**
 * Bounds one call of a sender in time, and behind its claim's fence (E1, E2).
 *
 * 1. Until its request leaves, an attempt ends with its claim: nothing leaves after that.
 * 2. Once it has left, only its own time-out ends it: ending it sooner would lose the answer, and recall nothing.
 * 3. A sender that ignores its signal is given up; an answer that comes later still counts.
 */
import type { Flight } from "../adapter/flight.ts";
import { SendError } from "../adapter/send-error.ts";
import { startDeadline } from "../lib/deadline.ts";
import type { Fence } from "../lib/fence.ts";
import { SEND_WITHIN_MS, STOP_WITHIN_MS } from "../store/claim-parts.ts";

/** Time in which to wait for a platform's pace, and to read and upload a file. */
const PREPARE_WITHIN_MS = 45_000;
/** A request leaves only while its claim holds for this long: time to write it to the socket. */
export const LEAVE_MARGIN_MS = 200;

interface Bounds<Value> {
  /** The lane's: aborted when this process stops. */
  signal: AbortSignal;
  fence: Fence;
  /** Takes the answer of a call that was given up before. */
  onLate?: (value: Value) => void;
}

/** Sends, in the time that an attempt has. Throws what the sender throws, or that it gave no answer. */
export function sendInTime<Value>(
  { signal, fence, onLate }: Bounds<Value>,
  send: (flight: Flight) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const onLapse = () => stop.abort(fence.signal.reason);
  let withinMs = PREPARE_WITHIN_MS;
  const deadline = startDeadline(withinMs, () => stop.abort(late(withinMs)));
  fence.signal.addEventListener("abort", onLapse);
  const leaving: Flight["leaving"] = (request) => {
    if (stop.signal.aborted || !fence.holds(LEAVE_MARGIN_MS)) throw lapsed(stop.signal.reason);
    if (request === "preparation") return;
    fence.signal.removeEventListener("abort", onLapse);
    withinMs = SEND_WITHIN_MS;
    deadline.restart(withinMs);
  };
  return stoppable({ signal, stop, ...(onLate && { onLate }) }, () => send({ signal: stop.signal, leaving })).finally(
    () => {
      fence.signal.removeEventListener("abort", onLapse);
      deadline.stop();
    },
  );
}

/** Asks a platform, in the time that a request has. */
export function askInTime<Value>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const stop = new AbortController();
  const deadline = startDeadline(SEND_WITHIN_MS, () => stop.abort(late(SEND_WITHIN_MS)));
  return stoppable({ signal, stop }, () => ask(stop.signal)).finally(() => deadline.stop());
}

interface Stoppable<Value> {
  signal: AbortSignal;
  stop: AbortController;
  onLate?: (value: Value) => void;
}

/** Runs a call that ends soon after it was told to stop, whether it obeys or not. */
function stoppable<Value>({ signal, stop, onLate }: Stoppable<Value>, call: () => Promise<Value>): Promise<Value> {
  const abort = () => stop.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return new Promise<Value>((resolve, reject) => {
    let givenUp = false;
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => {
      givenUp = true;
      reject(stop.signal.reason);
    };
    const onStop = () => {
      timer = setTimeout(giveUp, STOP_WITHIN_MS);
    };
    if (stop.signal.aborted) onStop();
    else stop.signal.addEventListener("abort", onStop, { once: true });
    // A sender that throws at once is treated like one that rejects.
    const answer = (async () => call())().finally(() => {
      clearTimeout(timer);
      stop.signal.removeEventListener("abort", onStop);
    });
    answer.then((value) => (givenUp ? onLate?.(value) : resolve(value)), reject);
  }).finally(() => signal.removeEventListener("abort", abort));
}

const late = (ms: number): Error => new Error(`No answer within ${ms / 1_000} s`);

const lapsed = (cause: unknown): SendError =>
  new SendError("This process may not send the part any more; nothing was sent", {
    outcome: "not-sent",
    retry: { afterMs: 0 },
    code: "lapsed",
    cause,
  });
