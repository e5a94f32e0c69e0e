/** Answers calls of the Web API: checks the token and the arguments, and runs the method. */
import type { World } from "../world.ts";
import { auth } from "./auth.ts";
import { type Method, needScope, readArguments } from "./call.ts";
import { chat } from "./chat.ts";
import { conversations } from "./conversations.ts";
import { files } from "./files.ts";
import { people } from "./people.ts";
import { Refusal } from "./refusal.ts";
import { views } from "./views.ts";

const METHODS: Record<string, Method> = { ...auth, ...chat, ...conversations, ...people, ...views, ...files };

export interface Request {
  name: string;
  token: string | undefined;
  raw: Record<string, unknown>;
}

/** Returns the JSON answer; never throws a refusal. */
export async function answer(world: World, request: Request): Promise<Record<string, unknown>> {
  try {
    return { ok: true, ...(await run(world, request)) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.code, ...error.more };
    throw error;
  }
}

async function run(world: World, { name, token, raw }: Request): Promise<Record<string, unknown>> {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (!method) {
    world.violations.push(`${name}: no such method here`);
    throw new Refusal("unknown_method", { req_method: name });
  }
  authorise(world, method, token);
  return method.run({ world, args: readArguments(world, name, { method, raw }) });
}

function authorise(world: World, method: Method, token: string | undefined): void {
  if (token === undefined || token === "") throw new Refusal("not_authed");
  const { appToken, botToken } = world.ids;
  const [right, other] = method.appLevel ? [appToken, botToken] : [botToken, appToken];
  if (token === other) throw new Refusal("not_allowed_token_type");
  if (token !== right) throw new Refusal("invalid_auth");
  if (world.revoked && !method.appLevel) throw new Refusal("token_revoked");
  for (const scope of method.needs) needScope(world, scope);
}
