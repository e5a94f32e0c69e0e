import type { AdapterRegistry } from "../adapter/registry.ts";
import type { Config, Environment } from "../config.ts";
import type { Logger } from "../lib/logger.ts";

/** Where a command writes. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** A server that runs. */
export interface StartedServer {
  /** Where platforms reach it from this machine; null where this role has no web server. */
  url: string | null;
  /** Where the playground, metrics and readiness are. */
  adminUrl: string | null;
  /** The token of a link that opens the playground once; null where it is off. */
  pageToken: string | null;
  /** Channels whose cases nobody sees, because the desk is on our own page. */
  unseen: readonly string[];
  close(): Promise<void>;
}

/** All that commands are given from outside, by `src/main.ts` and by tests. */
export interface World {
  adapters: AdapterRegistry;
  /** Starts the product; imports it only then, so that other commands are quick. */
  start(o: { config: Config; log: Logger; env: Environment }): Promise<StartedServer>;
  /** Starts the account system of the example company. */
  startCrm(): Promise<{ url: string; token: string; close(): Promise<void> }>;
  env: Environment;
  out: Output;
  err: Output;
  /** Everything on standard input. */
  stdin(): Promise<Uint8Array>;
  /** Calls back on SIGINT and SIGTERM; what it returns stops that. */
  onStop(asked: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  version: string;
}

/** How a command ended: all well, the answer is no, called wrongly. Scripts rely on it. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** A command was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
