import type { WebClient } from "@slack/web-api";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import type { Clock } from "../../../../src/lib/clock.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import type { SlackConfig } from "../../config.ts";

/** What everything that answers people at the desk stands on. */
export interface InteractionDeps {
  /** The name of the desk's channel. */
  channel: string;
  config: SlackConfig;
  store: DeskStore;
  log: Logger;
  clock: Clock;
  /** A call of Slack's Web API, bounded: it ends before anybody has waited too long. Throws what the SDK throws. */
  slack<Value>(call: (web: WebClient) => Promise<Value>): Promise<Value>;
  /** Goes on with something when Slack has been answered; a failure is logged. */
  later(what: string, work: () => Promise<unknown>): void;
  /** Where a thread can be opened; null: it has not been shown. */
  links: (thread: string | null) => Promise<string | null>;
  /** The operator by the name that people know them by, where Slack says it in time; else by their handle. */
  named: (operator: Operator) => Promise<Operator>;
  /** Whether a person belongs to this workspace ("T1": the one that Slack's delivery names); best effort. */
  isOurs: (user: string, team: string | null) => Promise<boolean>;
  /** Home pages that were shown by this process, and what they showed. */
  homes: Map<string, string>;
  /** Something about channels or members has changed: whoever looks after them should look now. */
  onChange: () => void;
}
