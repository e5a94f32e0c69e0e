/** What a label says for everything that has no series of its own. */
const OTHER = "other";

/**
 * Reasons for which an inbound item is ignored and that have a series of their own: our adapters', inbound's and the store's.
 * An adapter from elsewhere that invents its own is counted under `other`; its rows in `raw_inbound` have the words.
 */
const IGNORED_REASONS: ReadonlySet<string> = new Set([
  "bad_message_sid",
  "bad_recipient",
  "bad_sender",
  "empty",
  "not_a_message",
  "not_a_playground_body",
  "not_json",
  "other_channel",
  "reaction",
  "too_large",
  "unknown_conversation",
  "unknown_status",
  "unreadable",
]);

/** The reason as a label. */
export function reasonLabel(reason: string): string {
  return IGNORED_REASONS.has(reason) ? reason : OTHER;
}

/** Channels with series of their own; far above any desk we know of, far below what hurts Prometheus. */
const MAX_CHANNELS = 100;

/** Makes labels of channels: the first hundred have their own, later ones share `other`. */
export function channelLabels(): (channel: string) => string {
  const seen = new Set<string>();
  return (channel) => {
    if (seen.has(channel)) return channel;
    if (seen.size >= MAX_CHANNELS) return OTHER;
    seen.add(channel);
    return channel;
  };
}
