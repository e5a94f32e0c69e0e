import { adapters } from "../../channels/index.ts";
import { runCli } from "../../src/cli/run.ts";
import type { World } from "../../src/cli/world.ts";

export interface Captured {
  code: number;
  out: string;
  err: string;
}

/** Runs a command in this process, with the real adapters; `given` overrides parts of the world. */
export async function run(argv: readonly string[], given: Partial<World> = {}): Promise<Captured> {
  const captured = { out: "", err: "" };
  const code = await runCli(argv, {
    adapters,
    env: {},
    out: { write: (text) => (captured.out += text) },
    err: { write: (text) => (captured.err += text) },
    stdin: async () => new Uint8Array(),
    version: "1.2.3",
    start: () => Promise.reject(new Error("this test starts nothing")),
    startAcme: () => Promise.reject(new Error("this test starts nothing")),
    onStop: () => () => {},
    exit: () => {},
    ...given,
  });
  return { code, ...captured };
}
