import { expect, it } from "vitest";
import { type Door, openDoor, writes } from "./door.ts";

// I9: what one thread's people wrote is stored in the order in which the platform numbered it.

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20, 10, 0, second));
const texts = async (door: Door, thread: string) =>
  (
    await door.rows<{ text: string }>(
      "select text from message m join conversation c on c.id = m.conversation where thread = $1 order by m.id",
      thread,
    )
  ).map(({ text }) => text);

it("of what waits together, threads are put in order, and every sender is told of their own", async () => {
  await using door = await openDoor();
  const outcomes = await Promise.all([
    door.takes(writes("t", "first", { sentAt: at(1) })),
    door.takes(writes("t", "fourth", { sentAt: at(4) })),
    door.takes(writes("u", "another's second", { sentAt: at(9) })),
    door.takes(writes("t", "third", { sentAt: at(3) })),
    door.takes(writes("u", "without a time")),
    door.takes(writes("u", "another's first", { sentAt: at(8) })),
    door.takes(writes("t", "second", { sentAt: at(2) })),
  ]);
  expect(await texts(door, "t")).toEqual(["first", "second", "third", "fourth"]);
  expect(await texts(door, "u")).toEqual(["another's first", "without a time", "another's second"]);
  const [t, u] = [await door.conversation("t"), await door.conversation("u")];
  expect(outcomes.flat()).toEqual([t, t, u, t, u, u, t].map((id) => `stored ${id}`));
});
