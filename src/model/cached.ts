/** Answers requests that say that an earlier answer will do. */
import { z } from "zod";
import type { ModelRequest } from "../domain/model.ts";
import { sha256 } from "../lib/digest.ts";
import type { Db } from "../store/db.ts";
import { keepCachedAnswer, readCachedAnswer } from "../store/model-cache.ts";
import { type ParsedAnswer, parseAnswer } from "./answer.ts";
import type { Dialect } from "./dialect.ts";
import type { Endpoint } from "./endpoint.ts";
import { bodyOf, type RawAnswer } from "./wire.ts";

/** As stored. */
const Stored = z.object({
  text: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
  cut: z.boolean(),
});

/** Finds the answer that the first of these endpoints once gave; one that does not fit any more counts as none. */
export async function findAnswer(
  db: Db,
  request: ModelRequest,
  endpoints: readonly Endpoint[],
): Promise<{ model: string; answer: ParsedAnswer } | null> {
  if (request.cacheable !== true) return null;
  const models = new Map(endpoints.map((endpoint) => [keyOf(endpoint, request), endpoint.model] as const));
  const found = await readCachedAnswer(db, [...models.keys()]);
  const stored = found === null ? null : Stored.safeParse(found.answer);
  if (found === null || stored?.success !== true) return null;
  const parsed = parseAnswer(request, stored.data);
  return parsed.ok ? { model: models.get(found.key) ?? "", answer: parsed.value } : null;
}

/** Keeps an answer that fitted. */
export async function keepAnswer(
  db: Db,
  { request, endpoint, answer }: { request: ModelRequest; endpoint: Endpoint; answer: RawAnswer },
): Promise<void> {
  if (request.cacheable === true) await keepCachedAnswer(db, keyOf(endpoint, request), answer);
}

/** Everything that the server gets, in one order whatever order an object's keys were written in; and its address. */
const keyOf = ({ baseUrl, model }: Endpoint, request: ModelRequest): string =>
  sha256(canonical({ baseUrl, ...bodyOf(request, { model, dialect: DIALECT, messages: request.messages }) }));

/** The same for all servers, so that what is learnt of one changes no key; without the key of the prompt cache. */
const DIALECT: Dialect = { limit: "max_tokens", cacheKey: false };

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, held: unknown) =>
    typeof held === "object" && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
