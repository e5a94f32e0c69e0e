/** Asks of a conversation, on one database, and workers that run them with a connector played by hand. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConnectorManifest } from "../../../src/domain/connector-schema.ts";
import type { Db, Statement } from "../../../src/store/db.ts";
import type { CallOperation } from "../../../src/turn/asks/call.ts";
import type { CodeHandlerOptions } from "../../../src/turn/asks/code.ts";
import type { FetchFile } from "../../../src/turn/asks/fetch.ts";
import { createAskHandler } from "../../../src/turn/asks/handler.ts";
import type { CallResult } from "../../../src/workflow/run.ts";
import { type Bench, log, meter } from "../store.ts";

/** The signal of a worker that is never stopped. */
export const neverStopped = new AbortController().signal;
export const made: CallResult = { ok: true, value: "made" };

/** A connector with one operation, crm.get. `readBack`: what came of it can be read. */
export const crm = (
  kind: "read" | "write",
  idempotencyHeader: string | null = null,
  readBack: object | null = null,
): ConnectorManifest => {
  const repeatable = kind === "read" || idempotencyHeader !== null;
  const get = { kind, repeatable, readBack, timeoutMs: 10_000 };
  return { id: "crm", operations: { get } } as unknown as ConnectorManifest;
};

export interface AskedOf {
  id: string;
  conversation: number;
}

type Request = Parameters<CallOperation>[1];

/** A worker that asks no model. */
const noModel: AskHandlerOptions["model"] = {
  promptRelease: async () => null,
  complete: async () => ({ kind: "unavailable", reason: "no_model", message: "There is none." }),
};
type AskHandlerOptions = Parameters<typeof createAskHandler>[0];

interface WorkerOptions {
  db?: Db;
  connector?: () => Promise<ConnectorManifest>;
  fetch?: FetchFile;
  code?: CodeHandlerOptions;
  model?: AskHandlerOptions["model"];
  wake?: (ask: string) => void;
  settle?: (signal: AbortSignal) => Promise<CallResult | null>;
}

export function askScene(bench: () => Bench) {
  const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
    (await bench().db.pool.query(text, values)).rows as Row[];
  return {
    rows,
    /** Stores an ask for crm.get, or for another request. */
    ask: async (more: Record<string, unknown> = {}): Promise<AskedOf> => {
      const conversation = await bench().message(`ask ${Math.random()}`, "hello");
      const id = `ask.${conversation}`;
      const call = { kind: "call", connector: "crm", operation: "get", input: {}, timeoutMs: null, key: id };
      await rows(
        "insert into ask (id, conversation, request, release) values ($1, $2, $3, 1)",
        id,
        conversation,
        JSON.stringify({ ...call, ...more }),
      );
      return { id, conversation };
    },
    worker: (
      of: ConnectorManifest,
      call: (request: Request) => Promise<CallResult | { result: CallResult; uncertain: boolean }>,
      {
        db = bench().open(),
        connector = async () => of,
        fetch = nothingToFetch,
        code = noCode,
        model = noModel,
        wake,
        settle = neverSettled,
      }: WorkerOptions = {},
    ) =>
      createAskHandler({
        db,
        lanes: wake === undefined ? bench().lanes : ({ wake: (_: string, key: string) => wake(key) } as never),
        log,
        meter,
        connector,
        call: async (_, request) => {
          const end = await call(request);
          return "ok" in end ? { result: end, uncertain: false } : end;
        },
        settle: (_, { signal }) => settle(signal),
        fetch,
        ...code,
        model,
      }),
    /** Results of an ask, as journalled. */
    answersOf: (id: string) =>
      rows<{ result: CallResult }>("select payload->'result' as result from event where dedupe = $1", `answer:${id}`),
    /** The effect of an ask outside, as journalled. */
    effectOf: async (id: string) =>
      (
        await rows<{ effect: unknown }>(
          "select payload->'effect' as effect from event where dedupe = $1",
          `answer:${id}`,
        )
      )[0]?.effect,
    outcome: async (id: string) =>
      (await rows<{ outcome: string | null }>("select outcome from ask where id = $1", id))[0]?.outcome,
    /** Lets the lease of its process run out. */
    endLease: (id: string) => rows("update ask set lease_until = now() - interval '1 second' where id = $1", id),
    endFlight: (id: string) => rows("update ask set in_flight_until = now() - interval '1 second' where id = $1", id),
    /** Nobody wants it any more. */
    cancel: (id: string) =>
      rows(
        `update ask set cancelled_at = now(), answered_at = case when attempted_at is null then now() end,
                outcome = case when attempted_at is null then 'cancelled' end
         where id = $1 and answered_at is null`,
        id,
      ),
  };
}

const neverSettled = () => Promise.reject(new Error("Nothing is read back here"));

const noCode: CodeHandlerOptions = {
  procedure: async () => null,
  runCode: async () => {
    throw new Error("No code is run here");
  },
};

const nothingToFetch: FetchFile = async () => {
  throw new Error("Nothing is fetched here");
};

/** The database, with something done after one of its statements, before its caller learns its rows. */
export function slowed(db: Db, name: string, after: () => Promise<unknown>): Db {
  return {
    ...db,
    async run<Row>(statement: Statement, values: readonly unknown[]) {
      const found = await db.run<Row>(statement, values);
      if (statement.name === name) await after();
      return found;
    },
  };
}

/** Resolves when the check says yes; fails after ten seconds. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`Not so within 10 s: ${check.toString()}`);
    await pause(5);
  }
}
