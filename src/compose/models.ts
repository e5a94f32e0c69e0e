/** Opens the gateway to the models of the live frontdesk.yaml; a change of them needs no restart. */
import type { Config, Environment } from "../config.ts";
import type { Settings } from "../content/settings.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { type ResolvedModel, resolveModels } from "../model/endpoint.ts";
import { createGateway, type ModelGateway } from "../model/gateway.ts";
import type { Db } from "../store/db.ts";

export interface ModelsOptions {
  config: Pick<Config, "openaiApiKey" | "openaiBaseUrl">;
  env: Environment;
  db: Db;
  log: Logger;
  meter: Meter;
  /** The live settings. */
  live: () => Pick<Settings, "models" | "limits">;
}

/** Files with keys are read again after this, so that a new key needs no restart. */
const KEYS_KEPT_MS = 30_000;

/** Opens the gateway of a worker. It reaches no server before the first request. */
export function openModels(o: ModelsOptions): ModelGateway {
  let kept: { of: Settings["models"]; atMs: number; resolved: readonly ResolvedModel[] } | null = null;
  const models = () => {
    const { models: of, limits } = o.live();
    const now = performance.now();
    if (kept === null || kept.of !== of || now - kept.atMs > KEYS_KEPT_MS)
      kept = { of, atMs: now, resolved: resolveModels(of, { ...o.config, env: o.env }) };
    return { resolved: kept.resolved, limits: limits.models };
  };
  return createGateway({ ...o, models });
}
