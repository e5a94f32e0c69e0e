import type { WebClient } from "@slack/web-api";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import type { Clock } from "../../../../src/lib/clock.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import type { SlackConfig } from "../../config.ts";

/** Dependencies of everything that answers people at the desk. */
export interface InteractionDeps {
  /** The name of the desk's channel. */
  channel: string;
  config: SlackConfig;
  store: DeskStore;
  log: Logger;
  clock: Clock;
  /** Calls Slack's Web API with a timeout. Throws SendError. */
  slack<Value>(call: (web: WebClient) => Promise<Value>): Promise<Value>;
  /** Runs work after Slack has been answered; a failure is logged. */
  runLater(what: string, work: () => Promise<unknown>): void;
  /** Returns the URL of a thread; null: it has not been shown. */
  links: (thread: string | null) => Promise<string | null>;
  /** Returns the operator with their display name if Slack answers in time, else with their handle. */
  withDisplayName: (operator: Operator) => Promise<Operator>;
  /** True when a person belongs to this workspace (`team`: "T1", from Slack's delivery); best effort. */
  isOurs: (user: string, team: string | null) => Promise<boolean>;
  /** Fingerprints of the home pages that this process has published, by user. */
  homes: Map<string, string>;
  /** Tells the sync loop that channels or members have changed. */
  onChange: () => void;
}
