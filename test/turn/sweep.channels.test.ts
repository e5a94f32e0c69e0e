import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { SendError } from "../../src/adapter/send-error.ts";
import { remoteId } from "../../src/domain/ids.ts";
import { openLanes } from "../../src/jobs/runner.ts";
import { createDeliver } from "../../src/outbound/deliver.ts";
import type { Sender } from "../../src/outbound/sender.ts";
import { startSweep } from "../../src/turn/sweep.ts";
import { redisPrefix } from "../support/services.ts";
import { redisOrSkip } from "../support/skips.ts";
import { log, meter, openBench } from "./store.ts";

/** More threads than one sweep looks at, and than fit into a process and into a lane's jobs. */
const THREADS = 3_000;
const HANG_MS = 60_000;

/** A platform that takes a connection and never answers. */
const hanging: Sender = {
  canReconcile: false,
  reconcile: async () => "unknown",
  async send(_, { signal }) {
    await pause(HANG_MS, null, { signal });
    throw new SendError("late", { outcome: "unknown", retry: "never" });
  },
};

await redisOrSkip("a channel that hangs, with thousands of threads waiting,", (url) => {
  // O4, P2: the sweep used to wake the thousand parts that were due first, again and again.
  it("keeps no retry of another channel waiting, and does not fill Redis", { timeout: 60_000 }, async () => {
    await using bench = await openBench();
    const fill = `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, due_at)
      select (select min(id) from conversation), -n, 0, $1, 't' || n, 'notice', 0, '{"text":"x"}', now() - interval '1 minute'
      from generate_series($2::int, $3::int) n`;
    await bench.message("any", "hello");
    await bench.db.pool.query(fill, ["hangs", 1, THREADS]);
    await bench.db.pool.query(fill, ["fine", THREADS + 1, THREADS + 1]);
    const lanes = openLanes({ backend: { kind: "redis", url, prefix: redisPrefix() }, log, drainMs: 100 });
    let tries = 0;
    const busyOnce: Sender = {
      ...hanging,
      async send() {
        // As Slack's 429.
        if (++tries === 1) throw new SendError("busy", { outcome: "not-sent", retry: { afterMs: 500 } });
        return remoteId("r");
      },
    };
    const sender = ({ channel }: { channel: string }) => (channel === "hangs" ? hanging : busyOnce);
    const deliver = createDeliver({ db: bench.db, lanes, log, meter, sender, ceiling: () => 1_000_000 });
    for (const channel of ["hangs", "fine"])
      lanes.run(`deliver-${channel}`, (thread, signal) => deliver(channel, thread, signal), { slots: 64 });
    const sweep = startSweep({ db: bench.db, lanes, log, meter, hasChannel: () => true });
    const outcome = async () =>
      (await bench.db.pool.query("select outcome from outbox where channel = 'fine'")).rows[0]?.outcome as unknown;
    await expect.poll(outcome, { timeout: 20_000, interval: 50 }).toBe("sent");
    expect(tries).toBe(2);
    const { "deliver-hangs": waiting = 0 } = await lanes.depth();
    // Jobs of the sweep, one batch beyond them, and the backlog of this process.
    expect(waiting).toBeLessThan(1_000 + 256 + 1_024);
    await sweep.stop();
    await lanes.close();
  });
});
