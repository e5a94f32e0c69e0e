/** How long data is kept, by kind, in milliseconds; null: for ever (P5). */
export interface Retention {
  /** Bodies as platforms sent them. */
  raw: number | null;
  /** Keys by which a platform's repeat is recognised. */
  dedupeKeys: number | null;
  /** Events of closed conversations. */
  journal: number | null;
  /** Parts that were sent to customers of closed conversations, with their delivery. */
  deliveredParts: number | null;
  /** Files of closed conversations. */
  files: number | null;
  /** Closed conversations with everything that belongs to them. */
  closedConversations: number | null;
}

const DAY_MS = 86_400_000;

/**
 * Our choice: long enough for enquiries and complaints, and nothing that people read at the desk goes by default but files,
 * which are large. The reasons stand in docs/operations.md.
 */
export const DEFAULT_RETENTION: Retention = {
  raw: 90 * DAY_MS,
  dedupeKeys: 30 * DAY_MS,
  journal: 180 * DAY_MS,
  deliveredParts: 90 * DAY_MS,
  files: 365 * DAY_MS,
  closedConversations: null,
};

/**
 * Shortest times. Keys: longer than any platform repeats an item (Slack: an hour, https://docs.slack.dev/apis/events-api;
 * Twilio: half a day), so that none is handled twice. The rest: a day, which catches typing errors.
 */
export const LEAST_KEPT: Readonly<Record<keyof Retention, number>> = {
  raw: DAY_MS,
  dedupeKeys: 3 * DAY_MS,
  journal: DAY_MS,
  deliveredParts: DAY_MS,
  files: DAY_MS,
  closedConversations: DAY_MS,
};
