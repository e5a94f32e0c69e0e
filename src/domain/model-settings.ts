/** Language models as `models:` of frontdesk.yaml lists them. */
import type { SecretRef } from "./connector-schema.ts";

/** `small`: classification and extraction; `large`: what follows a procedure. */
export type ModelTier = "small" | "large";

export const MODEL_TIERS = ["large", "small"] as const satisfies readonly ModelTier[];

/** US dollars per million tokens. */
export interface ModelPrice {
  input: number;
  /** Input that the server had in its prompt cache. */
  cached: number;
  output: number;
}

/** One model of a tier; those of a tier are tried in order. */
export interface ModelEntry {
  /** As the server calls it ("gpt-4.1"). */
  model: string;
  /** null: OPENAI_BASE_URL, or OpenAI itself. */
  baseUrl: ModelAddress | null;
  /** null: OPENAI_API_KEY where `baseUrl` is null too, else none: that key is never sent to another server. */
  apiKey: SecretRef | null;
  /** null: unknown, so that its calls count as tokens only. */
  price: ModelPrice | null;
  /** Longest time for one answer. */
  timeoutMs: number;
}

export type ModelAddress = SecretRef | { from: "text"; url: string };

export type ModelSettings = Readonly<Record<ModelTier, readonly ModelEntry[]>>;

export const NO_MODELS: ModelSettings = { large: [], small: [] };

/** Our choice: long answers of large models take half of it, and a customer waits no longer. */
export const DEFAULT_MODEL_TIMEOUT_MS = 60_000;

/** The most that models may use; null: no limit. Days are UTC. */
export interface ModelLimits {
  costPerDayUsd: number | null;
  costPerConversationUsd: number | null;
  tokensPerDay: number | null;
  tokensPerConversation: number | null;
}

/**
 * Our choice: a day's worth of a small team's conversations, and some ten long ones' worth for a single one, so that a
 * loop ends before it is expensive. Tokens are unlimited: their worth differs a hundredfold between models.
 */
export const DEFAULT_MODEL_LIMITS: ModelLimits = {
  costPerDayUsd: 50,
  costPerConversationUsd: 2,
  tokensPerDay: null,
  tokensPerConversation: null,
};
