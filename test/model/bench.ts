/** A gateway on a database of its own, with servers of models that play back what a test tells them. */
import { LLMock } from "@copilotkit/aimock";
import { expect } from "vitest";
import { z } from "zod";
import type { ModelRequest, ModelResult, ToolSpec } from "../../src/domain/model.ts";
import { DEFAULT_MODEL_LIMITS, type ModelLimits, type ModelTier } from "../../src/domain/model-settings.ts";
import { createLogger, type Logger } from "../../src/lib/logger.ts";
import { ok } from "../../src/lib/result.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import type { Endpoint, ResolvedModel } from "../../src/model/endpoint.ts";
import { createGateway, type ModelGateway } from "../../src/model/gateway.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { chatRequestFaults } from "../support/openai-rules.ts";
import { freshDatabase } from "../support/services.ts";

const PRICE = { input: 2, cached: 0.5, output: 8 };
export const KEY = "sk-not-a-real-key-0123456789";

export const endpoint = (url: string, some: Partial<Endpoint> = {}): Endpoint => {
  const model = some.model ?? "gpt-test";
  return {
    id: `${url} ${model}`,
    model,
    baseUrl: `${url}/v1`,
    apiKey: KEY,
    allowPrivate: true,
    price: PRICE,
    timeoutMs: 5_000,
    ...some,
  };
};

export const reply: ToolSpec = {
  name: "reply",
  description: "Answers the customer.",
  parameters: {
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
    additionalProperties: false,
  },
  strict: true,
  arguments: z.strictObject({ text: z.string() }),
};
const handoff: ToolSpec = {
  name: "handoff",
  description: "Gives the conversation to a person.",
  parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
  strict: true,
  arguments: z.strictObject({}),
};

/** A request whose customer wrote `text`. */
export const request = (text: string, some: Partial<ModelRequest> = {}): ModelRequest => ({
  tier: "large",
  messages: [
    { role: "system", content: "You are the support desk of Acme." },
    { role: "user", content: text },
  ],
  tools: [handoff, reply],
  cacheKey: "cancel@4f2a",
  conversation: 7,
  procedure: { id: "cancel", run: "e1.0", costUsd: null },
  purpose: "turn",
  maxOutputTokens: 500,
  ...some,
});

/** A model's answer that calls `reply`. */
export const replies = (text: string, id = "call_1") => ({
  toolCalls: [{ id, name: "reply", arguments: JSON.stringify({ text }) }],
});

export interface GatewayOptions {
  large?: readonly Endpoint[];
  small?: readonly Endpoint[];
  limits?: Partial<ModelLimits>;
  db?: Db;
}

export interface ModelBench extends AsyncDisposable {
  /** URL of its database. */
  url: string;
  db: Db;
  log: Logger;
  mock: LLMock;
  /** Everything that was logged. */
  logged: string[];
  metrics: ReturnType<typeof createMetrics>;
  gateway(options?: GatewayOptions): ModelGateway;
  ask(asked: ModelRequest, options?: GatewayOptions): Promise<ModelResult>;
  query<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** The rows of `model_call`, shortened. */
  calls(): Promise<string[]>;
  /** Forgets all calls, answers and fixtures. */
  reset(): Promise<void>;
  /** Fails when a request that the server got breaks OpenAI's schema. */
  checkRequests(): void;
}

/** Entries of frontdesk.yaml for these endpoints. */
export const resolvedOf = (tier: ModelTier, endpoints: readonly Endpoint[]): ResolvedModel[] =>
  endpoints.map((one) => ({ tier, entry: { ...one, baseUrl: null, apiKey: null }, endpoint: ok(one) }));

export async function openModelBench(): Promise<ModelBench> {
  const database = await freshDatabase();
  const logged: string[] = [];
  const log = createLogger({ level: "debug", stream: { write: (line) => void logged.push(line) } });
  const db = openDb({ url: database.url, log, max: 6 });
  const mock = new LLMock({ port: 0, strict: true, logLevel: "silent" });
  await mock.start();
  const metrics = createMetrics();
  const query: ModelBench["query"] = async (text, values = []) => (await db.pool.query(text, values)).rows;
  const gateway: ModelBench["gateway"] = ({ large = [endpoint(mock.url)], small = [], limits, db: own = db } = {}) => {
    const resolved = [...resolvedOf("large", large), ...resolvedOf("small", small)];
    const models = () => ({ resolved, limits: { ...DEFAULT_MODEL_LIMITS, ...limits } });
    return createGateway({ db: own, log, meter: metrics.meter, models, chance: () => 0 });
  };
  return {
    url: database.url,
    db,
    log,
    mock,
    logged,
    metrics,
    query,
    gateway,
    ask: (asked, options) =>
      gateway(options).complete(asked, { signal: new AbortController().signal, deadlineMs: 20_000 }),
    async calls() {
      const rows = await query<{ model: string; outcome: string; estimated: boolean }>(
        "select model, outcome, estimated from model_call order by id",
      );
      return rows.map((row) => `${row.model} ${row.outcome}${row.estimated ? " (estimated)" : ""}`);
    },
    async reset() {
      await query("truncate model_call, model_budget, model_cache");
      logged.length = 0;
      mock.reset();
      mock.clearChaos();
    },
    checkRequests() {
      for (const { body } of mock.getRequests()) expect(chatRequestFaults(body)).toEqual([]);
    },
    async [Symbol.asyncDispose]() {
      await mock.stop();
      await db.close();
      await database.drop();
    },
  };
}
