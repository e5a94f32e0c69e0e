import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { LaneBackend } from "../../src/jobs/backend.ts";
import type { LaneName, LaneObserver, Lanes, RunOptions, WakeOutcome } from "../../src/jobs/lanes.ts";
import { openLanes } from "../../src/jobs/runner.ts";
import { createLogger } from "../../src/lib/logger.ts";

/** A process with its own lanes, and the metrics and logs that it produced. */
export interface LaneProcess {
  lanes: Lanes;
  woke: WakeOutcome[];
  ran: { lane: LaneName; failed: boolean }[];
  logged: { msg: string; level: number; key?: string; lane?: string }[];
}

/** Opens lanes like another process. */
export function laneProcess(backend: LaneBackend, { drainMs = 5_000 } = {}): LaneProcess {
  const woke: WakeOutcome[] = [];
  const ran: LaneProcess["ran"] = [];
  const logged: LaneProcess["logged"] = [];
  const observer: LaneObserver = {
    onWake: (_, how) => woke.push(how),
    onRun: (lane, { failed }) => ran.push({ lane, failed }),
  };
  const stream = { write: (line: string) => logged.push(JSON.parse(line) as LaneProcess["logged"][number]) };
  return { lanes: openLanes({ backend, log: createLogger({ stream }), observer, drainMs }), woke, ran, logged };
}

/** Returns a handler that reports its start, and ends when released. */
function gate() {
  const begun: string[] = [];
  const open = new AbortController();
  return {
    begun,
    open: () => open.abort(),
    handler: async (key: string) => {
      begun.push(key);
      if (!open.signal.aborted) await once(open.signal, "abort");
    },
  };
}

const soon = { timeout: 8_000, interval: 5 };

/** Defines the conformance suite of lane backends; each test gets a new backend from `fresh`. */
export function lanesConformance(name: string, fresh: () => Promise<LaneBackend>): void {
  const open: LaneProcess[] = [];
  const processOf = (backend: LaneBackend, o?: { drainMs: number }) => {
    const one = laneProcess(backend, o);
    open.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ lanes }) => lanes.close()));
  });

  describe(`${name}: wakes`, () => {
    test("a wake runs the handler here, at once, if a slot is free", async () => {
      const { lanes, woke } = processOf(await fresh());
      const keys: string[] = [];
      lanes.run("turn", async (key) => void keys.push(key), { slots: 2 });
      lanes.wake("turn", "conversation-1");
      expect(keys).toEqual(["conversation-1"]);
      expect(woke).toEqual(["here"]);
    });

    test("a wake from a process without handlers reaches one with them", async () => {
      const backend = await fresh();
      const web = processOf(backend);
      const keys = new Set<string>();
      processOf(backend).lanes.run("turn", async (key) => void keys.add(key), { slots: 2 });
      for (let at = 0; at < 50; at++) web.lanes.wake("turn", `conversation-${at}`);
      await expect.poll(() => keys.size, soon).toBe(50);
      expect(web.woke).toEqual(Array.from({ length: 50 }, () => "job"));
    });

    test("a lane is not woken by another lane's keys", async () => {
      const backend = await fresh();
      const seen: string[] = [];
      const worker = processOf(backend).lanes;
      worker.run("turn", async (key) => void seen.push(`turn ${key}`), { slots: 1 });
      worker.run("deliver-sms", async (key) => void seen.push(`deliver-sms ${key}`), { slots: 1 });
      const web = processOf(backend).lanes;
      web.wake("turn", "a");
      web.wake("deliver-sms", "b");
      await expect.poll(() => seen.toSorted(), soon).toEqual(["deliver-sms b", "turn a"]);
    });

    test("a key woken while its handler runs is run once more, after", async () => {
      const { lanes } = processOf(await fresh());
      const { begun, handler, open: letGo } = gate();
      lanes.run("turn", handler, { slots: 4 });
      lanes.wake("turn", "a");
      lanes.wake("turn", "a");
      lanes.wake("turn", "a");
      expect(begun).toEqual(["a"]);
      letGo();
      await expect.poll(() => begun, soon).toEqual(["a", "a"]);
    });

    test("a key woken by another process while its job runs is run once more", async () => {
      const backend = await fresh();
      const { begun, handler, open: letGo } = gate();
      processOf(backend).lanes.run("turn", handler, { slots: 1 });
      const web = processOf(backend);
      web.lanes.wake("turn", "a");
      await expect.poll(() => begun, soon).toEqual(["a"]);
      web.lanes.wake("turn", "a");
      await expect.poll(() => web.woke, soon).toEqual(["job", "job"]);
      letGo();
      await expect.poll(() => begun, soon).toEqual(["a", "a"]);
    });

    test("every wake is followed by a later run; no key runs twice at once; slots are respected", async () => {
      const backend = await fresh();
      const slots = 3;
      const workers = [processOf(backend), processOf(backend)].map(({ lanes }) =>
        watched(lanes, { slots, backlog: 4 }),
      );
      const web = processOf(backend);
      const wakers = [...workers.map(({ lanes }) => lanes), web.lanes];
      const wokenAt = new Map<string, number>();
      for (let at = 0; at < 400; at++) {
        const key = `conversation-${(at * 7) % 23}`;
        wokenAt.set(key, performance.now());
        wakers[at % wakers.length]?.wake("turn", key);
        if (at % 9 === 0) await pause(1);
      }
      const late = () =>
        [...wokenAt].filter(([key, at]) => !workers.some(({ begunAt }) => (begunAt.get(key) ?? 0) >= at));
      await expect.poll(late, soon).toEqual([]);
      expect(workers.map(({ twice }) => twice())).toEqual([[], []]);
      // One more slot is reserved for jobs.
      for (const { most } of workers) expect(most()).toBeLessThanOrEqual(slots + 1);
    });
  });

  describe(`${name}: several processes`, () => {
    test("keys that a busy process can't run, run in another", async () => {
      const backend = await fresh();
      const busy = processOf(backend);
      const { begun, handler, open: letGo } = gate();
      busy.lanes.run("answer", handler, { slots: 1, backlog: 0 });
      busy.lanes.wake("answer", "long");
      const elsewhere = new Set<string>();
      processOf(backend).lanes.run("answer", async (key) => void elsewhere.add(key), { slots: 4 });
      for (let at = 0; at < 10; at++) busy.lanes.wake("answer", `ask-${at}`);
      await expect.poll(() => elsewhere.size + begun.length, soon).toBe(11);
      expect(elsewhere.size).toBeGreaterThanOrEqual(9);
      letGo();
    });

    test("the sweeper's wake is not lost to a job that seems to be running", async () => {
      const backend = await fresh();
      const stuck = gate();
      const first = processOf(backend);
      first.lanes.run("turn", stuck.handler, { slots: 1 });
      const web = processOf(backend);
      web.lanes.wake("turn", "a");
      await expect.poll(() => stuck.begun, soon).toEqual(["a"]);
      // Also its reserved slot.
      web.lanes.wake("turn", "b");
      await expect.poll(() => stuck.begun, soon).toEqual(["a", "b"]);
      const elsewhere: string[] = [];
      processOf(backend).lanes.run("turn", async (key) => void elsewhere.push(key), { slots: 1 });
      web.lanes.wake("turn", "a", { swept: true });
      await expect.poll(() => elsewhere, soon).toEqual(["a"]);
      stuck.open();
    });
  });

  describe(`${name}: a lane whose handlers hang`, () => {
    // P2
    test("gets a bounded number of jobs from the sweep, however often it sweeps, and still every other wake", async () => {
      const backend = await fresh();
      const { handler, open: letGo } = gate();
      const one = processOf(backend, { drainMs: 100 });
      one.lanes.run("deliver-hangs", handler, { slots: 1, backlog: 8 });
      const waiting = async () => (await one.lanes.depth())["deliver-hangs"] ?? 0;
      const failed = () => one.woke.filter((how) => how === "failed").length;
      for (let sweep = 1; sweep <= 3; sweep++) {
        for (let n = 0; n < 1_500; n++) one.lanes.wake("deliver-hangs", `thread-${sweep}-${n}`, { swept: true });
        await expect.poll(() => one.woke.length, soon).toBe(1_500 * sweep);
      }
      expect(failed()).toBeGreaterThan(3_000);
      // Batches of one sweep, and what waits in the process.
      expect(await waiting()).toBeLessThan(1_100);
      const before = { failed: failed(), woke: one.woke.length };
      for (let n = 0; n < 20; n++) one.lanes.wake("deliver-hangs", `fresh-${n}`);
      await expect.poll(() => one.woke.length, soon).toBe(before.woke + 20);
      expect(failed()).toBe(before.failed);
      letGo();
    });

    test("leaves room in its process to what happens now", async () => {
      const one = processOf(await fresh(), { drainMs: 100 });
      const { handler, open: letGo } = gate();
      one.lanes.run("deliver-hangs", handler, { slots: 1, backlog: 8 });
      for (let n = 0; n < 20; n++) one.lanes.wake("deliver-hangs", `old-${n}`, { swept: true });
      expect(one.woke.filter((how) => how === "here")).toHaveLength(7);
      one.lanes.wake("deliver-hangs", "fresh");
      expect(one.woke.filter((how) => how === "here")).toHaveLength(8);
      letGo();
    });

    test("fetches what happens now before what the sweep has found", async () => {
      const backend = await fresh();
      const web = processOf(backend);
      for (let n = 0; n < 50; n++) web.lanes.wake("turn", `old-${n}`, { swept: true });
      await expect.poll(() => web.woke.length, soon).toBe(50);
      for (let n = 0; n < 5; n++) web.lanes.wake("turn", `fresh-${n}`);
      await expect.poll(() => web.woke.length, soon).toBe(55);
      const keys: string[] = [];
      processOf(backend).lanes.run("turn", async (key) => void keys.push(key), { slots: 1 });
      await expect.poll(() => keys.length, soon).toBe(55);
      expect(keys.slice(0, 5).toSorted()).toEqual(["fresh-0", "fresh-1", "fresh-2", "fresh-3", "fresh-4"]);
    });

    test("a swept key is one job, however often it is found", async () => {
      const web = processOf(await fresh());
      for (let sweep = 0; sweep < 5; sweep++) {
        web.lanes.wake("turn", "a", { swept: true });
        await expect.poll(() => web.woke.length, soon).toBe(sweep + 1);
      }
      expect(await web.lanes.depth()).toEqual({ turn: 1 });
    });
  });

  describe(`${name}: failing and closing`, () => {
    test("a handler that throws is logged once, with lane and key, and its key can be woken again", async () => {
      const { lanes, logged, ran } = processOf(await fresh());
      let runs = 0;
      const handler = async () => {
        if (++runs === 1) throw new Error("the database said no");
      };
      lanes.run("turn", handler, { slots: 1 });
      lanes.wake("turn", "a");
      await expect.poll(() => ran, soon).toEqual([{ lane: "turn", failed: true }]);
      lanes.wake("turn", "a");
      await expect.poll(() => ran.length, soon).toBe(2);
      expect(logged.map(({ msg, lane, key }) => ({ msg, lane, key }))).toEqual([
        { msg: "lane handler failed", lane: "turn", key: "a" },
      ]);
    });

    test("close waits for running handlers and hands the waiting keys to another process", async () => {
      const backend = await fresh();
      const closing = processOf(backend);
      const { begun, handler, open: letGo } = gate();
      closing.lanes.run("turn", handler, { slots: 1 });
      for (const key of ["running", "waiting-1", "waiting-2"]) closing.lanes.wake("turn", key);
      const order: string[] = [];
      const close = closing.lanes.close().finally(() => void order.push("closed"));
      const elsewhere = new Set<string>();
      processOf(backend).lanes.run("turn", async (key) => void elsewhere.add(key), { slots: 2 });
      order.push("let go");
      letGo();
      await close;
      expect(order).toEqual(["let go", "closed"]);
      await expect.poll(() => [...elsewhere].toSorted(), soon).toEqual(["waiting-1", "waiting-2"]);
      expect(begun).toEqual(["running"]);
    });

    test("close aborts a handler that does not end in time", async () => {
      const { lanes } = processOf(await fresh(), { drainMs: 50 });
      let reason: unknown;
      const handler = async (_: string, signal: AbortSignal) => {
        await once(signal, "abort");
        reason = signal.reason;
      };
      lanes.run("turn", handler, { slots: 1 });
      lanes.wake("turn", "a");
      await lanes.close();
      expect(reason).toEqual(new Error("this process is stopping"));
    });

    test("depth counts waiting keys, here and at the backend", async () => {
      const backend = await fresh();
      const worker = processOf(backend);
      const { begun, handler, open: letGo } = gate();
      worker.lanes.run("turn", handler, { slots: 1 });
      worker.lanes.wake("turn", "running");
      worker.lanes.wake("turn", "waits here");
      const web = processOf(backend);
      for (const key of ["seat", "waits there", "waits there, too"]) web.lanes.wake("turn", key);
      await expect.poll(() => begun.length, soon).toBe(2);
      await expect.poll(() => worker.lanes.depth(), soon).toEqual({ turn: 3 });
      letGo();
      await expect.poll(() => worker.lanes.depth(), soon).toEqual({ turn: 0 });
    });
  });
}

/** Runs a lane with a slow handler, and records concurrent runs. */
function watched(lanes: Lanes, o: RunOptions) {
  const begunAt = new Map<string, number>();
  const running = new Set<string>();
  const twice: string[] = [];
  let most = 0;
  const handler = async (key: string) => {
    if (running.has(key)) twice.push(key);
    running.add(key);
    most = Math.max(most, running.size);
    begunAt.set(key, performance.now());
    await pause(key.length % 3);
    running.delete(key);
  };
  lanes.run("turn", handler, o);
  return { lanes, begunAt, twice: () => twice, most: () => most };
}
