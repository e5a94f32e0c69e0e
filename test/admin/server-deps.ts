import type { ServerDeps } from "../../src/admin/deps.ts";
import { createLogger } from "../../src/lib/logger.ts";

/** What every channel of these tests asks of a request before its body is read. */
export const DOOR = { maxBytes: 65_536, signatureHeader: "x-signature" };

/** A web server's surroundings in which nothing happens; `given` replaces what a test is about. */
export const serverDeps = (given: Partial<ServerDeps> = {}): ServerDeps => ({
  log: createLogger({ level: "silent" }),
  clock: () => new Date(),
  publicUrl: null,
  webhookRules: () => DOOR,
  meter: { countRefused: () => {}, countPageRefused: () => {}, countDropped: () => {} },
  visits: { begin: async () => null, endOf: async () => null },
  files: async () => null,
  webhook: async () => ({ status: 200, contentType: "text/plain", body: "" }),
  ready: async () => ({ ok: true, checks: {} }),
  metrics: async () => "",
  ...given,
});
