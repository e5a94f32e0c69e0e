import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reasonLabel } from "../../src/metrics/bounded.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";

async function lines(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await metrics.text()).split("\n").filter((line) => line.startsWith("frontdesk_"));
}

test("counts inbound, ignored and outbound items by channel", async () => {
  const metrics = createMetrics();
  const { meter } = metrics;
  meter.countInbound("sms", "message");
  meter.countInbound("sms", "message");
  meter.countInbound("sms", "duplicate");
  meter.countIgnored("sms", "not_a_message");
  meter.countRefused("sms", 403);
  meter.countRefused(null, 404);
  meter.countOutbound("sms", "sent");
  meter.countOutbound("sms", "parked");
  meter.countOutbound("sms", "retry");
  meter.countDropped("slow");
  meter.countQuarantined();
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      'frontdesk_inbound_total{channel="sms",kind="message"} 2',
      'frontdesk_inbound_total{channel="sms",kind="duplicate"} 1',
      'frontdesk_ignored_total{channel="sms",reason="not_a_message"} 1',
      'frontdesk_refused_total{channel="sms",status="403"} 1',
      'frontdesk_refused_total{channel="unknown",status="404"} 1',
      'frontdesk_outbound_total{channel="sms",outcome="sent"} 1',
      'frontdesk_outbound_total{channel="sms",outcome="parked"} 1',
      'frontdesk_outbound_total{channel="sms",outcome="retry"} 1',
      'frontdesk_connections_dropped_total{why="slow"} 1',
      "frontdesk_quarantined_total 1",
    ]),
  );
});

test("records time and lag of stages and lanes, in seconds", async () => {
  const metrics = createMetrics();
  metrics.meter.observeStage("turn", { ms: 20, lagMs: 300 });
  metrics.meter.observeStage("inbound", { ms: 4 });
  metrics.lanes.onWake("turn", "joined");
  metrics.lanes.onRun("turn", { ms: 250, lagMs: 10, failed: true });
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      'frontdesk_stage_seconds_sum{stage="turn"} 0.02',
      'frontdesk_stage_lag_seconds_sum{stage="turn"} 0.3',
      'frontdesk_stage_seconds_count{stage="inbound"} 1',
      'frontdesk_lane_wakes_total{lane="turn",how="joined"} 1',
      'frontdesk_lane_run_seconds_sum{lane="turn",failed="true"} 0.25',
      'frontdesk_lane_lag_seconds_sum{lane="turn"} 0.01',
    ]),
  );
  expect(await metrics.text()).not.toContain('frontdesk_stage_lag_seconds_count{stage="inbound"}');
});

test("adds up the results of sweeps", async () => {
  const metrics = createMetrics();
  metrics.meter.countSweep({ conversations: 2, asks: 0, streams: 1, alarms: 3 });
  metrics.meter.countSweep({ conversations: 1, asks: 0, streams: 0, alarms: 0 });
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      "frontdesk_sweeps_total 2",
      'frontdesk_swept_total{what="conversations"} 3',
      'frontdesk_swept_total{what="alarms"} 3',
    ]),
  );
});

test("keeps the number of series bounded for any reasons and channels", async () => {
  const metrics = createMetrics();
  for (let n = 0; n < 1_000; n++) metrics.meter.countIgnored(`channel-${n}`, `made up ${n}`);
  const ignored = (await lines(metrics)).filter((line) => line.startsWith("frontdesk_ignored_total{"));
  expect(ignored).toHaveLength(101);
  expect(ignored).toContain('frontdesk_ignored_total{channel="other",reason="other"} 900');
});

test("a scrape reads the lanes and the pool, and leaves out a backend that is down", async () => {
  const metrics = createMetrics();
  let down = false;
  const depth = async () => {
    if (down) throw new Error("connect ECONNREFUSED");
    return { turn: 7, answer: 0 };
  };
  metrics.watch({ lanes: { depth }, pool: { totalCount: 10, idleCount: 4, waitingCount: 2 } });
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      'frontdesk_lane_depth{lane="turn"} 7',
      'frontdesk_db_pool{state="busy"} 6',
      'frontdesk_db_pool{state="idle"} 4',
      'frontdesk_db_pool{state="waiting"} 2',
    ]),
  );
  down = true;
  const text = await metrics.text();
  expect(text).not.toContain("frontdesk_lane_depth{");
  expect(text).toContain("process_resident_memory_bytes");
});

// U4
test("counts of who answers next are read at most every 15 s", async () => {
  const metrics = createMetrics();
  let reads = 0;
  metrics.watch({ waiting: async () => ({ people: ++reads, nobody: 0 }) });
  for (let scrape = 0; scrape < 3; scrape++)
    expect(await lines(metrics)).toContain('frontdesk_waiting{for="people"} 1');
  expect(reads).toBe(1);
});

test("every reason in an adapter's recorded samples has a series of its own", () => {
  const samples = readdirSync("channels", { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".inbound.json"),
  );
  const items = samples.flatMap(
    (path) => JSON.parse(readFileSync(join("channels", path), "utf8")) as { reason?: string }[],
  );
  const reasons = new Set(items.flatMap(({ reason }) => reason ?? []));
  expect(reasons.size).toBeGreaterThan(2);
  expect([...reasons].filter((reason) => reasonLabel(reason) !== reason.split(":")[0])).toEqual([]);
});
