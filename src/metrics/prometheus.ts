import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { LaneName, LaneObserver, Lanes } from "../jobs/lanes.ts";
import type { Meter } from "../lib/meter.ts";
import { channelLabels, modelLabels, reasonLabel } from "./bounded.ts";

/** The metrics of one process, in their own registry. */
export interface Metrics {
  meter: Meter;
  /** For `openLanes`. */
  lanes: LaneObserver;
  /** Adds sources that are read at every scrape. */
  watch(sources: Sources): void;
  /** Prometheus text. A source that fails leaves its series out and never fails the scrape. */
  text(): Promise<string>;
}

interface Sources {
  lanes?: Pick<Lanes, "depth">;
  /** Counts open conversations by who answers next. */
  waiting?: () => Promise<Readonly<Record<string, number>>>;
  pool?: { totalCount: number; idleCount: number; waitingCount: number };
}

/** Histogram buckets, from a fast turn (some ms) to a backlog (minutes). */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600];

/** Makes the registry. All label values come from closed lists or from configuration. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const sources: Sources = {};
  registry.registerMetric(laneDepth(sources));
  registry.registerMetric(pool(sources));
  registry.registerMetric(waiting(sources));
  return {
    meter: meter(registry),
    lanes: laneObserver(registry),
    watch: (more) => void Object.assign(sources, more),
    text: () => registry.metrics(),
  };
}

function counter<Label extends string>(
  registry: Registry,
  name: string,
  o: { help: string; labels: readonly Label[] },
) {
  return new Counter({ name: `frontdesk_${name}`, help: o.help, labelNames: o.labels, registers: [registry] });
}

function histogram<Label extends string>(
  registry: Registry,
  name: string,
  o: { help: string; labels: readonly Label[] },
) {
  return new Histogram({
    name: `frontdesk_${name}`,
    help: o.help,
    labelNames: o.labels,
    buckets: SECONDS,
    registers: [registry],
  });
}

function meter(registry: Registry): Meter {
  const label = channelLabels();
  const labels = ["channel", "kind"] as const;
  const received = counter(registry, "inbound_total", { help: "Inbound items, by kind", labels });
  const help = "Inbound items ignored, by reason";
  const ignored = counter(registry, "ignored_total", { help, labels: ["channel", "reason"] });
  const refused = counter(registry, "refused_total", {
    help: "Webhook requests refused, by HTTP status",
    labels: ["channel", "status"],
  });
  const turnedAway = counter(registry, "page_refused_total", {
    help: "Requests to private pages refused, by reason",
    labels: ["page", "why"],
  });
  const dropped = counter(registry, "connections_dropped_total", {
    help: "Connections closed before a complete request, by reason",
    labels: ["why"],
  });
  const sent = counter(registry, "outbound_total", {
    help: "Attempts to send a part, by outcome",
    labels: ["channel", "outcome"],
  });
  const quarantined = counter(registry, "quarantined_total", { help: "Events set aside for a person", labels: [] });
  const left = counter(registry, "left_to_newer_total", {
    help: "Turns left to a newer program, whose events or states this one can't read.",
    labels: [],
  });
  const brakes = counter(registry, "brakes_total", {
    help: "Conversations in which the bot was stopped (sender, thread, loop), and replies held back (channel)",
    labels: ["brake"],
  });
  const unread = counter(registry, "unread_total", {
    help: "Messages stored in the transcript only, because their sender writes too much",
    labels: [],
  });
  const files = counter(registry, "files_refused_total", {
    help: "Files not stored, by the quota that is used up",
    labels: ["quota"],
  });
  const stages = stageTimes(registry);
  const sweep = sweepCounts(registry);
  return {
    countInbound: (channel, kind) => received.inc({ channel: label(channel), kind }),
    countIgnored: (channel, reason) => ignored.inc({ channel: label(channel), reason: reasonLabel(reason) }),
    countRefused: (channel, status) => refused.inc({ channel: channel === null ? "unknown" : label(channel), status }),
    countPageRefused: (page, why) => turnedAway.inc({ page, why }),
    countDropped: (why) => dropped.inc({ why }),
    countOutbound: (channel, outcome) => sent.inc({ channel: label(channel), outcome }),
    countQuarantined: () => quarantined.inc(),
    countLeft: () => left.inc(),
    countBrake: (brake) => brakes.inc({ brake }),
    countUnread: () => unread.inc(),
    countFileRefused: (quota) => files.inc({ quota: QUOTA_LABELS[quota] }),
    ...modelCounts(registry),
    observeStage: stages,
    countSweep: sweep,
  };
}

const QUOTA_LABELS = {
  perMessage: "message",
  perConversation: "conversation",
  perSenderDay: "sender",
  store: "store",
} as const;

function modelCounts(registry: Registry): Pick<Meter, "countModelCall" | "observeModelUse"> {
  const label = modelLabels();
  const calls = counter(registry, "model_calls_total", {
    help: "Requests to language models, by outcome; also those that were not made (denied, paused, cached)",
    labels: ["model", "outcome"],
  });
  const tokens = counter(registry, "model_tokens_total", {
    help: "Tokens used by language models; cached is part of input",
    labels: ["model", "kind"],
  });
  const help = "Cost of language models in US dollars, where the price is known";
  const cost = counter(registry, "model_cost_usd_total", { help, labels: ["model"] });
  const time = histogram(registry, "model_seconds", { help: "Time that a language model took", labels: ["model"] });
  return {
    countModelCall: (model, outcome) => calls.inc({ model: label(model), outcome }),
    observeModelUse(name, { input, cached, output, costUsd, ms }) {
      const model = label(name);
      for (const [kind, count] of Object.entries({ input, cached, output })) tokens.inc({ model, kind }, count);
      cost.inc({ model }, costUsd);
      time.observe({ model }, ms / 1_000);
    },
  };
}

function stageTimes(registry: Registry): Meter["observeStage"] {
  const labels = ["stage"] as const;
  const time = histogram(registry, "stage_seconds", { help: "Time that a stage took", labels });
  const lag = histogram(registry, "stage_lag_seconds", { help: "Time that an item waited for its stage", labels });
  return (stage, { ms, lagMs }) => {
    time.observe({ stage }, ms / 1_000);
    if (lagMs !== undefined) lag.observe({ stage }, lagMs / 1_000);
  };
}

function sweepCounts(registry: Registry): Meter["countSweep"] {
  const sweeps = counter(registry, "sweeps_total", { help: "Sweeps made by this process", labels: [] });
  const help = "Abandoned work found by sweeps, by kind";
  const found = counter(registry, "swept_total", { help, labels: ["what"] });
  return (counts) => {
    sweeps.inc();
    for (const [what, count] of Object.entries(counts)) found.inc({ what }, count);
  };
}

function laneObserver(registry: Registry): LaneObserver {
  const wakes = counter(registry, "lane_wakes_total", {
    help: "Wake-ups, by outcome: here (this process), job (BullMQ), joined (already waiting), failed (left to the sweep)",
    labels: ["lane", "how"],
  });
  const labels = ["lane", "failed"] as const;
  const runs = histogram(registry, "lane_run_seconds", { help: "Time that a lane's handler ran", labels });
  const lag = histogram(registry, "lane_lag_seconds", { help: "Time from a wake to its handler", labels: ["lane"] });
  return {
    onWake: (lane: LaneName, how) => wakes.inc({ lane, how }),
    onRun(lane: LaneName, { ms, lagMs, failed }) {
      runs.observe({ lane, failed: String(failed) }, ms / 1_000);
      lag.observe({ lane }, lagMs / 1_000);
    },
  };
}

function laneDepth(sources: Sources): Gauge<"lane"> {
  return new Gauge({
    name: "frontdesk_lane_depth",
    help: "Waiting keys, here and at the backend; absent while the backend does not answer",
    labelNames: ["lane"],
    registers: [],
    async collect() {
      this.reset();
      const depth = await sources.lanes?.depth().catch(() => null);
      for (const [lane, waiting] of Object.entries(depth ?? {})) this.set({ lane }, waiting);
    },
  });
}

/** A count is read at most this often: it looks at many rows. */
const COUNT_EVERY_MS = 15_000;

function waiting(sources: Sources): Gauge<"for"> {
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return new Gauge({
    name: "frontdesk_waiting",
    help: "Open conversations by who answers next, of the oldest 1,000; absent while the database does not answer",
    labelNames: ["for"],
    registers: [],
    async collect() {
      if (performance.now() - countedAtMs < COUNT_EVERY_MS) return;
      countedAtMs = performance.now();
      const counts = await sources.waiting?.().catch(() => null);
      this.reset();
      for (const [kind, count] of Object.entries(counts ?? {})) this.set({ for: kind }, count);
    },
  });
}

function pool(sources: Sources): Gauge<"state"> {
  return new Gauge({
    name: "frontdesk_db_pool",
    help: "Database connections of this process by state, and callers waiting for one",
    labelNames: ["state"],
    registers: [],
    collect() {
      if (sources.pool === undefined) return;
      const { totalCount, idleCount, waitingCount } = sources.pool;
      this.set({ state: "busy" }, totalCount - idleCount);
      this.set({ state: "idle" }, idleCount);
      this.set({ state: "waiting" }, waitingCount);
    },
  });
}
