import { describe, expect, it } from "vitest";
import { adapters } from "../../channels/index.ts";
import { loadAdapter } from "../../src/adapter/registry.ts";

describe("the bundled adapters", () => {
  it.each(Object.keys(adapters))("has %s under its own name", async (name) => {
    expect((await loadAdapter(adapters, name)).name).toBe(name);
  });

  it.each(["pigeon", "toString", "__proto__", ""])("lists the known ones for %j", async (name) => {
    await expect(loadAdapter(adapters, name)).rejects.toThrow(
      `There is no adapter "${name}"; set adapter: to one of ${Object.keys(adapters).sort().join(", ")}`,
    );
  });
});
