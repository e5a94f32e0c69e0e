import { z } from "zod";
import type { OWN_VARIABLES } from "./lib/withheld-secret.ts";

/** One environment variable: what it means, what it accepts, and what holds where it is not set. */
export interface Variable<Value> {
  /** For the reader of `.env.example`. */
  about: string;
  /** In words: what holds where it is not set. */
  otherwise: string;
  /** A value to show. */
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
 * Every variable that Frontdesk itself reads, in the order of `.env.example`. `frontdesk.yaml` may name more, but none of
 * these: a new one stands in OWN_VARIABLES too, so that no channel and no connector gets it.
 */
export const variables = {
  DATABASE_URL: {
    about: "The PostgreSQL server (15 or later) that holds everything.",
    otherwise: "a PostgreSQL of our own runs under the data folder, for one process",
    example: "postgres://frontdesk:password@127.0.0.1:5432/frontdesk",
    schema: url(["postgres:", "postgresql:"], 'is not a PostgreSQL address; write it like "postgres://user@host/name"'),
  },
  REDIS_URL: {
    about: "The Redis that carries wake-ups between processes; set its maxmemory-policy to noeviction.",
    otherwise: "they go through PostgreSQL",
    example: "redis://127.0.0.1:6379",
    schema: url(["redis:", "rediss:"], 'is not a Redis address; write it like "redis://host:6379"'),
  },
  FRONTDESK_HOME: {
    about:
      "The folder with frontdesk.yaml, workflows/ and connectors/; not to be set in .env itself, which is found there.",
    otherwise: "the current folder",
    example: "/srv/frontdesk",
    schema: z.string(),
  },
  FRONTDESK_DATA: {
    about: "Where the PostgreSQL of our own keeps its files; a relative path begins at the home folder.",
    otherwise: "data",
    example: "data",
    schema: z.string(),
  },
  PORT: { about: "The port of the web server.", otherwise: "3000", example: "3000", schema: port },
  HOST: {
    about: "The address that the web server listens on; 0.0.0.0 is every network this machine is on.",
    otherwise: "127.0.0.1, and 0.0.0.0 where NODE_ENV is production",
    example: "127.0.0.1",
    schema: host,
  },
  ADMIN_PORT: {
    about:
      "The port of a listener of its own for the playground, /metrics and /health/ready; PORT then has only webhooks, files by their link and /health/live. Recommended where customers reach this server.",
    otherwise:
      "PORT carries everything, and answers those pages to this machine alone; where PUBLIC_URL is set, through a link only",
    example: "3001",
    schema: port,
  },
  ADMIN_HOST: {
    about:
      "The address that ADMIN_PORT listens on; whoever reaches it reads /metrics and /health/ready, so name a private network's.",
    otherwise: "127.0.0.1",
    example: "127.0.0.1",
    schema: host,
  },
  PUBLIC_URL: {
    about: "Under which address platforms reach this server; they sign it, so it must match theirs to the letter.",
    otherwise: "the name that each request used",
    example: "https://desk.example",
    schema: publicUrl,
  },
  LOG_LEVEL: {
    about: `How much is logged, as JSON lines on stderr: ${LOG_LEVELS.join(", ")}.`,
    otherwise: "info, and warn where stderr is a terminal",
    example: "info",
    schema: z.enum(LOG_LEVELS, { error: `is no log level; set one of ${LOG_LEVELS.join(", ")}` }),
  },
  FRONTDESK_PLAYGROUND: {
    about: "The page that plays customer and operator, for this machine and whoever has a link to it: on or off.",
    otherwise: "on, and off where NODE_ENV is production",
    example: "off",
    schema: onOff,
  },
  NODE_ENV: {
    about: "Set to production on a server that customers reach.",
    otherwise: "development",
    example: "production",
    schema: z.enum(["production", "development", "test"], {
      error: "is none of production, development, test; set one of them, or leave it out",
    }),
  },
} satisfies Record<(typeof OWN_VARIABLES)[number], Variable<unknown>>;

export type VariableName = keyof typeof variables;

/** The text of `.env.example`: every variable, commented out. */
export function envExample(): string {
  const head =
    "# Frontdesk reads this file as .env in its home folder; what the environment sets already goes before it.\n" +
    "# Made from src/environment.ts by `npm run env:example`. Secrets that frontdesk.yaml and connectors/*.yaml name\n" +
    "# as env:NAME belong here too, under names of their own: a connector gets what frontdesk.yaml lists for it under\n" +
    "# `secrets:`, and nobody gets the variables below.\n";
  const entries = Object.entries(variables).map(
    ([name, { about, otherwise, example }]) => `\n# ${about}\n# Not set: ${otherwise}.\n# ${name}=${example}\n`,
  );
  return head + entries.join("");
}
