import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../lib/logger.ts";
import { type LaneBackend, openBackend } from "./backend.ts";
import { type Consumer, openConsumer } from "./consumer.ts";
import { watchHealth } from "./health.ts";
import type { LaneHandler, LaneName, LaneObserver, Lanes, RunOptions } from "./lanes.ts";
import { type FinishedRun, LocalQueue } from "./local-queue.ts";
import { openProducer, type Producer } from "./producer.ts";

/** Enough to keep every slot busy through a burst, little enough that other processes soon see what we cannot do. */
const BACKLOG = 1_024;
/** How long running handlers may go on at close; then their signal is aborted, and they have a moment more. */
const DRAIN_MS = 10_000;
const ABORTED_MS = 1_000;

interface LanesOptions {
  backend: LaneBackend;
  log: Logger;
  observer?: LaneObserver;
  drainMs?: number;
}

/** Opens the lanes over a backend, which may be down: what runs in this process does not need it. */
export function openLanes({ backend, log, observer, drainMs = DRAIN_MS }: LanesOptions): Lanes {
  let closing: Promise<void> | null = null;
  const health = watchHealth(log);
  const wire = openBackend(backend, {
    onTrouble: (error) => !closing && health.trouble(error),
    onReady: health.worked,
  });
  const rooms = new Map<LaneName, { room: LocalQueue; puller: Consumer }>();
  const spills = new Map<LaneName, Producer>();
  const aborting = new AbortController();
  // One listener per handler at work: hundreds of them are no leak.
  setMaxListeners(0, aborting.signal);

  const spillOf = (lane: LaneName): Producer => {
    const spill = spills.get(lane) ?? openProducer(lane, { wire, health });
    spills.set(lane, spill);
    return spill;
  };
  const spill = async (lane: LaneName, key: string, dedupe: boolean): Promise<void> => {
    const added = await spillOf(lane).add({ key, dedupe });
    observer?.woke(lane, added ? "job" : "failed");
  };
  const settled = (lane: LaneName, { key, error, ms, lagMs }: FinishedRun): void => {
    if (error !== undefined) log.error({ err: error, lane, key }, "lane handler failed");
    observer?.ran(lane, { ms, lagMs, failed: error !== undefined });
  };

  const close = async (): Promise<void> => {
    const open = [...rooms];
    const leftover = await Promise.all(
      open.map(async ([lane, { room, puller }]) => {
        const waiting = room.close();
        // What we hand to others below must not come back to us.
        await puller.stop();
        return { lane, keys: [...waiting, ...(await drained(room))] };
      }),
    );
    await Promise.all(leftover.flatMap(({ lane, keys }) => keys.map((key) => spill(lane, key, true))));
    await Promise.all(open.map(([, { puller }]) => puller.close()));
    await Promise.all([...spills.values()].map((each) => each.close()));
    await wire.close();
  };
  const drained = async (room: LocalQueue): Promise<string[]> => {
    const woken = room.empty();
    const inTime = await Promise.race([woken, pause(drainMs, null, { ref: false })]);
    if (inTime) return inTime;
    aborting.abort(new Error("this process is stopping"));
    return (await Promise.race([woken, pause(ABORTED_MS, null, { ref: false })])) ?? [];
  };

  return {
    wake(lane, key, { dedupe = true } = {}) {
      const entered = rooms.get(lane)?.room.enter(key) ?? false;
      if (entered) observer?.woke(lane, entered);
      else void spill(lane, key, dedupe);
    },
    run(lane: LaneName, handler: LaneHandler, { slots, backlog = BACKLOG }: RunOptions) {
      if (rooms.has(lane)) throw new Error(`lane ${lane} is run twice in this process`);
      const onRun = (run: FinishedRun) => settled(lane, run);
      const room = new LocalQueue({ handler, slots, backlog, signal: aborting.signal, onRun });
      rooms.set(lane, { room, puller: openConsumer(lane, { wire, local: room, health }) });
    },
    async depth() {
      const lanes = [...new Set([...rooms.keys(), ...spills.keys()])];
      const depths = lanes.map(async (lane) => {
        const here = rooms.get(lane)?.room.waiting ?? 0;
        return [lane, here + (await spillOf(lane).depth())] as const;
      });
      return Object.fromEntries(await Promise.all(depths)) as Record<LaneName, number>;
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}
