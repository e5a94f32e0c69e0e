import { describe, expect, it } from "vitest";
import { createBulkheads } from "../../../src/turn/asks/bulkheads.ts";

/** Bulkheads whose work ends when told; what they wake is run again, as a lane would. */
function scene({
  slots = 2,
  lineLength = 10,
  lost = () => false,
}: {
  slots?: number;
  lineLength?: number;
  lost?: (id: string) => boolean;
} = {}) {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const gone = new Set<string>();
  const run = (bulkhead: string, id: string): void => {
    if (gone.has(id)) return bulkheads.leave(id);
    void bulkheads.run(id, { bulkhead, slots }, () => {
      began.push(id);
      return new Promise((resolve) => ends.set(id, resolve));
    });
  };
  const bulkheads = createBulkheads((id) => (lost(id) ? undefined : run(id.slice(0, 1), id)), { lineLength });
  return {
    began,
    gone,
    wake: (...ids: string[]) => ids.forEach((id) => run(id.slice(0, 1), id)),
    end: async (...ids: string[]) => {
      for (const id of ids) ends.get(id)?.();
      // Two steps of promises: the work's, and the one that waits for it.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("a bulkhead (E5)", () => {
  it("runs as many at once as it has slots, and the others in the order in which they came", async () => {
    const { began, wake, end } = scene();
    wake("a1", "a2", "a3", "a4", "a5");
    expect(began).toEqual(["a1", "a2"]);
    await end("a2");
    expect(began).toEqual(["a1", "a2", "a3"]);
    await end("a1", "a3");
    expect(began).toEqual(["a1", "a2", "a3", "a4", "a5"]);
  });

  it("delays nothing of another, however many wait", () => {
    const { began, wake } = scene();
    wake("a1", "a2", "a3", "a4", "b1");
    expect(began).toEqual(["a1", "a2", "b1"]);
  });

  it("runs nothing twice at the same time, and keeps one place in line", async () => {
    const { began, wake, end } = scene();
    wake("a1", "a2", "a3", "a1", "a4", "a3");
    await end("a1");
    expect(began).toEqual(["a1", "a2", "a3"]);
    await end("a2", "a3");
    expect(began).toEqual(["a1", "a2", "a3", "a4"]);
  });

  it("lets nobody who comes later go first", async () => {
    const { began, wake, end } = scene({ slots: 1, lost: (id) => id === "a2" });
    wake("a1", "a2");
    await end("a1");
    wake("a3");
    expect(began).toEqual(["a1"]);
    // The sweep wakes what was lost.
    wake("a2");
    await end("a2");
    expect(began).toEqual(["a1", "a2", "a3"]);
  });

  it("passes over what was answered elsewhere meanwhile", async () => {
    const { began, wake, end, gone } = scene({ slots: 1 });
    wake("a1", "a2", "a3");
    gone.add("a2");
    await end("a1");
    expect(began).toEqual(["a1", "a3"]);
  });

  it("leaves to the sweep what its line has no room for", async () => {
    const { began, wake, end } = scene({ slots: 1, lineLength: 1 });
    wake("a1", "a2", "a3");
    await end("a1");
    await end("a2");
    expect(began).toEqual(["a1", "a2"]);
    wake("a3");
    expect(began).toEqual(["a1", "a2", "a3"]);
  });
});
