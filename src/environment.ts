import { z } from "zod";
import type { OWN_VARIABLES } from "./lib/withheld-secret.ts";

/** One environment variable: its meaning, accepted values, and default. */
export interface Variable<Value> {
  /** Description in `.env.example`. */
  about: string;
  /** The default, in words. */
  otherwise: string;
  /** An example value. */
  example: string;
  schema: z.ZodType<Value, string>;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const HIGHEST_PORT = 65_535;

const url = (protocols: readonly string[], fix: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), fix);

const port = z
  .string()
  .regex(/^\d{1,5}$/, `is not a port; set a number from 0 (any free one) to ${HIGHEST_PORT}`)
  .transform(Number)
  .refine((value) => value <= HIGHEST_PORT, `is above ${HIGHEST_PORT}; choose a lower port`);

const host = z.string().regex(/^[\w.:%-]+$/, 'is not a host; write it like "127.0.0.1"');

const publicUrl = url(["http:", "https:"], 'is not a web address; write it like "https://desk.example"')
  .refine((text) => !/[?#]/.test(text), 'carries a "?" or "#"; leave out all that follows the path')
  .transform((text) => text.replace(/\/+$/, ""));

const onOff = z.enum(["on", "off"], { error: 'is neither "on" nor "off"; set one of them' });

/**
 * All variables that Frontdesk itself reads, in the order of `.env.example`. `frontdesk.yaml` may name others, but none of
 * these: a new one also goes into OWN_VARIABLES, which withholds it from channels and connectors.
 */
export const variables = {
  DATABASE_URL: {
    about: "The PostgreSQL server (15 or later) that stores everything.",
    otherwise: "an embedded PostgreSQL in the data folder, for one process",
    example: "postgres://frontdesk:password@127.0.0.1:5432/frontdesk",
    schema: url(["postgres:", "postgresql:"], 'is not a PostgreSQL address; write it like "postgres://user@host/name"'),
  },
  REDIS_URL: {
    about: "The Redis that carries wake-ups between processes; set its maxmemory-policy to noeviction.",
    otherwise: "wake-ups go through PostgreSQL",
    example: "redis://127.0.0.1:6379",
    schema: url(["redis:", "rediss:"], 'is not a Redis address; write it like "redis://host:6379"'),
  },
  FRONTDESK_HOME: {
    about:
      "The folder with frontdesk.yaml, workflows/, procedures/ and connectors/. Do not set it in .env, which is read from this folder.",
    otherwise: "the current folder",
    example: "/srv/frontdesk",
    schema: z.string(),
  },
  FRONTDESK_DATA: {
    about: "The folder of the embedded PostgreSQL; a relative path begins at the home folder.",
    otherwise: "data",
    example: "data",
    schema: z.string(),
  },
  PORT: { about: "The port of the web server.", otherwise: "3000", example: "3000", schema: port },
  HOST: {
    about: "The address that the web server listens on; 0.0.0.0 means all networks of this machine.",
    otherwise: "127.0.0.1, or 0.0.0.0 when NODE_ENV is production",
    example: "127.0.0.1",
    schema: host,
  },
  ADMIN_PORT: {
    about:
      "A second port for the playground, /metrics and /health/ready; PORT then serves only webhooks, file links and /health/live. Recommended when customers can reach this server.",
    otherwise:
      "PORT serves everything, and those pages only to this machine; when PUBLIC_URL is set, only through a link",
    example: "3001",
    schema: port,
  },
  ADMIN_HOST: {
    about:
      "The address that ADMIN_PORT listens on. Anyone who reaches it can read /metrics and /health/ready, so use a private network.",
    otherwise: "127.0.0.1",
    example: "127.0.0.1",
    schema: host,
  },
  PUBLIC_URL: {
    about: "The URL at which platforms reach this server. They sign it, so it must match their setting exactly.",
    otherwise: "the host name of each request",
    example: "https://desk.example",
    schema: publicUrl,
  },
  LOG_LEVEL: {
    about: `The level of the log, JSON lines on stderr: ${LOG_LEVELS.join(", ")}.`,
    otherwise: "info, or warn when stderr is a terminal",
    example: "info",
    schema: z.enum(LOG_LEVELS, { error: `is not a log level; set one of ${LOG_LEVELS.join(", ")}` }),
  },
  FRONTDESK_PLAYGROUND: {
    about: "The playground, a page that plays customer and operator, for this machine and through links: on or off.",
    otherwise: "on, or off when NODE_ENV is production",
    example: "off",
    schema: onOff,
  },
  NODE_ENV: {
    about: "Set to production on a server that customers can reach.",
    otherwise: "development",
    example: "production",
    schema: z.enum(["production", "development", "test"], {
      error: "is not one of production, development, test; set one of them, or leave it out",
    }),
  },
  OPENAI_API_KEY: {
    about: "The key for the models of frontdesk.yaml that have no base_url of their own.",
    otherwise: "such models are not used; a server named by OPENAI_BASE_URL is asked without a key",
    example: "sk-...",
    schema: z.string().regex(/^[\x21-\x7e]+$/, "holds spaces or other characters that no key has; set it again"),
  },
  OPENAI_BASE_URL: {
    about: "The server of those models, of any vendor whose API is compatible with OpenAI's.",
    otherwise: "https://api.openai.com/v1",
    example: "http://127.0.0.1:11434/v1",
    schema: url(["http:", "https:"], 'is not a web address; write it like "https://models.example/v1"'),
  },
} satisfies Record<(typeof OWN_VARIABLES)[number], Variable<unknown>>;

export type VariableName = keyof typeof variables;

/** Generates the text of `.env.example`: all variables, commented out. */
export function envExample(): string {
  const head =
    "# Copy this file to .env in the home folder. Variables of the environment override it.\n" +
    "# Generated from src/environment.ts by `npm run env:example`. Secrets that frontdesk.yaml and connectors/*.yaml name\n" +
    "# as env:NAME go here too, under other names: a connector gets only the secrets that frontdesk.yaml lists for it\n" +
    "# under `secrets:`, and never the variables below.\n";
  const entries = Object.entries(variables).map(
    ([name, { about, otherwise, example }]) => `\n# ${about}\n# Not set: ${otherwise}.\n# ${name}=${example}\n`,
  );
  return head + entries.join("");
}
