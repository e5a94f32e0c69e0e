import type { ServerDeps } from "../../src/admin/deps.ts";
import { createLogger } from "../../src/lib/logger.ts";

/** Webhook rules of every channel in these tests. */
export const DOOR = { maxBytes: 65_536, signatureHeader: "x-signature" };

/** Dependencies of a web server that do nothing; `given` overrides some. */
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
