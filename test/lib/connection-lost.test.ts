import { createServer, type Socket } from "node:net";
import { Pool } from "pg";
import { describe, expect, it } from "vitest";
import { connectionLost } from "../../src/lib/connection-lost.ts";
import { retryUntilStored } from "../../src/store/retry-until-stored.ts";
import { postgresUrl } from "../support/services.ts";

const withCode = (code: string, message = "…") => Object.assign(new Error(message), { code });

describe("an error", () => {
  it.each([
    ["of a socket", withCode("ECONNRESET")],
    ["of a name that can't be resolved", withCode("EAI_AGAIN")],
    ["of every address of a host", new AggregateError([withCode("ECONNREFUSED")])],
    ["of a server that shuts down", withCode("57P01")],
    ["of a server with no connections left", withCode("53300")],
    ["of a Redis that still loads", new Error("LOADING Redis is loading the dataset in memory")],
    ["of a Redis that fell silent", new Error("Command timed out")],
    ["that something wrapped", new Error("Failed query: select 1", { cause: withCode("08006") })],
  ])("%s means that the connection is lost", (_, error) => {
    expect(connectionLost(error)).toBe(true);
  });

  it.each([
    ["of a statement, whatever it names", withCode("42P01", 'relation "connection_timeout" does not exist')],
    ["of a value", withCode("22P05", "unsupported Unicode escape sequence in connector")],
    ["that something wrapped", new Error("Failed query: insert … 'connection timeout'", { cause: withCode("23505") })],
    ["of our own", new TypeError("Cannot read properties of undefined")],
    ["that is none", "connection terminated"],
  ])("%s does not", (_, error) => {
    expect(connectionLost(error)).toBe(false);
  });
});

// A frozen machine or a network partition: no refusal and no answer. The time-outs are pg's own.
describe("a PostgreSQL that hangs", () => {
  it("and accepts no connection counts as lost, also for callers waiting for the pool", async () => {
    await using server = await silent();
    const pool = new Pool({ connectionString: server.url, max: 1, connectionTimeoutMillis: 80 });
    pool.on("error", () => undefined);
    const errors = await Promise.all([1, 2, 3].map(() => pool.query("select 1").catch((error: unknown) => error)));
    await pool.end();
    expect(errors.map(String)).toContain("Error: timeout exceeded when trying to connect");
    expect(errors.map(connectionLost)).toEqual([true, true, true]);
  });

  it("within a statement counts as lost, and retryUntilStored writes again", async () => {
    const pool = new Pool({ connectionString: await postgresUrl(), max: 1, query_timeout: 80 });
    pool.on("error", () => undefined);
    const statements = ["select pg_sleep(0.4)", "select 1 as kept"];
    const errors: unknown[] = [];
    const writing = retryUntilStored(async () => {
      try {
        return (await pool.query(statements.shift() ?? "")).rows as unknown[];
      } catch (error) {
        errors.push(error);
        throw error;
      }
    });
    const kept = await writing;
    await pool.end();
    expect(errors.map(String)).toEqual(["Error: Query read timeout"]);
    expect(kept).toEqual([{ kept: 1 }]);
  });
});

/** Accepts connections and never answers. */
async function silent(): Promise<{ url: string } & AsyncDisposable> {
  const open = new Set<Socket>();
  const listener = createServer((socket) => void open.add(socket.on("error", () => undefined)));
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  const { port } = listener.address() as { port: number };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/test`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => listener.close(closed));
    },
  };
}
