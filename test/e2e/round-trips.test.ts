/** G3 of the performance goals: PostgreSQL round trips and commits per message; `bench/README.md` explains the counts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SQL_LIMITS } from "../../bench/goals.ts";
import { openSqlCounter, type SqlCounter } from "../../bench/sql-counts.ts";
import { withoutRedisServer } from "../support/skips.ts";

const MESSAGES = 2_000;
const THREADS = 200;
const CONNECTIONS = 128;
const ALONE = 10;

// Private services, because transaction ids count for the whole server and lanes share a Redis by name.

describe.skipIf(withoutRedisServer)("SQL of a message, from POST to delivered (needs redis-server on the PATH)", () => {
  let counter: SqlCounter;
  beforeAll(async () => {
    counter = await openSqlCounter();
  });
  afterAll(() => counter[Symbol.asyncDispose]());

  test("a single message takes a few round trips, and one commit per step that must not be lost", async () => {
    const { roundTrips, commits, statements } = await counter.count({
      messages: ALONE,
      threads: ALONE,
      connections: 1,
    });
    const once = ["store_inbound", "load_turns", "commit_turns", "claim_parts", "settle_parts"];
    for (const statement of once) expect(statements[statement], statement).toBeGreaterThanOrEqual(ALONE);
    expect(roundTrips, JSON.stringify(statements)).toBeLessThanOrEqual(SQL_LIMITS.alone.roundTrips);
    expect(commits).toBeLessThanOrEqual(SQL_LIMITS.alone.commits);
    // A count below one would mean that the wrong thing is counted.
    expect(commits).toBeGreaterThanOrEqual(1);
  });

  test.each([
    { name: "several messages a thread", threads: THREADS },
    { name: "one message a thread", threads: MESSAGES },
  ])("messages in a burst of $name share round trips and commits", async ({ threads }) => {
    const counts = await counter.count({ messages: MESSAGES, threads, connections: CONNECTIONS });
    expect(counts.roundTrips, JSON.stringify(counts.statements)).toBeLessThanOrEqual(SQL_LIMITS.burst.roundTrips);
    expect(counts.commits, JSON.stringify(counts.statements)).toBeLessThanOrEqual(SQL_LIMITS.burst.commits);
    expect(counts.commits).toBeGreaterThan(0);
  });
});
