/** Configuration from the environment and the command line. Channels, queues and workflows come from `content/`. */
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { z } from "zod";
import { type VariableName, variables } from "./environment.ts";
import { fail, ok, type Result } from "./lib/result.ts";

export const ROLES = ["all", "web", "worker"] as const;
export type Role = (typeof ROLES)[number];

export interface Config {
  /** `web` receives webhooks, `worker` does the rest, `all` is both. */
  role: Role;
  /** Absolute path of the folder with the files that admins edit. */
  home: string;
  /** Absolute path of the embedded database's folder. */
  dataDir: string;
  /** null: use the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** null: lanes run on PostgreSQL. */
  redisUrl: string | null;
  host: string;
  port: number;
  /** null: one listener serves everything. */
  adminPort: number | null;
  adminHost: string;
  /** Without a trailing slash; null: the host name of each request. */
  publicUrl: string | null;
  /** null: not set, the caller decides. */
  logLevel: string | null;
  playground: boolean;
  production: boolean;
  /** The key of models without a base_url of their own; null: not set. */
  openaiApiKey: string | null;
  /** Their server; null: OpenAI's own. */
  openaiBaseUrl: string | null;
}

export interface ConfigFault {
  /** The variable, or the flag with its dashes. */
  name: string;
  /** The problem and its fix, worded to follow the name. Never holds a value, which could be a secret. */
  problem: string;
}

export interface ConfigFlags {
  role?: string | undefined;
  port?: string | undefined;
  home?: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 3000;
const LOOPBACK = "127.0.0.1";

/** Reads the configuration; an empty variable counts as not set. Returns all faults, not just the first. */
export function readConfig(env: Environment, flags: ConfigFlags = {}): Result<Config, ConfigFault[]> {
  const faults: ConfigFault[] = [];
  const read = reader(env, faults);
  const role = readRole(flags.role, faults);
  const flagPort = readPort(flags.port, faults);
  const production = read("NODE_ENV") === "production";
  const home = resolve(flags.home ?? read("FRONTDESK_HOME") ?? ".");
  const playground = read("FRONTDESK_PLAYGROUND");
  const config: Config = {
    role,
    home,
    dataDir: resolve(home, read("FRONTDESK_DATA") ?? "data"),
    databaseUrl: read("DATABASE_URL") ?? null,
    redisUrl: read("REDIS_URL") ?? null,
    host: read("HOST") ?? (production ? "0.0.0.0" : LOOPBACK),
    port: flagPort ?? read("PORT") ?? DEFAULT_PORT,
    adminPort: read("ADMIN_PORT") ?? null,
    adminHost: read("ADMIN_HOST") ?? LOOPBACK,
    publicUrl: read("PUBLIC_URL") ?? null,
    logLevel: read("LOG_LEVEL") ?? null,
    playground: playground === undefined ? !production : playground === "on",
    production,
    openaiApiKey: read("OPENAI_API_KEY") ?? null,
    openaiBaseUrl: read("OPENAI_BASE_URL") ?? null,
  };
  if (config.adminPort === config.port && config.port !== 0) faults.push(SAME_PORT);
  if (role !== "all" && !env.DATABASE_URL) faults.push(needsDatabase(role));
  return faults.length === 0 ? ok(config) : fail(faults);
}

/** Merges `.env` of the home folder into the environment, which wins. Throws when the file exists but can't be read. */
export function withEnvFile(env: Environment, flags: ConfigFlags = {}): Environment {
  const file = join(resolve(flags.home ?? (env.FRONTDESK_HOME || ".")), ".env");
  let text: string;
  try {
    if (!statSync(file).isFile()) throw new Error(`${file} is not a file`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return env;
    throw error;
  }
  return { ...parseEnv(text), ...env };
}

type Values = { [Name in VariableName]: z.output<(typeof variables)[Name]["schema"]> };

function reader(env: Environment, faults: ConfigFault[]) {
  return <Name extends VariableName>(name: Name): Values[Name] | undefined => {
    const text = env[name];
    if (text === undefined || text === "") return undefined;
    const parsed = variables[name].schema.safeParse(text);
    if (parsed.success) return parsed.data as Values[Name];
    faults.push({ name, problem: parsed.error.issues[0]?.message ?? "can't be read" });
    return undefined;
  };
}

function readRole(text: string | undefined, faults: ConfigFault[]): Role {
  if (text === undefined) return "all";
  const role = ROLES.find((known) => known === text);
  if (role === undefined) faults.push({ name: "--role", problem: `is not a role; choose one of ${ROLES.join(", ")}` });
  return role ?? "all";
}

function readPort(text: string | undefined, faults: ConfigFault[]): number | undefined {
  if (text === undefined) return undefined;
  const parsed = variables.PORT.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  faults.push({ name: "--port", problem: parsed.error.issues[0]?.message ?? "can't be read" });
  return undefined;
}

const SAME_PORT: ConfigFault = {
  name: "ADMIN_PORT",
  problem: "is also the port of the web server; set another one, or leave it out",
};

const needsDatabase = (role: Role): ConfigFault => ({
  name: "DATABASE_URL",
  problem: `is not set, but --role ${role} shares its database with other processes; set it, or leave --role out`,
});
