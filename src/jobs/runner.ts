import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../lib/logger.ts";
import { type LaneBackend, openBackend } from "./backend.ts";
import { type Consumer, openConsumer } from "./consumer.ts";
import { watchHealth } from "./health.ts";
import type { LaneHandler, LaneName, LaneObserver, Lanes, RunOptions } from "./lanes.ts";
import { type FinishedRun, LocalQueue } from "./local-queue.ts";
import { openProducer, type Producer } from "./producer.ts";

/** Enough to keep every slot busy through a burst, few enough that other processes soon get the rest. */
const BACKLOG = 1_024;
/** Time that running handlers have at close; then their signal is aborted, and they have `ABORTED_MS` more. */
const DRAIN_MS = 10_000;
const ABORTED_MS = 1_000;

interface LanesOptions {
  backend: LaneBackend;
  log: Logger;
  observer?: LaneObserver;
  drainMs?: number;
}

/** Opens the lanes over a backend, which may be down: work in this process does not need it. */
export function openLanes({ backend: location, log, observer, drainMs = DRAIN_MS }: LanesOptions): Lanes {
  let closing: Promise<void> | null = null;
  const health = watchHealth(log);
  const backend = openBackend(location, {
    onError: (error) => !closing && health.recordError(error),
    onReady: health.recordSuccess,
  });
  const localQueues = new Map<LaneName, { local: LocalQueue; consumer: Consumer }>();
  const producers = new Map<LaneName, Producer>();
  const aborting = new AbortController();
  // One listener per running handler: hundreds of them are no leak.
  setMaxListeners(0, aborting.signal);

  const producerOf = (lane: LaneName): Producer => {
    const producer = producers.get(lane) ?? openProducer(lane, { backend, health });
    producers.set(lane, producer);
    return producer;
  };
  const send = async (lane: LaneName, key: string, swept: boolean): Promise<void> => {
    const added = await producerOf(lane).add({ key, swept });
    observer?.onWake(lane, added ? "job" : "failed");
  };
  const recordRun = (lane: LaneName, { key, error, ms, lagMs }: FinishedRun): void => {
    if (error !== undefined) log.error({ err: error, lane, key }, "lane handler failed");
    observer?.onRun(lane, { ms, lagMs, failed: error !== undefined });
  };

  const close = async (): Promise<void> => {
    const open = [...localQueues];
    const leftover = await Promise.all(
      open.map(async ([lane, { local, consumer }]) => {
        const waiting = local.close();
        // Keys sent to other processes below must not come back to this one.
        await consumer.stop();
        return { lane, keys: [...waiting, ...(await drain(local))] };
      }),
    );
    await Promise.all(leftover.flatMap(({ lane, keys }) => keys.map((key) => send(lane, key, false))));
    await Promise.all(open.map(([, { consumer }]) => consumer.close()));
    await Promise.all([...producers.values()].map((each) => each.close()));
    await backend.close();
  };
  const drain = async (local: LocalQueue): Promise<string[]> => {
    const wokenKeys = local.drain();
    const inTime = await Promise.race([wokenKeys, pause(drainMs, null, { ref: false })]);
    if (inTime) return inTime;
    aborting.abort(new Error("this process is stopping"));
    return (await Promise.race([wokenKeys, pause(ABORTED_MS, null, { ref: false })])) ?? [];
  };

  return {
    wake(lane, key, { swept = false } = {}) {
      const entered = localQueues.get(lane)?.local.enqueue(key, { swept }) ?? false;
      if (entered) observer?.onWake(lane, entered);
      else void send(lane, key, swept);
    },
    run(lane: LaneName, handler: LaneHandler, { slots, backlog = BACKLOG }: RunOptions) {
      if (localQueues.has(lane)) throw new Error(`lane ${lane} is run twice in this process`);
      const onRun = (run: FinishedRun) => recordRun(lane, run);
      const local = new LocalQueue({ handler, slots, backlog, signal: aborting.signal, onRun });
      localQueues.set(lane, { local, consumer: openConsumer(lane, { backend, local, health }) });
    },
    async depth() {
      const lanes = [...new Set([...localQueues.keys(), ...producers.keys()])];
      const depths = lanes.map(async (lane) => {
        const here = localQueues.get(lane)?.local.waiting ?? 0;
        return [lane, here + (await producerOf(lane).depth())] as const;
      });
      return Object.fromEntries(await Promise.all(depths)) as Record<LaneName, number>;
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}
