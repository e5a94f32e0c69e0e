import { describe, expect, it } from "vitest";
import { batch } from "../../src/lib/batch.ts";

/** A flush that returns when the test lets it. */
function gatedFlush() {
  const flushed: number[][] = [];
  const gates: (() => void)[] = [];
  const flush = async (items: readonly number[]): Promise<number[]> => {
    flushed.push([...items]);
    await new Promise<void>((open) => gates.push(open));
    return items.map((item) => item * 10);
  };
  return { flushed, flush, open: () => gates.shift()?.() };
}

const nextTick = () => new Promise((resolve) => setImmediate(resolve));

describe("a micro-batch", () => {
  it("flushes the first item at once and gathers later ones, in order", async () => {
    const { flushed, flush, open } = gatedFlush();
    const add = batch(flush);
    const all = [add(1)];
    await nextTick();
    all.push(add(2), add(3), add(4));
    open();
    await nextTick();
    open();
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40]);
    expect(flushed).toEqual([[1], [2, 3, 4]]);
  });

  it("flushes at most `max` items at once", async () => {
    const { flushed, flush, open } = gatedFlush();
    const add = batch(flush, { max: 2 });
    const all = [1, 2, 3].map((item) => add(item));
    await nextTick();
    open();
    await nextTick();
    open();
    await Promise.all(all);
    expect(flushed).toEqual([[1, 2], [3]]);
  });

  it("isolates a failing item, and the others succeed (I6)", async () => {
    const add = batch(async (items: readonly number[]) => {
      if (items.includes(13)) throw new Error("unlucky");
      return items;
    });
    const results = await Promise.allSettled([11, 12, 13, 14].map((item) => add(item)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  });

  it("splits nothing when the failure concerns all items", async () => {
    let flushes = 0;
    const down = async (): Promise<number[]> => {
      flushes++;
      throw new Error("down");
    };
    const add = batch(down, { divisible: () => false });
    const results = await Promise.allSettled([1, 2, 3].map((item) => add(item)));
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(flushes).toBe(1);
  });

  it("rejects items beyond its bound, and takes more when there is room again", async () => {
    const { flush, open } = gatedFlush();
    const add = batch(flush, { maxWaiting: 1 });
    const first = add(1);
    await nextTick();
    const second = add(2);
    await expect(add(3)).rejects.toThrow("try again later");
    open();
    await nextTick();
    const fourth = add(4);
    open();
    await nextTick();
    open();
    expect(await Promise.all([first, second, fourth])).toEqual([10, 20, 40]);
  });
});
