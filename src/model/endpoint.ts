/** Makes endpoints of the models that frontdesk.yaml lists: their addresses and keys, from the environment and from files. */
import { type SecretRef, secretName } from "../domain/connector-schema.ts";
import {
  MODEL_TIERS,
  type ModelEntry,
  type ModelPrice,
  type ModelSettings,
  type ModelTier,
} from "../domain/model-settings.ts";
import { hideSecret } from "../lib/redact.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { resolveSecrets } from "../lib/secret.ts";

/** One model on one server. */
export interface Endpoint {
  /** Unique: the address and the model. */
  id: string;
  model: string;
  /** Without a trailing slash. */
  baseUrl: string;
  /** null: it is asked without one. */
  apiKey: string | null;
  /** True where an admin named the server, which may then be on our own network. */
  allowPrivate: boolean;
  price: ModelPrice | null;
  timeoutMs: number;
}

/** An entry of frontdesk.yaml with its endpoint, or the reason why it has none, worded to follow the model's name. */
export interface ResolvedModel {
  tier: ModelTier;
  entry: ModelEntry;
  endpoint: Result<Endpoint, string>;
}

export interface EndpointSources {
  env: Readonly<Record<string, string | undefined>>;
  /** OPENAI_API_KEY and OPENAI_BASE_URL. */
  openaiApiKey: string | null;
  openaiBaseUrl: string | null;
}

/** https://platform.openai.com/docs/api-reference/introduction */
const OPENAI_URL = "https://api.openai.com/v1";

/** Resolves all entries, in the order of the file. Logs hide their keys from now on. */
export function resolveModels(settings: ModelSettings, sources: EndpointSources): ResolvedModel[] {
  return MODEL_TIERS.flatMap((tier) =>
    settings[tier].map((entry) => ({ tier, entry, endpoint: resolveEndpoint(entry, sources) })),
  );
}

/** The endpoints of one tier that can be used. */
export const usable = (models: readonly ResolvedModel[], tier: ModelTier): Endpoint[] =>
  models.flatMap((one) => (one.tier === tier && one.endpoint.ok ? [one.endpoint.value] : []));

function resolveEndpoint(entry: ModelEntry, sources: EndpointSources): Result<Endpoint, string> {
  const { model, price, timeoutMs } = entry;
  const address = addressOf(entry, sources);
  if (!address.ok) return address;
  const apiKey = keyOf(entry, sources);
  if (!apiKey.ok) return apiKey;
  const allowPrivate = address.value !== null;
  const baseUrl = (address.value ?? OPENAI_URL).replace(/\/+$/, "");
  if (apiKey.value === null && !allowPrivate) return fail("has no key: set OPENAI_API_KEY, or api_key: for this model");
  return ok({ id: `${baseUrl} ${model}`, model, baseUrl, apiKey: apiKey.value, allowPrivate, price, timeoutMs });
}

/** The address that an admin named; null: OpenAI itself. */
function addressOf({ baseUrl }: ModelEntry, sources: EndpointSources): Result<string | null, string> {
  if (baseUrl === null) return ok(sources.openaiBaseUrl);
  if (baseUrl.from === "text") return ok(baseUrl.url);
  const found = secretOf(baseUrl, sources);
  if (!found.ok) return found;
  const url = URL.canParse(found.value) ? new URL(found.value) : null;
  if (url?.protocol === "https:" || url?.protocol === "http:") return found;
  return fail(`can't be asked: base_url: ${secretName(baseUrl)} is not a web address`);
}

/** OPENAI_API_KEY goes to OPENAI_BASE_URL or OpenAI only, unless `api_key:` names it. */
function keyOf({ baseUrl, apiKey }: ModelEntry, sources: EndpointSources): Result<string | null, string> {
  if (apiKey !== null) return secretOf(apiKey, sources);
  const key = baseUrl === null ? sources.openaiApiKey : null;
  if (key !== null) hideSecret(key);
  return ok(key);
}

function secretOf(ref: SecretRef, sources: EndpointSources): Result<string, string> {
  const name = secretName(ref);
  const { openaiApiKey, openaiBaseUrl } = sources;
  // Withheld from channels and connectors; models are what they are for.
  const own = name === "env:OPENAI_API_KEY" ? openaiApiKey : name === "env:OPENAI_BASE_URL" ? openaiBaseUrl : null;
  if (own !== null) {
    if (own === openaiApiKey) hideSecret(own);
    return ok(own);
  }
  const found = resolveSecrets(name, sources);
  if (found.ok) return ok(String(found.value));
  return fail(`can't be asked: ${name} ${found.fault[0]?.problem ?? "is missing"}`);
}
