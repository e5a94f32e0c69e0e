import type { AdapterRegistry } from "../adapter/registry.ts";
import type { Config, Environment } from "../config.ts";
import type { Logger } from "../lib/logger.ts";

/** The output stream of a command. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** A running server. */
export interface StartedServer {
  /** The web server's URL on this machine; null when this role has no web server. */
  url: string | null;
  /** URL of the playground, metrics and readiness. */
  adminUrl: string | null;
  /** The token of a link that opens the playground once; null when it is off. */
  pageToken: string | null;
  /** Channels whose cases no desk shows, because the desk is the playground. */
  unseen: readonly string[];
  close(): Promise<void>;
}

/** Everything that `src/main.ts` or a test passes to commands. */
export interface World {
  adapters: AdapterRegistry;
  /** Starts the server; imports it only then, so that other commands are quick. */
  start(o: { config: Config; log: Logger; env: Environment }): Promise<StartedServer>;
  /** Starts the systems of the example company, below one URL. */
  startAcme(): Promise<{ url: string; token: string; close(): Promise<void> }>;
  env: Environment;
  out: Output;
  err: Output;
  /** Reads all of standard input. */
  stdin(): Promise<Uint8Array>;
  /** Calls back on SIGINT and SIGTERM; returns a function that removes the listener. */
  onStop(callback: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  version: string;
}

/** Exit codes of commands; scripts rely on them. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Wrong usage of a command; the message explains the right one. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
