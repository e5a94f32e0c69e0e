/** What a label says for everything that has no series of its own. */
const OTHER = "other";

/**
 * Reasons for which an inbound item is ignored and that have a series of their own: our adapters', inbound's and the store's.
 * An adapter from elsewhere that invents its own is counted under `other`; its rows in `raw_inbound` have the words.
 */
const IGNORED_REASONS: ReadonlySet<string> = new Set([
  "app_rate_limited",
  "bad_action",
  "bad_choice",
  "bad_desk_value",
  "bad_message_sid",
  "bad_recipient",
  "bad_sender",
  "bad_view",
  "desk_front",
  "desk_place",
  "empty",
  "message_replied",
  "no_actions",
  "no_author",
  "not_a_message",
  "not_a_move",
  "not_a_playground_body",
  "not_addressed",
  "not_at_the_desk",
  "not_in_place",
  "not_an_edit",
  "not_json",
  "not_slack",
  "not_the_desk",
  "other_bot",
  "other_channel",
  "own_echo",
  "reaction",
  "refused",
  "retired",
  "ssl_check",
  "system",
  "too_large",
  "unclear",
  "unknown_action",
  "unknown_conversation",
  "unknown_event",
  "unknown_interaction",
  "unknown_message",
  "unknown_status",
  "unknown_subtype",
  "unknown_type",
  "unreadable",
  "url_verification",
]);

/** The reason as a label, without what it is about ("unknown_subtype:hologram"). */
export function reasonLabel(reason: string): string {
  const [kind = ""] = reason.split(":");
  return IGNORED_REASONS.has(kind) ? kind : OTHER;
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
