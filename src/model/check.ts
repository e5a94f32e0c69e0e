/** Tries a server of models without spending anything: it is asked for its list of models, which costs nothing. */
import { z } from "zod";
import { boundedFetch, FetchError } from "../lib/fetch.ts";
import type { Endpoint } from "./endpoint.ts";

export type ServerState =
  /** It answers, and has these models. */
  | { kind: "lists"; models: ReadonlySet<string> }
  /** It answers, but has no list. */
  | { kind: "answers" }
  /** It does not take the key. */
  | { kind: "unauthorised"; status: number }
  | { kind: "down"; message: string };

/** Aggregators list some thousand models, a kilobyte each. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const List = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Asks for the list. Never throws but on bugs. */
export async function probeServer(
  { baseUrl, apiKey, allowPrivate }: Pick<Endpoint, "baseUrl" | "apiKey" | "allowPrivate">,
  { timeoutMs }: { timeoutMs: number },
): Promise<ServerState> {
  try {
    const { status, body } = await boundedFetch(new URL(`${baseUrl}/models`), {
      headers: { accept: "application/json", ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) },
      timeoutMs,
      maxBytes: MAX_LIST_BYTES,
      allowPrivate,
    });
    if (status === 401 || status === 403) return { kind: "unauthorised", status };
    if (status >= 500) return { kind: "down", message: `The server answered ${status}.` };
    return status === 200 ? readList(body.toString()) : { kind: "answers" };
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return { kind: "down", message: error.message };
  }
}

function readList(text: string): ServerState {
  const json = z.string().transform(parseJson).pipe(List).safeParse(text);
  return json.success ? { kind: "lists", models: new Set(json.data.data.map(({ id }) => id)) } : { kind: "answers" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** True when the list has this model; Ollama lists `llama3` as `llama3:latest`. */
export const hasModel = (models: ReadonlySet<string>, model: string): boolean =>
  models.has(model) || models.has(`${model}:latest`);
