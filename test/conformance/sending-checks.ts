/** Checks of an adapter's sends for each answer of the platform, and of its cleanup. */

import { expect } from "vitest";
import type { Connection } from "../../src/adapter/adapter.ts";
import type { Flight } from "../../src/adapter/flight.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { threadId } from "../../src/domain/ids.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Counterpart, type Script, startCounterpart } from "../support/counterpart.ts";
import { flight, lapsedFlight } from "../support/flight.ts";
import { applied, type ChannelSubject, type Check, reasonOf } from "./subject.ts";

const RETRY_AFTER_S = 7;
/** The longest accepted wait: far more than the platform asked for delays customers needlessly. */
const LONGEST_WAIT_MS = 60_000;
/** An aborted send has to settle within this. */
const CALLED_OFF_MS = 3_000;
/** A reconcile is aborted after this, when its request is on its way. */
const ASKED_MS = 50;
const CLOSED_MS = 3_000;
/** Number of connections opened and closed in turn, so that their leaks stand out from the test runner's own handles. */
const CONNECTIONS = 12;
const NOISE = 6;

const log = createLogger({ level: "silent" });
const overHttp = (subject: ChannelSubject) => reasonOf(subject.sending);

export const SENDING_CHECKS: readonly Check[] = [
  {
    name: "send returns the platform's id",
    waived: overHttp,
    async run(subject) {
      const { accepted } = applied(subject.sending);
      await expect(outcomeOf(subject, accepted)).resolves.toBe(accepted.remoteId);
    },
  },
  {
    name: "send obeys the wait of a 429",
    waived: overHttp,
    async run(subject) {
      const { busy = { status: 429 } } = applied(subject.sending);
      const error = await outcomeOf(subject, {
        ...busy,
        headers: { ...busy.headers, "retry-after": String(RETRY_AFTER_S) },
      });
      expect(error).toMatchObject({ outcome: "not-sent", retry: { afterMs: expect.any(Number) } });
      const afterMs = error instanceof SendError && error.retry !== "never" ? error.retry.afterMs : Number.NaN;
      expect(afterMs).toBeGreaterThanOrEqual(RETRY_AFTER_S * 1_000);
      expect(afterMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    },
  },
  {
    name: "send never retries a 4xx",
    waived: overHttp,
    async run(subject) {
      const { refused = { status: 400 } } = applied(subject.sending);
      expect(await outcomeOf(subject, refused)).toMatchObject({ outcome: "not-sent", retry: "never" });
    },
  },
  {
    name: "send has an unknown outcome after a 5xx",
    waived: overHttp,
    async run(subject) {
      const { broken = { status: 500 } } = applied(subject.sending);
      expect(await outcomeOf(subject, broken)).toMatchObject({ outcome: "unknown" });
    },
  },
  {
    name: "send has an unknown outcome if the socket closes after the request",
    waived: overHttp,
    async run(subject) {
      expect(await outcomeOf(subject, "cut")).toMatchObject({ outcome: "unknown" });
    },
  },
  {
    name: "send has an unknown outcome if aborted after the request",
    waived: overHttp,
    run: (subject) =>
      withConnection(subject, async (connection, counterpart) => {
        const controller = new AbortController();
        counterpart.answer("silent");
        const requested = counterpart.requested();
        const sending = settled(subject, connection, flight(controller.signal));
        await requested;
        controller.abort();
        expect(await within(sending, CALLED_OFF_MS)).toMatchObject({ outcome: "unknown" });
      }),
  },
  {
    name: "send is not-sent if the connection is refused",
    waived: overHttp,
    run: (subject) =>
      withConnection(subject, async (connection, counterpart) => {
        await counterpart[Symbol.asyncDispose]();
        const error = await settled(subject, connection, flight(AbortSignal.timeout(10_000)));
        expect(error).toMatchObject({ outcome: "not-sent", retry: { afterMs: expect.any(Number) } });
      }),
  },
  {
    name: "send is not-sent if aborted before it began",
    async run(subject) {
      await using counterpart = await startCounterpart();
      const connection = await reaching(subject, counterpart);
      const called = await settled(subject, connection, flight(AbortSignal.abort()));
      await connection.close();
      expect(called).toBeInstanceOf(SendError);
      expect(called).toMatchObject({ outcome: "not-sent" });
      expect(counterpart.requests).toBe(0);
    },
  },
  {
    name: "a send whose claim has lapsed sends nothing",
    async run(subject) {
      await using counterpart = await startCounterpart();
      const connection = await reaching(subject, counterpart);
      const called = await settled(subject, connection, lapsedFlight());
      await connection.close();
      expect(called).toMatchObject({ outcome: "not-sent", code: "lapsed" });
      expect(counterpart.requests).toBe(0);
    },
  },
  {
    name: "reconcile ends when aborted",
    waived: ({ adapter, config }) =>
      adapter.capabilities(adapter.config.parse(config)).reconcile === "native" ? null : "it can't be asked",
    async run(subject) {
      await using counterpart = await startCounterpart();
      const connection = await reaching(subject, counterpart);
      counterpart.answer("silent");
      const thread = "doesNotApply" in subject.sending ? threadId("conformance") : subject.sending.thread;
      const o = { agoMs: 0, signal: AbortSignal.timeout(ASKED_MS) };
      const asked = connection.reconcile?.(thread, "conformance-1", o) ?? Promise.resolve("unknown");
      const ended = await within(
        asked.then(
          () => "ended",
          () => "ended",
        ),
        CALLED_OFF_MS,
      );
      await connection.close();
      expect(ended).toBe("ended");
    },
  },
  {
    name: "every native ability has its method",
    async run(subject) {
      const { adapter } = subject;
      const can = adapter.capabilities(adapter.config.parse(subject.config));
      const connection = await connected(subject, subject.config);
      await connection.close();
      if (can.reconcile === "native") expect(connection).toHaveProperty("reconcile", expect.any(Function));
      if (can.typing === "native") expect(connection).toHaveProperty("typing", expect.any(Function));
    },
  },
  {
    name: "close leaves no handle open",
    async run(subject) {
      await using counterpart = await startCounterpart();
      const before = handles();
      for (let opened = 0; opened < CONNECTIONS; opened++) {
        const connection = await reaching(subject, counterpart);
        await settled(subject, connection, flight());
        await connection.close();
      }
      const deadline = Date.now() + CLOSED_MS;
      while (leaked(before).length > 0 && Date.now() < deadline) await new Promise(setImmediate);
      expect(leaked(before)).toEqual([]);
    },
  },
];

/** Connects to an accepting counterpart; for an adapter that sends nothing over HTTP, to nothing. */
function reaching(subject: ChannelSubject, counterpart: Counterpart): Promise<Connection> {
  const { sending } = subject;
  if ("doesNotApply" in sending) return connected(subject, subject.config);
  counterpart.answer(sending.accepted);
  return connected(subject, sending.config(counterpart.url));
}

/** Returns the remote id or the error of a send that the counterpart answers with `script`. */
function outcomeOf(subject: ChannelSubject, script: Script): Promise<unknown> {
  return withConnection(subject, async (connection, counterpart) => {
    counterpart.answer(script);
    const outcome = await settled(subject, connection, flight(AbortSignal.timeout(10_000)));
    expect(counterpart.requests, "a send is one request").toBe(1);
    return outcome;
  });
}

async function withConnection<Value>(
  subject: ChannelSubject,
  use: (connection: Connection, counterpart: Counterpart) => Promise<Value>,
): Promise<Value> {
  await using counterpart = await startCounterpart();
  const connection = await connected(subject, applied(subject.sending).config(counterpart.url));
  try {
    return await use(connection, counterpart);
  } finally {
    await connection.close();
  }
}

function connected({ adapter }: ChannelSubject, config: unknown): Promise<Connection> {
  return adapter.connect(adapter.config.parse(config), { log });
}

/** Returns the remote id of a send, or its error, which must be a SendError. */
async function settled(subject: ChannelSubject, connection: Connection, o: Flight): Promise<unknown> {
  const { adapter, sending } = subject;
  const body = adapter.encode({ text: "Your parcel is on its way." }, adapter.config.parse(subject.config));
  const thread = "doesNotApply" in sending ? threadId("conformance") : sending.thread;
  try {
    return await connection.send(thread, body, { key: "conformance-1", ...o });
  } catch (error) {
    expect(error).toBeInstanceOf(SendError);
    return error;
  }
}

async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | "not settled"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"not settled">((resolve) => {
    timer = setTimeout(() => resolve("not settled"), ms);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Counts the resources that keep the process alive, by kind. */
function handles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function leaked(before: ReadonlyMap<string, number>): string[] {
  const grew = [...handles()].filter(([kind, count]) => count >= (before.get(kind) ?? 0) + CONNECTIONS - NOISE);
  return grew.map(([kind]) => kind);
}
