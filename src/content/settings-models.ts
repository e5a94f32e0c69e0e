/** Reads `models:` of frontdesk.yaml. */
import type { SecretRef } from "../domain/connector-schema.ts";
import {
  DEFAULT_MODEL_TIMEOUT_MS,
  MODEL_TIERS,
  type ModelAddress,
  type ModelEntry,
  type ModelPrice,
  type ModelSettings,
} from "../domain/model-settings.ts";
import {
  type Entry,
  fault,
  quoted,
  readDecimal,
  readDuration,
  readFields,
  readListOrOne,
  readText,
} from "../language/yaml-entry.ts";
import { readSecret, secretReference } from "../language/yaml-secret.ts";
import { isOwnModelVariable } from "../lib/withheld-secret.ts";
import { refuseWithheld } from "./settings-secrets.ts";

const KEYS = { what: "a model", known: ["model", "base_url", "api_key", "price", "timeout"], required: ["model"] };
/** The longest name that any vendor has is a third of it. */
const MAX_NAME = 200;
/** Dollars per million tokens; catches prices per token or in cents. */
const PRICE = { min: 0, max: 10_000 };
/** Below it no model answers; above it nobody waits any more. */
const TIMEOUT_MS = { min: 1_000, max: 600_000 };

/** Reads both tiers; a tier that is left out has no models. */
export function readModels(entry: Entry): ModelSettings {
  const fields = readFields(entry, { what: "models:", known: MODEL_TIERS });
  const tier = (name: (typeof MODEL_TIERS)[number]): ModelEntry[] => {
    const field = fields?.get(name);
    return (field === undefined ? [] : (readListOrOne(field) ?? [])).flatMap((item) => readModel(item) ?? []);
  };
  return { large: tier("large"), small: tier("small") };
}

function readModel(entry: Entry): ModelEntry | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => {
    const field = fields.get(key);
    return field === undefined ? null : how(field);
  };
  const model = read("model", readModelName);
  const settings = {
    baseUrl: read("base_url", readAddress),
    apiKey: read("api_key", readKey),
    price: read("price", readPrice),
    timeoutMs: read("timeout", readTimeout) ?? DEFAULT_MODEL_TIMEOUT_MS,
  };
  return model === null ? null : { model, ...settings };
}

function readModelName(entry: Entry): string | null {
  const name = readText(entry)?.trim() ?? null;
  if (name === null || (name !== "" && name.length <= MAX_NAME)) return name;
  return fault(entry, "014", `model: is the name of a model, like gpt-4.1; this is ${quoted(name)}`);
}

/** Reads `https://host/v1`, or the variable that holds it. */
function readAddress(entry: Entry): ModelAddress | null {
  const text = readText(entry);
  if (text === null) return null;
  const ref = secretReference(text);
  if (ref !== null) return refused(entry, text) ? null : ref;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.username !== "" || url.password !== ""))
    return fault(entry, "201", "base_url: holds a password, which must not be in this file; use api_key: env:NAME");
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  if (url !== null && web && url.search === "" && url.hash === "") return { from: "text", url: text };
  return fault(entry, "014", `base_url: is a web address like http://127.0.0.1:11434/v1; this is ${quoted(text)}`);
}

function readKey(entry: Entry): SecretRef | null {
  const ref = readSecret(entry);
  return ref === null || refused(entry, readText(entry) ?? "") ? null : ref;
}

/** Models are what OPENAI_API_KEY is for: other parts may not name it. */
const refused = (entry: Entry, ref: string): boolean => !isOwnModelVariable(ref) && refuseWithheld(entry, ref);

function readPrice(entry: Entry): ModelPrice | null {
  const required = ["input", "output"];
  const fields = readFields(entry, { what: "price:", known: ["input", "cached", "output"], required });
  const amount = (key: string): number | null => {
    const field = fields?.get(key);
    return field === undefined ? null : readDecimal(field, PRICE);
  };
  const [input, cached, output] = [amount("input"), amount("cached"), amount("output")];
  return input === null || output === null ? null : { input, cached: cached ?? input, output };
}

function readTimeout(entry: Entry): number | null {
  const ms = readDuration(entry);
  if (ms === null || (ms >= TIMEOUT_MS.min && ms <= TIMEOUT_MS.max)) return ms;
  return fault(entry, "013", "timeout: is from 1s to 10m");
}
