import { expect, it } from "vitest";
import { createSlots } from "../../src/lib/slots.ts";

const never = new AbortController().signal;

it("gives as many slots as there are, then in the order in which they were asked for", async () => {
  const slots = createSlots(2);
  const order: string[] = [];
  const [one, two] = [await slots.take(never), await slots.take(never)];
  const waiting = ["a", "b", "c"].map(async (name) => {
    const giveBack = await slots.take(never);
    order.push(name);
    return giveBack;
  });
  expect(order).toEqual([]);
  one();
  two();
  (await waiting[0])?.();
  await Promise.all(waiting);
  expect(order).toEqual(["a", "b", "c"]);
});

it("gives none to what was called off while it waited", async () => {
  const slots = createSlots(1);
  const giveBack = await slots.take(never);
  const cancelling = new AbortController();
  const cancelled = slots.take(cancelling.signal);
  const next = slots.take(never);
  cancelling.abort(new Error("called off"));
  await expect(cancelled).rejects.toThrow("called off");
  await expect(slots.take(cancelling.signal)).rejects.toThrow("called off");
  giveBack();
  (await next)();
  (await slots.take(never))();
});
