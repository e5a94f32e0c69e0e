/** A process that asks a model and is killed meanwhile. Arguments: the database's URL, the server's URL. */

import { DEFAULT_MODEL_LIMITS } from "../../src/domain/model-settings.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { createGateway } from "../../src/model/gateway.ts";
import { openDb } from "../../src/store/db.ts";

const [database = "", url = ""] = process.argv.slice(2);
const log = createLogger({ level: "silent" });
const price = { input: 0, cached: 0, output: 1_000 };
const entry = { model: "priced", baseUrl: null, apiKey: null, price, timeoutMs: 60_000 };
const endpoint = { ...entry, id: url, baseUrl: `${url}/v1`, apiKey: null, allowPrivate: true };
const gateway = createGateway({
  db: openDb({ url: database, log }),
  log,
  meter: createMetrics().meter,
  models: () => ({
    resolved: [{ tier: "large", entry, endpoint: { ok: true, value: endpoint } }],
    limits: DEFAULT_MODEL_LIMITS,
  }),
});
await gateway.complete(
  {
    tier: "large",
    messages: [{ role: "user", content: "hi" }],
    tools: [],
    cacheKey: "k",
    conversation: 99,
    procedure: null,
    purpose: "turn",
    maxOutputTokens: 500,
  },
  { signal: new AbortController().signal, deadlineMs: 60_000 },
);
