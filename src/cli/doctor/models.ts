import type { Config, Environment } from "../../config.ts";
import { readContent } from "../../content/read.ts";
import { parseSettings, SETTINGS_FILE, type Settings } from "../../content/settings.ts";
import { hasModel, probeServer, type ServerState } from "../../model/check.ts";
import { type Endpoint, type ResolvedModel, resolveModels } from "../../model/endpoint.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

/** Time-out for a server's list of models. */
const WITHIN_MS = 10_000;

interface Given {
  config: Pick<Config, "home" | "openaiApiKey" | "openaiBaseUrl">;
  env: Environment;
}

/** Checks the models of frontdesk.yaml: their keys, their servers, their prices. Spends nothing. */
export async function checkModels({ config, env }: Given): Promise<Finding[]> {
  const { files } = await readContent(config.home);
  const { settings } = parseSettings(files[SETTINGS_FILE] ?? "");
  if (settings === null) return [];
  const { openaiApiKey, openaiBaseUrl } = config;
  const models = resolveModels(settings.models, { env, openaiApiKey, openaiBaseUrl });
  if (models.length === 0) return [noModels(config)];
  const states = probeAll(models);
  const found = models.map(async (model) => [
    ...(await modelFindings(model, states)),
    ...priceFindings(model, settings.limits.models),
  ]);
  return (await Promise.all(found)).flat();
}

function noModels({ openaiApiKey }: Given["config"]): Finding {
  if (openaiApiKey === null) return fine("models", "none listed; nothing is asked of a language model");
  const fix = 'List them in frontdesk.yaml, like "models: { large: [{ model: gpt-4.1 }] }".';
  return warning("models", "OPENAI_API_KEY is set, but frontdesk.yaml lists no models", fix);
}

const keyOf = ({ baseUrl, apiKey }: Endpoint): string => `${baseUrl} ${apiKey ?? ""}`;

/** Asks each server once, whatever number of its models is listed. */
function probeAll(models: readonly ResolvedModel[]): (endpoint: Endpoint) => Promise<ServerState> {
  const states = new Map<string, Promise<ServerState>>();
  for (const { endpoint } of models) {
    if (!endpoint.ok || states.has(keyOf(endpoint.value))) continue;
    states.set(keyOf(endpoint.value), probeServer(endpoint.value, { timeoutMs: WITHIN_MS }));
  }
  return (endpoint) => states.get(keyOf(endpoint)) ?? probeServer(endpoint, { timeoutMs: WITHIN_MS });
}

async function modelFindings(
  { tier, entry, endpoint }: ResolvedModel,
  stateOf: (endpoint: Endpoint) => Promise<ServerState>,
): Promise<Finding[]> {
  const name = `${tier}: ${entry.model}`;
  if (!endpoint.ok) return [problem("models", `${name} ${endpoint.fault}`, "Provide it, and start again.")];
  const { baseUrl, model } = endpoint.value;
  const state = await stateOf(endpoint.value);
  switch (state.kind) {
    case "lists": {
      if (hasModel(state.models, model)) return [fine("models", `${name}: reachable at ${baseUrl}`)];
      const fix = "Compare its name with the server's list; until it is right the next model of the tier is asked.";
      return [warning("models", `${name}: ${baseUrl} does not list this model`, fix)];
    }
    case "answers":
      return [fine("models", `${name}: reachable at ${baseUrl}, which has no list of its models`)];
    case "unauthorised": {
      const fix = "Correct api_key: of this model, or OPENAI_API_KEY, and start again.";
      return [problem("models", `${name}: ${baseUrl} does not take the key (${state.status})`, fix)];
    }
    case "down": {
      const fix = "Start that server, or correct base_url: or OPENAI_BASE_URL. Until then the next model is asked.";
      return [problem("models", `${name}: ${baseUrl} can't be asked: ${state.message}`, fix)];
    }
  }
}

/** Money limits can't stop a model whose price is not known. */
function priceFindings({ tier, entry }: ResolvedModel, limits: Settings["limits"]["models"]): Finding[] {
  if (entry.price !== null) return [];
  const message = `${tier}: ${entry.model}: its price is unknown, so that its calls count as tokens only`;
  if (limits.tokensPerDay !== null) return [fine("models", message)];
  const fix =
    "If it costs something, add price: { input, cached, output } in dollars per million tokens, or limits: tokens_per_day.";
  return [warning("models", message, fix)];
}
