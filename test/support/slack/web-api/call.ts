/** Calls and descriptions of Web API methods. */
import type { Channel, World } from "../world.ts";
import { Refusal } from "./refusal.ts";

type Kind = "text" | "flag" | "number" | "json" | "list";

export interface Call {
  world: World;
  args: Record<string, unknown>;
}

export interface Method {
  /** Required scopes. */
  needs: readonly string[];
  /** Needs the app-level token instead of the bot's. */
  appLevel?: boolean;
  takes: Record<string, Kind>;
  required?: readonly string[];
  run(call: Call): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Reads the arguments by their kinds; unknown ones are violations (Slack ignores them), missing ones are refused. */
export function readArguments(
  world: World,
  name: string,
  { method, raw }: { method: Method; raw: Record<string, unknown> },
) {
  const args: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const kind = method.takes[key];
    if (kind === undefined && key !== "token") world.violations.push(`${name}: takes no argument "${key}"`);
    if (kind !== undefined && value !== null && value !== undefined) args[key] = convert(name, key, { kind, value });
  }
  const missing = (method.required ?? []).filter((key) => args[key] === undefined || args[key] === "");
  if (missing.length === 0) return args;
  world.violations.push(`${name}: lacks ${missing.join(", ")}`);
  const messages = missing.map((key) => `[ERROR] missing required field: ${key}`);
  throw new Refusal("invalid_arguments", { response_metadata: { messages } });
}

function convert(name: string, key: string, { kind, value }: { kind: Kind; value: unknown }): unknown {
  const wrong = new Refusal("invalid_arguments", { response_metadata: { messages: [`[ERROR] ${name}: bad ${key}`] } });
  if (kind === "text" && typeof value === "string") return value;
  if (kind === "flag") return value === true || value === "true" || value === "1" || value === 1;
  if (kind === "number" && !Number.isNaN(Number(value))) return Number(value);
  if (kind === "list")
    return Array.isArray(value)
      ? value
      : String(value)
          .split(",")
          .map((one) => one.trim());
  if (kind !== "json") throw wrong;
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw wrong;
  }
}

export const text = (call: Call, key: string): string | undefined => call.args[key] as string | undefined;
/** Returns a text; anything else is "". */
export const words = (value: unknown): string => (typeof value === "string" ? value : "");

const READ_SCOPE = { public: "channels", private: "groups", im: "im" } as const;

export function needScope(world: World, scope: string): void {
  if (world.scopes.has(scope)) return;
  throw new Refusal("missing_scope", { needed: scope, provided: [...world.scopes].join(",") });
}

/** Returns the channel of a call; refuses one that the bot can't see. */
export function namedChannel({ world, args }: Call, scope?: "read" | "history"): Channel {
  const channel = world.channels.get(words(args["channel"] ?? args["channel_id"]));
  if (!channel) throw new Refusal("channel_not_found");
  if (channel.kind !== "public" && !channel.members.has(world.ids.botUserId)) throw new Refusal("channel_not_found");
  if (scope) needScope(world, `${READ_SCOPE[channel.kind]}:${scope}`);
  return channel;
}

/** Returns the channel to write to. */
export function writableChannel(call: Call): Channel {
  const channel = namedChannel(call);
  if (!channel.members.has(call.world.ids.botUserId)) throw new Refusal("not_in_channel");
  if (channel.archived) throw new Refusal("is_archived");
  return channel;
}

/** Returns one page of a list; the cursor is the position in it. */
export function paged<T>(
  { world, args }: Call,
  all: readonly T[],
): { page: T[]; response_metadata: { next_cursor: string } } {
  const cursor = words(args["cursor"]);
  const at = cursor === "" ? 0 : Number(Buffer.from(cursor, "base64").toString());
  if (!Number.isInteger(at)) throw new Refusal("invalid_cursor");
  const size = Math.min(Number(args["limit"] ?? 100) || 100, world.options.pageSize);
  const next = at + size < all.length ? Buffer.from(String(at + size)).toString("base64") : "";
  return { page: all.slice(at, at + size), response_metadata: { next_cursor: next } };
}
